/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel.c - what is wrong with a tunnel that is up, and how it is seen.
 */
#include <CUnit/CUnit.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "build_attempt.h"
#include "diagnosis.h"
#include "tunnel_facts.h"

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static void look(uint64_t packets_out, uint64_t packets_in, const char *overlap,
		 const char *dns_missing)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_TUNNEL,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = 1,
	};

	o.u.tunnel.packets_out = packets_out;
	o.u.tunnel.packets_in = packets_in;
	strcpy(o.u.tunnel.overlap, overlap);
	strcpy(o.u.tunnel.dns_missing, dns_missing);
	attempt_begin(&a);
	aovpn_attempt_add(&a, &o);
}

static void expect_warning(const char *slug)
{
	CU_ASSERT_TRUE(aovpn_diagnose_up(&a, &out));
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_WARNING);
	CU_ASSERT_EQUAL(out.ras_code, 0);
	CU_ASSERT_FATAL(out.count == 1);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, slug);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_LIKELY);
	aovpn_attempt_clear(&a);
}

static void what_is_wrong_is_told(void)
{
	look(5, 0, "", "");
	expect_warning("esp-blocked");
	look(0, 0, "10.80.0.0/24 of the tunnel and 10.80.0.7/24 of eth0", "");
	expect_warning("route-conflict");
	look(0, 0, "", "10.80.0.20");
	expect_warning("dns-not-applied");
	attempt_begin(&a);
	add_icmp_esp(&a, 3, 4, 0x1234);
	a.observations[a.count - 1].u.icmp.mtu = 1200;
	expect_warning("inner-mtu");
}

static void a_quiet_tunnel_is_a_good_one(void)
{
	static const uint64_t good[][2] = {{0, 0}, {4, 0}, {500, 1}, {0, 9}};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		look(good[i][0], good[i][1], "", "");
		CU_ASSERT_FALSE(aovpn_diagnose_up(&a, &out));
		aovpn_attempt_clear(&a);
	}
	attempt_begin(&a);
	CU_ASSERT_FALSE(aovpn_diagnose_up(&a, &out));
	add_icmp_esp(&a, 3, 3, 0x1234); /* it tells no size */
	CU_ASSERT_FALSE(aovpn_diagnose_up(&a, &out));
	aovpn_attempt_clear(&a);
}

static void overlaps(const char *networks, const char *address,
		     unsigned int prefix, const char *expected)
{
	const uint8_t family = strchr(address, ':') ? AF_INET6 : AF_INET;
	uint8_t bytes[16] = {0};
	char got[64];

	CU_ASSERT_EQUAL_FATAL(inet_pton(family, address, bytes), 1);
	tunnel_overlap(networks, family, bytes, prefix, got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, expected);
}

static void networks_that_share_addresses(void)
{
	overlaps("10.80.0.0/24", "10.80.0.7", 24, "10.80.0.0/24");
	overlaps("192.0.2.0/24, 10.80.0.0/16", "10.80.3.7", 24, "10.80.0.0/16");
	overlaps("10.80.3.0/24", "10.80.200.1", 16, "10.80.3.0/24");
	overlaps("10.80.0.0/25", "10.80.0.200", 25, "");
	overlaps("10.80.0.0/24", "10.80.1.7", 24, "");
	overlaps("0.0.0.0/0", "10.80.1.7", 24, "");
	overlaps("::/0, fd00::/8", "fd12::1", 64, "fd00::/8");
	overlaps("fd00::/8", "10.0.0.1", 8, "");
	overlaps("10.80.0.9", "10.80.0.7", 24, "10.80.0.9");
	overlaps("nonsense, 1.2.3.4/999, 10.80.0.0/24", "10.80.0.7", 24,
		 "10.80.0.0/24");
	overlaps("", "10.80.0.7", 24, "");
}

static void misses(const char *servers, const char *resolv_conf,
		   const char *expected)
{
	char got[AOVPN_TEXT_MAX];

	tunnel_dns_missing(servers, resolv_conf, got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, expected);
}

static void dns_servers_in_use(void)
{
	misses("10.80.0.20", "nameserver 10.80.0.20   # by strongSwan\n", "");
	misses("10.80.0.20", "search x\nnameserver 192.0.2.1\n", "10.80.0.20");
	misses("10.80.0.20, 10.80.0.21",
	       "nameserver 192.0.2.1\nnameserver 10.80.0.20\n", "10.80.0.21");
	misses("10.80.0.2", "nameserver 10.80.0.20\n", "10.80.0.2");
	misses("10.80.0.20", "nameserver 127.0.0.53\n", "");
	misses("10.80.0.20", "", "10.80.0.20");
	misses("", "nameserver 192.0.2.1\n", "");
}

CU_TestInfo tunnel_tests[] = {
	{"what is wrong is told", what_is_wrong_is_told},
	{"a quiet tunnel is a good one", a_quiet_tunnel_is_a_good_one},
	{"networks that share addresses", networks_that_share_addresses},
	{"DNS servers in use", dns_servers_in_use},
	CU_TEST_INFO_NULL,
};
