/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.c - see process.h. */
#include "process.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"

/* The name of charon, charon-systemd, charon-nm. */
#define CHARON "charon"

bool process_takes_uprobe(pid_t pid, pid_t requester, char *reason, size_t size)
{
	char link[64], program[PATH_MAX], clean[80];
	const char *name;
	ssize_t length;

	if (pid == 0) {
		snprintf(reason, size, "charon's process is not known");
		return false;
	}
	if (pid == requester)
		return true;
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	length = readlink(link, program, sizeof(program) - 1);
	if (length < 0) {
		snprintf(reason, size, "\"%s\": %s", link, strerror(errno));
		return false;
	}
	program[length] = '\0';
	name = strrchr(program, '/');
	name = name ? name + 1 : program;
	if (strncmp(name, CHARON, strlen(CHARON)) == 0)
		return true;
	aovpn_escape_string(name, clean, sizeof(clean));
	snprintf(reason, size, "charon runs inside of \"%s\"", clean);
	return false;
}
