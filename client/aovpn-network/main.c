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
	struct network_plan before; /* what was noted of an earlier request */
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

static bool is_step(const struct network_step *a, const struct network_step *b)
{
	char one[NETWORK_STEP_LINE_MAX], other[NETWORK_STEP_LINE_MAX];

	network_step_write(a, one);
	network_step_write(b, other);
	return strcmp(one, other) == 0;
}

/* Is what was noted the same plan, with DNS or without? Then it is whole again
 * afterwards, and no packet has found it missing. */
static bool renew(struct session *session)
{
	struct network_plan *before = &session->before;
	struct aovpn_error error;
	uint32_t slot, i;

	if (state_read(session->directory, session->request.name, &slot, before,
		       &error) < 0 ||
	    slot != session->request.slot ||
	    before->count < session->plan.count ||
	    before->count > session->plan.count + 1)
		return false;
	for (i = 0; i < session->plan.count; i++)
		if (!is_step(&before->steps[i], &session->plan.steps[i]))
			return false;
	return steps_renew(session->netlink, &session->plan, &error) == 0;
}

/* DNS that was set before, other than by step (NULL: none), is taken back. */
static int forget_dns(struct session *session, const struct network_step *step,
		      struct aovpn_error *error)
{
	struct network_plan *before = &session->before;
	int r;

	if (before->count <= session->plan.count)
		return 0;
	before->steps[0] = before->steps[session->plan.count];
	if (step && is_step(&before->steps[0], step))
		return 0;
	r = steps_take_back(session->netlink, before, 1, error);
	return r < 0 ? r : note(session, error);
}

static int plan_dns(struct session *session, struct network_step *step,
		    struct aovpn_error *error)
{
	int r = dns_plan(session->netlink, &session->request, &session->reply,
			 step, error);

	if (r == 0)
		r = forget_dns(session, step, error);
	if (r == 0 && !network_plan_add(&session->plan, step))
		r = -E2BIG;
	return r == 0 ? note(session, error) : r;
}

/* What cannot be set of it is told; the tunnel works without. */
static void set_dns(struct session *session)
{
	struct aovpn_error error = {""};
	struct network_reply *reply = &session->reply;
	struct network_step step;

	reply->dns_code = plan_dns(session, &step, &error);
	if (reply->dns_code == 0)
		reply->dns_code =
			dns_set(&step, &session->request, reply, &error);
	if (reply->dns_code == 0)
		return;
	reply->resolver = NETWORK_RESOLVER_NONE;
	snprintf(reply->dns_text, sizeof(reply->dns_text), "%.255s",
		 error.text);
}

static int set_anew(struct session *session, struct aovpn_error *error)
{
	int r = serve_remove(session, error);

	if (r < 0)
		return r;
	session->before.count = 0;
	network_plan_make(&session->request, &session->plan);
	r = note(session, error);
	if (r == 0)
		r = steps_take(session->netlink, &session->plan, error);
	if (r < 0)
		state_remove(session->directory, session->request.name);
	return r;
}

static int serve_apply(struct session *session, struct aovpn_error *error)
{
	struct network_request *request = &session->request;
	int r = 0;

	dns_find_link(session->netlink, request, &session->reply);
	network_plan_make(request, &session->plan);
	if (!renew(session))
		r = set_anew(session, error);
	if (r < 0)
		return r;
	if (request->dns && request->server_count > 0)
		set_dns(session);
	else
		r = forget_dns(session, NULL, error);
	return r;
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
