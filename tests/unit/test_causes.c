/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_causes.c - what tells causes apart that look alike: an issuer that was
 * not sent from one that nobody trusts, a wrong answer of DNS from silence, the
 * account's mapping from a policy, and what a code of the gateway leaves open.
 */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "build_attempt.h"
#include "diagnosis.h"

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static void diagnose(void)
{
	aovpn_diagnose(&a, &out);
	CU_ASSERT_FATAL(out.count > 0);
}

static void expect_cause(uint32_t at, const char *slug,
			 enum aovpn_confidence confidence)
{
	CU_ASSERT_FATAL(at < out.count);
	CU_ASSERT_STRING_EQUAL(out.finding[at].cause->slug, slug);
	CU_ASSERT_EQUAL(out.finding[at].confidence, confidence);
}

static struct aovpn_observation *last(void)
{
	return &a.observations[a.count - 1];
}

static void nps_refused(const char *issuer, uint32_t depth)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_tls(&a, AOVPN_TLS_STARTED);
	add_refused(&a, AOVPN_CERT_NPS,
		    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	strcpy(last()->u.cert_refused.issuer, issuer);
	last()->u.cert_refused.depth = depth;
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 864);
	aovpn_attempt_clear(&a);
}

static void an_issuer_above_our_own_certificate_was_not_sent(void)
{
	nps_refused("CN=Issuing CA", 0);
	expect_cause(0, "nps-chain-incomplete", AOVPN_LIKELY);
	expect_cause(1, "nps-cert-untrusted", AOVPN_POSSIBLE);
	nps_refused("CN=Another CA", 0);
	expect_cause(0, "nps-cert-untrusted", AOVPN_LIKELY);
	expect_cause(1, "nps-chain-incomplete", AOVPN_POSSIBLE);
	/* A root need not be sent. */
	nps_refused("CN=Root CA", 0);
	expect_cause(0, "nps-cert-untrusted", AOVPN_LIKELY);
	/* Its issuer was sent, and the issuer's was not. */
	nps_refused("CN=Issuing CA", 1);
	expect_cause(0, "nps-cert-untrusted", AOVPN_CERTAIN);
	CU_ASSERT_EQUAL(out.count, 1);
}

static void charon_without_the_gateways_issuer(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_alert(&a, AOVPN_ALERT_CERT_NO_ISSUER, "CN=vpn.contoso.test");
	strcpy(last()->u.alert.issuer, "CN=Issuing CA");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 13801);
	expect_cause(0, "gateway-chain-incomplete", AOVPN_LIKELY);
	expect_cause(1, "gateway-cert-untrusted", AOVPN_POSSIBLE);
	aovpn_attempt_clear(&a);
}

static void silence_from(const char *server, const uint8_t address[4])
{
	attempt_begin(&a);
	strcpy(a.server, server);
	add_out(&a, 34, 0);
	add_retransmits(&a, 4, 0, 400);
	a.flow.family = AF_INET;
	memcpy(a.flow.remote, address, 4);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
	aovpn_attempt_clear(&a);
}

static void a_private_address_is_no_gateway(void)
{
	static const uint8_t wrong[][4] = {{10, 9, 9, 9},
					   {172, 31, 0, 1},
					   {192, 168, 1, 1},
					   {100, 127, 0, 1}};
	static const uint8_t right[][4] = {{11, 9, 9, 9},
					   {172, 32, 0, 1},
					   {192, 167, 1, 1},
					   {100, 128, 0, 1}};
	size_t i;

	for (i = 0; i < 4; i++) {
		silence_from("vpn.contoso.test", wrong[i]);
		expect_cause(0, "dns-wrong-answer", AOVPN_LIKELY);
		expect_cause(1, "udp500-no-answer", AOVPN_LIKELY);
		silence_from("vpn.contoso.test", right[i]);
		expect_cause(0, "udp500-no-answer", AOVPN_LIKELY);
		CU_ASSERT_EQUAL(out.count, 1);
	}
	/* Nobody was asked. */
	silence_from("10.9.9.9", wrong[0]);
	expect_cause(0, "udp500-no-answer", AOVPN_LIKELY);
}

static void whoever_answers_on_loopback_is_no_gateway(void)
{
	attempt_begin(&a);
	reach_auth(&a);
	add_in(&a, 35, 1, 24);
	a.flow.family = AF_INET;
	memcpy(a.flow.remote, (uint8_t[]){127, 0, 0, 1}, 4);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
	expect_cause(0, "dns-wrong-answer", AOVPN_LIKELY);
	aovpn_attempt_clear(&a);
}

