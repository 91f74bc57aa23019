/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_search.c - see profile_search.h. */
#include "profile_search.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "file.h"

#define SUFFIX ".conf"

/* --- directories --- */

/* 1: it is there and only root may write it; 0: it is not there. */
static int check_directory(const char *directory, struct aovpn_error *error)
{
	struct stat st;

	if (stat(directory, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : aovpn_error_set(error, -errno, "%s: %s",
						 directory, strerror(errno));
	if (!aovpn_file_is_trusted(&st))
		return aovpn_error_set(
			error, -EPERM,
			"%s: is writable by others than its owner, or not "
			"root's; chown root: and chmod go-w end that",
			directory);
	return 1;
}

int aovpn_profile_each_directory(const char *search,
				 int (*call)(void *user, const char *directory,
					     struct aovpn_error *error),
				 void *user, struct aovpn_error *error)
{
	char directory[PATH_MAX];
	size_t length;
	int r;

	for (;; search += length + 1) {
		length = strcspn(search, ":");
		if (length >= sizeof(directory))
			return aovpn_error_set(error, -ENAMETOOLONG,
					       "%.64s...: path too long",
					       search);
		memcpy(directory, search, length);
		directory[length] = '\0';
		r = length > 0 ? check_directory(directory, error) : 0;
		if (r > 0)
			r = call(user, directory, error);
		if (r != 0 || search[length] == '\0')
			return r;
	}
}

int aovpn_profile_is_mask(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(1, 3);
}

static int join(char *out, const char *directory, const char *name,
		const char *suffix, struct aovpn_error *error)
{
	int n = snprintf(out, PATH_MAX, "%s/%s%s", directory, name, suffix);

	return n < 0 || n >= PATH_MAX
		       ? aovpn_error_set(error, -ENAMETOOLONG,
					 "%.64s...: path too long", directory)
		       : 0;
}

/* --- NAME.conf --- */

struct wanted {
	const char *name;
	char *path; /* PATH_MAX bytes */
};

/* 1: it is here, or masked here. */
static int look_for_profile(void *user, const char *directory,
			    struct aovpn_error *error)
{
	struct wanted *wanted = user;
	struct stat st;
	int r = join(wanted->path, directory, wanted->name, SUFFIX, error);

	if (r < 0)
		return r;
	if (lstat(wanted->path, &st) == 0)
		return 1;
	return errno == ENOENT ? 0
			       : aovpn_error_set(error, -errno, "%s: %s",
						 wanted->path, strerror(errno));
}

int aovpn_profile_find(const char *search, const char *name, char *ret,
		       struct aovpn_error *error)
{
	struct wanted wanted = {.name = name, .path = ret};
	const int first = (int)strcspn(search, ":");
	int r = aovpn_profile_each_directory(search, look_for_profile, &wanted,
					     error);

	if (r < 0)
		return r;
	if (r == 0)
		return aovpn_error_set(
			error, -ENOENT,
			"no profile %.*s/%s.conf: No such file%s%s", first,
			search, name, search[first] ? ", nor in " : "",
			search[first] ? search + first + 1 : "");
	if (aovpn_profile_is_mask(ret))
		return aovpn_error_set(error, -ENOENT,
				       "no profile: %s is masked (a link to "
				       "/dev/null)",
				       ret);
	return 0;
}

/* --- NAME.conf.d --- */

struct drop_ins {
	const char *name;
	struct aovpn_profile_files found;
};

static const char *last_part(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool is_masked(const struct drop_ins *d, const char *file)
{
	size_t i;

	for (i = 0; i < d->found.count; i++)
		if (strcmp(last_part(d->found.path[i]), file) == 0)
			return true;
	return false;
}

static bool is_drop_in(const char *file)
{
	size_t length = strlen(file), suffix = sizeof(SUFFIX) - 1;

	return file[0] != '.' && length > suffix &&
	       strcmp(file + length - suffix, SUFFIX) == 0;
}

static int add_file(struct aovpn_profile_files *files, const char *path,
		    struct aovpn_error *error)
{
	char *copy;

	if (files->count == AOVPN_PROFILE_FILES_MAX)
		return aovpn_error_set(error, -E2BIG,
				       "%s: is one drop-in too many; at most "
				       "%d",
				       path, AOVPN_PROFILE_FILES_MAX - 1);
	copy = strdup(path);
	if (!copy)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	files->path[files->count++] = copy;
	return 0;
}

static int read_drop_ins(struct drop_ins *d, DIR *open, const char *directory,
			 struct aovpn_error *error)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	int r = 0;

	while (r == 0) {
		errno = 0;
		entry = readdir(open);
		if (!entry)
			return errno == 0 ? 0
					  : aovpn_error_set(error, -errno,
							    "%s: %s", directory,
							    strerror(errno));
		if (!is_drop_in(entry->d_name) || is_masked(d, entry->d_name))
			continue;
		r = join(path, directory, entry->d_name, "", error);
		if (r == 0)
			r = add_file(&d->found, path, error);
	}
	return r;
}

static int look_for_drop_ins(void *user, const char *directory,
			     struct aovpn_error *error)
{
	struct drop_ins *d = user;
	char path[PATH_MAX];
	DIR *open;
	int r = join(path, directory, d->name, SUFFIX ".d", error);

	if (r == 0)
		r = check_directory(path, error);
	if (r <= 0)
		return r;
	open = opendir(path);
	if (!open)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	r = read_drop_ins(d, open, path, error);
	closedir(open);
	return r;
}

static int compare(const void *a, const void *b)
{
	return strcmp(last_part(*(char *const *)a),
		      last_part(*(char *const *)b));
}

void aovpn_profile_files_clear(struct aovpn_profile_files *files)
{
	while (files->count > 0)
		free(files->path[--files->count]);
}

int aovpn_profile_files_find(const char *search, const char *name,
			     struct aovpn_profile_files *ret,
			     struct aovpn_error *error)
{
	struct drop_ins d = {.name = name};
	char path[PATH_MAX];
	size_t i;
	int r;

	ret->count = 0;
	r = aovpn_profile_find(search, name, path, error);
	if (r == 0)
		r = add_file(ret, path, error);
	if (r == 0)
		r = aovpn_profile_each_directory(search, look_for_drop_ins, &d,
						 error);
	qsort(d.found.path, d.found.count, sizeof(d.found.path[0]), compare);
	for (i = 0; r == 0 && i < d.found.count; i++)
		if (!aovpn_profile_is_mask(d.found.path[i]))
			r = add_file(ret, d.found.path[i], error);
	aovpn_profile_files_clear(&d.found);
	if (r < 0)
		aovpn_profile_files_clear(ret);
	return r;
}

uint64_t aovpn_profile_stamp(const char *search, const char *name)
{
	struct aovpn_profile_files files;
	uint64_t newest = 0, changed;
	struct stat st;
	size_t i;

	if (aovpn_profile_files_find(search, name, &files, NULL) < 0)
		return 0;
	for (i = 0; i < files.count; i++) {
		if (stat(files.path[i], &st) < 0)
			continue;
		changed = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
			  (uint64_t)st.st_mtim.tv_nsec;
		if (changed > newest)
			newest = changed;
	}
	aovpn_profile_files_clear(&files);
	return newest;
}
