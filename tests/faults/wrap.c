/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wrap.c - makes one allocation or one system call of our own code fail: the
 * FAULT_AT-th of kind FAULT_KIND. Linked into a program with --wrap=NAME for
 * each function of the table below, so that what libraries call for themselves
 * is left alone; but jansson asks our programs for its
 * memory, and OpenSSL's is of kind "crypto".
 *
 *   FAULT_PROGRAM   the program that is meant: the environment is inherited
 *   FAULT_KIND      memory, crypto, call; disk: from that write to a file on it
 *                   is full, of which every second one still takes half
 *   FAULT_AT        which one fails, from 1
 *   FAULT_GATE      a file: none is counted before it is there
 *   FAULT_CONTROL   a file with struct tally in it, instead of KIND and AT,
 * that others change while the program runs: for charon with our plugin, of
 * which this is a part then. OpenSSL's allocations count where the plugin is
 * their reason. FAULT_REPORT    a file, to which "NAME OFFSET" of the one that
 * failed is appended: OFFSET for addr2line. Where it stays empty, the program
 * made less than FAULT_AT.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

enum kind { MEMORY, CRYPTO, CALL, DISK };

static const char *const kinds[] = {"memory", "crypto", "call", "disk"};

/* Which one fails, and how many there were. */
struct tally {
	atomic_long kind; /* -1: none */
	atomic_ulong at;
	atomic_ulong count;
};

static struct tally own_tally = {.kind = -1};

static struct {
	struct tally *tally;
	bool controlled;
	const char *gate; /* NULL: it is open */
	int report;
	uintptr_t base;
} fault = {.tally = &own_tally, .report = -1};

void *__real_malloc(size_t n);
void *__real_realloc(void *p, size_t n);
int __real_access(const char *path, int mode);
int __real_fstat(int fd, struct stat *s);
int __real_ftruncate(int fd, off_t n);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t o);
ssize_t __real_sendfile(int to, int from, off_t *o, size_t n);

static bool gate_is_open(void)
{
	int before = errno;

	if (fault.gate && __real_access(fault.gate, F_OK) == 0)
		fault.gate = NULL;
	errno = before;
	return !fault.gate;
}

static void report(const char *name, void *caller)
{
	int before = errno;

	dprintf(fault.report, "%s %#lx\n", name,
		(unsigned long)((uintptr_t)caller - fault.base));
	errno = before;
}

/* Is it the one? Say so, then. */
static bool fails(enum kind kind, const char *name, void *caller)
{
	if (fault.tally->kind != (long)kind || !gate_is_open() ||
	    atomic_fetch_add(&fault.tally->count, 1) + 1 != fault.tally->at)
		return false;
	report(name, caller);
	return true;
}

/* --- a disk that is full ----------------------------------------------------
 */

/* A file that has a name: no memory, no socket. */
static bool is_on_disk(int fd)
{
	struct stat status;
	int before = errno;
	bool is = __real_fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		  status.st_nlink > 0;

	errno = before;
	return is;
}

/* How much of n bytes there is room for. Each write is two tries: none of it
 * fits, half of it does. */
static size_t room(const char *name, int fd, size_t n, void *caller)
{
	unsigned long full = (fault.tally->at + 1) / 2, count;

	if (fault.tally->kind != DISK || fault.tally->at == 0 ||
	    !gate_is_open() || !is_on_disk(fd))
		return n;
	count = atomic_fetch_add(&fault.tally->count, 1) + 1;
	if (count < full)
		return n;
	if (count == full)
		report(name, caller);
	return count == full && fault.tally->at % 2 == 0 ? n / 2 : 0;
}

