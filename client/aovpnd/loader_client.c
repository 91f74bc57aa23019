/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loader_client.c - see loader_client.h. */
#include "loader_client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper_process.h"
#include "unix_socket.h"

#define PROGRAM_NAME "aovpn-loader"
#define WAIT_SECONDS 5

void loader_place_find(const char *runtime_directory, struct loader_place *ret)
{
	snprintf(ret->socket, sizeof(ret->socket), "%s/loader.sock",
		 runtime_directory);
	aovpn_helper_find("AOVPN_LOADER", PROGRAM_NAME, ret->program,
			  sizeof(ret->program));
}

/* A connected socket; *ret_pid is 0 where the process is not our child. */
static int reach(const struct loader_place *place, pid_t *ret_pid,
		 struct aovpn_error *error)
{
	static const char *const no_environment[] = {NULL};
	const struct timeval limit = {.tv_sec = WAIT_SECONDS};
	int fd = aovpn_unix_connect(place->socket, SOCK_SEQPACKET);

	*ret_pid = 0;
	if (fd < 0)
		fd = aovpn_helper_start(place->program, no_environment, ret_pid,
					error);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

/* --- the answer ----------------------------------------------------------- */

static void fill(int *fds, size_t count)
{
	while (count > 0)
		fds[--count] = -1;
}

/* Where in the answer a descriptor of this role has its place. */
static int *place_of(struct loader_answer *answer, unsigned int role)
{
	if (role < LOADER_ROLE_MAP + LOADER_MAP_COUNT)
		return &answer->maps[role - LOADER_ROLE_MAP];
	if (role >= LOADER_ROLE_SOCKET &&
	    role < LOADER_ROLE_SOCKET + RAW_SOCKET_COUNT)
		return &answer->sockets[role - LOADER_ROLE_SOCKET];
	if (role >= LOADER_ROLE_LINK &&
	    role < LOADER_ROLE_LINK + AOVPN_HOOK_COUNT)
		return &answer->links[role - LOADER_ROLE_LINK];
	return NULL;
}

static void sort_fds(struct loader_answer *answer, const int *fds,
		     unsigned int count)
{
	int *place;

	for (unsigned int i = 0; i < count; i++) {
		place = place_of(answer, answer->reply.roles[i]);
		if (place && *place < 0)
			*place = fds[i];
		else
			close(fds[i]);
	}
}

static void explain_sockets(struct loader_answer *answer)
{
	for (int i = 0; i < RAW_SOCKET_COUNT; i++)
		if (answer->sockets[i] < 0 &&
		    answer->reply.socket_errors[i] < 0)
			answer->sockets[i] = answer->reply.socket_errors[i];
}

/* Strings end, numbers are within their arrays. */
static int check(struct loader_reply *reply, unsigned int fd_count)
{
	if (reply->version != LOADER_VERSION || reply->fd_count != fd_count ||
	    reply->drop_reason_count > LOADER_REASONS_MAX)
		return -EPROTO;
	reply->bpf.text[LOADER_REASON_MAX - 1] = '\0';
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		if (reply->hooks[i].state > LOADER_HOOK_ATTACHED)
			return -EPROTO;
		reply->hooks[i].reason[LOADER_REASON_MAX - 1] = '\0';
	}
	for (uint32_t i = 0; i < reply->drop_reason_count; i++)
		reply->drop_reasons[i][sizeof(reply->drop_reasons[i]) - 1] =
			'\0';
	return 0;
}

static int receive(int socket, struct loader_answer *ret)
{
	int fds[LOADER_FDS_MAX], code;
	unsigned int count = 0;

	code = helper_receive(socket, &ret->reply, sizeof(ret->reply), fds,
			      &count);
	if (code == -EAGAIN)
		return -ETIMEDOUT;
	if (code < 0)
		return code == -ENOTCONN || code == -EBADMSG ? -EPROTO : code;
	code = check(&ret->reply, count);
	if (code == 0) {
		sort_fds(ret, fds, count);
		explain_sockets(ret);
	}
	while (code < 0 && count > 0)
		close(fds[--count]);
	return code;
}

int loader_ask(const struct loader_place *place,
	       const struct loader_request *request, const int *maps,
	       struct loader_answer *ret, struct aovpn_error *error)
{
	pid_t pid;
	int socket, code;

	fill(ret->maps, LOADER_MAP_COUNT);
	fill(ret->links, AOVPN_HOOK_COUNT);
	fill(ret->sockets, RAW_SOCKET_COUNT);
	socket = reach(place, &pid, error);
	if (socket < 0)
		return socket;
	code = helper_send(socket, request, sizeof(*request), maps,
			   maps ? LOADER_MAP_COUNT : 0);
	if (code == 0)
		code = receive(socket, ret);
	close(socket);
	if (pid > 0) {
		if (code < 0)
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (code < 0)
		aovpn_error_set(error, code,
				"no answer of " PROGRAM_NAME ": %s",
				strerror(-code));
	return code;
}

static void close_all(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	fill(fds, count);
}

void loader_answer_close(struct loader_answer *answer)
{
	close_all(answer->maps, LOADER_MAP_COUNT);
	close_all(answer->links, AOVPN_HOOK_COUNT);
	close_all(answer->sockets, RAW_SOCKET_COUNT);
}
