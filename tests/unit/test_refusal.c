/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_refusal.c - what a gateway says outright is told as what it said:
 * notifies (RFC 7296 3.10.1) that no rule knows, in answer to the wrong
 * message, or in the midst of EAP; and a refusal is ranked by what NPS looks at
 * first.
 */
#include "diagnosis.h"

#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

#define SECOND_NS 1000000000ull

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static void diagnose(void)
{
	aovpn_diagnose(&a, &out);
	aovpn_attempt_clear(&a);
	CU_ASSERT_FATAL(out.count > 0);
}

static bool says(const char *text)
{
	uint32_t i;

	for (i = 0; i < out.finding[0].evidence_count; i++)
		if (strstr(out.finding[0].evidence[i], text))
			return true;
	return false;
}

/* The place of a cause among those found, -1: it is not there. */
static int place_of(const char *slug)
{
	uint32_t i;

	for (i = 0; i < out.count; i++)
		if (strcmp(out.finding[i].cause->slug, slug) == 0)
			return (int)i;
	return -1;
}

struct answer {
	uint16_t notify;
	int32_t code;
	const char *cause, *name;
};

static void check(const struct answer *answer, enum aovpn_stage stage)
{
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, answer->code);
	CU_ASSERT_EQUAL(out.stage, stage);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, answer->cause);
	CU_ASSERT_TRUE(says(answer->name));
	CU_ASSERT_EQUAL(place_of("udp4500-no-answer"), -1);
	CU_ASSERT_EQUAL(place_of("nps-unreachable"), -1);
}

static void a_notify_in_answer_to_init(void)
{
	static const struct answer answers[] = {
		{1, 13843, "ike-invalid-message", "UNSUPPORTED_CRITICAL"},
		{5, 13843, "ike-invalid-message", "INVALID_MAJOR_VERSION"},
		{7, 13843, "ike-invalid-message", "INVALID_SYNTAX"},
		{14, 13868, "ike-proposal-mismatch", "NO_PROPOSAL_CHOSEN"},
		{17, 13868, "ike-group-refused", "INVALID_KE_PAYLOAD"},
		{24, 13801, "gateway-refused-us", "AUTHENTICATION_FAILED"},
		{43, 809, "gateway-overloaded", "TEMPORARY_FAILURE"},
		{39, 691, "unknown", "INVALID_SELECTORS"},
		{9999, 691, "unknown", "error notify 9999"},
	};
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		attempt_begin(&a);
		add_out(&a, 34, 0);
		add_in(&a, 34, 0, answers[i].notify);
		check(&answers[i], AOVPN_STAGE_NEGOTIATE);
	}
}

static void a_notify_in_answer_to_auth(void)
{
	static const struct answer answers[] = {
		{1, 13843, "ike-invalid-message", "UNSUPPORTED_CRITICAL"},
		{34, 842, "traffic-selectors-refused", "SINGLE_PAIR_REQUIRED"},
		{38, 842, "traffic-selectors-refused", "TS_UNACCEPTABLE"},
		{40, 691, "unknown", "UNACCEPTABLE_ADDRESSES"},
		{43, 691, "unknown", "TEMPORARY_FAILURE"},
	};
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		attempt_begin(&a);
		reach_auth(&a);
		add_in(&a, 35, 1, answers[i].notify);
		/* charon misses the AUTH payload in such an answer. */
		add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
		check(&answers[i], AOVPN_STAGE_GATEWAY_AUTH);
	}
}

/* charon asked with another group, and what followed is another matter. */
static void another_group_that_was_taken(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 17);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 0);
	add_out(&a, 35, 1);
	add_retransmits(&a, 4, 1, 300);
	diagnose();
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, "udp4500-no-answer");
	/* A stranger's answer that comes too late. */
	attempt_begin(&a);
	reach_auth(&a);
	add_in(&a, 34, 0, 14);
	add_retransmits(&a, 4, 1, 300);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
}

/* REDIRECT (RFC 5685): charon asks the other server, which says nothing. */
static void an_answer_without_agreement(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 16407);
	add_out(&a, 34, 0);
	add_retransmits(&a, 4, 0, 300);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, "udp500-no-answer");
	CU_ASSERT_TRUE(says("answered without an agreement"));
}

static void an_answer_to_init_that_cannot_be_read(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_alert(&a, AOVPN_ALERT_PARSE_ERROR, "body");
	add_retransmits(&a, 4, 0, 300);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13843);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug,
			       "ike-invalid-message");
	/* One that could be read came after it. */
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_alert(&a, AOVPN_ALERT_PARSE_ERROR, "body");
	add_in(&a, 34, 0, 0);
	add_out(&a, 35, 1);
	add_retransmits(&a, 4, 1, 300);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
}

