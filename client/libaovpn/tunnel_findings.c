/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel_findings.c - what is wrong with a tunnel that is up. Only what shows
 * that something is lost, not what merely is not there: a tunnel that nobody
 * uses is a good one.
 */
#include "diagnosis.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "view.h"

/* So many packets that get no answer at all are no accident. */
#define UNANSWERED_MIN 5

static void check_traffic(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->tunnel;

	if (!o || o->u.tunnel.packets_in > 0 ||
	    o->u.tunnel.packets_out < UNANSWERED_MIN)
		return;
	snprintf(line, sizeof(line),
		 "%" PRIu64 " packets went into the tunnel and none came back",
		 o->u.tunnel.packets_out);
	finding_add(out, "esp-blocked", AOVPN_LIKELY, line, NULL);
}

/* RFC 792 type 3 code 4, RFC 4443 type 2, about ESP, in UDP or not: IKE's own
 * messages are small while a tunnel is up. */
static void check_size(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->icmp;

	if (!o || o->u.icmp.mtu == 0)
		return;
	snprintf(line, sizeof(line),
		 "a router answered that it lets only %u bytes pass: larger "
		 "packets of the tunnel disappear there",
		 o->u.icmp.mtu);
	finding_add(out, "inner-mtu", AOVPN_LIKELY, line, NULL);
}

static void check_links(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->tunnel;

	if (!o || o->u.tunnel.overlap[0] == '\0')
		return;
	snprintf(line, sizeof(line), "the same addresses are in %.200s",
		 o->u.tunnel.overlap);
	finding_add(out, "route-conflict", AOVPN_LIKELY, line, NULL);
}

static void check_dns(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o = v->tunnel;

	if (!o)
		return;
	if (o->u.tunnel.dns_refused[0] != '\0')
		finding_add(out, "dns-not-applied", AOVPN_CERTAIN,
			    o->u.tunnel.dns_refused, NULL);
	if (o->u.tunnel.dns_missing[0] == '\0')
		return;
	snprintf(line, sizeof(line),
		 "the gateway gave the DNS servers %.150s, and "
		 "/etc/resolv.conf does not have them",
		 o->u.tunnel.dns_missing);
	finding_add(out, "dns-not-applied", AOVPN_LIKELY, line, NULL);
}

bool aovpn_diagnose_up(const struct aovpn_attempt *attempt,
		       struct aovpn_outcome *ret)
{
	struct view view;

	view_read(attempt, &view);
	memset(ret, 0, sizeof(*ret));
	ret->event_id = AOVPN_EVENT_WARNING;
	ret->stage = AOVPN_STAGE_UP;
	check_traffic(&view, ret);
	check_size(&view, ret);
	check_links(&view, ret);
	check_dns(&view, ret);
	return ret->count > 0;
}
