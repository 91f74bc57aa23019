/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - aovpn-loader: serves one request of aovpnd and ends.
 *
 * It stands at the other end of a socket on descriptor 0: started by aovpnd, or
 * by systemd for each connection to its socket unit (Accept=yes), which gives
 * it the few capabilities that aovpnd then needs not have. It loads BPF
 * programs, attaches them, opens packet sockets in charon's network namespace,
 * hands the descriptors over and keeps nothing: what it attached lives as long
 * as aovpnd has the descriptors. Only programs that are part of this file are
 * ever loaded, and they only watch: whoever makes a request can learn of
 * packets, not change any.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cgroup.h"
#include "hooks.h"
#include "loader_protocol.h"
#include "netns.h"
#include "process.h"
#include "raw_sockets.h"

#define REQUESTER 0

_Static_assert(RAW_SOCKET_COUNT <= LOADER_SOCKETS_MAX, "each has a result");

/* Everything of one request. */
struct session {
	pid_t requester;
	struct loader_request request;
	int given[LOADER_FDS_MAX]; /* descriptors that came with it */
	unsigned int given_count;
	struct hooks hooks;
	struct loader_reply reply;
	int fds[LOADER_FDS_MAX];
};

static void add_fd(struct session *session, unsigned int role, int fd)
{
	struct loader_reply *reply = &session->reply;

	if (fd < 0 || reply->fd_count == LOADER_FDS_MAX)
		return;
	session->fds[reply->fd_count] = fd;
	reply->roles[reply->fd_count++] = (uint8_t)role;
}

static void set_result(struct loader_result *result, int code,
		       const struct aovpn_error *error)
{
	result->code = code;
	snprintf(result->text, sizeof(result->text), "%.*s",
		 (int)sizeof(result->text) - 1, code < 0 ? error->text : "");
}

/* Root, or whoever the loader itself runs as, may ask. */
static int check_requester(struct session *session)
{
	struct ucred cred;
	socklen_t length = sizeof(cred);

	if (getsockopt(REQUESTER, SOL_SOCKET, SO_PEERCRED, &cred, &length) < 0)
		return -errno;
	session->requester = cred.pid;
	return cred.uid == 0 || cred.uid == geteuid() ? 0 : -EPERM;
}

static void add_links(struct session *session)
{
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		add_fd(session, LOADER_ROLE_LINK + (unsigned int)i,
		       session->hooks.links[i]);
}

/* --- the three operations ------------------------------------------------- */

/* Tell the programs which network namespace is charon's. */
static int write_namespace(int map, struct aovpn_error *error)
{
	struct aovpn_shared *page;
	uint64_t cookie = 0;
	uint32_t inum = 0;
	int code;

	code = netns_identify(&inum, &cookie, error);
	if (code < 0)
		return code;
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED,
		    map, 0);
	if (page == MAP_FAILED)
		return aovpn_error_set(error, -errno, "mmap of a map: %s",
				       strerror(errno));
	page->netns_inum = inum;
	page->netns_cookie = cookie;
	munmap(page, sizeof(*page));
	return 0;
}

static void open_bpf(struct session *session)
{
	struct aovpn_error error = {""};
	int code;

	code = hooks_open_always(&session->hooks, &session->reply, &error);
	if (code == 0)
		code = write_namespace(session->hooks.maps[LOADER_MAP_SHARED],
				       &error);
	set_result(&session->reply.bpf, code, &error);
	if (code < 0)
		return;
	for (unsigned int i = 0; i < LOADER_MAP_COUNT; i++)
		add_fd(session, LOADER_ROLE_MAP + i, session->hooks.maps[i]);
	add_links(session);
}

static void open_sockets(struct session *session)
{
	int sockets[RAW_SOCKET_COUNT];

	raw_sockets_open(sockets);
	for (unsigned int i = 0; i < RAW_SOCKET_COUNT; i++) {
		if (sockets[i] < 0)
			session->reply.socket_errors[i] = sockets[i];
		add_fd(session, LOADER_ROLE_SOCKET + i, sockets[i]);
	}
}

static void serve_open(struct session *session)
{
	struct aovpn_error error = {""};
	int code = 0;

	if (session->request.charon_pid != 0)
		code = netns_enter((pid_t)session->request.charon_pid, &error);
	if (code == 0) {
		open_bpf(session);
		open_sockets(session);
		return;
	}
	set_result(&session->reply.bpf, code, &error);
	for (int i = 0; i < RAW_SOCKET_COUNT; i++)
		session->reply.socket_errors[i] = code;
}

static void find_target(const struct session *session,
			struct hooks_target *target)
{
	const pid_t charon = (pid_t)session->request.charon_pid;
	struct aovpn_error error = {""};

	target->maps = session->given;
	target->cgroup = cgroup_open(session->request.cgroup, &error);
	snprintf(target->cgroup_reason, sizeof(target->cgroup_reason), "%.*s",
		 (int)sizeof(target->cgroup_reason) - 1, error.text);
	if (process_takes_uprobe(charon, session->requester, target->pid_reason,
				 sizeof(target->pid_reason)))
		target->pid = charon;
}

static void serve_dial(struct session *session, bool attach)
{
	struct hooks_target target = {.attach = attach};
	struct aovpn_error error = {""};
	int code = -EBADMSG;

	if (session->given_count != LOADER_MAP_COUNT) {
		aovpn_error_set(&error, code, "%u maps instead of %d",
				session->given_count, LOADER_MAP_COUNT);
		set_result(&session->reply.bpf, code, &error);
		return;
	}
	find_target(session, &target);
	code = hooks_open_dial(&session->hooks, &target, &session->reply,
			       &error);
	set_result(&session->reply.bpf, code, &error);
	if (code == 0)
		add_links(session);
	if (target.cgroup >= 0)
		close(target.cgroup);
}

static int serve(struct session *session)
{
	struct loader_request *request = &session->request;
	int code;

	code = check_requester(session);
	if (code == 0)
		code = helper_receive(REQUESTER, request, sizeof(*request),
				      session->given, &session->given_count);
	if (code < 0)
		return code;
	if (request->version != LOADER_VERSION)
		return -EPROTONOSUPPORT;
	request->cgroup[sizeof(request->cgroup) - 1] = '\0';
	session->reply.version = LOADER_VERSION;
	switch ((enum loader_operation)request->operation) {
	case LOADER_OPEN:
		serve_open(session);
		break;
	case LOADER_DIAL:
		/* The dial goes on meanwhile, and goes first. (A unit may
		 * forbid this, and do it itself.) */
		if (nice(19) < 0)
			errno = 0;
		serve_dial(session, true);
		break;
	case LOADER_PROBE:
		serve_dial(session, false);
		break;
	default: /* of another process */
		return -EBADMSG;
	}
	return helper_send(REQUESTER, &session->reply, sizeof(session->reply),
			   session->fds, session->reply.fd_count);
}

int main(int argc, char **argv)
{
	struct session *session;
	int code;

	(void)argv;
	if (argc > 1 || isatty(REQUESTER)) {
		fputs("aovpn-loader is started by aovpnd or systemd, with a "
		      "socket as standard input.\n",
		      stderr);
		return 2;
	}
	session = calloc(1, sizeof(*session));
	if (!session)
		return EXIT_FAILURE;
	code = serve(session);
	if (code < 0)
		fprintf(stderr, "aovpn-loader: %s\n", strerror(-code));
	hooks_close(&session->hooks);
	free(session);
	return code < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
