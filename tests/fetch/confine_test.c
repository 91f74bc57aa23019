/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine_test.c - gives up the rights that aovpn-fetch gives up, and then runs
 * against each wall. Prints "ok WHAT", "SKIP WHAT" or "FAIL WHAT" for each, and
 * "end". For tests/fetch/run.
 *
 *   confine_test http://127.0.0.1:PORT FILE
 *
 * FILE is one that anybody may read, outside of the places that are needed.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "client/aovpn-fetch/confine.h"

static bool landlocked;

static void tell(const char *what, bool ok)
{
	printf("%s %s\n", ok ? "ok" : "FAIL", what);
}

/* Of what only Landlock forbids. */
static void tell_file(const char *what, bool ok)
{
	if (landlocked)
		tell(what, ok);
	else
		printf("SKIP %s: this kernel has no Landlock\n", what);
}

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool can_execute(void)
{
	char *const arguments[] = {"true", NULL}, *const nothing[] = {NULL};

	return execve("/bin/true", arguments, nothing) == 0 || errno != EPERM;
}

static bool can_connect(const char *url)
{
	const char *colon = strrchr(url, ':');
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(colon ? colon + 1 : "0")),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected;

	connected = fd >= 0 && connect(fd, (struct sockaddr *)&address,
				       sizeof(address)) == 0;
	if (fd >= 0)
		close(fd);
	return connected;
}

static void try_files(const char *file)
{
	tell_file("no file elsewhere is read", !can_open(file, O_RDONLY));
	tell_file("nor a directory listed",
		  !can_open("/home", O_RDONLY | O_DIRECTORY));
	tell_file("nor a process looked at",
		  !can_open("/proc/1/cmdline", O_RDONLY));
	tell("no file is made",
	     !can_open("/tmp/aovpn-confine", O_WRONLY | O_CREAT));
	tell("none is written", !can_open("/dev/null", O_WRONLY));
	tell("the resolver's configuration is read",
	     can_open("/etc/nsswitch.conf", O_RDONLY));
	tell("the CA store is listed",
	     can_open("/etc/ssl/certs", O_RDONLY | O_DIRECTORY));
}

static void try_calls(const char *url)
{
	tell("no process is made", !can_fork());
	tell("no program is started", !can_execute());
	tell("nobody is traced", ptrace(PTRACE_TRACEME, 0, 0, 0) < 0);
	tell("nobody gets a signal", kill(getppid(), 0) < 0);
	tell("no user is become", setuid(0) < 0);
	tell("no memory beyond the limit is had",
	     mmap(NULL, (size_t)300 << 20, PROT_READ,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	tell("nothing waits at a port",
	     listen(socket(AF_INET, SOCK_STREAM, 0), 1) < 0);
	tell("a server is connected to", can_connect(url));
}

int main(int argc, char **argv)
{
	struct aovpn_error error = {""};

	if (argc != 3 || access(argv[2], R_OK) < 0)
		return 2;
	landlocked = syscall(SYS_landlock_create_ruleset, NULL, 0,
			     LANDLOCK_CREATE_RULESET_VERSION) > 0;
	if (confine(&error) < 0) {
		printf("FAIL %s\nend\n", error.text);
		return 1;
	}
	try_files(argv[2]);
	try_calls(argv[1]);
	puts("end");
	return 0;
}
