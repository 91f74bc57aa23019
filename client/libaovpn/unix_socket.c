/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unix_socket.c - see unix_socket.h. */
#include "unix_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int set_path(struct sockaddr_un *address, const char *path)
{
	size_t length = strlen(path);

	if (length >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, length);
	return 0;
}

static int failed(int fd)
{
	int r = -errno;

	if (fd >= 0)
		close(fd);
	return r;
}

int aovpn_unix_connect(const char *path, int type)
{
	struct sockaddr_un address;
	int fd, r = set_path(&address, path);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return failed(fd);
	return fd;
}

int aovpn_unix_listen(const char *path, int type, int backlog)
{
	struct sockaddr_un address;
	int fd, r = set_path(&address, path);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, 0600) < 0 || listen(fd, backlog) < 0)
		return failed(fd);
	return fd;
}
