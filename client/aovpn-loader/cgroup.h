/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cgroup.h - the cgroup v2 to which the hooks of a dial are attached.
 */
#ifndef AOVPN_LOADER_CGROUP_H
#define AOVPN_LOADER_CGROUP_H

#include "error.h"

/*
 * Open a cgroup's directory. Returns a descriptor or -errno, -ENOENT where path
 * is "": the requester has found no cgroup v2.
 */
int cgroup_open(const char *path, struct aovpn_error *error);

#endif
