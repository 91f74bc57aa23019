/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel_store.c - see tunnel_store.h. */
#include "tunnel_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state_file.h"

static void path_of(const char *directory, const char *name, char *out,
		    size_t size)
{
	snprintf(out, size, "%s/%s.json", directory, name);
}

int tunnel_store_save(const char *directory,
		      const struct aovpn_attempt *attempt,
		      const struct recorded_outcome *outcome,
		      struct aovpn_error *error)
{
	char path[PATH_MAX + AOVPN_NAME_MAX + 8];
	json_t *object = attempt_json(attempt, outcome);
	int r = object ? 0 : -ENOMEM;

	path_of(directory, attempt->connection, path, sizeof(path));
	if (r == 0 && mkdir(directory, 0700) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0)
		r = state_file_write(directory, path, object);
	json_decref(object);
	return r < 0 ? aovpn_error_set(error, r, "cannot write \"%s\": %s",
				       path, strerror(-r))
		     : 0;
}

void tunnel_store_forget(const char *directory, const char *name)
{
	char path[PATH_MAX + AOVPN_NAME_MAX + 8];

	path_of(directory, name, path, sizeof(path));
	unlink(path);
}

/* One byte more than there may be is asked for, so that it shows. */
static int read_file(const char *path, char **ret, size_t *ret_length)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *text = fd < 0 ? NULL : malloc(ATTEMPT_JSON_MAX + 1);
	size_t length = 0;
	ssize_t n = 1;
	int r = fd < 0 ? -errno : 0;

	if (fd >= 0 && !text)
		r = -ENOMEM;
	while (r == 0 && n > 0 && length <= ATTEMPT_JSON_MAX) {
		n = read(fd, text + length, ATTEMPT_JSON_MAX + 1 - length);
		if (n < 0)
			r = -errno;
		else
			length += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	if (r < 0) {
		free(text);
		return r;
	}
	*ret = text;
	*ret_length = length;
	return 0;
}

int tunnel_store_read(const char *directory, const char *name,
		      struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error)
{
	char path[PATH_MAX + AOVPN_NAME_MAX + 8];
	char *text;
	size_t length;
	int r;

	path_of(directory, name, path, sizeof(path));
	r = read_file(path, &text, &length);
	if (r < 0)
		return aovpn_error_set(error, r, "cannot read \"%s\": %s", path,
				       strerror(-r));
	r = attempt_json_read(text, length, ret, ret_outcome, error);
	free(text);
	if (r < 0)
		return r;
	if (strcmp(ret->connection, name) == 0)
		return 0;
	aovpn_attempt_clear(ret);
	return aovpn_error_set(error, -EBADMSG,
			       "\"%s\" is of another connection", path);
}
