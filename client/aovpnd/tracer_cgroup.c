/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer_cgroup.c - see tracer_cgroup.h. */
#include "tracer_cgroup.h"

#include <errno.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>

/* The first cgroup2 mount into out. */
static int find_mount(char *out, size_t size)
{
	struct mntent *mount, buffer;
	char strings[4096];
	int code = -ENOENT;
	FILE *mounts;

	mounts = setmntent("/proc/self/mounts", "re");
	if (!mounts)
		return -errno;
	while (code < 0 && (mount = getmntent_r(mounts, &buffer, strings,
						sizeof(strings)))) {
		if (strcmp(mount->mnt_type, "cgroup2") != 0)
			continue;
		snprintf(out, size, "%s", mount->mnt_dir);
		code = 0;
	}
	endmntent(mounts);
	return code;
}

/* Where process pid is below the mount, "/..." (cgroups(7): the line of cgroup
 * v2 begins with "0::"); "/" where that cannot be read. */
static void find_place(pid_t pid, char *out, size_t size)
{
	char path[64], line[PATH_MAX];
	FILE *file;

	snprintf(out, size, "/");
	if (pid == 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		/* "/.." begins a place outside what is mounted here. */
		if (strncmp(line, "0::/", 4) != 0 ||
		    strncmp(line, "0::/..", 6) == 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(out, size, "%s", line + 3);
	}
	fclose(file);
}

int tracer_cgroup_find(pid_t charon, char *ret, size_t size)
{
	char mount[PATH_MAX], place[PATH_MAX];
	int code;

	code = find_mount(mount, sizeof(mount));
	if (code < 0)
		return code;
	find_place(charon, place, sizeof(place));
	if (strlen(mount) + strlen(place) >= size)
		return -ENAMETOOLONG;
	snprintf(ret, size, "%s%s", mount, place);
	return 0;
}
