/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - aovpn-network: serves one request of aovpnd and ends.
 *
 * It stands at the other end of a socket on descriptor 0: started by aovpnd, or
 * by systemd for each connection to its socket unit (Accept=yes), which gives
 * it CAP_NET_ADMIN, so that aovpnd need not have it. It sets the link,
 * addresses, routes, rules and DNS of a tunnel, or takes them back; all that it
 * can be asked for is in network_request.h, and is checked before it does any
 * of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns.h"
#include "helper_message.h"
#include "netlink.h"
#include "state.h"
#include "steps.h"

#define REQUESTER 0
/* Nobody else makes such links: one to try whether the kernel does. */
#define TRIAL_LINK "aovpn~trial"

struct session {
	struct network_request request;
	struct network_reply reply;
	struct network_plan plan;
	struct netlink *netlink;
	int directory;
};

/* Root, or whoever this itself runs as, may ask. */
static int check_requester(void)
{
	struct ucred cred;
	socklen_t length = sizeof(cred);

	if (getsockopt(REQUESTER, SOL_SOCKET, SO_PEERCRED, &cred, &length) < 0)
		return -errno;
	return cred.uid == 0 || cred.uid == geteuid() ? 0 : -EPERM;
}

/* --- the operations ---------------------------------------------------------
 */

/* What is not set need not be taken back. */
static int serve_remove(struct session *session, struct aovpn_error *error)
{
	const char *name = session->request.name;
	uint32_t slot;
	int r;

	r = state_read(session->directory, name, &slot, &session->plan, error);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = steps_take_back(session->netlink, &session->plan,
				    session->plan.count, error);
	if (r == 0)
		state_remove(session->directory, name);
	return r;
}

static int note(struct session *session, struct aovpn_error *error)
{
	return state_write(session->directory, session->request.name,
			   session->request.slot, &session->plan, error);
}

/* What cannot be set of it is told; the tunnel works without. */
static void set_dns(struct session *session)
{
	struct aovpn_error error = {""};
	struct network_reply *reply = &session->reply;
	struct network_step step;

	reply->dns_code = dns_plan(session->netlink, &session->request, reply,
				   &step, &error);
	if (reply->dns_code == 0 && !network_plan_add(&session->plan, &step))
		reply->dns_code = -E2BIG;
	if (reply->dns_code == 0)
		reply->dns_code = note(session, &error);
	if (reply->dns_code == 0)
		reply->dns_code =
			dns_set(&step, &session->request, reply, &error);
	if (reply->dns_code == 0)
		return;
	reply->resolver = NETWORK_RESOLVER_NONE;
	snprintf(reply->dns_text, sizeof(reply->dns_text), "%.255s",
		 error.text);
}

static int serve_apply(struct session *session, struct aovpn_error *error)
{
	struct network_request *request = &session->request;
	int r;

	r = serve_remove(session, error);
	if (r < 0)
		return r;
	dns_find_link(session->netlink, request, &session->reply);
	network_plan_make(request, &session->plan);
	r = note(session, error);
	if (r == 0)
		r = steps_take(session->netlink, &session->plan, error);
	if (r < 0) {
		state_remove(session->directory, request->name);
		return r;
	}
	if (request->dns && request->server_count > 0)
		set_dns(session);
	return 0;
}

/* Make one and take it away again. */
static bool kernel_makes_links(struct netlink *netlink)
{
	struct netlink_link link;
	int r = netlink_link_make(netlink, TRIAL_LINK, NETWORK_ID(0xff));

	if ((r == 0 || r == -EEXIST) &&
	    netlink_link_get(netlink, TRIAL_LINK, &link) == 0)
		netlink_link_delete(netlink, link.index);
	return r == 0;
}

static int serve_list(struct session *session)
{
	session->reply.can_link = kernel_makes_links(session->netlink);
	session->reply.entry_count = state_list(
		session->directory, session->reply.entries, NETWORK_SLOTS);
	return 0;
}

/* --- one request ------------------------------------------------------------
 */

static int serve_operation(struct session *session, struct aovpn_error *error)
{
	switch ((enum network_operation)session->request.operation) {
	case NETWORK_APPLY:
		return serve_apply(session, error);
	case NETWORK_REMOVE:
		return serve_remove(session, error);
	case NETWORK_LIST:
		return serve_list(session);
	}
	return -EBADMSG;
}

/* One at a time: two of them would not see what the other is about to do. */
static int open_all(struct session *session, struct aovpn_error *error)
{
	int r;

	session->directory = state_open(error);
	if (session->directory < 0)
		return session->directory;
	if (flock(session->directory, LOCK_EX) < 0)
		return -errno;
	r = netlink_open(&session->netlink);
	return r < 0 ? aovpn_error_set(error, r, "no netlink: %s", strerror(-r))
		     : 0;
}

static int serve(struct session *session)
{
	struct network_reply *reply = &session->reply;
	struct aovpn_error error = {""};
	int fds[HELPER_FDS_MAX], r;
	unsigned int count = 0;

	r = check_requester();
	if (r == 0)
		r = helper_receive(REQUESTER, &session->request,
				   sizeof(session->request), fds, &count);
	if (r < 0)
		return r;
	while (count > 0)
		close(fds[--count]);
	r = network_request_check(&session->request, &error);
	if (r == 0)
		r = open_all(session, &error);
	if (r == 0)
		r = serve_operation(session, &error);
	reply->version = NETWORK_VERSION;
	reply->code = r;
	if (r < 0)
		snprintf(reply->text, sizeof(reply->text), "%.255s",
			 error.text[0] ? error.text : strerror(-r));
	return helper_send(REQUESTER, reply, sizeof(*reply), NULL, 0);
}

int main(int argc, char **argv)
{
	struct session *session;
	int r;

	(void)argv;
	if (argc > 1 || isatty(REQUESTER)) {
		fputs("aovpn-network is started by aovpnd or systemd, with a "
		      "socket as standard input.\n",
		      stderr);
		return 2;
	}
	session = calloc(1, sizeof(*session));
	if (!session)
		return EXIT_FAILURE;
	session->directory = -1;
	r = serve(session);
	if (r < 0)
		fprintf(stderr, "aovpn-network: %s\n", strerror(-r));
	netlink_close(session->netlink);
	if (session->directory >= 0)
		close(session->directory);
	free(session);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
