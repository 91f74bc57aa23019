/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.c - see file.h. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool aovpn_file_is_trusted(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) &&
	       !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Is what is open as fd a file that may be read whole? Sets its size. */
static int check(int fd, const char *path, size_t limit, bool trusted,
		 size_t *ret_size, struct aovpn_error *error)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	if (S_ISDIR(st.st_mode))
		return aovpn_error_set(error, -EISDIR,
				       "%s: is a directory, not a file", path);
	if (!S_ISREG(st.st_mode))
		return aovpn_error_set(error, -EINVAL,
				       "%s: is not a regular file", path);
	if (trusted && !aovpn_file_is_trusted(&st))
		return aovpn_error_set(
			error, -EPERM,
			"%s: is writable by others than its owner, or not "
			"root's; chown root: and chmod go-w end that",
			path);
	if ((size_t)st.st_size > limit)
		return aovpn_error_set(error, -EFBIG,
				       "%s: %lld bytes, more than %zu allowed",
				       path, (long long)st.st_size, limit);
	*ret_size = (size_t)st.st_size;
	return 0;
}

/* Read up to size bytes. A file that shrinks meanwhile yields what is there;
 * one that grows is cut, which its parser will notice. */
static int read_all(int fd, unsigned char *data, size_t size, size_t *ret_size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size) {
		n = read(fd, data + used, size - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	*ret_size = used;
	return 0;
}

static int read_open(int fd, const char *path, size_t limit, bool trusted,
		     struct aovpn_file *ret, struct aovpn_error *error)
{
	struct aovpn_file file = {0};
	size_t size = 0;
	int err;

	err = check(fd, path, limit, trusted, &size, error);
	if (err)
		return err;
	file.data = calloc(1, size + 1);
	if (!file.data)
		return aovpn_error_set(error, -ENOMEM, "%s: out of memory",
				       path);
	err = read_all(fd, file.data, size, &file.size);
	if (err) {
		free(file.data);
		return aovpn_error_set(error, err, "%s: %s", path,
				       strerror(-err));
	}
	*ret = file;
	return 0;
}

static int read_file(const char *path, size_t limit, bool trusted,
		     struct aovpn_file *ret, struct aovpn_error *error)
{
	int fd, err;

	/* O_NONBLOCK: opening a pipe must not wait for its other end. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	err = read_open(fd, path, limit, trusted, ret, error);
	close(fd);
	return err;
}

int aovpn_file_read(const char *path, size_t limit, struct aovpn_file *ret,
		    struct aovpn_error *error)
{
	return read_file(path, limit, false, ret, error);
}

int aovpn_file_read_trusted(const char *path, size_t limit,
			    struct aovpn_file *ret, struct aovpn_error *error)
{
	return read_file(path, limit, true, ret, error);
}

void aovpn_file_clear(struct aovpn_file *file)
{
	if (file->data)
		explicit_bzero(file->data, file->size);
	free(file->data);
	*file = (struct aovpn_file){0};
}
