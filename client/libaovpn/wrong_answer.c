/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wrong_answer.c - is the address that the gateway's name resolved to one that
 * no gateway on the Internet has? DNS is not authenticated, and a gateway for
 * tests may stand in a private network: nothing here is certain.
 */
#include "reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "special_address.h"

/* Whoever dials an address has not asked DNS. */
static bool is_address(const char *server)
{
	uint8_t address[16];

	return inet_pton(AF_INET, server, address) == 1 ||
	       inet_pton(AF_INET6, server, address) == 1;
}

/* Of a look-up that was made for somebody else's charon only the text is kept:
 * the first of the addresses. */
static void read_text(const char *text, struct aovpn_flow *ret)
{
	char first[INET6_ADDRSTRLEN] = "";

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, ","), text);
	if (inet_pton(AF_INET, first, ret->remote) == 1)
		ret->family = AF_INET;
	else if (inet_pton(AF_INET6, first, ret->remote) == 1)
		ret->family = AF_INET6;
}

/* The address that was dialled. charon takes one such as 0.0.0.0 for none, and
 * no packet shows it: then it is what the look-up gave. */
static struct aovpn_flow target_of(const struct view *v)
{
	struct aovpn_flow flow = v->attempt->flow;

	if (flow.family == 0 && v->resolved)
		flow = v->resolved->flow;
	if (flow.family == 0 && v->resolved)
		read_text(v->resolved->u.resolved.addresses, &flow);
	return flow;
}

static void describe(const struct view *v, const char *meaning, char *line,
		     size_t size)
{
	char address[INET6_ADDRSTRLEN];
	const struct aovpn_flow flow = target_of(v);

	aovpn_address_text(flow.family, flow.remote, address, sizeof(address));
	snprintf(line, size,
		 "\"%.120s\" resolved to %s, which is for %s: no gateway on "
		 "the Internet has such an address",
		 v->attempt->server, address, meaning);
}

bool resolved_to_nowhere(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_flow flow = target_of(v);
	bool here = false;
	const char *meaning =
		aovpn_special_address(flow.family, flow.remote, &here);
	char line[AOVPN_TEXT_MAX];

	if (!meaning || !here || is_address(v->attempt->server))
		return false;
	describe(v, meaning, line, sizeof(line));
	finding_add(out, "dns-wrong-answer", AOVPN_LIKELY, line, NULL);
	finding_add(out, "captive-portal", AOVPN_POSSIBLE,
		    "filters of names and portals answer so", NULL);
	return true;
}

uint32_t wrong_answer_findings(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_flow flow = target_of(v);
	const char *meaning =
		aovpn_special_address(flow.family, flow.remote, NULL);
	char line[AOVPN_TEXT_MAX];

	if (!meaning || v->last_answer || is_address(v->attempt->server))
		return 0;
	describe(v, meaning, line, sizeof(line));
	finding_add(out, "dns-wrong-answer", AOVPN_LIKELY, line,
		    "and nobody there answers IKE", NULL);
	finding_add(out, "captive-portal", AOVPN_POSSIBLE,
		    "a portal that waits for its users to sign in may answer "
		    "so for every name",
		    NULL);
	return out->count;
}
