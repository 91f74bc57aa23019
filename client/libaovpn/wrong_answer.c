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

/* Of the IANA registries of special-purpose addresses (RFC 6890). */
struct range {
	uint8_t family;
	uint8_t bits; /* of the prefix */
	bool here;    /* no other machine at all */
	uint8_t prefix[16];
	const char *meaning;
};

static const struct range ranges[] = {
	{AF_INET, 8, true, {127}, "this machine itself"},
	{AF_INET, 8, true, {0}, "no machine at all"},
	{AF_INET, 16, true, {169, 254}, "the local link only"},
	{AF_INET, 8, false, {10}, "private networks (RFC 1918)"},
	{AF_INET, 12, false, {172, 16}, "private networks (RFC 1918)"},
	{AF_INET, 16, false, {192, 168}, "private networks (RFC 1918)"},
	{AF_INET, 10, false, {100, 64}, "a provider's own network (RFC 6598)"},
	{AF_INET6, 128, true, {[15] = 1}, "this machine itself"},
	{AF_INET6, 128, true, {0}, "no machine at all"},
	{AF_INET6, 10, true, {0xfe, 0x80}, "the local link only"},
	{AF_INET6, 7, false, {0xfc}, "private networks (RFC 4193)"},
};

static bool is_in(const struct range *range, const struct aovpn_flow *flow)
{
	const uint32_t bytes = range->bits / 8, rest = range->bits % 8;
	const uint8_t mask = (uint8_t)(0xff00u >> rest);

	if (range->family != flow->family ||
	    memcmp(range->prefix, flow->remote, bytes) != 0)
		return false;
	return rest == 0 ||
	       (range->prefix[bytes] & mask) == (flow->remote[bytes] & mask);
}

static const struct range *range_of(const struct aovpn_flow *flow)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (is_in(&ranges[i], flow))
			return &ranges[i];
	return NULL;
}

/* Whoever dials an address has not asked DNS. */
static bool is_address(const char *server)
{
	uint8_t address[16];

	return inet_pton(AF_INET, server, address) == 1 ||
	       inet_pton(AF_INET6, server, address) == 1;
}

static void describe(const struct view *v, const struct range *range,
		     char *line, size_t size)
{
	char address[INET6_ADDRSTRLEN];
	const struct aovpn_flow *flow = &v->attempt->flow;

	aovpn_address_text(flow->family, flow->remote, address,
			   sizeof(address));
	snprintf(line, size,
		 "\"%.120s\" resolved to %s, which is for %s: no gateway on "
		 "the Internet has such an address",
		 v->attempt->server, address, range->meaning);
}

bool resolved_to_nowhere(const struct view *v, struct aovpn_outcome *out)
{
	const struct range *range = range_of(&v->attempt->flow);
	char line[AOVPN_TEXT_MAX];

	if (!range || !range->here || is_address(v->attempt->server))
		return false;
	describe(v, range, line, sizeof(line));
	finding_add(out, "dns-wrong-answer", AOVPN_LIKELY, line, NULL);
	finding_add(out, "captive-portal", AOVPN_POSSIBLE,
		    "filters of names and portals answer so", NULL);
	return true;
}

uint32_t wrong_answer_findings(const struct view *v, struct aovpn_outcome *out)
{
	const struct range *range = range_of(&v->attempt->flow);
	char line[AOVPN_TEXT_MAX];

	if (!range || v->last_answer || is_address(v->attempt->server))
		return 0;
	describe(v, range, line, sizeof(line));
	finding_add(out, "dns-wrong-answer", AOVPN_LIKELY, line,
		    "and nobody there answers IKE", NULL);
	finding_add(out, "captive-portal", AOVPN_POSSIBLE,
		    "a portal that waits for its users to sign in may answer "
		    "so for every name",
		    NULL);
	return out->count;
}