static void windows_code_of_another_stage(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 12345);
	a.observations[a.count - 1].u.ike_message.has_ms_status = true;
	a.observations[a.count - 1].u.ike_message.ms_status = 13868;
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13868);
	CU_ASSERT_EQUAL(out.stage, AOVPN_STAGE_NEGOTIATE);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug,
			       "ike-proposal-mismatch");
	/* No tunnel was up, and nothing asked for another group. */
	CU_ASSERT_EQUAL(place_of("child-rekey-failed"), -1);
	CU_ASSERT_EQUAL(place_of("ike-group-refused"), -1);
	attempt_begin(&a);
	reach_identity(&a);
	add_ms_status(&a, 829, 4); /* ERROR_LINK_FAILURE */
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 829);
	CU_ASSERT_EQUAL(place_of("link-lost"), -1);
}

/* The causes are EAP's, the code is IKE's. */
static void refused_in_the_midst_of_eap(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_in(&a, 35, 2, 24);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13801);
	CU_ASSERT_EQUAL(place_of("nps-policy"), 0);
	CU_ASSERT_TRUE(says("AUTHENTICATION_FAILED right after the identity"));
	CU_ASSERT_EQUAL(place_of("gateway-refused-us"), -1);
	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_in(&a, 35, 6, 24);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13801);
	CU_ASSERT_EQUAL(place_of("client-cert-revocation-unknown"), 0);
	/* An alert says more. */
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 44);
	add_in(&a, 35, 6, 24);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 855);
}

static void dropped_here_in_the_midst_of_eap(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_drop(&a, true, "NETFILTER_DROP");
	add_retransmits(&a, 4, 5, 300);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 718);
	CU_ASSERT_EQUAL(place_of("local-firewall-in"), 0);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_CERTAIN);
	/* What was dropped before the last answer did no lasting harm. */
	attempt_begin(&a);
	reach_auth(&a);
	add_drop(&a, true, "NETFILTER_DROP");
	add_eap_in(&a, 1, 1);
	add_eap_out(&a, 1);
	add_eap_in(&a, 1, 13);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_eap_out(&a, 13);
	add_retransmits(&a, 4, 3, 300);
	diagnose();
	CU_ASSERT_EQUAL(place_of("eap-stalled"), 0);
	CU_ASSERT_EQUAL(place_of("local-firewall-in"), -1);
}

static void add_ca_list(uint32_t count)
{
	add_tls(&a, AOVPN_TLS_CERTIFICATE_SENT);
	a.observations[a.count - 1].kind = AOVPN_OBS_CA_LIST;
	memset(&a.observations[a.count - 1].u, 0, sizeof(a.observations[0].u));
	a.observations[a.count - 1].u.ca_list.count = count;
}

/* NPS asks whether it trusts the chain before it looks for the account. */
static void trust_goes_before_the_account(void)
{
	attempt_begin(&a);
	a.chain.certificate[0].sid_uri[0] = '\0';
	reach_certificate(&a);
	add_ca_list(2);
	add_eap_in(&a, 4, 0);
	diagnose();
	CU_ASSERT_EQUAL(place_of("client-cert-untrusted"), 0);
	CU_ASSERT_EQUAL(place_of("client-cert-no-sid"), 1);
	/* A list may name the root of a CA that is not known here. */
	attempt_begin(&a);
	a.chain.certificate[0].sid_uri[0] = '\0';
	a.chain.count = 1;
	a.chain.complete = false;
	reach_certificate(&a);
	add_ca_list(2);
	add_eap_in(&a, 4, 0);
	diagnose();
	CU_ASSERT_EQUAL(place_of("client-cert-no-sid"), 0);
}

static void refuse_after(uint64_t ns)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	a.observations[a.count - 1].time_ns += ns;
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 853);
}

static void a_slow_refusal_points_at_the_crl(void)
{
	refuse_after(4 * SECOND_NS);
	CU_ASSERT_EQUAL(place_of("client-cert-crl-stale"), 0);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_POSSIBLE);
	CU_ASSERT_TRUE(says("took 4.0 s"));
	CU_ASSERT_EQUAL(place_of("nps-unreachable"), 1);
	refuse_after(2 * SECOND_NS);
	CU_ASSERT_EQUAL(place_of("client-cert-crl-stale"), -1);
}

static void windows_code_691_about_the_certificate(void)
{
	attempt_begin(&a);
	a.chain.certificate[0].sid_uri[0] = '\0';
	reach_certificate(&a);
	add_ms_status(&a, 691, 4);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 691);
	CU_ASSERT_EQUAL(place_of("client-cert-no-sid"), 0);
	/* It has a SID: nothing is likely. */
	attempt_begin(&a);
	reach_certificate(&a);
	add_ms_status(&a, 691, 4);
	diagnose();
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_POSSIBLE);
	CU_ASSERT_EQUAL(place_of("client-cert-untrusted"), 0);
	CU_ASSERT_EQUAL(place_of("client-cert-rejected"), 1);
	CU_ASSERT_EQUAL(out.count, 2); /* each once */
}

