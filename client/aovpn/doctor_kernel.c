/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_kernel.c - aovpn doctor: can this kernel do ESP (RFC 4303)? Without
 * setting an SA up, for that would change it: by its XFRM socket and by the
 * modules that are loaded, built in, or there to be loaded.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.h"

#define MODULE "esp4"

static bool has_xfrm(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Does a line of the file begin with, or have behind a "/", the module's name?
 * -errno where it cannot be read. */
static int lists_module(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[4096];
	const char *name;
	int found = 0;

	if (!file)
		return -errno;
	while (found == 0 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, ": \n")] = '\0';
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		found = strncmp(name, MODULE, strlen(MODULE)) == 0 &&
			(name[strlen(MODULE)] == '\0' ||
			 name[strlen(MODULE)] == '.');
	}
	fclose(file);
	return found;
}

/* 1: it is there, 0: it is not, -errno: it cannot be told. */
static int find_module(void)
{
	static const char *const lists[] = {"modules.builtin", "modules.dep"};
	struct utsname name;
	char path[512];
	int r = lists_module("/proc/modules");
	size_t i;

	if (uname(&name) < 0)
		return -errno;
	for (i = 0; r <= 0 && i < 2; i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s", name.release,
			 lists[i]);
		r = lists_module(path);
	}
	return r;
}

static json_t *tell_missing(struct doctor_part *part, const char *what)
{
	const bool tun = access("/dev/net/tun", F_OK) == 0;

	return doctor_tell(part, tun ? DOCTOR_WARNING : DOCTOR_FAULT,
			   "kernel-esp",
			   tun ? "%s: charon needs its plugin kernel-libipsec, "
				 "for which /dev/net/tun is there"
			       : "%s, and there is no /dev/net/tun for "
				 "charon's plugin kernel-libipsec",
			   what);
}

void doctor_kernel(struct doctor_part *part)
{
	const bool xfrm = has_xfrm();
	const int module = find_module();
	json_t *line;

	if (xfrm && module == 1) {
		line = doctor_tell(
			part, DOCTOR_OK, "kernel-esp",
			"the kernel has XFRM and the module " MODULE);
	} else if (xfrm && module < 0) {
		line = doctor_tell(part, DOCTOR_SKIPPED, "kernel-esp",
				   "the kernel has XFRM; whether it has ESP "
				   "cannot be told, for its modules are not "
				   "listed here (a container?)");
	} else {
		line = tell_missing(part,
				    xfrm ? "this kernel has no module " MODULE
					 : "this kernel has no XFRM");
		doctor_cause(line, "kernel-no-esp");
	}
	doctor_fact(line, "xfrm", json_boolean(xfrm));
}
