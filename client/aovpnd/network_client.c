/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_client.c - see network_client.h. */
#include "network_client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper_message.h"
#include "helper_process.h"
#include "unix_socket.h"

#define PROGRAM_NAME "aovpn-network"
#define WAIT_SECONDS 15

/* "NAME=value" of our own environment, or "". */
static void take_variable(const char *name, char *out, size_t size)
{
	const char *value = getenv(name);
	int length;

	if (!value)
		value = "";
	length = snprintf(out, size, "%s=%s", name, value);
	if (value[0] == '\0' || (size_t)length >= size)
		out[0] = '\0';
}

void network_place_find(const char *runtime_directory,
			struct network_place *ret)
{
	snprintf(ret->socket, sizeof(ret->socket), "%.*s/network.sock",
		 PATH_MAX - 32, runtime_directory);
	aovpn_helper_find("AOVPN_NETWORK", PROGRAM_NAME, ret->program,
			  sizeof(ret->program));
	snprintf(ret->runtime, sizeof(ret->runtime), "AOVPN_RUNTIME_DIR=%s",
		 runtime_directory);
	take_variable("AOVPN_RESOLVCONF", ret->resolvconf,
		      sizeof(ret->resolvconf));
	take_variable("DBUS_SYSTEM_BUS_ADDRESS", ret->bus, sizeof(ret->bus));
}

static int start(const struct network_place *place, pid_t *ret_pid,
		 struct aovpn_error *error)
{
	const char *environment[4] = {place->runtime};
	size_t count = 1;

	if (place->resolvconf[0] != '\0')
		environment[count++] = place->resolvconf;
	if (place->bus[0] != '\0')
		environment[count++] = place->bus;
	return aovpn_helper_start(place->program, environment, ret_pid, error);
}

/* A connected socket; *ret_pid is 0 where the process is not our child. */
static int reach(const struct network_place *place, pid_t *ret_pid,
		 struct aovpn_error *error)
{
	const struct timeval limit = {.tv_sec = WAIT_SECONDS};
	int fd = aovpn_unix_connect(place->socket, SOCK_SEQPACKET);

	*ret_pid = 0;
	if (fd < 0)
		fd = start(place, ret_pid, error);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static int receive(int socket, struct network_reply *ret)
{
	int fds[HELPER_FDS_MAX], r;
	unsigned int count = 0;

	r = helper_receive(socket, ret, sizeof(*ret), fds, &count);
	while (count > 0)
		close(fds[--count]);
	if (r == -EAGAIN)
		return -ETIMEDOUT;
	return r < 0 ? r : network_reply_check(ret);
}

int network_ask(const struct network_place *place,
		const struct network_request *request,
		struct network_reply *ret, struct aovpn_error *error)
{
	pid_t pid;
	int socket = reach(place, &pid, error), r;

	if (socket < 0)
		return socket;
	r = helper_send(socket, request, sizeof(*request), NULL, 0);
	if (r == 0)
		r = receive(socket, ret);
	close(socket);
	if (pid > 0) {
		if (r < 0)
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (r < 0)
		return aovpn_error_set(error, r,
				       "no answer of " PROGRAM_NAME ": %s",
				       strerror(-r));
	return ret->code < 0
		       ? aovpn_error_set(error, ret->code, "%s", ret->text)
		       : 0;
}