static void a_gateway_that_only_wants_cookies(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 16390);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 16390);
	add_retransmits(&a, 4, 0, 400);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 809);
	expect_cause(0, "gateway-overloaded", AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.count, 1);
	aovpn_attempt_clear(&a);
}

static void refused_after_tls(void)
{
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 812);
	aovpn_attempt_clear(&a);
}

static void a_sid_that_cannot_be_mapped_goes_before_policy(void)
{
	attempt_begin(&a);
	strcpy(a.chain.certificate[0].sid_uri, "S-1-12-1-1-2-3-4");
	refused_after_tls();
	expect_cause(0, "client-cert-cloud-only-sid", AOVPN_LIKELY);
	expect_cause(1, "nps-policy-after-tls", AOVPN_LIKELY);
	/* What the handshake has shown to be no trouble is none. */
	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	refused_after_tls();
	expect_cause(0, "nps-policy-after-tls", AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.count, 1);
}

static void silence_after(bool accepted, int32_t code)
{
	attempt_begin(&a);
	reach_certificate(&a);
	if (accepted)
		add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_out(&a, 35, 9);
	add_retransmits(&a, 4, 9, 100);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, code);
	expect_cause(0, "eap-stalled", AOVPN_LIKELY);
	aovpn_attempt_clear(&a);
}

static void silence_in_eap_is_718_and_after_it_809(void)
{
	silence_after(false, 718);
	silence_after(true, 809);
}

static void the_gateway_says(uint32_t value)
{
	attempt_begin(&a);
	reach_identity(&a);
	add_ms_status(&a, value, 4);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, (int32_t)value);
	aovpn_attempt_clear(&a);
}

static void the_gateways_code_ranks_the_causes(void)
{
	the_gateway_says(13806);
	/* Of a stage that is over, or that the dial had not come to. */
	expect_cause(0, "gateway-cert-unavailable", AOVPN_POSSIBLE);
	expect_cause(1, "nps-policy", AOVPN_POSSIBLE);
	the_gateway_says(0x80092013);
	expect_cause(0, "client-cert-crl-stale", AOVPN_POSSIBLE);
	the_gateway_says(853);
	expect_cause(0, "client-cert-untrusted", AOVPN_POSSIBLE);
	the_gateway_says(691);
	expect_cause(0, "nps-policy", AOVPN_LIKELY);
	/* It speaks of nothing that is known here. */
	the_gateway_says(424242);
	expect_cause(0, "nps-policy", AOVPN_POSSIBLE);
}

static void a_dial_that_waits_is_certain_of_nothing(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_drop(&a, false, "NETFILTER_DROP");
	add_retransmit(&a, 1, 0);
	CU_ASSERT_TRUE(aovpn_diagnose_running(&a, &out));
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_HINT);
	expect_cause(0, "local-firewall-out", AOVPN_LIKELY);
	aovpn_attempt_clear(&a);
	/* Nothing was seen, so there is nothing to tell. */
	attempt_begin(&a);
	CU_ASSERT_FALSE(aovpn_diagnose_running(&a, &out));
	add_child_up(&a);
	CU_ASSERT_FALSE(aovpn_diagnose_running(&a, &out));
	aovpn_attempt_clear(&a);
}

static void a_message_decides_and_silence_does_not(void)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	CU_ASSERT_FALSE(aovpn_attempt_is_decided(&a));
	add_icmp(&a, 3, 3);
	CU_ASSERT_FALSE(aovpn_attempt_is_decided(&a));
	add_in(&a, 34, 0, 14);
	CU_ASSERT_TRUE(aovpn_attempt_is_decided(&a));
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	reach_identity(&a);
	CU_ASSERT_FALSE(aovpn_attempt_is_decided(&a));
	add_eap_in(&a, 4, 0);
	CU_ASSERT_TRUE(aovpn_attempt_is_decided(&a));
	aovpn_attempt_clear(&a);
}

