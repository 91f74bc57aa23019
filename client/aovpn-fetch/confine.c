/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine.c - see confine.h. Each step would do by itself against much; so what
 * a hostile server can make of a fault in a parser has several walls before it:
 * user and capabilities (capabilities(7)), resources (getrlimit(2)), files
 * (landlock(7)), system calls (seccomp(2)).
 */
#include "confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"

#define NOBODY 65534 /* by convention; a unit takes a user of its own */

/* A CRL of 32 MiB is there up to four times while it is read. */
#define MEMORY      ((rlim_t)250 * 1024 * 1024)
#define CPU_SECONDS 30
#define FILES       64

/* --- the user ------------------------------------------------------------- */

static int become_nobody(void)
{
	if (geteuid() != 0 && getuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -errno;
	return geteuid() == 0 || getuid() == 0 ? -EPERM : 0;
}

/* What a caller may have left; the ambient ones go with them. A unit that has
 * taken all forbids the call, too. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t left = 0;

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		left |= data[i].effective | data[i].permitted |
			data[i].inheritable;
	if (left == 0)
		return 0;
	memset(data, 0, sizeof(data));
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int drop_privileges(void)
{
	int code = become_nobody();

	if (code == 0)
		code = drop_capabilities();
	/* Behind the change of user, which sets it anew. */
	if (code == 0 && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
			  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0))
		code = -errno;
	return code;
}

/* --- resources ------------------------------------------------------------ */

static int set_limits(void)
{
	static const struct {
		int resource;
		rlim_t limit;
	} limits[] = {
		{RLIMIT_CORE, 0},       {RLIMIT_CPU, CPU_SECONDS},
		{RLIMIT_NOFILE, FILES}, {RLIMIT_NPROC, 0},
#ifndef __SANITIZE_ADDRESS__ /* whose shadow takes terabytes, and who tells \
				what it found into a file */
		{RLIMIT_FSIZE, 0},      {RLIMIT_AS, MEMORY},
#endif
	};
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		/* A caller's may be lower, and cannot be raised. */
		if (getrlimit(limits[i].resource, &limit) < 0)
			return -errno;
		if (limit.rlim_max > limits[i].limit)
			limit.rlim_max = limits[i].limit;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (setrlimit(limits[i].resource, &limit) < 0)
			return -errno;
	}
	return 0;
}

/* --- system calls --------------------------------------------------------- */

/* What the C library's resolver and OpenSSL's client need; anything else fails
 * with EPERM, which both bear. */
static const char *const allowed[] = {
	/* memory */
	"brk", "mmap", "munmap", "mremap", "mprotect", "madvise",
	/* files, for reading: Landlock says which */
	"access", "close", "dup", "faccessat", "faccessat2", "fcntl", "fstat",
	"fstat64", "fstatat64", "fstatfs", "getcwd", "getdents64", "_llseek",
	"lseek", "lstat", "newfstatat", "open", "openat", "pread64", "read",
	"readlink", "readlinkat", "readv", "stat", "stat64", "statfs", "statx",
	/* the network */
	"bind", "connect", "getpeername", "getsockname", "getsockopt", "ioctl",
	"poll", "ppoll", "ppoll_time64", "pselect6", "recv", "recvfrom",
	"recvmmsg", "recvmsg", "select", "send", "sendmmsg", "sendmsg",
	"sendto", "setsockopt", "shutdown", "socket", "socketcall", "write",
	"writev", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
	/* time */
	"clock_getres", "clock_gettime", "clock_gettime64", "clock_nanosleep",
	"clock_nanosleep_time64", "gettimeofday", "nanosleep", "setitimer",
	"time",
	/* signals, its own end */
	"exit", "exit_group", "restart_syscall", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "sigaltstack", "sigreturn",
	/* who and where it is */
	"futex", "futex_time64", "get_robust_list", "getegid", "getegid32",
	"geteuid", "geteuid32", "getgid", "getgid32", "getpid", "getppid",
	"getrandom", "getrlimit", "gettid", "getuid", "getuid32", "membarrier",
	"rseq", "sched_getaffinity", "sched_yield", "set_robust_list",
	"sysinfo", "ugetrlimit", "uname"};

static int allow_all(scmp_filter_ctx filter)
{
	int number, code;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		number = seccomp_syscall_resolve_name(allowed[i]);
		if (number == __NR_SCMP_ERROR)
			continue; /* younger than the library */
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
		/* -EDOM: not one of this architecture. */
		if (code < 0 && code != -EDOM)
			return code;
	}
	return 0;
}

static int filter_system_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int code;

	if (!filter)
		return -ENOMEM;
	code = allow_all(filter);
	if (code == 0)
		code = seccomp_load(filter);
	seccomp_release(filter);
	return code;
}

/* --- all of it ------------------------------------------------------------ */

int confine(struct aovpn_error *error)
{
	static const struct {
		const char *what;
		int (*function)(void);
	} steps[] = {
		{"give up rights", drop_privileges},
		{"set limits", set_limits},
		{"close the file system", landlock_close},
		{"filter system calls", filter_system_calls},
	};
	int code;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		code = steps[i].function();
		if (code < 0)
			return aovpn_error_set(error, code, "cannot %s: %s",
					       steps[i].what, strerror(-code));
	}
	return 0;
}
