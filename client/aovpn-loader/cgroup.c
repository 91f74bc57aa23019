/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup.c - see cgroup.h. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int cgroup_open(const char *path, struct aovpn_error *error)
{
	int fd;

	if (path[0] == '\0')
		return aovpn_error_set(error, -ENOENT, "no cgroup2 mount");
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "\"%s\": %s", path,
				       strerror(errno));
	return fd;
}
