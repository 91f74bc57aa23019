/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_helper.c - see fetch_helper.h. */
#include "fetch_helper.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
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

#define VARIABLES_MAX 10

struct fetch_helper_place {
	char socket[PATH_MAX]; /* of a service manager, or "" */
	char program[PATH_MAX];
	char *environment[VARIABLES_MAX + 1]; /* of a helper */
};

/* --- where they are ---------------------------------------------------------
 */

/* Of all that is in the environment a helper gets the proxies, and where the
 * CAs of https are. */
static int copy_environment(struct fetch_helper_place *place)
{
	static const char *const names[] = {
		"http_proxy",  "https_proxy", "no_proxy",      "HTTP_PROXY",
		"HTTPS_PROXY", "NO_PROXY",    "SSL_CERT_FILE", "SSL_CERT_DIR"};
	const char *value;
	size_t used = 0;

	_Static_assert(sizeof(names) / sizeof(names[0]) <= VARIABLES_MAX,
		       "there is room");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (!value)
			continue;
		if (asprintf(&place->environment[used], "%s=%s", names[i],
			     value) < 0) {
			place->environment[used] = NULL;
			return -ENOMEM;
		}
		used++;
	}
	return 0;
}

int fetch_helper_place_open(const char *runtime,
			    struct fetch_helper_place **ret)
{
	struct fetch_helper_place *place = calloc(1, sizeof(*place));

	if (!place)
		return -ENOMEM;
	if (runtime)
		snprintf(place->socket, sizeof(place->socket), "%s/fetch.sock",
			 runtime);
	aovpn_helper_find("AOVPN_FETCH", FETCH_HELPER_NAME, place->program,
			  sizeof(place->program));
	if (copy_environment(place) < 0) {
		fetch_helper_place_close(place);
		return -ENOMEM;
	}
	*ret = place;
	return 0;
}

struct fetch_helper_place *
fetch_helper_place_close(struct fetch_helper_place *place)
{
	for (size_t i = 0; place && i < VARIABLES_MAX; i++)
		free(place->environment[i]);
	free(place);
	return NULL;
}

/* --- one of them ------------------------------------------------------------
 */

/* A connected socket to a new helper, or -errno. */
static int reach(const struct fetch_helper_place *place, bool by_unit,
		 struct fetch_helper *ret, struct aovpn_error *error)
{
	int fd = -ENOENT;

	if (by_unit && place->socket[0] != '\0')
		fd = aovpn_unix_connect(place->socket,
					SOCK_SEQPACKET | SOCK_NONBLOCK);
	ret->by_unit = fd >= 0;
	if (fd < 0)
		fd = aovpn_helper_start(place->program,
					(const char *const *)place->environment,
					&ret->pid, error);
	return fd;
}

int fetch_helper_start(const struct fetch_helper_place *place, bool by_unit,
		       const struct fetch_request_message *request,
		       struct fetch_helper *ret, struct aovpn_error *error)
{
	int code;

	*ret = (struct fetch_helper){.socket = -1};
	code = reach(place, by_unit, ret, error);
	if (code < 0)
		return code;
	ret->socket = code;
	code = helper_send(ret->socket, request, sizeof(*request), NULL, 0);
	return code == 0
		       ? 0
		       : aovpn_error_set(error, code,
					 "cannot ask " FETCH_HELPER_NAME ": %s",
					 strerror(-code));
}

/* Messages bring no descriptors; those of a helper that was taken over go. */
int fetch_helper_receive(const struct fetch_helper *helper,
			 struct fetch_reply_message *ret)
{
	int fds[HELPER_FDS_MAX], code;
	unsigned int count = 0;

	code = helper_receive(helper->socket, ret, sizeof(*ret), fds, &count);
	while (count > 0)
		close(fds[--count]);
	return code;
}

void fetch_helper_end(struct fetch_helper *helper)
{
	if (helper->socket >= 0)
		close(helper->socket);
	helper->socket = -1;
	if (helper->pid > 0) {
		kill(helper->pid, SIGKILL);
		while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	helper->pid = 0;
}

/* --- one request ------------------------------------------------------------
 */

static int wait_for_answer(const struct fetch_helper *helper,
			   uint32_t timeout_ms)
{
	struct pollfd polled = {.fd = helper->socket, .events = POLLIN};
	int n;

	do
		n = poll(&polled, 1, (int)timeout_ms + FETCH_HELPER_GRACE_MS);
	while (n < 0 && errno == EINTR);
	return n > 0 ? 0 : n < 0 ? -errno : -ETIMEDOUT;
}

static int ask_one(const struct fetch_helper_place *place, bool by_unit,
		   const struct fetch_request_message *request,
		   uint32_t timeout_ms, struct fetch_reply_message *ret,
		   bool *ret_by_unit, struct aovpn_error *error)
{
	struct fetch_helper helper;
	int r = fetch_helper_start(place, by_unit, request, &helper, error);

	*ret_by_unit = helper.by_unit;
	if (r == 0) {
		r = wait_for_answer(&helper, timeout_ms);
		if (r == 0)
			r = fetch_helper_receive(&helper, ret);
		if (r < 0)
			aovpn_error_set(error, r,
					FETCH_HELPER_NAME " gave no answer: %s",
					strerror(-r));
	}
	fetch_helper_end(&helper);
	return r;
}

int fetch_helper_ask(const struct fetch_helper_place *place,
		     const struct fetch_request_message *request,
		     uint32_t timeout_ms, struct fetch_reply_message *ret,
		     struct aovpn_error *error)
{
	bool by_unit;
	int r = ask_one(place, true, request, timeout_ms, ret, &by_unit, error);

	if (r < 0 && r != -ETIMEDOUT && by_unit)
		r = ask_one(place, false, request, timeout_ms, ret, &by_unit,
			    error);
	return r;
}
