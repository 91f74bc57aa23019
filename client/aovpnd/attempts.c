/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempts.c - see attempts.h. What is in the directory beside our files is
 * left alone. */
#include "attempts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "state_file.h"

#define SUFFIX ".json"
#define ID_LEN (AOVPN_ID_MAX - 1)
/* More than that are never there; of more, some wait for the next time. */
#define LISTED_MAX (4 * ATTEMPTS_KEPT_MAX)

struct recording {
	char id[AOVPN_ID_MAX];
	struct timespec saved_at;
	off_t size;
};

static void path_of(const char *directory, const char *id, char *out,
		    size_t size)
{
	snprintf(out, size, "%s/%s" SUFFIX, directory, id);
}

/* The id that a file is named by; false for a file of another kind. */
static bool id_of(const char *name, char *ret)
{
	if (strlen(name) != ID_LEN + strlen(SUFFIX) ||
	    strcmp(name + ID_LEN, SUFFIX) != 0)
		return false;
	memcpy(ret, name, ID_LEN);
	ret[ID_LEN] = '\0';
	return aovpn_attempt_id_valid(ret);
}

/* --- the limits ------------------------------------------------------------
 */

/* A time that is yet to come is of a clock that went wrong: older than all. */
static struct timespec age_of(const struct stat *st)
{
	const time_t now = time(NULL);

	return st->st_mtim.tv_sec > now + 1 ? (struct timespec){0}
					    : st->st_mtim;
}

static size_t list(const char *directory, struct recording *out, size_t most)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	struct stat st;
	size_t n = 0;

	while (dir && n < most && (entry = readdir(dir)) != NULL) {
		if (!id_of(entry->d_name, out[n].id) ||
		    fstatat(dirfd(dir), entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		out[n].saved_at = age_of(&st);
		out[n++].size = st.st_size;
	}
	if (dir)
		closedir(dir);
	return n;
}

static int newest_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct recording *)a)->saved_at;
	const struct timespec *y = &((const struct recording *)b)->saved_at;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* The one of this id stays in any case. */
static void remove_oldest(const char *directory, const char *id)
{
	struct recording *all = calloc(LISTED_MAX, sizeof(*all));
	size_t count = all ? list(directory, all, LISTED_MAX) : 0, i;
	size_t kept = 0, bytes = 0;
	char path[PATH_MAX + 64];

	if (count > 0)
		qsort(all, count, sizeof(*all), newest_first);
	for (i = 0; i < count; i++)
		if (strcmp(all[i].id, id) == 0) {
			kept++;
			bytes += (size_t)all[i].size;
		}
	for (i = 0; i < count; i++) {
		if (strcmp(all[i].id, id) == 0)
			continue;
		kept++;
		bytes += (size_t)all[i].size;
		if (kept <= ATTEMPTS_KEPT_MAX && bytes <= ATTEMPTS_BYTES_MAX)
			continue;
		path_of(directory, all[i].id, path, sizeof(path));
		unlink(path);
	}
	free(all);
}

/* --- save and open ---------------------------------------------------------
 */

int attempts_save(const char *directory, const struct aovpn_attempt *attempt,
		  const struct recorded_outcome *outcome,
		  struct aovpn_error *error)
{
	char path[PATH_MAX + 64];
	json_t *object;
	int r = 0;

	if (!aovpn_attempt_id_valid(attempt->id))
		return aovpn_error_set(error, -EINVAL,
				       "cannot keep an attempt without an id");
	path_of(directory, attempt->id, path, sizeof(path));
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		r = -errno;
	object = attempt_json(attempt, outcome);
	if (r == 0)
		r = object ? state_file_write(directory, path, object)
			   : -ENOMEM;
	json_decref(object);
	if (r < 0)
		return aovpn_error_set(error, r, "cannot keep \"%s\": %s", path,
				       strerror(-r));
	remove_oldest(directory, attempt->id);
	return 0;
}

/* The id that begins with prefix. */
static int find(const char *directory, const char *prefix, char *ret,
		struct aovpn_error *error)
{
	struct recording *all = calloc(LISTED_MAX, sizeof(*all));
	size_t count = all ? list(directory, all, LISTED_MAX) : 0, i;
	unsigned int found = 0;

	for (i = 0; i < count; i++)
		if (strncmp(all[i].id, prefix, strlen(prefix)) == 0) {
			memcpy(ret, all[i].id, AOVPN_ID_MAX);
			found++;
		}
	free(all);
	if (found == 0)
		return aovpn_error_set(error, -ENOENT,
				       "no recording of an attempt \"%s\"; the "
				       "last %d are kept",
				       prefix, ATTEMPTS_KEPT_MAX);
	if (found > 1)
		return aovpn_error_set(error, -ENOTUNIQ,
				       "%u recorded attempts begin with "
				       "\"%s\"",
				       found, prefix);
	return 0;
}

int attempts_open(const char *directory, const char *id,
		  struct aovpn_error *error)
{
	char whole[AOVPN_ID_MAX], path[PATH_MAX + 64];
	int fd, r;

	if (id[0] == '\0' || strlen(id) > ID_LEN ||
	    strspn(id, "0123456789abcdef-") != strlen(id))
		return aovpn_error_set(error, -EINVAL,
				       "\"%s\" is not the id of an attempt, "
				       "nor its beginning",
				       id);
	r = find(directory, id, whole, error);
	if (r < 0)
		return r;
	path_of(directory, whole, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "cannot open \"%s\": %s",
				       path, strerror(errno));
	return fd;
}