static void the_packet_that_decides(void)
{
	uint64_t decided;

	attempt_begin(&a);
	reach_identity(&a);
	add_eap_in(&a, 4, 0);
	decided = last()->time_ns;
	CU_ASSERT_EQUAL(aovpn_attempt_decided_ns(&a), decided);
	/* The answer to our taking leave decides nothing. */
	add_in(&a, 37, 3, 0);
	CU_ASSERT_EQUAL(aovpn_attempt_decided_ns(&a), decided);
	add_retransmits(&a, 1, 4, 100);
	CU_ASSERT_EQUAL(aovpn_attempt_decided_ns(&a), 0);
	aovpn_attempt_clear(&a);
}

/* --- the clock ------------------------------------------------------------ */

#define YEAR ((int64_t)365 * 86400)

static void add_clock(bool synchronised, int64_t latest, int64_t stepped)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_CLOCK,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = 1,
	};

	o.u.clock.synchronised = synchronised;
	o.u.clock.latest = (uint64_t)latest;
	o.u.clock.stepped = (int32_t)stepped;
	strcpy(o.u.clock.latest_by, "something happened on");
	aovpn_attempt_add(&a, &o);
}

/* Our own certificate is outside its validity by the clock. */
static void out_of_date(const char *slug)
{
	add_local_failure(&a, slug);
	diagnose();
	aovpn_attempt_clear(&a);
}

static void expect_clock(const char *slug, int32_t code)
{
	out_of_date(slug);
	CU_ASSERT_EQUAL(out.ras_code, code);
	expect_cause(0, "client-clock-wrong", AOVPN_LIKELY);
	expect_cause(1, slug, AOVPN_LIKELY);
}

static void evidence_of_a_wrong_clock(void)
{
	/* A server's time, either way. */
	attempt_begin(&a);
	a.chain.server_time = a.started_at - YEAR;
	a.chain.server_asked_at = a.started_at;
	expect_clock("client-cert-expired", 854);
	attempt_begin(&a);
	a.chain.server_time = a.started_at + YEAR;
	a.chain.server_asked_at = a.started_at;
	expect_clock("client-cert-not-yet-valid", 853);
	/* A step since the last success, and what is past for sure. */
	attempt_begin(&a);
	add_clock(true, 0, YEAR);
	expect_clock("client-cert-expired", 854);
	attempt_begin(&a);
	add_clock(true, a.started_at + YEAR, 0);
	expect_clock("client-cert-not-yet-valid", 853);
	/* A CA and a CRL from the future. */
	attempt_begin(&a);
	a.chain.certificate[1].not_before = a.started_at + YEAR;
	expect_clock("client-cert-not-yet-valid", 853);
	attempt_begin(&a);
	a.chain.certificate[0].revocation.this_update = a.started_at + YEAR;
	expect_clock("client-cert-not-yet-valid", 853);
}

static void what_is_no_evidence_of_it(void)
{
	/* Evidence that it is behind does not make anything expire. */
	attempt_begin(&a);
	add_clock(true, a.started_at + YEAR, -YEAR);
	out_of_date("client-cert-expired");
	expect_cause(0, "client-cert-expired", AOVPN_CERTAIN);
	CU_ASSERT_EQUAL(out.count, 1);
	/* An hour is a time zone, and no time service no proof. */
	attempt_begin(&a);
	add_clock(false, 0, 3600);
	a.chain.server_time = 0;
	out_of_date("client-cert-expired");
	expect_cause(0, "client-cert-expired", AOVPN_CERTAIN);
	expect_cause(1, "client-clock-wrong", AOVPN_POSSIBLE);
	/* A server agrees. */
	attempt_begin(&a);
	add_clock(false, 0, 0);
	a.chain.server_time = a.started_at - 3600;
	a.chain.server_asked_at = a.started_at;
	out_of_date("client-cert-expired");
	CU_ASSERT_EQUAL(out.count, 1);
	/* The certificate begins in the future, its CA does not. */
	attempt_begin(&a);
	a.chain.certificate[0].not_before = a.started_at + YEAR;
	out_of_date("client-cert-not-yet-valid");
	expect_cause(0, "client-cert-not-yet-valid", AOVPN_CERTAIN);
}

