/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_diagnosis.c - stage and signal give the code, local inspection ranks the
 * causes, and what can be forged is never called certain.
 */
#include "diagnosis.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/proverr.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static void diagnose(void)
{
	aovpn_diagnose(&a, &out);
}

/* Check the outcome of a and forget a. */
static void expect(int32_t code, const char *cause,
		   enum aovpn_confidence confidence, enum aovpn_stage stage)
{
	diagnose();
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_FAILED);
	CU_ASSERT_EQUAL(out.ras_code, code);
	CU_ASSERT_EQUAL(out.stage, stage);
	CU_ASSERT_FATAL(out.count > 0);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, cause);
	CU_ASSERT_EQUAL(out.finding[0].confidence, confidence);
	CU_ASSERT(out.finding[0].evidence_count > 0);
	aovpn_attempt_clear(&a);
}

static bool has_cause(const char *slug)
{
	uint32_t i;

	for (i = 0; i < out.count; i++)
		if (strcmp(out.finding[i].cause->slug, slug) == 0)
			return true;
	return false;
}

/* Has the cause that stands at this place a line of evidence with the text? */
static bool has_evidence(uint32_t at, const char *text)
{
	uint32_t i;

	for (i = 0; at < out.count && i < out.finding[at].evidence_count; i++)
		if (strstr(out.finding[at].evidence[i], text))
			return true;
	return false;
}

static void connected(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 3, 0);
	add_state(&a, AOVPN_IKE_ESTABLISHED);
	add_child_up(&a);
	diagnose();
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_CONNECTED);
	CU_ASSERT_EQUAL(out.ras_code, 0);
	CU_ASSERT_EQUAL(out.stage, AOVPN_STAGE_UP);
	CU_ASSERT_EQUAL(out.count, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out.child_up);
	CU_ASSERT_STRING_EQUAL(out.child_up->u.child_up.addresses,
			       "10.99.0.10");
	aovpn_attempt_clear(&a);
}

static void silence_on_500(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_sent(&a, true);
	add_retransmits(&a, 2, 0, 400);
	expect(809, "udp500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void silence_on_4500(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_retransmits(&a, 2, 1, 1200);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void parts_of_an_answer_that_never_was_whole(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_delivered(&a, 34);
	add_delivered(&a, 35);
	add_delivered(&a, 35);
	add_retransmits(&a, 2, 1, 300);
	expect(809, "path-mtu", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "got 2 packets"));
	CU_ASSERT_FALSE(has_cause("udp4500-no-answer"));
	/* Or charon could not read them: then no size is to blame. */
	attempt_begin(&a);
	reach_auth(&a);
	add_delivered(&a, 35);
	add_alert(&a, AOVPN_ALERT_PARSE_ERROR, "");
	add_retransmits(&a, 2, 1, 300);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	attempt_begin(&a);
	reach_auth(&a);
	add_delivered(&a, 34);
	add_retransmits(&a, 2, 1, 300);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void a_large_request_without_fragmentation(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 0);
	add_out(&a, 35, 1);
	add_retransmits(&a, 2, 1, 2326);
	expect(809, "fragments-lost", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

/* IKE_AUTH was sent and not answered, and no IKE fragmentation agreed. */
static void unanswered(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 0);
	add_out(&a, 35, 1);
	add_retransmits(&a, 2, 1, 1100);
}

static void expect_lost(const char *evidence)
{
	expect(809, "fragments-lost", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, evidence));
	CU_ASSERT_FALSE(has_cause("udp4500-no-answer"));
}

static void a_fragment_that_never_came(void)
{
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	expect_lost("UDP port 4500 came in IP fragments: bytes 0 to 1479 were "
		    "here, bytes 1480 to 2333 never came");
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 8, 0, 1480, true, 2334);
	add_fragment(&a, 9, 0, 1480, true, 2334);
	expect_lost("so it was with 3 messages");
	/* The middle one, whatever the order of the others. */
	unanswered();
	add_fragment(&a, 7, 2960, 40, false, 0);
	add_fragment(&a, 7, 0, 1480, true, 3000);
	expect_lost("bytes 1480 to 2959 never came");
	/* UDP's header knows nothing, nor does a last one. */
	unanswered();
	add_fragment(&a, 7, 1480, 1480, true, 0);
	add_fragment(&a, 7, 0, 1480, true, 0);
	expect_lost("bytes 0 to 2959 were here, bytes from 2960 on never");
	unanswered();
	add_fragment(&a, 7, 1480, 854, false, 0);
	expect_lost("the first of each never did");
}

/* A complete packet beside one with a hole takes nothing back. */
static void one_of_two_answers_lost(void)
{
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 8, 0, 1480, true, 2334);
	add_fragment(&a, 8, 1480, 854, false, 0);
	expect(809, "fragments-lost", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_cause("local-firewall-in"));
}

static void fragments_that_all_came(void)
{
	unanswered();
	/* Backwards, one twice, and overlapping. */
	add_fragment(&a, 7, 2960, 40, false, 0);
	add_fragment(&a, 7, 1472, 1488, true, 0);
	add_fragment(&a, 7, 1472, 1488, true, 0);
	add_fragment(&a, 7, 0, 1480, true, 3000);
	expect(809, "local-firewall-in", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "1 answer of 3000 bytes came in complete"));
	CU_ASSERT_FALSE(has_cause("fragments-lost"));
	/* Whether they were delivered is not known without the tracer. */
	unanswered();
	a.sees_egress = false;
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 7, 1480, 854, false, 0);
	expect(809, "local-firewall-in", AOVPN_POSSIBLE, AOVPN_STAGE_REACH);
	/* They were: nobody here is to blame. */
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 7, 1480, 854, false, 0);
	add_delivered(&a, 35);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_FALSE(has_cause("local-firewall-in"));
	/* The kernel said itself what became of them. */
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 7, 1480, 854, false, 0);
	add_drop(&a, true, "UDP_CSUM");
	expect(809, "bad-checksum", AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "came in complete"));
	CU_ASSERT_EQUAL(out.count, 1);
}

