/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlock.c - see landlock.h. By system calls: no C library wraps them, and
 * the headers of the build machine may be older than the kernel.
 */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr as of ABI 6; older kernels take its beginning.
 */
struct ruleset {
	uint64_t files;
	uint64_t ports;  /* ABI 4 */
	uint64_t scopes; /* ABI 6 */
};

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* Bits of files that an ABI knows: 13 at first, then REFER, TRUNCATE and, in
 * the fifth, IOCTL_DEV. */
static uint64_t all_files(int abi)
{
	static const unsigned int bits[] = {0, 13, 14, 15, 15, 16};
	const int last = sizeof(bits) / sizeof(bits[0]) - 1;

	return (UINT64_C(1) << bits[abi > last ? last : abi]) - 1;
}

static void allow_below(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = READ};

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return; /* not on this system: nothing to allow */
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0) < 0 &&
	    errno == EINVAL) {
		/* A file cannot be listed. */
		rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
		(void)syscall(SYS_landlock_add_rule, ruleset,
			      LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
}

/* A list with ":" between them, or NULL. */
static void allow_each(int ruleset, const char *list)
{
	char path[PATH_MAX];
	size_t length;

	while (list && *list) {
		length = strcspn(list, ":");
		snprintf(path, sizeof(path), "%.*s", (int)length, list);
		allow_below(ruleset, path);
		list += length + (list[length] == ':');
	}
}

static void allow_what_is_needed(int ruleset)
{
	static const char *const paths[] = {
		/* nsswitch.conf, resolv.conf, hosts, the CA store */
		"/etc", "/usr", "/lib", "/lib64", "/lib32",
		"/var/lib/ca-certificates",
		/* where /etc/resolv.conf leads to */
		"/run/systemd/resolve", "/run/resolvconf",
		"/run/NetworkManager", "/run/connman", "/run/netconfig",
		/* name service caches */
		"/run/nscd", "/var/run/nscd", "/var/db/nscd",
		"/var/cache/nscd"};
	/* Where an administrator keeps the CAs elsewhere. */
	const char *file = getenv("SSL_CERT_FILE"),
		   *directory = getenv("SSL_CERT_DIR");

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		allow_below(ruleset, paths[i]);
	if (file)
		allow_below(ruleset, file);
	allow_each(ruleset, directory);
}

int landlock_close(void)
{
	struct ruleset attributes = {0};
	size_t size = sizeof(attributes.files);
	int abi, ruleset, code = 0;

	abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return 0;
	attributes.files = all_files(abi);
	if (abi >= 6) {
		size = sizeof(attributes);
		attributes.scopes = 3; /* abstract sockets, signals */
	}
	ruleset =
		(int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
	if (ruleset < 0)
		return -errno;
	allow_what_is_needed(ruleset);
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		code = -errno;
	close(ruleset);
	return code;
}
