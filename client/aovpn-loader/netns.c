/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns.c - see netns.h. */
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_NETNS "/proc/self/ns/net"

static int open_netns(pid_t pid, struct aovpn_error *error)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return aovpn_error_set(error, errno == ENOENT ? -ESRCH : -errno,
				       "charon's network namespace: \"%s\": %s",
				       path, strerror(errno));
	return fd;
}

static bool is_own(int fd)
{
	struct stat own, other;

	return stat(OWN_NETNS, &own) == 0 && fstat(fd, &other) == 0 &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

int netns_enter(pid_t pid, struct aovpn_error *error)
{
	int fd = open_netns(pid, error), code = 0;

	if (fd < 0)
		return fd;
	if (!is_own(fd) && setns(fd, CLONE_NEWNET) < 0)
		code = aovpn_error_set(error, -errno,
				       "cannot enter the network namespace of "
				       "process %d: %s",
				       (int)pid, strerror(errno));
	close(fd);
	return code;
}

int netns_identify(uint32_t *ret_inum, uint64_t *ret_cookie,
		   struct aovpn_error *error)
{
	socklen_t length = sizeof(*ret_cookie);
	struct stat status;
	int fd, code = 0;

	if (stat(OWN_NETNS, &status) < 0)
		return aovpn_error_set(error, -errno, "\"" OWN_NETNS "\": %s",
				       strerror(errno));
	/* Any family will do; this one wants no right. */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "socket: %s",
				       strerror(errno));
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, ret_cookie, &length) <
	    0)
		code = aovpn_error_set(error, -errno,
				       "the network namespace's cookie "
				       "(SO_NETNS_COOKIE): %s",
				       strerror(errno));
	close(fd);
	*ret_inum = (uint32_t)status.st_ino;
	return code;
}
