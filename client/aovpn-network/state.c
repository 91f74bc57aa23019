/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state.c - see state.h. */
#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "profile.h"

#define HEAD \
	"# What aovpn-network has set for this connection, and takes back.\n"

static int make(int at, const char *path, struct aovpn_error *error)
{
	int fd;

	if (mkdirat(at, path, 0755) < 0 && errno != EEXIST)
		return aovpn_error_set(error, -errno, "cannot make \"%s\": %s",
				       path, strerror(errno));
	fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd >= 0 ? fd
		       : aovpn_error_set(error, -errno,
					 "cannot open \"%s\": %s", path,
					 strerror(errno));
}

int state_open(struct aovpn_error *error)
{
	struct aovpn_paths paths;
	int runtime, fd, r = aovpn_paths_read(&paths, error);

	if (r < 0)
		return r;
	runtime = make(AT_FDCWD, paths.runtime, error);
	if (runtime < 0)
		return runtime;
	fd = make(runtime, "network", error);
	close(runtime);
	return fd;
}

/* No name of a connection begins with a dot. */
static void temporary_name(const char *name, char *out, size_t size)
{
	snprintf(out, size, ".%.60s~", name);
}

static bool write_steps(FILE *file, uint32_t slot,
			const struct network_plan *plan)
{
	char line[NETWORK_STEP_LINE_MAX];
	uint32_t i;

	fprintf(file, HEAD "slot %u\n", slot);
	for (i = 0; i < plan->count; i++) {
		network_step_write(&plan->steps[i], line);
		fprintf(file, "%s\n", line);
	}
	return !ferror(file);
}

static int write_file(int directory, const char *name, uint32_t slot,
		      const struct network_plan *plan)
{
	int fd = openat(directory, name,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			0644);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool good;
	int r = -errno;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return r;
	}
	good = write_steps(file, slot, plan) && fflush(file) == 0;
	r = good ? 0 : -errno;
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	return r;
}

int state_write(int directory, const char *name, uint32_t slot,
		const struct network_plan *plan, struct aovpn_error *error)
{
	char temporary[AOVPN_NAME_MAX + 2];
	int r;

	temporary_name(name, temporary, sizeof(temporary));
	r = write_file(directory, temporary, slot, plan);
	if (r == 0 && renameat(directory, temporary, directory, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(directory, temporary, 0);
	return r < 0 ? aovpn_error_set(error, r,
				       "cannot note what is set for \"%s\": %s",
				       name, strerror(-r))
		     : 0;
}

static int read_slot(const char *line, uint32_t *ret)
{
	unsigned int slot;
	char end;

	if (sscanf(line, "slot %u%c", &slot, &end) != 1 || slot < 1 ||
	    slot > NETWORK_SLOTS)
		return -EINVAL;
	*ret = slot;
	return 0;
}

static int read_lines(FILE *file, uint32_t *slot, struct network_plan *plan,
		      struct aovpn_error *error)
{
	char line[NETWORK_STEP_LINE_MAX + 1];
	struct network_step step;
	int r = 0;

	*slot = 0;
	plan->count = 0;
	while (r == 0 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		if (*slot == 0) {
			r = read_slot(line, slot);
			continue;
		}
		r = network_step_read(line, &step, error);
		if (r == 0 && !network_plan_add(plan, &step))
			r = -E2BIG;
	}
	if (r == 0 && !feof(file))
		r = -EIO;
	return r == 0 && *slot == 0 ? -EINVAL : r;
}

int state_read(int directory, const char *name, uint32_t *ret_slot,
	       struct network_plan *ret, struct aovpn_error *error)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	int r = -errno;

	if (file) {
		r = read_lines(file, ret_slot, ret, error);
		fclose(file);
	} else if (fd >= 0) {
		close(fd);
	}
	return r < 0 ? aovpn_error_set(error, r,
				       "cannot read what is set for \"%s\": %s",
				       name, strerror(-r))
		     : 0;
}

void state_remove(int directory, const char *name)
{
	unlinkat(directory, name, 0);
}

/* A file without a slot that can be read is listed with 0. */
static void take_entry(int directory, const char *name,
		       struct network_entry *entry)
{
	struct network_plan *plan = malloc(sizeof(*plan));
	uint32_t slot = 0;

	snprintf(entry->name, sizeof(entry->name), "%.63s", name);
	if (!plan || state_read(directory, name, &slot, plan, NULL) < 0)
		slot = 0;
	entry->slot = slot;
	free(plan);
}

uint32_t state_list(int directory, struct network_entry *entries, uint32_t max)
{
	const int fd = openat(directory, ".", O_RDONLY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *file;
	uint32_t count = 0;

	while (list && count < max && (file = readdir(list)) != NULL)
		if (aovpn_profile_name_check(file->d_name, NULL) == 0)
			take_entry(directory, file->d_name, &entries[count++]);
	if (list)
		closedir(list);
	return count;
}