static void servers_outside_their_validity(void)
{
	static const struct {
		uint32_t role, error;
		int32_t code, stepped;
		const char *cause;
	} table[] = {
		{AOVPN_CERT_GATEWAY, X509_V_ERR_CERT_HAS_EXPIRED, 13801, YEAR,
		 "gateway-cert-expired"},
		{AOVPN_CERT_GATEWAY, X509_V_ERR_CERT_NOT_YET_VALID, 13801,
		 -YEAR, "gateway-cert-expired"},
		{AOVPN_CERT_NPS, X509_V_ERR_CERT_HAS_EXPIRED, 858, YEAR,
		 "nps-cert-expired"},
		{AOVPN_CERT_NPS, X509_V_ERR_CERT_NOT_YET_VALID, 858, -YEAR,
		 "nps-cert-expired"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		attempt_begin(&a);
		reach_identity(&a);
		add_clock(true, 0, table[i].stepped);
		add_refused(&a, table[i].role, table[i].error);
		diagnose();
		CU_ASSERT_EQUAL(out.ras_code, table[i].code);
		expect_cause(0, "client-clock-wrong", AOVPN_LIKELY);
		expect_cause(1, table[i].cause, AOVPN_LIKELY);
		aovpn_attempt_clear(&a);
	}
}

static void nps_calls_expired_what_is_valid_here(void)
{
	attempt_begin(&a);
	reach_certificate(&a);
	add_tls_alert(&a, 45);
	diagnose();
	expect_cause(0, "client-clock-wrong", AOVPN_LIKELY);
	expect_cause(1, "client-cert-expired", AOVPN_LIKELY);
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	a.chain.server_time = a.chain.server_asked_at = a.started_at;
	reach_certificate(&a);
	add_tls_alert(&a, 45);
	diagnose();
	CU_ASSERT_EQUAL(out.ras_code, 854);
	expect_cause(0, "client-cert-expired", AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.count, 1);
	aovpn_attempt_clear(&a);
}

/* --- the end of a tunnel ---------------------------------------------------
 */

static void expect_end(bool by_user, int32_t code, const char *slug)
{
	aovpn_diagnose_end(&a, by_user, &out);
	CU_ASSERT_EQUAL(out.event_id, AOVPN_EVENT_TERMINATED);
	CU_ASSERT_EQUAL(out.ras_code, code);
	CU_ASSERT_FATAL(out.count > 0);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, slug);
	aovpn_attempt_clear(&a);
}

static void sleep_for(uint64_t seconds)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_SUSPENDED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = 1,
	};

	o.u.suspended.seconds = seconds;
	attempt_begin(&a);
	aovpn_attempt_add(&a, &o);
}

static void a_tunnel_that_did_not_outlast_sleep(void)
{
	sleep_for(600);
	add_retransmits(&a, 4, 5, 100);
	expect_end(false, 833, "suspended");
	sleep_for(600);
	add_in(&a, 37, 3, 0);
	a.observations[a.count - 1].u.ike_message.response = 0;
	expect_end(false, 833, "suspended");
	sleep_for(600);
	expect_end(true, 631, "user-disconnected");
}

static void what_ended_it_here_has_its_own_code(void)
{
	attempt_begin(&a);
	add_local_failure(&a, "service-stopped");
	expect_end(true, 834, "service-stopped");
	attempt_begin(&a);
	add_local_failure(&a, "charon-absent");
	expect_end(false, 829, "charon-absent");
}

static void answer_rekeying(uint16_t notify)
{
	add_out(&a, 36, 3);
	add_in(&a, 36, 3, notify);
}

static void keys_that_were_not_renewed(void)
{
	attempt_begin(&a);
	answer_rekeying(14);
	CU_ASSERT_TRUE(aovpn_attempt_not_renewed(&a));
	expect_end(false, 829, "child-rekey-failed");
	attempt_begin(&a);
	answer_rekeying(14);
	add_in(&a, 37, 4, 0);
	a.observations[a.count - 1].u.ike_message.response = 0;
	expect_end(false, 829, "child-rekey-failed");
	CU_ASSERT_FATAL(out.count > 1);
	CU_ASSERT_STRING_EQUAL(out.finding[1].cause->slug, "peer-closed");
}

/* TEMPORARY_FAILURE is no verdict, and what works later was none. */
static void keys_that_were_renewed_after_all(void)
{
	attempt_begin(&a);
	answer_rekeying(43);
	CU_ASSERT_FALSE(aovpn_attempt_not_renewed(&a));
	answer_rekeying(17);
	answer_rekeying(0);
	CU_ASSERT_FALSE(aovpn_attempt_not_renewed(&a));
	add_in(&a, 37, 4, 0);
	a.observations[a.count - 1].u.ike_message.response = 0;
	expect_end(false, 629, "peer-closed");
}

