/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_forgeable.c - whatever somebody on the way can send before the gateway
 * has authenticated itself, no cause is certain by it; what this machine did,
 * and what came after, may be. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"
#include "diagnosis.h"

#define LAST_X509_ERROR 100
#define MS_STATUS       12345

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static void begin(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
}

/* Up to what answers the first IKE_AUTH request. */
static void begin_auth(void)
{
	attempt_begin(&a);
	reach_auth(&a);
}

static void is_not_certain(const char *what, int number)
{
	uint32_t i;

	aovpn_diagnose(&a, &out);
	CU_ASSERT(out.forgeable);
	CU_ASSERT_FALSE(aovpn_may_lower_security(&out));
	CU_ASSERT(out.count > 0);
	for (i = 0; i < out.count; i++)
		if (out.finding[i].confidence == AOVPN_CERTAIN) {
			CU_FAIL("certain");
			printf("    %s %d: %s\n", what, number,
			       out.finding[i].cause->slug);
		}
	aovpn_attempt_clear(&a);
}

static void no_notify_in_the_clear_is(void)
{
	uint16_t type;

	for (type = 1; type < 64; type++) {
		begin();
		add_in(&a, 34, 0, type);
		is_not_certain("IKE_SA_INIT notify", type);
		/* Encrypted, but for whoever answered. */
		begin_auth();
		add_in(&a, 35, 1, type);
		is_not_certain("IKE_AUTH notify", type);
	}
}

static void no_windows_code_in_the_clear_is(void)
{
	static const uint32_t codes[] = {
		691,        812, 853, 854,        13801, 13806,
		0x800b0109, 868, 809, 0x80070356, 1,     7777777};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		begin();
		add_in(&a, 34, 0, MS_STATUS);
		a.observations[a.count - 1].u.ike_message.has_ms_status = 1;
		a.observations[a.count - 1].u.ike_message.ms_status = codes[i];
		is_not_certain("IKE_SA_INIT code", (int)codes[i]);
		begin_auth();
		add_ms_status(&a, codes[i], 0);
		is_not_certain("IKE_AUTH code", (int)codes[i]);
		begin_auth();
		add_ms_status(&a, codes[i], 4);
		is_not_certain("IKE_AUTH code, EAP-Failure", (int)codes[i]);
	}
}

static void no_eap_of_a_stranger_is(void)
{
	uint8_t code, type;

	for (code = 1; code < 7; code++)
		for (type = 0; type < 60; type++) {
			begin_auth();
			add_eap_in(&a, code, type);
			add_retransmits(&a, 4, 1, 400);
			is_not_certain("EAP", code * 1000 + type);
		}
	begin_auth();
	add_tls_alert(&a, 44);
	add_eap_in(&a, 4, 0);
	is_not_certain("TLS alert", 44);
}

static void no_icmp_is(void)
{
	unsigned int type, code;

	for (type = 0; type < 16; type++)
		for (code = 0; code < 16; code++) {
			begin();
			add_icmp(&a, (uint8_t)type, (uint8_t)code);
			add_retransmits(&a, 4, 0, 400);
			is_not_certain("ICMP", (int)(type * 100 + code));
			begin();
			add_icmp6(&a, (uint8_t)type, (uint8_t)code);
			add_retransmits(&a, 4, 0, 400);
			is_not_certain("ICMPv6", (int)(type * 100 + code));
		}
}

static void no_fragment_is(void)
{
	begin_auth();
	add_fragment(&a, 1, 0, 1400, true, 2800);
	add_retransmits(&a, 4, 1, 1600);
	is_not_certain("a first fragment", 0);
	begin_auth();
	add_fragment(&a, 1, 1400, 1400, false, 0);
	add_retransmits(&a, 4, 1, 1600);
	is_not_certain("a later fragment", 0);
}

static void no_certificate_of_a_stranger_is(void)
{
	uint32_t number;

	for (number = 0; number < LAST_X509_ERROR; number++) {
		begin_auth();
		add_refused(&a, AOVPN_CERT_GATEWAY, number);
		is_not_certain("X509_V_ERR", (int)number);
	}
	for (number = 1; number <= AOVPN_ALERT_PEER_SIGNATURE; number++) {
		if (number == AOVPN_ALERT_INSTALL_CHILD_SA_FAILED ||
		    number == AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED)
			continue; /* the kernel's word */
		begin_auth();
		add_alert(&a, number, "CN=vpn.contoso.test");
		add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
		is_not_certain("charon's alert", (int)number);
		begin_auth();
		add_in(&a, 35, 1, 0);
		add_alert(&a, number, "");
		add_retransmits(&a, 4, 1, 400);
		is_not_certain("charon's alert, and silence", (int)number);
	}
}

static void no_answer_of_dns_is(void)
{
	int error;

	for (error = 1; error < 16; error++) {
		attempt_begin(&a);
		add_resolve_error(&a, -error);
		is_not_certain("EAI", error);
	}
}

static void silence_is_not(void)
{
	begin();
	add_retransmits(&a, 4, 0, 400);
	is_not_certain("silence", 500);
	begin_auth();
	add_retransmits(&a, 4, 1, 400);
	is_not_certain("silence", 4500);
}

static void is_certain(const char *slug)
{
	aovpn_diagnose(&a, &out);
	CU_ASSERT_FALSE(out.forgeable);
	CU_ASSERT(aovpn_may_lower_security(&out));
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, slug);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_CERTAIN);
	aovpn_attempt_clear(&a);
}

static void what_this_machine_did_is(void)
{
	begin();
	add_drop(&a, false, "NETFILTER_DROP");
	add_icmp(&a, 3, 3);
	add_retransmits(&a, 4, 0, 400);
	is_certain("local-firewall-out");
	attempt_begin(&a);
	add_local_failure(&a, "client-key-unusable");
	is_certain("client-key-unusable");
}

static void what_comes_after_it_is(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 44);
	is_certain("client-cert-revoked");
	attempt_begin(&a);
	reach_certificate(&a);
	add_refused(&a, AOVPN_CERT_NPS, 10);
	is_certain("nps-cert-expired");
	attempt_begin(&a);
	reach_certificate(&a);
	add_in(&a, 35, 7, 38);
	is_certain("traffic-selectors-refused");
}

CU_TestInfo forgeable_tests[] = {
	{"no notify in the clear is certain", no_notify_in_the_clear_is},
	{"no Windows code in the clear is", no_windows_code_in_the_clear_is},
	{"no EAP of a stranger is", no_eap_of_a_stranger_is},
	{"no ICMP is", no_icmp_is},
	{"no fragment is", no_fragment_is},
	{"no certificate of a stranger is", no_certificate_of_a_stranger_is},
	{"no answer of DNS is", no_answer_of_dns_is},
	{"silence is not", silence_is_not},
	{"what this machine did is", what_this_machine_did_is},
	{"what comes after it is", what_comes_after_it_is},
	CU_TEST_INFO_NULL,
};
