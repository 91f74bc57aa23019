/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_charon.c - aovpn doctor: does charon answer on its vici socket? One
 * that hangs still has connections accepted for it, so it is asked for its
 * version; by hand, for libvici waits without a limit. Protocol: strongSwan's
 * src/libcharon/plugins/vici/README.md. What else charon says is aovpnd's
 * business (doctor_daemon.c).
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doctor.h"
#include "packet.h"
#include "unix_socket.h"

#define ANSWER_MS    2000
#define ANSWER_MAX   4096 /* bytes, of which charon sends about 100 */
#define LENGTH_BYTES 4

enum {
	VICI_CMD_RESPONSE = 1, /* packet */
	VICI_KEY_VALUE = 3,    /* element of a message */
};

/* Length, CMD_REQUEST, and the name with its length. */
static const uint8_t version_request[] = {0,   0,   0,   9,   0,   7,  'v',
					  'e', 'r', 's', 'i', 'o', 'n'};

struct answer {
	char daemon[64];  /* "charon-systemd", "" where it did not say */
	char version[64]; /* strongSwan's */
};

static int receive(int fd, uint8_t *out, size_t size, uint64_t ends_ns)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	size_t got = 0;
	uint64_t now;
	ssize_t n;

	while (got < size) {
		now = aovpn_boottime_ns();
		if (now >= ends_ns)
			return -ETIMEDOUT;
		if (poll(&ready, 1, (int)((ends_ns - now) / 1000000) + 1) < 0 &&
		    errno != EINTR)
			return -errno;
		n = recv(fd, out + got, size - got, 0);
		if (n == 0)
			return -ECONNRESET;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		got += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* A text with its length before it in so many bytes; false: it is cut off. */
static bool read_text(struct cursor *at, size_t length_bytes, char *out,
		      size_t size)
{
	const char *text;
	size_t length;

	if (at->left < length_bytes)
		return false;
	length = length_bytes == 1 ? at->at[0] : read_be16(at->at);
	cursor_skip(at, length_bytes);
	text = (const char *)at->at;
	if (!cursor_skip(at, length))
		return false;
	snprintf(out, size, "%.*s", (int)length, text);
	return true;
}

static void read_answer(struct cursor at, struct answer *ret)
{
	char key[64], value[64];

	memset(ret, 0, sizeof(*ret));
	while (at.left > 0 && at.at[0] == VICI_KEY_VALUE) {
		cursor_skip(&at, 1);
		if (!read_text(&at, 1, key, sizeof(key)) ||
		    !read_text(&at, 2, value, sizeof(value)))
			return;
		if (strcmp(key, "daemon") == 0)
			memcpy(ret->daemon, value, sizeof(value));
		if (strcmp(key, "version") == 0)
			memcpy(ret->version, value, sizeof(value));
	}
}

/* Errors: -ETIMEDOUT (no answer), -EPROTO (none of vici), -errno. */
static int ask(int fd, struct answer *ret)
{
	const uint64_t ends_ns = aovpn_boottime_ns() + ANSWER_MS * 1000000ull;
	uint8_t length[LENGTH_BYTES], answer[ANSWER_MAX] = {0};
	uint32_t size;
	int r;

	if (send(fd, version_request, sizeof(version_request), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(version_request))
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	r = receive(fd, length, sizeof(length), ends_ns);
	if (r < 0)
		return r;
	size = read_be32(length);
	if (size < 1 || size > sizeof(answer))
		return -EPROTO;
	r = receive(fd, answer, size, ends_ns);
	if (r < 0)
		return r;
	if (answer[0] != VICI_CMD_RESPONSE)
		return -EPROTO;
	read_answer((struct cursor){answer + 1, size - 1}, ret);
	return 0;
}

static int ask_at(const char *path, struct answer *ret)
{
	/* One whose queue is full is as silent as any. */
	int fd = aovpn_unix_connect(path, SOCK_STREAM | SOCK_NONBLOCK), r;

	if (fd < 0)
		return fd == -EAGAIN ? -ETIMEDOUT : fd;
	r = ask(fd, ret);
	close(fd);
	return r;
}

static json_t *tell_failed(struct doctor_part *part, const char *path,
			   int error)
{
	json_t *line;

	if (error == -ETIMEDOUT || error == -EPROTO)
		line = doctor_tell(part, DOCTOR_FAULT, "charon",
				   error == -EPROTO
					   ? "what answers at %s is not "
					     "charon's vici"
					   : "is there at %s and does not "
					     "answer",
				   path);
	else
		line = doctor_tell(part, DOCTOR_FAULT, "charon",
				   "cannot be reached at %s: %s", path,
				   strerror(-error));
	if (error == -ETIMEDOUT)
		doctor_fix(line, "`systemctl restart strongswan` here; "
				 "`journalctl -u strongswan` says what it did "
				 "last.");
	doctor_cause(line, "charon-absent");
	return line;
}

void doctor_charon(struct doctor_part *part)
{
	static const char scheme[] = "unix://";
	const char *path = part->doctor->cli->paths.vici;
	struct answer answer;
	json_t *line;
	int r;

	if (strncmp(path, scheme, sizeof(scheme) - 1) == 0)
		path += sizeof(scheme) - 1;
	r = ask_at(path, &answer);
	if (r == 0) {
		line = doctor_tell(part, DOCTOR_OK, "charon",
				   "answers at %s: %s %s", path, answer.daemon,
				   answer.version);
		doctor_fact_text(line, "strongswan", answer.version);
	} else if (r == -EACCES && !part->doctor->root) {
		line = doctor_needs_root(part, "charon",
					 "charon's control socket is root's");
	} else {
		line = tell_failed(part, path, r);
	}
	doctor_fact_text(line, "path", path);
}
