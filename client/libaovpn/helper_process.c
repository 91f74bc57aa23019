/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper_process.c - see helper_process.h. */
#include "helper_process.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef AOVPN_LIBEXECDIR
#define AOVPN_LIBEXECDIR "/usr/libexec/aovpn"
#endif

static bool find_beside_us(const char *name, char *out, size_t size)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (length <= 0)
		return false;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	*slash = '\0';
	if (snprintf(out, size, "%s/%s", path, name) >= (int)size)
		return false;
	return access(out, X_OK) == 0;
}

void aovpn_helper_find(const char *variable, const char *name, char *ret,
		       size_t size)
{
	const char *given = getenv(variable);

	if (given && given[0] != '\0')
		snprintf(ret, size, "%s", given);
	else if (!find_beside_us(name, ret, size))
		snprintf(ret, size, "%s/%s", AOVPN_LIBEXECDIR, name);
}

/* Signals that this process handles or blocks are the child's as by default. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int code;

	sigemptyset(&none);
	sigfillset(&all);
	code = posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (code == 0)
		code = posix_spawnattr_setsigmask(attributes, &none);
	if (code == 0)
		code = posix_spawnattr_setsigdefault(attributes, &all);
	return code;
}

/* Start program with fd as its standard input. 0 or an errno. */
static int spawn(const char *program, const char *const *environment, int fd,
		 pid_t *ret_pid)
{
	const char *slash = strrchr(program, '/');
	char *arguments[] = {(char *)(slash ? slash + 1 : program), NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int code;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	code = set_signals(&attributes);
	if (code == 0)
		code = posix_spawn_file_actions_adddup2(&actions, fd,
							STDIN_FILENO);
	if (code == 0)
		code = posix_spawn(ret_pid, program, &actions, &attributes,
				   arguments, (char *const *)environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}

int aovpn_helper_start(const char *program, const char *const *environment,
		       pid_t *ret_pid, struct aovpn_error *error)
{
	int pair[2], code;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return aovpn_error_set(error, -errno, "socketpair: %s",
				       strerror(errno));
	code = spawn(program, environment, pair[1], ret_pid);
	close(pair[1]);
	if (code == 0)
		return pair[0];
	close(pair[0]);
	return aovpn_error_set(error, -code, "cannot start \"%s\": %s", program,
			       strerror(code));
}
