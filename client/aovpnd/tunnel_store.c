/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel_store.c - see tunnel_store.h. */
#include "tunnel_store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
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

int tunnel_store_read(const char *directory, const char *name,
		      struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error)
{
	char path[PATH_MAX + AOVPN_NAME_MAX + 8];
	struct aovpn_file file;
	int r;

	path_of(directory, name, path, sizeof(path));
	r = aovpn_file_read(path, ATTEMPT_JSON_MAX, &file, error);
	if (r < 0)
		return r;
	r = attempt_json_read((const char *)file.data, file.size, ret,
			      ret_outcome, error);
	aovpn_file_clear(&file);
	if (r < 0)
		return r;
	if (strcmp(ret->connection, name) == 0)
		return 0;
	aovpn_attempt_clear(ret);
	return aovpn_error_set(error, -EBADMSG,
			       "\"%s\" is of another connection", path);
}