static void any_purpose_is_not_client_auth_for_all(void)
{
	struct aovpn_certificate_facts *leaf = &a.chain.certificate[0];

	attempt_begin(&a);
	leaf->has_eku = true;
	leaf->eku_count = 1;
	strcpy(leaf->eku[0], "2.5.29.37.0");
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	diagnose();
	CU_ASSERT_EQUAL(place_of("client-cert-no-client-auth"), 0);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_POSSIBLE);
	attempt_begin(&a);
	leaf->has_eku = true;
	leaf->eku_count = 2;
	strcpy(leaf->eku[0], "2.5.29.37.0");
	strcpy(leaf->eku[1], "1.3.6.1.5.5.7.3.2");
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	diagnose();
	CU_ASSERT_EQUAL(place_of("client-cert-no-client-auth"), -1);
}

/* charon cannot check revocation, and the profile insists. */
static void refuse_for_revocation(int64_t ahead)
{
	attempt_begin(&a);
	a.gateway_revocation_hard = true;
	a.chain.server_asked_at = a.started_at;
	a.chain.server_time = a.started_at - ahead;
	reach_auth(&a);
	add_alert(&a, AOVPN_ALERT_CERT_VALIDATION_FAILED, "");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13801);
}

static void a_clock_ahead_makes_crls_look_old(void)
{
	refuse_for_revocation(10 * 86400);
	CU_ASSERT_EQUAL(place_of("client-clock-wrong"), 0);
	CU_ASSERT_EQUAL(place_of("gateway-cert-revocation-unknown"), 1);
	refuse_for_revocation(60);
	CU_ASSERT_EQUAL(place_of("gateway-cert-revocation-unknown"), 0);
	CU_ASSERT_EQUAL(place_of("client-clock-wrong"), -1);
}

/* charon takes 0.0.0.0 for no address at all. */
static void resolved_to(const char address[4])
{
	attempt_begin(&a);
	add_alert(&a, AOVPN_ALERT_PEER_ADDR_FAILED, "");
	memset(&a.observations[0].flow, 0, sizeof(a.observations[0].flow));
	memset(&a.flow, 0, sizeof(a.flow));
	add_resolve_error(&a, 0);
	memcpy(a.observations[1].flow.remote, address, 4);
	diagnose();
}

/* The same of somebody else's charon: the look-up is a text. */
static void resolved_to_text(const char *addresses)
{
	attempt_begin(&a);
	add_alert(&a, AOVPN_ALERT_PEER_ADDR_FAILED, "");
	add_resolve_error(&a, 0);
	memset(&a.observations[0].flow, 0, sizeof(a.observations[0].flow));
	memset(&a.observations[1].flow, 0, sizeof(a.observations[1].flow));
	memset(&a.flow, 0, sizeof(a.flow));
	strcpy(a.observations[1].u.resolved.addresses, addresses);
	diagnose();
}

static void addresses_of_no_machine(void)
{
	resolved_to_text("0.0.0.0, 198.51.100.10");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), 0);
	resolved_to_text("198.51.100.10");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), -1);
	CU_ASSERT_TRUE(says("resolved to 198.51.100.10, and"));
	resolved_to_text("no address");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), -1);
	resolved_to("\0\0\0\0");
	CU_ASSERT_EQUAL(out.ras_code, 809);
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), 0);
	resolved_to("\xf0\0\0\x09");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), 0);
	resolved_to("\xe0\0\0\1");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), 0);
	resolved_to("\xc6\x33\x64\x0a");
	CU_ASSERT_EQUAL(place_of("dns-wrong-answer"), -1);
}

CU_TestInfo refusal_tests[] = {
	{"a notify in answer to IKE_SA_INIT", a_notify_in_answer_to_init},
	{"a notify in answer to IKE_AUTH", a_notify_in_answer_to_auth},
	{"another group that was taken", another_group_that_was_taken},
	{"an answer without agreement", an_answer_without_agreement},
	{"an answer that cannot be read",
	 an_answer_to_init_that_cannot_be_read},
	{"a Windows code of another stage", windows_code_of_another_stage},
	{"refused in the midst of EAP", refused_in_the_midst_of_eap},
	{"dropped here in the midst of EAP", dropped_here_in_the_midst_of_eap},
	{"trust goes before the account", trust_goes_before_the_account},
	{"a slow refusal points at the CRL", a_slow_refusal_points_at_the_crl},
	{"691 about the certificate", windows_code_691_about_the_certificate},
	{"any purpose is not clientAuth for all",
	 any_purpose_is_not_client_auth_for_all},
	{"a clock ahead makes CRLs look old",
	 a_clock_ahead_makes_crls_look_old},
	{"addresses of no machine", addresses_of_no_machine},
	CU_TEST_INFO_NULL,
};
