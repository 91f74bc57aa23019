/* SPDX-License-Identifier: GPL-2.0-or-later */
/* aside.c - see aside.h. */
#include "aside.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static const char *remote_text(observation_ref o, char *out, size_t size)
{
	return aovpn_address_text(o->flow.family, o->flow.remote, out, size);
}

/* Evidence for the cause of that slug, where it was found. */
static void add_to(struct aovpn_outcome *outcome, const char *slug,
		   const char *line)
{
	uint32_t i;

	for (i = 0; i < outcome->count; i++)
		if (strcmp(outcome->finding[i].cause->slug, slug) == 0) {
			finding_add(outcome, slug,
				    outcome->finding[i].confidence, line, NULL);
			return;
		}
}

static void elsewhere_evidence(const struct view *v,
			       struct aovpn_outcome *outcome)
{
	char line[AOVPN_TEXT_MAX], remote[INET6_ADDRSTRLEN];
	observation_ref o = v->drop_elsewhere;

	if (!o || outcome->count == 0)
		return;
	snprintf(line, sizeof(line),
		 "another network namespace of this machine (number %u) "
		 "dropped %u packet%s %s %s port %u: %s in %s",
		 o->u.drop.elsewhere, v->drops_elsewhere,
		 v->drops_elsewhere == 1 ? "" : "s",
		 o->u.drop.incoming ? "from" : "to",
		 remote_text(o, remote, sizeof(remote)), o->flow.remote_port,
		 o->u.drop.reason[0] ? o->u.drop.reason : "no reason given",
		 o->u.drop.location[0] ? o->u.drop.location : "?");
	add_to(outcome, outcome->finding[0].cause->slug, line);
}

static const char *tcp_text(observation_ref o)
{
	switch ((enum aovpn_tcp_event)o->u.tcp.event) {
	case AOVPN_TCP_RESET:
		return "was reset";
	case AOVPN_TCP_RETRANSMITTED:
		return "got no answer in time";
	case AOVPN_TCP_CONNECT_FAILED:
	case AOVPN_TCP_BROKEN:
		break;
	}
	return o->u.tcp.error ? strerror(o->u.tcp.error) : "was given up";
}

static void name_line(observation_ref o, char *out, size_t size)
{
	const int error = o->u.name_failed.gai_error;

	snprintf(out, size, "charon could not resolve \"%.150s\"%s%.60s",
		 o->u.name_failed.name, error ? ": " : "",
		 error ? gai_strerror(error) : "");
}

/* What kept charon from a CRL or an OCSP server. */
static void fetch_evidence(const struct view *v, struct aovpn_outcome *outcome,
			   const char *slug)
{
	char line[AOVPN_TEXT_MAX], remote[INET6_ADDRSTRLEN];
	uint32_t i;

	for (i = 0; i < v->name_count; i++) {
		name_line(v->names[i], line, sizeof(line));
		add_to(outcome, slug, line);
	}
	for (i = 0; i < v->tcp_count; i++) {
		snprintf(line, sizeof(line),
			 "charon's TCP connection to %s port %u: %.80s",
			 remote_text(v->tcp[i], remote, sizeof(remote)),
			 v->tcp[i]->flow.remote_port, tcp_text(v->tcp[i]));
		add_to(outcome, slug, line);
	}
}

static void neighbour_evidence(const struct view *v,
			       struct aovpn_outcome *outcome)
{
	char line[AOVPN_TEXT_MAX], remote[INET6_ADDRSTRLEN];
	observation_ref o = v->neighbour;

	if (!o)
		return;
	snprintf(line, sizeof(line),
		 "%s does not answer on the link (interface %u)",
		 remote_text(o, remote, sizeof(remote)),
		 o->u.neighbour.interface);
	add_to(outcome, "neighbour-unreachable", line);
}

void aside_evidence(const struct view *view, struct aovpn_outcome *outcome)
{
	elsewhere_evidence(view, outcome);
	fetch_evidence(view, outcome, "gateway-cert-revocation-unknown");
	fetch_evidence(view, outcome, "nps-cert-revocation-unknown");
	neighbour_evidence(view, outcome);
}
