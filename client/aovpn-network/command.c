/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - see command.h. What goes in and comes out are files in memory: so
 * neither side ever waits for the other. */
#include "command.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 10000
#define STEP_MS 10

static int spawn(const char *const *arguments, int in, int out, pid_t *ret)
{
	static char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
	posix_spawn_file_actions_t actions;
	int r;

	posix_spawn_file_actions_init(&actions);
	r = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out,
						     STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out,
						     STDERR_FILENO);
	if (r == 0)
		r = posix_spawn(ret, arguments[0], &actions, NULL,
				(char *const *)arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int wait_for(pid_t pid)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000};
	int status, waited;

	for (waited = 0; waited < WAIT_MS; waited += STEP_MS) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status == 0 ? 0 : -EIO;
		nanosleep(&step, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -ETIMEDOUT;
}

static void read_back(int out, char *said, size_t size)
{
	ssize_t n = pread(out, said, size - 1, 0);

	said[n > 0 ? n : 0] = '\0';
	said[strcspn(said, "\n")] = '\0';
}

static int run(const char *const *arguments, const char *input, int in, int out)
{
	const size_t length = strlen(input);
	pid_t pid = 0;
	int r;

	if (pwrite(in, input, length, 0) != (ssize_t)length)
		return -EIO;
	r = spawn(arguments, in, out, &pid);
	return r < 0 ? r : wait_for(pid);
}

int command_run(const char *const *arguments, const char *input, char *said,
		size_t size)
{
	const int in = memfd_create("input", MFD_CLOEXEC);
	const int out = memfd_create("output", MFD_CLOEXEC);
	int r = -errno;

	said[0] = '\0';
	if (in >= 0 && out >= 0) {
		r = run(arguments, input, in, out);
		read_back(out, said, size);
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return r;
}