/* Of other ids, addresses, protocols or ports. */
static void fragments_of_other_packets(void)
{
	struct aovpn_observation *o;

	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 8, 1480, 854, false, 0);
	expect_lost("bytes 1480 to 2333 never came");
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 7, 1480, 854, false, 0);
	a.observations[a.count - 1].flow.remote[3] ^= 1;
	expect_lost("bytes 1480 to 2333 never came");
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 7, 1480, 854, false, 0);
	a.observations[a.count - 1].u.fragment.protocol = IPPROTO_ESP;
	expect_lost("bytes 1480 to 2333 never came");
	/* ESP in UDP, and DNS. */
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	a.observations[a.count - 1].spi_i = 0;
	add_fragment(&a, 8, 0, 1480, true, 2334);
	o = &a.observations[a.count - 1];
	o->flow.remote_port = 53;
	o->flow.local_port = 1234;
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void more_packets_than_one_can_hold(void)
{
	uint32_t i;

	unanswered();
	for (i = 0; i < 2 * AOVPN_ATTEMPT_OBSERVATIONS_MAX; i++)
		add_fragment(&a, i, 0, 1480, true, 2334);
	CU_ASSERT(a.count <= AOVPN_ATTEMPT_OBSERVATIONS_MAX);
	expect_lost("messages of the gateway");
	/* One packet in pieces of 8 bytes, the last first. */
	unanswered();
	for (i = 400; i-- > 0;)
		add_fragment(&a, 7, 8 * i, 8, i < 399, i == 0 ? 3200 : 0);
	expect(809, "local-firewall-in", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "3200 bytes"));
}

