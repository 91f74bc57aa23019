/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state_file.c - see state_file.h. */
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "whole_json.h"

int state_file_put(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	while (left > 0) {
		n = write(fd, text, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

static int write_new(const char *path, const char *text)
{
	int fd, r;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return -errno;
	r = state_file_put(fd, text);
	if (r == 0)
		r = state_file_put(fd, "\n");
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int state_file_write(const char *directory, const char *path,
		     const json_t *object)
{
	char temporary[PATH_MAX + 8];
	char *text = whole_json_text(object);
	int r;

	if (!text)
		return -ENOMEM;
	snprintf(temporary, sizeof(temporary), "%s/.new", directory);
	r = write_new(temporary, text);
	free(text);
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary);
	return r;
}
