/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_list.c - see profile_list.h. */
#include "profile_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_search.h"

#define SUFFIX ".conf"

/* The name of the profile that is in this file; false where none is. */
static bool profile_name(const char *file, char *ret, size_t size)
{
	size_t length = strlen(file), suffix = sizeof(SUFFIX) - 1;

	if (length <= suffix || length - suffix >= size ||
	    strcmp(file + length - suffix, SUFFIX) != 0)
		return false;
	snprintf(ret, size, "%.*s", (int)(length - suffix), file);
	return aovpn_profile_name_check(ret, NULL) == 0;
}

static int read_names(DIR *directory, const char *dir,
		      struct aovpn_profile_list *list,
		      struct aovpn_error *error)
{
	char name[sizeof(list->name[0])];
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (!entry)
			break;
		if (!profile_name(entry->d_name, name, sizeof(name)))
			continue;
		if (list->count == AOVPN_PROFILES_MAX)
			return aovpn_error_set(error, -E2BIG,
					       "%s: holds more than %d "
					       "profiles",
					       dir, AOVPN_PROFILES_MAX);
		memcpy(list->name[list->count++], name, sizeof(name));
	}
	return errno ? aovpn_error_set(error, -errno, "%s: %s", dir,
				       strerror(errno))
		     : 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int read_directory(void *user, const char *path,
			  struct aovpn_error *error)
{
	DIR *directory = opendir(path);
	int r;

	if (!directory)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	r = read_names(directory, path, user, error);
	closedir(directory);
	return r;
}

/* Leave out what an earlier directory has, too, and what is masked; but not
 * what cannot be looked for now: that is not gone. */
static void tidy(const char *path, struct aovpn_profile_list *list)
{
	char file[PATH_MAX];
	size_t i, kept = 0;

	for (i = 0; i < list->count; i++) {
		if (kept > 0 &&
		    strcmp(list->name[i], list->name[kept - 1]) == 0)
			continue;
		if (aovpn_profile_find(path, list->name[i], file, NULL) !=
		    -ENOENT)
			memmove(list->name[kept++], list->name[i],
				sizeof(list->name[0]));
	}
	list->count = kept;
}

int aovpn_profile_list_read(const char *path, struct aovpn_profile_list *ret,
			    struct aovpn_error *error)
{
	int r;

	ret->count = 0;
	r = aovpn_profile_each_directory(path, read_directory, ret, error);
	qsort(ret->name, ret->count, sizeof(ret->name[0]), compare);
	tidy(path, ret);
	return r;
}