/* Once EAP is under way only the large messages are lost. */
static void large_messages_lost_in_the_middle_of_eap(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 1, 13);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_fragment(&a, 7, 0, 1480, true, 1560);
	add_retransmits(&a, 4, 3, 300);
	expect(718, "fragments-lost", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	CU_ASSERT(has_cause("eap-stalled"));
	attempt_begin(&a);
	reach_certificate(&a);
	add_icmp(&a, 3, 4);
	add_retransmits(&a, 4, 5, 1104);
	expect(718, "path-mtu", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	CU_ASSERT(has_cause("eap-stalled"));
}

/* What was lost before an answer came after all explains no later silence. */
static void losses_that_were_made_good(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_fragment(&a, 7, 0, 1480, true, 2334);
	add_fragment(&a, 8, 1480, 854, false, 0);
	add_icmp(&a, 3, 4);
	add_eap_in(&a, 1, 1);
	add_eap_out(&a, 1);
	add_retransmits(&a, 4, 2, 96);
	expect(812, "nps-unreachable", AOVPN_LIKELY, AOVPN_STAGE_EAP_IDENTITY);
	CU_ASSERT_FALSE(has_cause("fragments-lost"));
	CU_ASSERT_FALSE(has_cause("path-mtu"));
	/* A large answer to IKE_SA_INIT is no answer to IKE_AUTH. */
	attempt_begin(&a);
	reach_auth(&a);
	add_fragment(&a, 7, 0, 1480, true, 2334);
	a.observations[a.count - 1].u.fragment.exchange = 34;
	add_fragment(&a, 7, 1480, 854, false, 0);
	add_retransmits(&a, 4, 1, 320);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_FALSE(has_cause("local-firewall-in"));
	/* Anybody's later fragments say nothing of UDP 500. */
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_fragment(&a, 8, 1480, 854, false, 0);
	add_retransmits(&a, 4, 0, 464);
	expect(809, "udp500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void dropped_by_the_local_firewall(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_sent(&a, false);
	add_drop(&a, false, "NETFILTER_DROP");
	add_retransmits(&a, 2, 0, 400);
	expect(809, "local-firewall-out", AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	CU_ASSERT_EQUAL(out.count, 1);
}

static void the_answer_dropped_here(void)
{
	static const struct {
		const char *reason, *cause;
	} table[] = {
		{"NETFILTER_DROP", "local-firewall-in"},
		{"IP_RPFILTER", "rp-filter"},
		{"SOCKET_RCVBUFF", "receive-buffer-full"},
		{"UDP_CSUM", "bad-checksum"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		add_state(&a, AOVPN_IKE_CONNECTING);
		add_out(&a, 34, 0);
		add_sent(&a, true);
		add_drop(&a, true, table[i].reason);
		add_retransmits(&a, 2, 0, 400);
		expect(809, table[i].cause, AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	}
}

static void expect_icmp(bool v6, uint8_t type, uint8_t code, const char *cause,
			const char *evidence)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_sent(&a, true);
	if (v6)
		add_icmp6(&a, type, code);
	else
		add_icmp(&a, type, code);
	add_retransmits(&a, 2, 0, 400);
	expect(809, cause, AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, evidence));
}

static void icmp_is_at_most_likely(void)
{
	static const struct {
		bool v6;
		uint8_t type, code;
		const char *cause, *evidence;
	} table[] = {
		{false, 3, 0, "icmp-host-unreachable", "network unreachable"},
		{false, 3, 1, "icmp-host-unreachable", "host unreachable"},
		{false, 3, 2, "icmp-port-unreachable", "protocol unreachable"},
		{false, 3, 3, "icmp-port-unreachable", "port unreachable"},
		{false, 3, 4, "path-mtu", "fragmentation needed"},
		{false, 3, 5, "icmp-host-unreachable", "code 5"},
		{false, 3, 7, "icmp-host-unreachable", "code 7"},
		{false, 3, 9, "icmp-prohibited", "network prohibited"},
		{false, 3, 10, "icmp-prohibited", "host prohibited"},
		{false, 3, 13, "icmp-prohibited", "administratively"},
		{false, 3, 15, "icmp-host-unreachable", "code 15"},
		{false, 11, 0, "icmp-host-unreachable", "too many hops"},
		{false, 11, 1, "fragments-lost", "did not come together"},
		{false, 12, 0, "icmp-host-unreachable", "parameter problem"},
		{true, 1, 0, "icmp-host-unreachable", "ICMPv6 type 1 code 0"},
		{true, 1, 1, "icmp-prohibited", "administratively"},
		{true, 1, 2, "icmp-host-unreachable", "code 2"},
		{true, 1, 3, "icmp-host-unreachable", "address unreachable"},
		{true, 1, 4, "icmp-port-unreachable", "port unreachable"},
		{true, 1, 5, "icmp-prohibited", "refused by policy"},
		{true, 1, 6, "icmp-prohibited", "route to refuse"},
		{true, 2, 0, "path-mtu", "it lets 1280 bytes pass"},
		{true, 3, 0, "icmp-host-unreachable", "too many hops"},
		{true, 3, 1, "fragments-lost", "did not come together"},
		{true, 4, 0, "icmp-host-unreachable", "code 0"},
		{true, 4, 1, "icmp-port-unreachable", "next header"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect_icmp(table[i].v6, table[i].type, table[i].code,
			    table[i].cause, table[i].evidence);
}

static void icmp_about_esp_names_the_spi(void)
{
	unanswered();
	add_icmp_esp(&a, 3, 2, 0xc1c2c3c4);
	expect(809, "icmp-port-unreachable", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "to ESP of SPI c1c2c3c4"));
}

static void packets_that_never_left(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_sent(&a, false);
	add_retransmits(&a, 2, 0, 400);
	expect(809, "no-route", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

/* IKE_SA_INIT is sent three times and refused each time, in as many fragments
 * as given. */
static void refuse_all(int32_t error, uint32_t fragments)
{
	uint32_t i, k;

	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	for (i = 0; i < 3; i++) {
		if (i == 0)
			add_out(&a, 34, 0);
		else
			add_retransmit(&a, i, 0);
		for (k = 0; k < fragments; k++)
			add_send_failed(&a, error);
	}
}

/* Has the first cause this in its evidence? */
static bool evidence_has(const char *text)
{
	uint32_t i;

	for (i = 0; i < out.finding[0].evidence_count; i++)
		if (strstr(out.finding[0].evidence[i], text))
			return true;
	return false;
}

static void a_refused_send_names_its_errno(void)
{
	static const struct {
		int32_t error;
		const char *cause, *line;
		enum aovpn_confidence confidence;
	} table[] = {
		{ENETUNREACH, "no-route", "ENETUNREACH, no route",
		 AOVPN_CERTAIN},
		{EHOSTUNREACH, "no-route",
		 "EHOSTUNREACH, a route or rule of "
		 "type \"unreachable\"",
		 AOVPN_CERTAIN},
		{EACCES, "no-route",
		 "EACCES, a route or rule of type "
		 "\"prohibit\"",
		 AOVPN_CERTAIN},
		{EINVAL, "no-route",
		 "EINVAL, a route or rule of type "
		 "\"blackhole\"",
		 AOVPN_CERTAIN},
		{ENETDOWN, "no-route", "ENETDOWN", AOVPN_CERTAIN},
		{ENODEV, "no-route", "ENODEV", AOVPN_CERTAIN},
		{EADDRNOTAVAIL, "no-route", "EADDRNOTAVAIL", AOVPN_CERTAIN},
		{EPERM, "local-firewall-out", "EPERM", AOVPN_LIKELY},
		{EMSGSIZE, "path-mtu", "EMSGSIZE", AOVPN_LIKELY},
		{ENOBUFS, "unknown", "3 of 3 times: errno 105", AOVPN_POSSIBLE},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		refuse_all(table[i].error, 1);
		expect(809, table[i].cause, table[i].confidence,
		       AOVPN_STAGE_REACH);
		CU_ASSERT_EQUAL(out.count, 1);
		CU_ASSERT(evidence_has(table[i].line));
		CU_ASSERT(evidence_has("198.51.100.10 port 500, 3 of 3 times"));
	}
}

static void fragments_of_one_message_count_once(void)
{
	refuse_all(ENETUNREACH, 4);
	expect(809, "no-route", AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	CU_ASSERT(evidence_has("3 of 3 times"));
}

/* The tracer saw the filter at work: EPERM has no other reading. */
static void a_refusal_by_a_filter_is_certain_by_its_drop(void)
{
	refuse_all(EPERM, 1);
	add_sent(&a, false);
	add_drop(&a, false, "NETFILTER_DROP");
	expect(809, "local-firewall-out", AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	CU_ASSERT_EQUAL(out.count, 1);
	CU_ASSERT(evidence_has("NETFILTER_DROP"));
	CU_ASSERT(evidence_has("EPERM"));
}

/* Nothing left the machine, and the errno says why: no guess beside it. */
static void an_errno_stands_before_the_inference(void)
{
	refuse_all(EPERM, 1);
	add_sent(&a, false);
	expect(809, "local-firewall-out", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_FALSE(has_cause("no-route"));
}

static void a_refused_send_that_was_answered_explains_nothing(void)
{
	refuse_all(ENETUNREACH, 1);
	add_retransmit(&a, 3, 0);
	add_in(&a, 34, 0, 16430);
	add_out(&a, 35, 1);
	add_retransmits(&a, 2, 1, 1200);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_FALSE(has_cause("no-route"));
}

static void what_got_out_lowers_the_confidence(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_retransmit(&a, 1, 0);
	add_send_failed(&a, ENETUNREACH);
	expect(809, "no-route", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT(evidence_has("1 of 2 times"));
	CU_ASSERT_FALSE(has_cause("udp500-no-answer"));

	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_send_failed(&a, ENETUNREACH);
	add_retransmit(&a, 1, 0);
	expect(809, "udp500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_EQUAL(out.count, 2);
	CU_ASSERT_STRING_EQUAL(out.finding[1].cause->slug, "no-route");
	CU_ASSERT_EQUAL(out.finding[1].confidence, AOVPN_POSSIBLE);
}

/* The route goes in the middle of EAP: the code is the stage's, the cause not
 * NPS. */
static void a_refused_send_in_the_middle_of_eap(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_send_failed(&a, EHOSTUNREACH);
	add_retransmit(&a, 1, 4);
	add_send_failed(&a, EHOSTUNREACH);
	expect(718, "no-route", AOVPN_CERTAIN, AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_EQUAL(out.count, 1);
}

static void a_filter_in_the_middle_of_eap(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_send_failed(&a, EPERM);
	expect(812, "local-firewall-out", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_IDENTITY);

	attempt_begin(&a);
	reach_identity(&a);
	add_drop(&a, false, "NETFILTER_DROP");
	add_send_failed(&a, EPERM);
	expect(812, "local-firewall-out", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_IDENTITY);
}

/* Refused before any request was seen, as a response may be. */
static void a_refused_send_without_its_request(void)
{
	attempt_begin(&a);
	add_send_failed(&a, ENETUNREACH);
	add_out(&a, 34, 0);
	add_send_failed(&a, ENETUNREACH);
	expect(809, "no-route", AOVPN_CERTAIN, AOVPN_STAGE_REACH);
	CU_ASSERT(evidence_has("2 of 2 times"));
}

static void without_a_tracer_silence_stays_silence(void)
{
	attempt_begin(&a);
	a.sees_egress = false;
	a.live[AOVPN_SOURCE_KERNEL] = false;
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_retransmits(&a, 2, 0, 400);
	expect(809, "udp500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
}

static void names_that_do_not_resolve(void)
{
	attempt_begin(&a);
	add_resolve_error(&a, EAI_NONAME);
	expect(868, "dns-no-such-name", AOVPN_LIKELY, AOVPN_STAGE_RESOLVE);
	attempt_begin(&a);
	add_resolve_error(&a, EAI_AGAIN);
	expect(868, "dns-no-answer", AOVPN_LIKELY, AOVPN_STAGE_RESOLVE);
}

/* Else what its error means is told. */
static void a_resolver_s_own_words(void)
{
	attempt_begin(&a);
	add_resolve_error(&a, EAI_SYSTEM);
	strcpy(a.observations[0].u.resolved.text, "Network is unreachable");
	expect(868, "dns-no-answer", AOVPN_LIKELY, AOVPN_STAGE_RESOLVE);
	CU_ASSERT_STRING_EQUAL(out.finding[0].evidence[0],
			       "resolving \"vpn.contoso.test\": Network is "
			       "unreachable");
}

static void local_failures_give_their_own_code(void)
{
	static const struct {
		const char *cause;
		int32_t code;
	} table[] = {
		{"profile-unknown", 623},     {"profile-invalid", 625},
		{"client-cert-missing", 798}, {"client-key-password", 869},
		{"client-cert-expired", 854}, {"charon-absent", 827},
		{"plugin-missing", 850},      {"dial-in-progress", 756},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		add_local_failure(&a, table[i].cause);
		expect(table[i].code, table[i].cause, AOVPN_CERTAIN,
		       AOVPN_STAGE_CREDENTIAL);
	}
}

static void proposals_refused(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 14);
	/* Not authenticated: anybody could have sent it. */
	expect(13868, "ike-proposal-mismatch", AOVPN_LIKELY,
	       AOVPN_STAGE_NEGOTIATE);
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 3, 0);
	add_in(&a, 35, 11, 14);
	expect(13868, "esp-proposal-mismatch", AOVPN_CERTAIN,
	       AOVPN_STAGE_CONFIGURE);
}

static void child_refused_by_notify(void)
{
	static const struct {
		uint16_t notify;
		int32_t code;
		const char *cause;
	} table[] = {
		{36, 840, "address-unavailable"},
		{37, 841, "configuration-required"},
		{38, 842, "traffic-selectors-refused"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		reach_certificate(&a);
		add_eap_in(&a, 3, 0);
		add_in(&a, 35, 11, table[i].notify);
		add_state(&a, AOVPN_IKE_ESTABLISHED);
		expect(table[i].code, table[i].cause, AOVPN_CERTAIN,
		       AOVPN_STAGE_CONFIGURE);
	}
}

static void gateway_certificate_refused(void)
{
	static const struct {
		uint32_t error;
		const char *cause;
	} table[] = {
		{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		 "gateway-cert-untrusted"},
		{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
		 "gateway-cert-untrusted"},
		{X509_V_ERR_CERT_HAS_EXPIRED, "gateway-cert-expired"},
		{X509_V_ERR_HOSTNAME_MISMATCH, "gateway-cert-name-mismatch"},
		{X509_V_ERR_INVALID_PURPOSE, "gateway-cert-no-server-auth"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		reach_auth(&a);
		add_refused(&a, AOVPN_CERT_GATEWAY, table[i].error);
		expect(13801, table[i].cause, AOVPN_LIKELY,
		       AOVPN_STAGE_GATEWAY_AUTH);
	}
	attempt_begin(&a);
	reach_auth(&a);
	add_eap_in(&a, 1, 1);
	add_alert(&a, AOVPN_ALERT_CERT_NO_ISSUER, "CN=vpn.contoso.test");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	expect(13801, "gateway-cert-untrusted", AOVPN_LIKELY,
	       AOVPN_STAGE_GATEWAY_AUTH);
}

static void revocation_of_the_gateway_unknown(void)
{
	attempt_begin(&a);
	a.gateway_revocation_hard = true;
	reach_auth(&a);
	add_eap_in(&a, 1, 1);
	add_alert(&a, AOVPN_ALERT_CERT_VALIDATION_FAILED, "CN=Issuing CA");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	expect(13801, "gateway-cert-revocation-unknown", AOVPN_LIKELY,
	       AOVPN_STAGE_GATEWAY_AUTH);
	/* Where the profile does not insist, it was something else. */
	attempt_begin(&a);
	reach_auth(&a);
	add_eap_in(&a, 1, 1);
	add_alert(&a, AOVPN_ALERT_CERT_VALIDATION_FAILED, "CN=Issuing CA");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	expect(13801, "gateway-cert-untrusted", AOVPN_POSSIBLE,
	       AOVPN_STAGE_GATEWAY_AUTH);
}

static void nps_certificate_refused(void)
{
	static const struct {
		uint32_t error;
		int32_t code;
		const char *cause;
	} table[] = {
		{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 864,
		 "nps-cert-untrusted"},
		{X509_V_ERR_CERT_HAS_EXPIRED, 858, "nps-cert-expired"},
		{X509_V_ERR_HOSTNAME_MISMATCH, 864, "nps-cert-name-mismatch"},
		{X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, 860,
		 "nps-cert-revocation-unknown"},
		{X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, 860,
		 "nps-cert-revocation-unknown"},
		{X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, 860,
		 "nps-cert-revocation-unknown"},
		{X509_V_ERR_DIFFERENT_CRL_SCOPE, 860,
		 "nps-cert-revocation-unknown"},
		{X509_V_ERR_CRL_PATH_VALIDATION_ERROR, 860,
		 "nps-cert-revocation-unknown"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		reach_identity(&a);
		add_tls(&a, AOVPN_TLS_STARTED);
		add_refused(&a, AOVPN_CERT_NPS, table[i].error);
		add_eap_in(&a, 4, 0);
		expect(table[i].code, table[i].cause, AOVPN_CERTAIN,
		       AOVPN_STAGE_EAP_TLS);
	}
}

static void an_issuing_ca_without_cdp(void)
{
	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-revocation-unknown", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(out.finding[0].evidence[0], "CN=Issuing CA"));
	/* The same with an alert that says nothing. */
	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_tls_alert(&a, 49);
	expect(853, "client-cert-revocation-unknown", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
}

static void a_root_without_cdp_is_no_defect(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-untrusted", AOVPN_POSSIBLE,
	       AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_FALSE(has_cause("client-cert-revocation-unknown"));
	CU_ASSERT_TRUE(has_cause("client-cert-rejected"));
}

static void a_certificate_without_sid(void)
{
	attempt_begin(&a);
	a.chain.certificate[0].sid_uri[0] = '\0';
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-no-sid", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	strcpy(a.chain.certificate[0].sid_uri, "S-1-12-1-1-2-3-4");
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-cloud-only-sid", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
}

static void alerts_that_say_why(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 44);
	expect(855, "client-cert-revoked", AOVPN_CERTAIN, AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 45);
	/* Valid by our clock, expired by the server's: a clock is wrong. */
	expect(854, "client-clock-wrong", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_TRUE(has_cause("client-cert-expired"));
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 48);
	expect(853, "client-cert-untrusted", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	reach_identity(&a);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_tls_alert(&a, 70);
	expect(812, "tls-version-mismatch", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
}

static void a_warning_counts_if_failure_follows(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_warning(&a, 44);
	add_eap_in(&a, 4, 0);
	expect(855, "client-cert-revoked", AOVPN_CERTAIN, AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_warning(&a, 0); /* close_notify says nothing */
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-untrusted", AOVPN_POSSIBLE,
	       AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_warning(&a, 44);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	expect(812, "nps-policy-after-tls", AOVPN_LIKELY,
	       AOVPN_STAGE_AUTHORIZE);
}

#define INVALID_PACKET  (-2143158249)
#define ILLEGAL_MESSAGE (-2146893018)

static void a_server_that_breaks_the_protocol(void)
{
	static const struct {
		uint32_t library, reason;
		int32_t code;
		const char *cause;
		enum aovpn_confidence confidence;
	} table[] = {
		{256, AOVPN_EAP_MALFORMED, INVALID_PACKET, "eap-tls-malformed",
		 AOVPN_CERTAIN},
		{256, AOVPN_EAP_TOO_MANY, INVALID_PACKET, "eap-tls-malformed",
		 AOVPN_CERTAIN},
		{256, AOVPN_EAP_OTHER_TYPE, INVALID_PACKET, "eap-tls-malformed",
		 AOVPN_CERTAIN},
		{256, AOVPN_EAP_TOO_LONG, INVALID_PACKET, "eap-tls-too-long",
		 AOVPN_CERTAIN},
		{256, AOVPN_EAP_SUCCESS_EARLY, INVALID_PACKET,
		 "eap-success-early", AOVPN_CERTAIN},
		{256, AOVPN_EAP_SUCCESS_UNCONFIRMED, INVALID_PACKET,
		 "eap-success-unconfirmed", AOVPN_CERTAIN},
		{256, AOVPN_EAP_TLS_CLOSED, ILLEGAL_MESSAGE, "tls-broken",
		 AOVPN_CERTAIN},
		{256, AOVPN_EAP_TLS_DATA, ILLEGAL_MESSAGE, "tls-broken",
		 AOVPN_CERTAIN},
		/* nothing that the server did */
		{256, AOVPN_EAP_NO_MEMORY, 853, "unknown", AOVPN_LIKELY},
		{ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER, ILLEGAL_MESSAGE,
		 "tls-broken", AOVPN_LIKELY},
		{ERR_LIB_ASN1, 13, ILLEGAL_MESSAGE, "tls-broken", AOVPN_LIKELY},
		{ERR_LIB_PROV, PROV_R_CIPHER_OPERATION_FAILED, ILLEGAL_MESSAGE,
		 "tls-broken", AOVPN_LIKELY},
		/* no version in common is no breach; unknown stays unknown */
		{ERR_LIB_SSL, SSL_R_UNSUPPORTED_PROTOCOL, 853,
		 "client-cert-rejected", AOVPN_POSSIBLE},
		{ERR_LIB_EVP, 1, 853, "client-cert-rejected", AOVPN_POSSIBLE},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		reach_certificate(&a);
		add_tls_failed(&a, table[i].library, table[i].reason);
		add_eap_in(&a, 4, 0);
		expect(table[i].code, table[i].cause, table[i].confidence,
		       AOVPN_STAGE_EAP_TLS);
	}
}

static void heard_and_lost(enum aovpn_source source)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_failed(&a, 256, AOVPN_EAP_MALFORMED);
	add_eap_in(&a, 4, 0);
	a.lost[source] = 1;
}

/* Silence may be a loss of ours; what was heard was heard, unless those who
 * hear lost something; and what we did ourselves we know. */
static void lost_events_lower_confidence(void)
{
	unanswered();
	add_fragment(&a, 7, 0, 1480, true, 2334);
	a.lost[AOVPN_SOURCE_KERNEL] = 7;
	expect(809, "fragments-lost", AOVPN_POSSIBLE, AOVPN_STAGE_REACH);
	CU_ASSERT(has_evidence(0, "7 events of this dial were lost"));

	heard_and_lost(AOVPN_SOURCE_KERNEL);
	expect(INVALID_PACKET, "eap-tls-malformed", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_FALSE(has_evidence(0, " lost"));
	heard_and_lost(AOVPN_SOURCE_PLUGIN);
	expect(INVALID_PACKET, "eap-tls-malformed", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
	CU_ASSERT(has_evidence(0, "1 event of this dial was lost"));

	attempt_begin(&a);
	add_local_failure(&a, "client-cert-missing");
	a.lost[AOVPN_SOURCE_PLUGIN] = 1;
	expect(798, "client-cert-missing", AOVPN_CERTAIN,
	       AOVPN_STAGE_CREDENTIAL);
}

static void a_missing_certificate_is_not_the_last_word(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_tls_failed(&a, 256, AOVPN_EAP_NO_CERTIFICATE);
	add_tls_failed(&a, 256, AOVPN_EAP_MALFORMED);
	expect(INVALID_PACKET, "eap-tls-malformed", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_TLS);
}

static void eap_broken_without_the_plugin(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 3, 0);
	expect(INVALID_PACKET, "eap-success-early", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_IDENTITY);
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 2, 13);
	expect(INVALID_PACKET, "eap-tls-malformed", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_IDENTITY);
	attempt_begin(&a);
	reach_certificate(&a);
	add_eap_in(&a, 1, 1);
	add_eap_in(&a, 4, 0);
	expect(INVALID_PACKET, "eap-tls-malformed", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_TLS);
	/* A Notification (RFC 3748 5.2) is in order at any time. */
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 1, 2);
	add_eap_in(&a, 4, 0);
	expect(812, "nps-policy", AOVPN_LIKELY, AOVPN_STAGE_EAP_IDENTITY);
}

static void answers_that_cannot_be_read(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_alert(&a, AOVPN_ALERT_PARSE_ERROR, "body");
	add_retransmits(&a, 4, 5, 300);
	expect(13843, "ike-invalid-message", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	/* charon went on: it has not mattered */
	attempt_begin(&a);
	reach_certificate(&a);
	add_alert(&a, AOVPN_ALERT_PARSE_ERROR, "body");
	add_eap_in(&a, 4, 0);
	expect(853, "client-cert-untrusted", AOVPN_POSSIBLE,
	       AOVPN_STAGE_EAP_TLS);
}

static void keys_that_differ(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 3, 0);
	add_in(&a, 35, 9, 24);
	expect(13801, "eap-keys-differ", AOVPN_LIKELY, AOVPN_STAGE_CONFIGURE);
}

static void refusals_by_policy(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 4, 0);
	expect(812, "nps-policy", AOVPN_LIKELY, AOVPN_STAGE_EAP_IDENTITY);
	/* A client cannot tell this from a RADIUS server that is not there. */
	CU_ASSERT_TRUE(has_cause("nps-unreachable"));
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	expect(812, "nps-policy-after-tls", AOVPN_LIKELY,
	       AOVPN_STAGE_AUTHORIZE);
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 1, 25);
	add_eap_out(&a, 3);
	add_eap_in(&a, 4, 0);
	expect(812, "eap-type-mismatch", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_IDENTITY);
}

/* An attempt that offered a session, up to what the server answered. */
static void offer_session(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_tls_resumed(&a, AOVPN_TLS_STARTED);
}

static void a_refused_resumption_says_nothing_of_the_certificate(void)
{
	offer_session();
	add_eap_in(&a, 4, 0);
	CU_ASSERT_TRUE(aovpn_attempt_resumption_refused(&a));
	expect(812, "tls-resumption-refused", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
	offer_session();
	add_tls_resumed(&a, AOVPN_TLS_FINISHED);
	add_tls_alert(&a, 44);
	CU_ASSERT_TRUE(aovpn_attempt_resumption_refused(&a));
	expect(812, "tls-resumption-refused", AOVPN_LIKELY,
	       AOVPN_STAGE_EAP_TLS);
	offer_session();
	add_tls_resumed(&a, AOVPN_TLS_FINISHED);
	add_tls_resumed(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	CU_ASSERT_TRUE(aovpn_attempt_resumption_refused(&a));
	expect(812, "tls-resumption-refused", AOVPN_LIKELY,
	       AOVPN_STAGE_AUTHORIZE);
	CU_ASSERT_TRUE(out.resumed);
}

static void other_failures_are_no_refused_resumption(void)
{
	/* the server wanted the certificate in spite of the offer */
	offer_session();
	add_tls(&a, AOVPN_TLS_CERTIFICATE_SENT);
	add_tls_alert(&a, 44);
	CU_ASSERT_FALSE(aovpn_attempt_resumption_refused(&a));
	expect(855, "client-cert-revoked", AOVPN_CERTAIN, AOVPN_STAGE_EAP_TLS);
	CU_ASSERT_FALSE(out.resumed);
	/* its own was refused here */
	offer_session();
	add_refused(&a, AOVPN_CERT_NPS, X509_V_ERR_HOSTNAME_MISMATCH);
	add_eap_in(&a, 4, 0);
	CU_ASSERT_FALSE(aovpn_attempt_resumption_refused(&a));
	expect(864, "nps-cert-name-mismatch", AOVPN_CERTAIN,
	       AOVPN_STAGE_EAP_TLS);
	/* none was offered */
	attempt_begin(&a);
	reach_identity(&a);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_eap_in(&a, 4, 0);
	CU_ASSERT_FALSE(aovpn_attempt_resumption_refused(&a));
	expect(812, "tls-version-mismatch", AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	/* silence is no answer */
	offer_session();
	CU_ASSERT_FALSE(aovpn_attempt_resumption_refused(&a));
	aovpn_attempt_clear(&a);
}

static void a_late_failure_points_at_radius(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 4, 0);
	a.observations[a.count - 1].time_ns += 3000000000ull;
	expect(812, "nps-unreachable", AOVPN_LIKELY, AOVPN_STAGE_EAP_IDENTITY);
}

static void the_gateways_own_code_wins(void)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_ms_status(&a, 691, 4);
	expect(691, "nps-policy", AOVPN_LIKELY, AOVPN_STAGE_EAP_IDENTITY);
	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_ms_status(&a, 0x80092012, 4);
	expect((int32_t)0x80092012, "client-cert-revocation-unknown",
	       AOVPN_LIKELY, AOVPN_STAGE_EAP_TLS);
	attempt_begin(&a);
	reach_auth(&a);
	add_ms_status(&a, 0x8007065b, 0); /* HRESULT_FROM_WIN32(1627) */
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 0x65b);
	aovpn_attempt_clear(&a);
}

static void refused_before_eap(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_in(&a, 35, 1, 24);
	expect(13801, "gateway-refused-us", AOVPN_LIKELY,
	       AOVPN_STAGE_GATEWAY_AUTH);
}

static void nothing_seen_is_unknown(void)
{
	attempt_begin(&a);
	expect(691, "unknown", AOVPN_POSSIBLE, AOVPN_STAGE_REACH);
}

static void ends_of_a_tunnel(void)
{
	attempt_begin(&a);
	aovpn_diagnose_end(&a, true, &out);
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_TERMINATED);
	CU_ASSERT_EQUAL(out.ras_code, 631);
	add_retransmits(&a, 2, 9, 80);
	aovpn_diagnose_end(&a, false, &out);
	CU_ASSERT_EQUAL(out.ras_code, 829);
	CU_ASSERT_FALSE(evidence_has("ENETUNREACH"));
	add_send_failed(&a, ENETUNREACH);
	aovpn_diagnose_end(&a, false, &out);
	CU_ASSERT_EQUAL(out.ras_code, 829);
	CU_ASSERT(evidence_has("ENETUNREACH"));
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	add_in(&a, 37, 0, 0);
	a.observations[0].u.ike_message.response = 0;
	aovpn_diagnose_end(&a, false, &out);
	CU_ASSERT_EQUAL(out.ras_code, 629);
	aovpn_attempt_clear(&a);
}

static void ipsec_counters_are_evidence_only(void)
{
	attempt_begin(&a);
	add_xfrm_error(&a, "XfrmInStateProtoError", 12);
	add_retransmits(&a, 2, 9, 80);
	aovpn_diagnose_end(&a, false, &out);
	CU_ASSERT_EQUAL(out.count, 1);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, "link-lost");
	CU_ASSERT(has_evidence(0, "XfrmInStateProtoError 12 times: the "
				  "authentication of a packet failed"));
	aovpn_diagnose_end(&a, true, &out);
	CU_ASSERT_EQUAL(out.count, 1);
	CU_ASSERT_EQUAL(out.ras_code, 631);
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	add_xfrm_error(&a, "XfrmInNoStates", 1);
	add_xfrm_error(&a, "XfrmInStateSeqError", 2);
	add_xfrm_error(&a, "XfrmOfTheFuture", 3);
	aovpn_diagnose_end(&a, false, &out);
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_POSSIBLE);
	CU_ASSERT(has_evidence(0, "XfrmInNoStates 1 time: ESP came in for an "
				  "SPI that is not here"));
	CU_ASSERT(has_evidence(0, "replay window"));
	CU_ASSERT(has_evidence(0, "XfrmOfTheFuture 3 times"));
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 3, 0);
	add_state(&a, AOVPN_IKE_ESTABLISHED);
	add_xfrm_error(&a, "XfrmOutNoStates", 2);
	add_alert(&a, AOVPN_ALERT_INSTALL_CHILD_SA_FAILED, "");
	expect(50, "kernel-no-esp", AOVPN_LIKELY, AOVPN_STAGE_CONFIGURE);
	CU_ASSERT(has_evidence(0, "XfrmOutNoStates"));
	/* Alone they explain nothing. */
	unanswered();
	add_xfrm_error(&a, "XfrmInNoStates", 5);
	expect(809, "udp4500-no-answer", AOVPN_LIKELY, AOVPN_STAGE_REACH);
	CU_ASSERT_FALSE(has_evidence(0, "Xfrm"));
}

/* Any heap of observations gives an outcome that is complete. */
static void random_attempts_always_get_an_outcome(void)
{
	struct aovpn_observation o;
	uint8_t *bytes = (uint8_t *)&o;
	unsigned int round, i;
	size_t k;

	srand(7);
	for (round = 0; round < 300; round++) {
		attempt_begin(&a);
		for (i = 0; i < 20; i++) {
			for (k = 0; k < sizeof(o); k++)
				bytes[k] = (uint8_t)(rand() % 5);
			o.kind = 1 + (unsigned int)rand() %
					     (AOVPN_OBS_KIND_END - 1);
			o.connection[AOVPN_NAME_MAX - 1] = '\0';
			bytes[sizeof(o) - 1] = '\0';
			if (o.kind == AOVPN_OBS_IKE_MESSAGE)
				o.u.ike_message.notify_count %= 16;
			if (o.kind == AOVPN_OBS_LOCAL_FAILURE)
				strcpy(o.u.local_failure.cause, "nonsense");
			/* As the codec leaves them: terminated. */
			memset(&o.u.cert_refused.subject[250], 0, 6);
			memset(&o.u.cert_refused.issuer[250], 0, 6);
			memset(&o.u.cert_refused.names[250], 0, 6);
			aovpn_attempt_add(&a, &o);
		}
		diagnose();
		CU_ASSERT(out.event_id == AOVPN_EVENT_CONNECTED ||
			  out.count > 0);
		aovpn_attempt_clear(&a);
	}
}

CU_TestInfo diagnosis_tests[] = {
	{"connected", connected},
	{"809 udp500-no-answer", silence_on_500},
	{"809 udp4500-no-answer", silence_on_4500},
	{"809 parts of an answer that never was whole",
	 parts_of_an_answer_that_never_was_whole},
	{"809 fragments-lost", a_large_request_without_fragmentation},
	{"809 a fragment that never came", a_fragment_that_never_came},
	{"809 one of two answers lost", one_of_two_answers_lost},
	{"809 fragments that all came", fragments_that_all_came},
	{"809 fragments of other packets", fragments_of_other_packets},
	{"809 more packets than one can hold", more_packets_than_one_can_hold},
	{"718 large messages lost in the middle of EAP",
	 large_messages_lost_in_the_middle_of_eap},
	{"losses that were made good", losses_that_were_made_good},
	{"809 ICMP about ESP names the SPI", icmp_about_esp_names_the_spi},
	{"IPsec's counters are evidence only",
	 ipsec_counters_are_evidence_only},
	{"809 local-firewall-out", dropped_by_the_local_firewall},
	{"809 answers dropped here", the_answer_dropped_here},
	{"809 ICMP is at most likely", icmp_is_at_most_likely},
	{"809 no-route", packets_that_never_left},
	{"809 a refused send names its errno", a_refused_send_names_its_errno},
	{"809 fragments of one message count once",
	 fragments_of_one_message_count_once},
	{"809 a filter's refusal is certain by its drop",
	 a_refusal_by_a_filter_is_certain_by_its_drop},
	{"809 an errno stands before the inference",
	 an_errno_stands_before_the_inference},
	{"809 a refused send that was answered",
	 a_refused_send_that_was_answered_explains_nothing},
	{"809 what got out lowers the confidence",
	 what_got_out_lowers_the_confidence},
	{"718 a refused send in the middle of EAP",
	 a_refused_send_in_the_middle_of_eap},
	{"812 a filter in the middle of EAP", a_filter_in_the_middle_of_eap},
	{"809 a refused send without its request",
	 a_refused_send_without_its_request},
	{"809 without a tracer", without_a_tracer_silence_stays_silence},
	{"868 both causes", names_that_do_not_resolve},
	{"868 in the resolver's words", a_resolver_s_own_words},
	{"local failures give their own code",
	 local_failures_give_their_own_code},
	{"13868 IKE and ESP", proposals_refused},
	{"840, 841, 842", child_refused_by_notify},
	{"13801 by certificate", gateway_certificate_refused},
	{"13801 revocation unknown", revocation_of_the_gateway_unknown},
	{"858, 864 by certificate", nps_certificate_refused},
	{"853 issuing CA without CDP", an_issuing_ca_without_cdp},
	{"a root without CDP is no defect", a_root_without_cdp_is_no_defect},
	{"853 without SID", a_certificate_without_sid},
	{"a warning counts if failure follows",
	 a_warning_counts_if_failure_follows},
	{"a server that breaks the protocol",
	 a_server_that_breaks_the_protocol},
	{"lost events lower the confidence", lost_events_lower_confidence},
	{"a missing certificate is not the last word",
	 a_missing_certificate_is_not_the_last_word},
	{"EAP broken without the plugin", eap_broken_without_the_plugin},
	{"answers that cannot be read", answers_that_cannot_be_read},
	{"keys that differ", keys_that_differ},
	{"TLS alerts that say why", alerts_that_say_why},
	{"812 by policy", refusals_by_policy},
	{"812 a refused resumption",
	 a_refused_resumption_says_nothing_of_the_certificate},
	{"other failures are no refused resumption",
	 other_failures_are_no_refused_resumption},
	{"a late failure points at RADIUS", a_late_failure_points_at_radius},
	{"notify 12345 fixes the code", the_gateways_own_code_wins},
	{"13801 refused before EAP", refused_before_eap},
	{"nothing seen is unknown", nothing_seen_is_unknown},
	{"631, 829, 629 at the end", ends_of_a_tunnel},
	{"random attempts always get an outcome",
	 random_attempts_always_get_an_outcome},
	CU_TEST_INFO_NULL,
};