/* A wrapped function that writes size bytes. */
#define WRAP_WRITE(name, fd, size, params, args)                             \
	ssize_t __wrap_##name params;                                        \
	ssize_t __wrap_##name params                                         \
	{                                                                    \
		void *caller = __builtin_return_address(0);                  \
		size_t fits = room(#name, fd, size, caller);                 \
                                                                             \
		if ((fits == 0 && size > 0) || fails(CALL, #name, caller)) { \
			errno = ENOSPC;                                      \
			return -1;                                           \
		}                                                            \
		size = fits;                                                 \
		return __real_##name args;                                   \
	}

/* A table, which faults.mk reads, too. */
/* clang-format off */
WRAP_WRITE(write, fd, n, (int fd, const void *p, size_t n), (fd, p, n))
WRAP_WRITE(pwrite, fd, n, (int fd, const void *p, size_t n, off_t o), (fd, p, n, o))
WRAP_WRITE(sendfile, to, n, (int to, int from, off_t *o, size_t n), (to, from, o, n))
/* clang-format on */

/* --- what libraries allocate -----------------------------------------------
 */

/* Is the object that this is a part of among the callers? */
static bool is_ours(void)
{
	void *callers[64];
	const int count = backtrace(callers, 64);
	struct dl_find_object object;

	for (int i = 3; i < count; i++)
		if (_dl_find_object(callers[i], &object) == 0 &&
		    (uintptr_t)object.dlfo_link_map->l_addr == fault.base)
			return true;
	return false;
}

static bool crypto_fails(void *caller)
{
	return fault.tally->kind == CRYPTO &&
	       (!fault.controlled || is_ours()) &&
	       fails(CRYPTO, "crypto", caller);
}

static void *crypto_allocate(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return crypto_fails(__builtin_return_address(0)) ? NULL
							 : __real_malloc(size);
}

static void *crypto_again(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return crypto_fails(__builtin_return_address(0))
		       ? NULL
		       : __real_realloc(old, size);
}

static void crypto_free(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	free(old);
}

/* --- our own ----------------------------------------------------------------
 */

/* A wrapped function that sets errno. */
#define WRAP(kind, type, failure, code, name, params, args)            \
	type __real_##name params;                                     \
	type __wrap_##name params;                                     \
	type __wrap_##name params                                      \
	{                                                              \
		if (fails(kind, #name, __builtin_return_address(0))) { \
			errno = code;                                  \
			return failure;                                \
		}                                                      \
		return __real_##name args;                             \
	}

/* A table, which faults.mk reads, too. */
/* clang-format off */
WRAP(MEMORY, void *, NULL, ENOMEM, malloc, (size_t n), (n))
WRAP(MEMORY, void *, NULL, ENOMEM, calloc, (size_t n, size_t size), (n, size))
WRAP(MEMORY, void *, NULL, ENOMEM, realloc, (void *p, size_t n), (p, n))
WRAP(MEMORY, void *, NULL, ENOMEM, reallocarray, (void *p, size_t n, size_t size), (p, n, size))
WRAP(MEMORY, char *, NULL, ENOMEM, strdup, (const char *s), (s))
WRAP(MEMORY, char *, NULL, ENOMEM, strndup, (const char *s, size_t n), (s, n))
WRAP(MEMORY, int, -1, ENOMEM, vasprintf, (char **ret, const char *f, va_list a), (ret, f, a))
WRAP(MEMORY, ssize_t, -1, ENOMEM, getline, (char **line, size_t *n, FILE *f), (line, n, f))
WRAP(MEMORY, FILE *, NULL, ENOMEM, open_memstream, (char **p, size_t *n), (p, n))
WRAP(CALL, FILE *, NULL, EMFILE, fopen, (const char *path, const char *mode), (path, mode))
WRAP(CALL, FILE *, NULL, ENOMEM, fdopen, (int fd, const char *mode), (fd, mode))
WRAP(CALL, char *, NULL, EIO, fgets, (char *s, int n, FILE *f), (s, n, f))
WRAP(CALL, ssize_t, -1, EIO, read, (int fd, void *p, size_t n), (fd, p, n))
WRAP(CALL, ssize_t, -1, EIO, pread, (int fd, void *p, size_t n, off_t o), (fd, p, n, o))
WRAP(CALL, int, -1, EIO, fsync, (int fd), (fd))
WRAP(CALL, int, -1, EIO, fdatasync, (int fd), (fd))
WRAP(CALL, int, -1, ENOSPC, rename, (const char *from, const char *to), (from, to))
WRAP(CALL, int, -1, ENOSPC, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(CALL, int, -1, ENOSPC, link, (const char *from, const char *to), (from, to))
WRAP(CALL, int, -1, ENOSPC, linkat, (int a, const char *from, int b, const char *to, int f), (a, from, b, to, f))
WRAP(CALL, int, -1, EROFS, unlink, (const char *path), (path))
WRAP(CALL, int, -1, EROFS, unlinkat, (int fd, const char *path, int f), (fd, path, f))
WRAP(CALL, int, -1, ENOSPC, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(CALL, int, -1, ENOSPC, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
WRAP(CALL, int, -1, ENOSPC, mkostemp, (char *path, int f), (path, f))
WRAP(CALL, int, -1, EIO, ftruncate, (int fd, off_t n), (fd, n))
WRAP(CALL, off_t, -1, EIO, lseek, (int fd, off_t n, int whence), (fd, n, whence))
WRAP(CALL, int, -1, ENOLCK, flock, (int fd, int how), (fd, how))
WRAP(CALL, int, -1, EIO, stat, (const char *path, struct stat *s), (path, s))
WRAP(CALL, int, -1, EIO, lstat, (const char *path, struct stat *s), (path, s))
WRAP(CALL, int, -1, EIO, fstat, (int fd, struct stat *s), (fd, s))
WRAP(CALL, int, -1, EIO, fstatat, (int fd, const char *path, struct stat *s, int f), (fd, path, s, f))
WRAP(CALL, int, -1, EIO, access, (const char *path, int mode), (path, mode))
WRAP(CALL, int, -1, EPERM, chmod, (const char *path, mode_t mode), (path, mode))
WRAP(CALL, int, -1, EPERM, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(CALL, int, -1, EPERM, fchown, (int fd, uid_t u, gid_t g), (fd, u, g))
WRAP(CALL, ssize_t, -1, EIO, readlink, (const char *path, char *p, size_t n), (path, p, n))
WRAP(CALL, DIR *, NULL, EMFILE, opendir, (const char *path), (path))
WRAP(CALL, DIR *, NULL, ENOMEM, fdopendir, (int fd), (fd))
WRAP(CALL, struct dirent *, NULL, EIO, readdir, (DIR * d), (d))
WRAP(CALL, int, -1, EMFILE, socket, (int a, int b, int c), (a, b, c))
WRAP(CALL, int, -1, EMFILE, socketpair, (int a, int b, int c, int *p), (a, b, c, p))
WRAP(CALL, int, -1, ECONNREFUSED, connect, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
WRAP(CALL, int, -1, EADDRINUSE, bind, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
WRAP(CALL, int, -1, EADDRINUSE, listen, (int fd, int n), (fd, n))
WRAP(CALL, int, -1, EMFILE, accept4, (int fd, struct sockaddr *a, socklen_t *n, int f), (fd, a, n, f))
WRAP(CALL, ssize_t, -1, EPIPE, send, (int fd, const void *p, size_t n, int f), (fd, p, n, f))
WRAP(CALL, ssize_t, -1, ENETUNREACH, sendto, (int fd, const void *p, size_t n, int f, const struct sockaddr *a, socklen_t l), (fd, p, n, f, a, l))
WRAP(CALL, ssize_t, -1, EPIPE, sendmsg, (int fd, const struct msghdr *m, int f), (fd, m, f))
WRAP(CALL, ssize_t, -1, ECONNRESET, recv, (int fd, void *p, size_t n, int f), (fd, p, n, f))
WRAP(CALL, ssize_t, -1, ECONNREFUSED, recvfrom, (int fd, void *p, size_t n, int f, struct sockaddr *a, socklen_t *l), (fd, p, n, f, a, l))
WRAP(CALL, ssize_t, -1, ECONNRESET, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f))
WRAP(CALL, int, -1, ENOBUFS, setsockopt, (int fd, int l, int o, const void *p, socklen_t n), (fd, l, o, p, n))
WRAP(CALL, int, -1, ENOBUFS, getsockopt, (int fd, int l, int o, void *p, socklen_t *n), (fd, l, o, p, n))
WRAP(CALL, int, -1, ENOBUFS, getsockname, (int fd, struct sockaddr *a, socklen_t *n), (fd, a, n))
WRAP(CALL, int, -1, ENOMEM, poll, (struct pollfd * p, nfds_t n, int t), (p, n, t))
WRAP(CALL, void *, MAP_FAILED, ENOMEM, mmap, (void *p, size_t n, int a, int f, int fd, off_t o), (p, n, a, f, fd, o))
WRAP(CALL, int, -1, EMFILE, memfd_create, (const char *name, unsigned int f), (name, f))
WRAP(CALL, int, -1, EMFILE, eventfd, (unsigned int n, int f), (n, f))
WRAP(CALL, int, -1, EMFILE, timerfd_create, (int clock, int f), (clock, f))
WRAP(CALL, int, -1, ENOMEM, getifaddrs, (struct ifaddrs * *p), (p))
WRAP(CALL, struct passwd *, NULL, EIO, getpwuid, (uid_t uid), (uid))
WRAP(CALL, int, EAGAIN, 0, pthread_create, (pthread_t * t, const pthread_attr_t *a, void *(*f)(void *), void *p), (t, a, f, p))
WRAP(CALL, int, EAGAIN, 0, posix_spawn, (pid_t * p, const char *path, const posix_spawn_file_actions_t *a, const posix_spawnattr_t *b, char *const argv[], char *const envp[]), (p, path, a, b, argv, envp))
/* clang-format on */

/* Those with arguments that vary. */

int __wrap_asprintf(char **ret, const char *format, ...);
int __wrap_asprintf(char **ret, const char *format, ...)
{
	va_list args;
	int length;

	if (fails(MEMORY, "asprintf", __builtin_return_address(0))) {
		*ret = NULL;
		return -1;
	}
	va_start(args, format);
	length = __real_vasprintf(ret, format, args);
	va_end(args);
	return length;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode)
{
	if (fails(CALL, "open", __builtin_return_address(0))) {
		errno = EMFILE;
		return -1;
	}
	return __real_open(path, flags, mode);
}

int __real_openat(int fd, const char *path, int flags, ...);
int __wrap_openat(int fd, const char *path, int flags, mode_t mode);
int __wrap_openat(int fd, const char *path, int flags, mode_t mode)
{
	if (fails(CALL, "openat", __builtin_return_address(0))) {
		errno = EMFILE;
		return -1;
	}
	return __real_openat(fd, path, flags, mode);
}

/* Streams write by themselves, at the latest now. */
static bool cut_short(FILE *file, void *caller)
{
	const int fd = fileno(file);
	const int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
	struct stat status;
	size_t size, fits;

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fflush(file) != 0 ||
	    __real_fstat(fd, &status) < 0)
		return false;
	size = (size_t)status.st_size;
	fits = room("fclose", fd, size, caller);
	return fits < size && __real_ftruncate(fd, (off_t)fits) == 0;
}

/* What is written is not safe, but the stream is closed. */
int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file)
{
	bool failed = fails(CALL, "fclose", __builtin_return_address(0)) ||
		      cut_short(file, __builtin_return_address(0));
	int status = __real_fclose(file);

	if (!failed)
		return status;
	errno = ENOSPC;
	return EOF;
}

/* --- which ------------------------------------------------------------------
 */

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static struct tally *control(const char *path)
{
	int fd = __real_open(path, O_RDWR | O_CLOEXEC);
	void *shared = __real_mmap(NULL, sizeof(struct tally),
				   PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd < 0 || shared == MAP_FAILED)
		abort();
	fault.controlled = true;
	return shared;
}

static long kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(name, kinds[i]) == 0)
			return (long)i;
	return -1;
}

static void take_crypto(void)
{
	void *callers[1];

	backtrace(callers, 1); /* it allocates, once */
	if (!CRYPTO_set_mem_functions(crypto_allocate, crypto_again,
				      crypto_free))
		abort();
}

__attribute__((constructor)) static void read_settings(void)
{
	Dl_info own;

	if (strcmp(setting("FAULT_PROGRAM"), program_invocation_short_name) !=
	    0)
		return;
	fault.report =
		__real_open(setting("FAULT_REPORT"),
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fault.report < 0 || dladdr((void *)read_settings, &own) == 0)
		abort();
	fault.base = (uintptr_t)own.dli_fbase;
	fault.gate = getenv("FAULT_GATE");
	own_tally.kind = kind_of(setting("FAULT_KIND"));
	own_tally.at = strtoul(setting("FAULT_AT"), NULL, 10);
	if (getenv("FAULT_CONTROL"))
		fault.tally = control(setting("FAULT_CONTROL"));
	if (fault.controlled || own_tally.kind == CRYPTO)
		take_crypto();
}
