/* cgroup.c - see cgroup.h. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
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

int cgroup_open(const char *path, pid_t pid, struct aovpn_error *error)
{
	char mount[PATH_MAX], place[PATH_MAX], whole[2 * PATH_MAX];
	int fd;

	if (path[0] != '\0') {
		snprintf(whole, sizeof(whole), "%s", path);
	} else {
		if (find_mount(mount, sizeof(mount)) < 0)
			return aovpn_error_set(error, -ENOENT,
					       "no cgroup2 mount");
		find_place(pid, place, sizeof(place));
		snprintf(whole, sizeof(whole), "%s%s", mount, place);
	}
	fd = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "\"%s\": %s", whole,
				       strerror(errno));
	return fd;
}