static void lose_address(uint8_t last)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_ADDRESS_GONE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
		.flow = {.family = AF_INET, .local = {192, 0, 2, last}},
	};

	aovpn_attempt_add(&a, &o);
}

static void a_tunnel_that_could_not_follow(void)
{
	attempt_begin(&a);
	add_retransmits(&a, 4, 5, 100);
	lose_address(10);
	expect_end(false, 829, "network-changed");
	CU_ASSERT_FATAL(out.count > 1);
	CU_ASSERT_STRING_EQUAL(out.finding[1].cause->slug, "link-lost");
	CU_ASSERT_EQUAL(out.finding[1].confidence, AOVPN_POSSIBLE);
	/* charon says nothing where MOBIKE has looked in vain. */
	attempt_begin(&a);
	lose_address(10);
	expect_end(false, 829, "network-changed");
	attempt_begin(&a);
	add_retransmits(&a, 4, 5, 100);
	expect_end(false, 829, "link-lost");
}

/* It was answered where it is now, and lost later. */
static void a_tunnel_that_had_followed(void)
{
	attempt_begin(&a);
	add_in(&a, 37, 4, 0);
	a.observations[a.count - 1].flow = (struct aovpn_flow){
		.family = AF_INET, .local = {192, 0, 2, 11}};
	add_retransmits(&a, 4, 5, 100);
	lose_address(10);
	expect_end(false, 829, "link-lost");
	CU_ASSERT_EQUAL(out.count, 1);
}

static void fail_send(int32_t error)
{
	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_send_failed(&a, error);
	add_retransmits(&a, 4, 0, 400);
	add_send_failed(&a, error);
	diagnose();
	aovpn_attempt_clear(&a);
}

static void charon_without_a_socket(void)
{
	fail_send(EADDRINUSE);
	expect_cause(0, "ike-port-in-use", AOVPN_CERTAIN);
	CU_ASSERT_EQUAL(out.ras_code, 633);
	fail_send(EBADF);
	expect_cause(0, "ike-port-in-use", AOVPN_LIKELY);
	fail_send(ENETUNREACH);
	expect_cause(0, "no-route", AOVPN_LIKELY);
}

/* charon is told the address that aovpnd has found. */
static void an_address_that_charon_cannot_use(void)
{
	attempt_begin(&a);
	add_alert(&a, AOVPN_ALERT_PEER_ADDR_FAILED, "");
	add_resolve_error(&a, 0);
	diagnose();
	aovpn_attempt_clear(&a);
	expect_cause(0, "ike-port-in-use", AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.ras_code, 633);
}

static void refuse_gateway(bool signature)
{
	attempt_begin(&a);
	reach_auth(&a);
	if (signature)
		add_alert(&a, AOVPN_ALERT_PEER_SIGNATURE, "");
	add_alert(&a, AOVPN_ALERT_PEER_AUTH_FAILED, "");
	diagnose();
	aovpn_attempt_clear(&a);
}

static void a_signature_that_does_not_verify(void)
{
	refuse_gateway(true);
	expect_cause(0, "gateway-signature-refused", AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.count, 1);
	CU_ASSERT_EQUAL(out.ras_code, 13801);
	refuse_gateway(false);
	expect_cause(0, "gateway-cert-untrusted", AOVPN_POSSIBLE);
}

static void a_gateway_without_certificate(void)
{
	attempt_begin(&a);
	add_out(&a, 35, 1);
	add_in(&a, 35, 1, 24);
	diagnose();
	aovpn_attempt_clear(&a);
	expect_cause(0, "gateway-refused-us", AOVPN_LIKELY);
	expect_cause(1, "gateway-cert-unavailable", AOVPN_POSSIBLE);
}

static void be_silent(bool web_page)
{
	attempt_begin(&a);
	a.chain.certificate[0].revocation.web_page = web_page;
	add_out(&a, 34, 0);
	add_retransmits(&a, 4, 0, 400);
}

static void a_page_where_a_crl_should_be(void)
{
	be_silent(true);
	diagnose();
	aovpn_attempt_clear(&a);
	CU_ASSERT_EQUAL(out.ras_code, 809);
	expect_cause(0, "captive-portal", AOVPN_LIKELY);
	expect_cause(1, "udp500-no-answer", AOVPN_LIKELY);
	be_silent(false);
	diagnose();
	aovpn_attempt_clear(&a);
	expect_cause(0, "udp500-no-answer", AOVPN_LIKELY);
	/* A gateway that answers is behind no portal. */
	be_silent(true);
	add_in(&a, 34, 0, 0);
	add_retransmits(&a, 4, 1, 400);
	diagnose();
	aovpn_attempt_clear(&a);
	expect_cause(0, "udp4500-no-answer", AOVPN_LIKELY);
}

