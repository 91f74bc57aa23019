/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * password.c - takes a password or PIN from a descriptor or the terminal and
 * puts it into a memfd for aovpnd: it is never an argument or in the
 * environment, and is wiped here at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"

#define SECRET_MAX 1024 /* bytes, as aovpnd takes it */
#define CTRL_C     3

static int into_memfd(const char *secret, size_t length)
{
	int fd =
		memfd_create("aovpn-password", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (write(fd, secret, length) == (ssize_t)length &&
	    fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ==
		    0)
		return fd;
	close(fd);
	return -EIO;
}

/* A line without its end; returns its length. One byte at a time, so that what
 * follows it stays the caller's. */
static ssize_t read_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	ssize_t got;
	char c;

	for (;;) {
		got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0 || c == '\n')
			break;
		if (length == size)
			return -EFBIG;
		line[length++] = c;
	}
	return got == 0 && length == 0 ? -ENODATA : (ssize_t)length;
}

void password_keep_memory(void)
{
	/* A limit of 0 does not hold where cores go to a pipe. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int password_from_fd(int fd)
{
	char line[SECRET_MAX];
	ssize_t length;
	int r;

	password_keep_memory();
	length = read_line(fd, line, sizeof(line));
	r = length < 0 ? (int)length : into_memfd(line, (size_t)length);
	explicit_bzero(line, sizeof(line));
	return r;
}

/* Without echo; Ctrl-C ends the line instead of the program, so that the
 * terminal is always put right again. The prompt comes when echo is off and not
 * before: who answers at once would see the password, and lose it to the flush.
 */
static int ask(int tty, const struct termios *before, const char *prompt)
{
	struct termios quiet = *before;
	char line[SECRET_MAX + 1];
	ssize_t length;
	int r;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_lflag |= ICANON;
	quiet.c_cc[VEOL] = CTRL_C;
	if (tcsetattr(tty, TCSAFLUSH, &quiet) < 0)
		return -errno;
	dprintf(tty, "%s", prompt);
	length = read(tty, line, sizeof(line));
	if (length < 0)
		r = -errno;
	else if (length == 0 || line[length - 1] == CTRL_C)
		r = -ECANCELED;
	else if (line[length - 1] != '\n')
		r = -EFBIG;
	else
		r = into_memfd(line, (size_t)length - 1);
	explicit_bzero(line, sizeof(line));
	tcsetattr(tty, TCSAFLUSH, before);
	return r;
}

/* The first line of a memfd of ours. */
static int read_memfd(const struct cli *cli, int fd, struct aovpn_password *ret)
{
	struct aovpn_error error;
	int r = aovpn_password_read_fd(fd, ret, &error);

	close(fd);
	return r < 0 ? cli_fail(cli, EXIT_USAGE, "%s", error.text) : 0;
}

int password_take(const struct cli *cli, const char *prompt,
		  struct aovpn_password *ret)
{
	int fd;

	if (cli->password_fd >= 0) {
		fd = password_from_fd(cli->password_fd);
		return fd < 0 ? cli_fail(cli, EXIT_USAGE,
					 "--password-fd %d: %s",
					 cli->password_fd, strerror(-fd))
			      : read_memfd(cli, fd, ret);
	}
	fd = password_ask(prompt);
	if (fd == -ENXIO)
		return cli_fail(cli, EXIT_USAGE,
				"a password is needed, and there is no "
				"terminal to ask on: give it by --password-fd");
	return fd < 0 ? cli_fail(cli, EXIT_USAGE, "no password: %s",
				 strerror(-fd))
		      : read_memfd(cli, fd, ret);
}

int password_ask(const char *prompt)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), r;
	struct termios before;

	if (tty < 0)
		return -ENXIO;
	password_keep_memory();
	r = tcgetattr(tty, &before) < 0 ? -ENXIO : 0;
	if (r == 0) {
		r = ask(tty, &before, prompt);
		dprintf(tty, "\n");
	}
	close(tty);
	return r;
}
