/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_local.c - what this machine itself found: a defect of its own, a name
 * that does not resolve, a kernel that takes no CHILD_SA. See rules.h.
 */
#include "rules.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "reach.h"

bool rule_connected(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->child_up || v->local_failure)
		return false;
	out->event_id = AOVPN_EVENT_CONNECTED;
	out->child_up = v->child_up;
	return true;
}

static enum validity validity_of_cause(const char *slug)
{
	if (strcmp(slug, "client-cert-expired") == 0)
		return VALIDITY_EXPIRED;
	return strcmp(slug, "client-cert-not-yet-valid") == 0
		       ? VALIDITY_NOT_BEGUN
		       : VALIDITY_KEPT;
}

bool rule_local_failure(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_cause *cause;
	enum validity validity;

	if (!v->local_failure)
		return false;
	cause = aovpn_cause_find(v->local_failure->u.local_failure.cause);
	if (!cause)
		return false;
	validity = validity_of_cause(cause->slug);
	outside_validity(v, out, validity);
	finding_add(out, cause->slug, own_fault(out),
		    v->local_failure->u.local_failure.text, NULL);
	if (validity != VALIDITY_KEPT)
		clock_doubt(v, out);
	return fail(out, cause->codes[0]);
}

/* charon runs, but without the socket that it would send by. */
bool rule_no_socket(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->send_failed;
	int32_t error = o ? o->u.send_failed.error : 0;

	if (!v->last_refused || (error != EBADF && error != EADDRINUSE))
		return false;
	snprintf(line, sizeof(line),
		 "charon has no socket for UDP port %u of IPv%d%s",
		 o->flow.local_port, o->flow.family == AF_INET6 ? 6 : 4,
		 error == EADDRINUSE ? ": another program has it" : "");
	finding_add(out, "ike-port-in-use",
		    error == EADDRINUSE ? AOVPN_CERTAIN : AOVPN_LIKELY, line,
		    NULL);
	return fail(out, CODE_PORT_NOT_AVAILABLE);
}

/* charon was given an address, not the name, and could not use it. */
static bool no_socket_of_family(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_flow *flow = &v->resolved->flow;
	char line[AOVPN_TEXT_MAX], address[INET6_ADDRSTRLEN];

	if (flow->family != 0)
		aovpn_address_text(flow->family, flow->remote, address,
				   sizeof(address));
	else /* somebody else's charon asked for it */
		snprintf(address, sizeof(address), "%.45s",
			 v->resolved->u.resolved.addresses);
	snprintf(line, sizeof(line),
		 "\"%.100s\" resolved to %.80s, and charon has no socket for "
		 "such an address",
		 v->attempt->server, address);
	finding_add(out, "ike-port-in-use", AOVPN_LIKELY, line, NULL);
	return fail(out, CODE_PORT_NOT_AVAILABLE);
}

/* What the resolver said, else what its error means. */
static const char *resolver_text(observation_ref o, int error)
{
	if (o->kind == AOVPN_OBS_RESOLVED && o->u.resolved.text[0] != '\0')
		return o->u.resolved.text;
	return gai_strerror(error);
}

bool rule_resolve(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	int error = EAI_NONAME;

	if (!v->resolve_failed || v->init_sent > 0)
		return false;
	if (v->resolve_failed->kind == AOVPN_OBS_ALERT && v->resolved)
		return no_socket_of_family(v, out);
	if (v->resolve_failed->kind == AOVPN_OBS_RESOLVED)
		error = v->resolve_failed->u.resolved.gai_error;
	snprintf(line, sizeof(line), "resolving \"%.120s\": %.110s",
		 v->attempt->server, resolver_text(v->resolve_failed, error));
	if (error == EAI_NONAME || error == EAI_NODATA ||
	    error == EAI_ADDRFAMILY)
		finding_add(out, "dns-no-such-name", AOVPN_CERTAIN, line, NULL);
	else
		finding_add(out, "dns-no-answer", AOVPN_LIKELY, line, NULL);
	return fail(out, 868);
}

/* Who answers at such an address is this machine's own charon. */
bool rule_resolved_to_nowhere(const struct view *v, struct aovpn_outcome *out)
{
	if (v->established || !resolved_to_nowhere(v, out))
		return false;
	return fail(out, 809);
}

bool rule_install(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->install_failed)
		return false;
	finding_add(out, "kernel-no-esp", AOVPN_LIKELY,
		    "charon could not install the CHILD_SA in this kernel",
		    NULL);
	ipsec_evidence(v, out, "kernel-no-esp", AOVPN_LIKELY);
	return fail(out, 50); /* ERROR_NOT_SUPPORTED: nothing nearer exists */
}
