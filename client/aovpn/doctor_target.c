/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_target.c - exchanges with one address: see doctor_server.h. */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "doctor_server.h"
#include "packet.h"

/* A proposal that no gateway has in its policy, of a group whose key is small:
 * it is there only for its group. */
#define NOBODYS       "camellia192-aesxcbc-prfaescmac-curve448"
#define NOBODYS_GROUP 32

json_t *target_tell(struct doctor_target *target, enum doctor_state state,
		    const char *check, const char *format, ...)
{
	char text[1024];
	json_t *line;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	line = doctor_tell(target->part, state, check, "%s", text);
	doctor_subject(line, target->subject);
	return line;
}

static void set_flow(const struct doctor_target *target, uint16_t port,
		     struct ike_probe *probe)
{
	probe->flow.family = target->family;
	memcpy(probe->flow.remote, target->address, sizeof(probe->flow.remote));
	probe->flow.remote_port = port;
}

struct exchange *target_exchange(struct doctor_target *target, uint16_t port,
				 const struct ike_offer *offer, uint16_t group)
{
	struct exchange *x = &target->list[target->count];

	if (target->count == EXCHANGES_MAX)
		return NULL;
	memset(x, 0, sizeof(*x));
	x->fd = -1;
	if (ike_probe_make(offer, group, &x->probe) < 0)
		return NULL;
	set_flow(target, port, &x->probe);
	target->count++;
	return x;
}

struct exchange *target_question(struct doctor_target *target, uint16_t port,
				 const struct ike_offer *offer)
{
	const uint16_t group = ike_proposal_group(&offer->proposal[0]);
	struct ike_offer both = *offer, nobodys;
	struct exchange *x;

	if (both.count == IKE_PROPOSALS_MAX)
		both.count--;
	ike_offer_parse(NOBODYS, &nobodys, NULL);
	both.proposal[both.count++] = nobodys.proposal[0];
	x = target_exchange(target, port, &both, NOBODYS_GROUP);
	if (!x)
		return target_exchange(target, port, offer, group);
	if (ike_probe_make(offer, group, &x->plain) == 0)
		set_flow(target, port, &x->plain);
	else
		x->plain.spi = 0;
	return x;
}

int exchange_verdict(const struct exchange *exchange,
		     const struct ike_offer *offer)
{
	const struct ike_answer *answer = &exchange->answer;

	if (exchange->state != EXCHANGE_ANSWERED)
		return -1;
	if (answer->accepted)
		return ike_offer_allows(offer, &answer->chosen);
	if (answer->error == IKE_INVALID_KE_PAYLOAD)
		return ike_offer_has_group(offer, answer->key_group);
	return answer->error == IKE_NO_PROPOSAL_CHOSEN ? 0 : -1;
}

void target_clear(struct doctor_target *target)
{
	memset(target->list, 0, EXCHANGES_MAX * sizeof(*target->list));
	target->count = 0;
}

/* --- failures ---------------------------------------------------------------
 */

static const char *unsent(const struct exchange *x, char *out, size_t size)
{
	const char *slug = "no-route";

	if (x->error == EPERM)
		slug = "local-firewall-out";
	if (x->error == EMSGSIZE)
		slug = "path-mtu";
	snprintf(out, size, "this machine does not send it: %s%s",
		 strerror(x->error),
		 x->error == EPERM ? " (its packet filter does so)" : "");
	return slug;
}

static bool is_port_unreachable(const struct exchange *x)
{
	if (x->probe.flow.family == AF_INET6)
		return x->icmp_type == ICMP6_DST_UNREACH &&
		       x->icmp_code == ICMP6_DST_UNREACH_NOPORT;
	return x->icmp_type == ICMP_DEST_UNREACH &&
	       x->icmp_code == ICMP_PORT_UNREACH;
}

static bool is_prohibited(const struct exchange *x)
{
	if (x->probe.flow.family == AF_INET6)
		return x->icmp_type == ICMP6_DST_UNREACH &&
		       x->icmp_code == ICMP6_DST_UNREACH_ADMIN;
	return x->icmp_type == ICMP_DEST_UNREACH &&
	       (x->icmp_code == ICMP_PKT_FILTERED ||
		x->icmp_code == ICMP_NET_ANO || x->icmp_code == ICMP_HOST_ANO);
}

static const char *refused(const struct exchange *x, char *out, size_t size)
{
	char local[INET6_ADDRSTRLEN];
	const bool port = is_port_unreachable(x), rule = is_prohibited(x);
	bool own;

	aovpn_address_text(x->probe.flow.family, x->probe.flow.local, local,
			   sizeof(local));
	own = strcmp(local, x->icmp_from) == 0;
	snprintf(out, size, "%s says by ICMP (type %u, code %u): %s",
		 own ? "this machine itself" : x->icmp_from, x->icmp_type,
		 x->icmp_code,
		 port          ? "nothing listens on that port"
		 : rule        ? "a rule forbids it"
		 : x->icmp_mtu ? "it is too big"
			       : "it cannot be reached");
	if (x->icmp_mtu)
		return "path-mtu";
	if (own)
		return port || rule ? "local-firewall-out"
				    : "neighbour-unreachable";
	if (port)
		return "icmp-port-unreachable";
	return rule ? "icmp-prohibited" : "icmp-host-unreachable";
}

const char *exchange_failure(const struct doctor_target *target,
			     const struct exchange *exchange, char *out,
			     size_t size)
{
	const uint16_t port = exchange->probe.flow.remote_port;

	switch (exchange->state) {
	case EXCHANGE_UNSENT:
		return unsent(exchange, out, size);
	case EXCHANGE_ICMP:
		return refused(exchange, out, size);
	case EXCHANGE_BROKEN:
		snprintf(out, size, "what answers is no sound IKE: %s",
			 exchange->text.text);
		return "ike-invalid-message";
	case EXCHANGE_SILENT:
	case EXCHANGE_ANSWERED:
		break;
	}
	snprintf(out, size, "%s sent %u times, and nothing came back",
		 port == IKE_PORT ? "an IKE_SA_INIT request was"
				  : "the same by UDP 4500 was",
		 exchange->sent);
	(void)target;
	return port == IKE_PORT ? "udp500-no-answer" : "udp4500-no-answer";
}
