/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace_filter.c - a trace shows what was asked for, and what is misspelt
 * is quoted. */
#include "trace_filter.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <CUnit/CUnit.h>

static struct aovpn_trace_filter parsed(const char *connection,
					const char *peer, const char *kinds)
{
	struct aovpn_trace_filter filter;
	struct aovpn_error error = {""};

	memset(&filter, 0xff, sizeof(filter));
	CU_ASSERT_EQUAL(aovpn_trace_filter_parse(connection, peer, kinds,
						 &filter, &error),
			0);
	CU_ASSERT_STRING_EQUAL(error.text, "");
	return filter;
}

static void refused(const char *connection, const char *peer, const char *kinds,
		    const char *quote)
{
	struct aovpn_trace_filter filter;
	struct aovpn_error error = {""};

	CU_ASSERT_EQUAL(aovpn_trace_filter_parse(connection, peer, kinds,
						 &filter, &error),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, quote));
}

static struct aovpn_observation seen(uint32_t kind, uint8_t last_byte)
{
	struct aovpn_observation o = {.kind = kind};

	o.flow.family = AF_INET;
	memcpy(o.flow.remote, (uint8_t[]){198, 51, 100, last_byte}, 4);
	return o;
}

static bool takes(const struct aovpn_trace_filter *filter, uint32_t kind,
		  uint8_t last_byte)
{
	const struct aovpn_observation o = seen(kind, last_byte);

	return aovpn_trace_filter_takes(filter, &o);
}

static void nothing_asked_takes_every_kind(void)
{
	const struct aovpn_trace_filter filter = parsed("", "", "");
	uint32_t kind;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++)
		CU_ASSERT_TRUE(takes(&filter, kind, 1));
}

static void every_kind_can_be_asked_for_alone(void)
{
	struct aovpn_trace_filter filter;
	uint32_t kind, other;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		filter = parsed("", "", aovpn_observation_kind_name(kind));
		for (other = 1; other < AOVPN_OBS_KIND_END; other++)
			CU_ASSERT_EQUAL(takes(&filter, other, 1),
					other == kind);
	}
}

static void kinds_and_groups_add_up(void)
{
	const struct aovpn_trace_filter filter = parsed("", "", "tcp,drops");

	CU_ASSERT_TRUE(takes(&filter, AOVPN_OBS_TCP, 1));
	CU_ASSERT_TRUE(takes(&filter, AOVPN_OBS_PACKET_DROPPED, 1));
	CU_ASSERT_TRUE(takes(&filter, AOVPN_OBS_SEND_FAILED, 1));
	CU_ASSERT_FALSE(takes(&filter, AOVPN_OBS_SEND, 1));
	/* What a newer plugin might send. */
	CU_ASSERT_FALSE(takes(&filter, AOVPN_OBS_KIND_END, 1));
	CU_ASSERT_FALSE(takes(&filter, UINT32_MAX, 1));
}

static void a_peer_is_the_other_end_of_the_flow(void)
{
	const struct aovpn_trace_filter filter =
		parsed("", "198.51.100.10", "");
	struct aovpn_observation o = seen(AOVPN_OBS_PACKET, 10);

	CU_ASSERT_TRUE(takes(&filter, AOVPN_OBS_PACKET, 10));
	CU_ASSERT_FALSE(takes(&filter, AOVPN_OBS_PACKET, 11));
	o.flow.family = 0;
	CU_ASSERT_FALSE(aovpn_trace_filter_takes(&filter, &o));
	/* The same bytes are another address in IPv6. */
	o.flow.family = AF_INET6;
	CU_ASSERT_FALSE(aovpn_trace_filter_takes(&filter, &o));
}

static void an_ipv6_peer_is_compared_whole(void)
{
	const struct aovpn_trace_filter filter = parsed("", "2001:db8::1", "");
	struct aovpn_observation o = {.kind = AOVPN_OBS_PACKET};

	o.flow.family = AF_INET6;
	memcpy(o.flow.remote, filter.peer, 16);
	CU_ASSERT_TRUE(aovpn_trace_filter_takes(&filter, &o));
	o.flow.remote[15] = 2;
	CU_ASSERT_FALSE(aovpn_trace_filter_takes(&filter, &o));
}

static void who_sends_an_icmp_error_is_a_peer_too(void)
{
	const struct aovpn_trace_filter filter = parsed("", "192.0.2.1", "");
	struct aovpn_observation o = seen(AOVPN_OBS_ICMP_ERROR, 10);

	CU_ASSERT_FALSE(aovpn_trace_filter_takes(&filter, &o));
	o.u.icmp.from_family = AF_INET;
	memcpy(o.u.icmp.from, (uint8_t[]){192, 0, 2, 1}, 4);
	CU_ASSERT_TRUE(aovpn_trace_filter_takes(&filter, &o));
	/* These bytes mean something else in every other kind. */
	o.kind = AOVPN_OBS_PACKET;
	CU_ASSERT_FALSE(aovpn_trace_filter_takes(&filter, &o));
}

static void what_is_misspelt_is_quoted(void)
{
	char name[AOVPN_NAME_MAX + 1];

	refused("", "198.51.100", "", "\"198.51.100\"");
	refused("", "vpn.contoso.test", "", "\"vpn.contoso.test\"");
	refused("", "", "packet,dorps", "\"dorps\"");
	refused("", "", "packet,dorps", "drops");
	refused("", "", "packet_", "\"packet_\"");
	refused("", "", "packet,", "\"\"");
	refused("", "", ",packet", "\"\"");
	refused("", "", "Packet", "packet_dropped");
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	refused(name, "", "", "too long");
}

CU_TestInfo trace_filter_tests[] = {
	{"nothing_asked_takes_every_kind", nothing_asked_takes_every_kind},
	{"every_kind_can_be_asked_for_alone",
	 every_kind_can_be_asked_for_alone},
	{"kinds_and_groups_add_up", kinds_and_groups_add_up},
	{"a_peer_is_the_other_end_of_the_flow",
	 a_peer_is_the_other_end_of_the_flow},
	{"an_ipv6_peer_is_compared_whole", an_ipv6_peer_is_compared_whole},
	{"who_sends_an_icmp_error_is_a_peer_too",
	 who_sends_an_icmp_error_is_a_peer_too},
	{"what_is_misspelt_is_quoted", what_is_misspelt_is_quoted},
	CU_TEST_INFO_NULL,
};
