/*
 * cgroup.h - the cgroup v2 to which the hooks of a dial are attached.
 */
#ifndef AOVPN_LOADER_CGROUP_H
#define AOVPN_LOADER_CGROUP_H

#include <sys/types.h>

#include "error.h"

/*
 * Open a cgroup's directory: that of path; where it is "", that in which
 * process pid is (a socket keeps the cgroup in which it was made, and charon
 * makes its own at its start); where pid is 0, the root. Returns a descriptor
 * or -errno, -ENOENT where no cgroup v2 is mounted.
 */
int cgroup_open(const char *path, pid_t pid, struct aovpn_error *error);

#endif