/* What ICMP says of the next hop this machine itself has found out. */
static void a_next_hop_that_is_not_there(void)
{
	be_silent(false);
	add_icmp(&a, 3, 1);
	last()->flow.local[0] = 192;
	memcpy(last()->u.icmp.from, last()->flow.local, 16);
	diagnose();
	expect_cause(0, "neighbour-unreachable", AOVPN_LIKELY);
	last()->u.icmp.from[0] = 193;
	diagnose();
	aovpn_attempt_clear(&a);
	expect_cause(0, "icmp-host-unreachable", AOVPN_LIKELY);
}

static void alert_unknown_ca(int32_t error)
{
	struct aovpn_chain_facts *chain = &a.chain;

	attempt_begin(&a);
	chain->verified = true;
	if (error)
		chain->error[chain->error_count++] = (struct aovpn_chain_error){
			.x509_error = error, .depth = 1};
	reach_certificate(&a);
	add_tls_alert(&a, 48);
	diagnose();
	aovpn_attempt_clear(&a);
	CU_ASSERT_EQUAL(out.ras_code, 853);
}

static void unknown_ca_of_a_chain_that_may_not_be(void)
{
	alert_unknown_ca(X509_V_ERR_PATH_LENGTH_EXCEEDED);
	expect_cause(0, "client-chain-invalid", AOVPN_LIKELY);
	expect_cause(1, "client-cert-untrusted", AOVPN_POSSIBLE);
	alert_unknown_ca(0);
	expect_cause(0, "client-cert-untrusted", AOVPN_LIKELY);
}

CU_TestInfo causes_tests[] = {
	{"a page where a CRL should be", a_page_where_a_crl_should_be},
	{"a next hop that is not there", a_next_hop_that_is_not_there},
	{"unknown_ca of a chain that may not be",
	 unknown_ca_of_a_chain_that_may_not_be},
	{"keys that were not renewed", keys_that_were_not_renewed},
	{"keys that were renewed after all", keys_that_were_renewed_after_all},
	{"a tunnel that could not follow", a_tunnel_that_could_not_follow},
	{"a tunnel that had followed", a_tunnel_that_had_followed},
	{"charon without a socket", charon_without_a_socket},
	{"an address that charon cannot use",
	 an_address_that_charon_cannot_use},
	{"a signature that does not verify", a_signature_that_does_not_verify},
	{"a gateway without certificate", a_gateway_without_certificate},
	{"a tunnel that did not outlast sleep",
	 a_tunnel_that_did_not_outlast_sleep},
	{"what ended it here has its own code",
	 what_ended_it_here_has_its_own_code},
	{"evidence of a wrong clock", evidence_of_a_wrong_clock},
	{"what is no evidence of it", what_is_no_evidence_of_it},
	{"servers outside their validity", servers_outside_their_validity},
	{"NPS calls expired what is valid here",
	 nps_calls_expired_what_is_valid_here},
	{"a dial that waits is certain of nothing",
	 a_dial_that_waits_is_certain_of_nothing},
	{"a message decides, silence does not",
	 a_message_decides_and_silence_does_not},
	{"the packet that decides", the_packet_that_decides},
	{"an issuer above our own certificate was not sent",
	 an_issuer_above_our_own_certificate_was_not_sent},
	{"charon without the gateway's issuer",
	 charon_without_the_gateways_issuer},
	{"a private address is no gateway", a_private_address_is_no_gateway},
	{"whoever answers on loopback is no gateway",
	 whoever_answers_on_loopback_is_no_gateway},
	{"a gateway that only wants cookies",
	 a_gateway_that_only_wants_cookies},
	{"a SID that cannot be mapped goes before policy",
	 a_sid_that_cannot_be_mapped_goes_before_policy},
	{"silence in EAP is 718, after it 809",
	 silence_in_eap_is_718_and_after_it_809},
	{"the gateway's code ranks the causes",
	 the_gateways_code_ranks_the_causes},
	CU_TEST_INFO_NULL,
};
