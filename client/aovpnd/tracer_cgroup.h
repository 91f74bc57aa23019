/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_cgroup.h - the cgroup v2 to which the hooks of a dial are attached.
 */
#ifndef AOVPND_TRACER_CGROUP_H
#define AOVPND_TRACER_CGROUP_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The directory of the cgroup in which charon's process is (a socket keeps the
 * cgroup in which it was made, and charon makes its own at its start), or the
 * root where charon is 0 or its cgroup cannot be told, into ret. The loader
 * does not look for it: it sees no process but its own. Errors: -ENOENT where
 * no cgroup v2 is mounted, -ENAMETOOLONG, or what open(2) says of /proc.
 */
int tracer_cgroup_find(pid_t charon, char *ret, size_t size);

#endif
