/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_history.c - what was there at the last success explains nothing now;
 * what has changed since does. */
#include "history.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"
#include "diagnosis.h"

#define DAY 86400

static struct aovpn_attempt a;
static struct aovpn_outcome out;

/* The chain as it was at a success a day ago, by way of change. */
static void succeed(void (*change)(struct aovpn_chain_facts *chain),
		    bool resumed)
{
	attempt_begin(&a);
	strcpy(a.chain.certificate[0].thumbprint, "aa");
	a.flow.family = AF_INET;
	memcpy(a.flow.remote, "\xc6\x33\x64\x0a", 4);
	if (change)
		change(&a.chain);
	aovpn_history_note(&a, resumed, a.started_at - DAY);
}

/* What becomes of the dial now, after another change. */
static void refuse(void (*change)(struct aovpn_chain_facts *chain))
{
	if (change)
		change(&a.chain);
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 853);
}

static void done(void)
{
	aovpn_attempt_clear(&a);
}

static const struct aovpn_finding *finding(const char *slug)
{
	uint32_t i;

	for (i = 0; i < out.count; i++)
		if (strcmp(out.finding[i].cause->slug, slug) == 0)
			return &out.finding[i];
	return NULL;
}

static bool says(const struct aovpn_finding *f, const char *text)
{
	uint32_t i;

	for (i = 0; f && i < f->evidence_count; i++)
		if (strstr(f->evidence[i], text))
			return true;
	return false;
}

static void is_first(const char *slug)
{
	if (strcmp(out.finding[0].cause->slug, slug) != 0) {
		CU_FAIL("another cause is first");
		printf("    %s, not %s\n", out.finding[0].cause->slug, slug);
	}
}

static void no_cdp(struct aovpn_chain_facts *chain)
{
	chain->certificate[1].has_cdp = false;
}

static void a_cdp(struct aovpn_chain_facts *chain)
{
	chain->certificate[1].has_cdp = true;
}

static void no_sid(struct aovpn_chain_facts *chain)
{
	chain->certificate[0].sid_uri[0] = '\0';
}

static void renew(struct aovpn_chain_facts *chain)
{
	strcpy(chain->certificate[0].thumbprint, "bb");
	strcpy(chain->certificate[0].subject, "CN=user1 anew");
}

static void stale(struct aovpn_chain_facts *chain)
{
	chain->certificate[0].revocation.state = AOVPN_REVOCATION_STALE;
}

static void offline(struct aovpn_chain_facts *chain)
{
	chain->certificate[0].revocation.state = AOVPN_REVOCATION_OFFLINE;
}

static void good(struct aovpn_chain_facts *chain)
{
	chain->certificate[0].revocation.state = AOVPN_REVOCATION_GOOD;
}

static void revoked(struct aovpn_chain_facts *chain)
{
	chain->certificate[0].revocation.state = AOVPN_REVOCATION_REVOKED;
}

static void without_history_a_defect_counts(void)
{
	attempt_begin(&a);
	refuse(no_cdp);
	is_first("client-cert-revocation-unknown");
	CU_ASSERT_FALSE(says(&out.finding[0], "last success"));
	done();
}

static void what_stood_explains_nothing(void)
{
	succeed(no_cdp, false);
	refuse(renew); /* a new leaf of the same issuer, below the same CA */
	CU_ASSERT_PTR_NULL(finding("client-cert-revocation-unknown"));
	CU_ASSERT(says(&out.finding[0],
		       "the CA certificate \"CN=Issuing CA\" has no CRL "
		       "distribution point: it was so at the last success on "
		       "2026-11-20, too, so it explains nothing now"));
	done();
}

static void what_is_new_comes_first(void)
{
	succeed(no_cdp, false);
	refuse(no_sid);
	is_first("client-cert-no-sid");
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_LIKELY);
	CU_ASSERT(says(&out.finding[0],
		       "it was not so at the last success on 2026-11-20: this "
		       "has changed"));
	CU_ASSERT_PTR_NULL(finding("client-cert-revocation-unknown"));
	done();
	succeed(NULL, false);
	refuse(no_cdp);
	is_first("client-cert-revocation-unknown");
	CU_ASSERT(says(&out.finding[0], "this has changed"));
	done();
}

static void a_ca_renewed_with_a_cdp_may_lose_it_again(void)
{
	succeed(no_cdp, false);
	a_cdp(&a.chain);
	aovpn_history_note(&a, false, a.started_at - DAY / 2);
	refuse(no_cdp);
	is_first("client-cert-revocation-unknown");
	done();
}

/* An account may be mapped by issuer and serial number: what the certificate
 * before lacked, this one may need. */
static void a_renewed_leaf_is_less_sure(void)
{
	succeed(no_sid, false);
	refuse(renew);
	CU_ASSERT_PTR_NOT_NULL_FATAL(finding("client-cert-no-sid"));
	CU_ASSERT_EQUAL(finding("client-cert-no-sid")->confidence,
			AOVPN_POSSIBLE);
	CU_ASSERT(says(finding("client-cert-no-sid"),
		       "with the certificate before this one"));
	done();
	succeed(no_sid, false);
	refuse(NULL);
	CU_ASSERT_PTR_NULL(finding("client-cert-no-sid"));
	done();
}

static void a_resumed_success_proves_nothing(void)
{
	succeed(no_cdp, true);
	CU_ASSERT_EQUAL(a.history.shown_at, 0);
	CU_ASSERT_NOT_EQUAL(a.history.success_at, 0);
	refuse(NULL);
	is_first("client-cert-revocation-unknown");
	CU_ASSERT_FALSE(says(&out.finding[0], "last success"));
	done();
	/* Nor does it for what has come since the handshake before it. */
	succeed(NULL, false);
	no_cdp(&a.chain);
	aovpn_history_note(&a, true, a.started_at - 60);
	CU_ASSERT_EQUAL(a.history.success_at, a.started_at - 60);
	refuse(NULL);
	is_first("client-cert-revocation-unknown");
	CU_ASSERT(says(&out.finding[0], "this has changed"));
	done();
}

static void what_was_not_asked_is_not_new(void)
{
	succeed(NULL, false);
	refuse(stale);
	is_first("client-cert-crl-stale");
	CU_ASSERT_FALSE(says(&out.finding[0], "last success"));
	done();
	succeed(good, false);
	refuse(stale);
	is_first("client-cert-crl-stale");
	CU_ASSERT(says(&out.finding[0], "this has changed"));
	done();
	succeed(stale, false);
	refuse(NULL);
	CU_ASSERT_PTR_NULL(finding("client-cert-crl-stale"));
	done();
	succeed(offline, false);
	refuse(stale);
	is_first("client-cert-crl-stale");
	done();
}

/* 1 December 2024, before KB5014754 was enforced. */
static void a_date_that_has_passed_is_a_change(void)
{
	attempt_begin(&a);
	no_sid(&a.chain);
	aovpn_history_note(&a, false, 1733011200);
	refuse(NULL);
	is_first("client-cert-no-sid");
	done();
}

/* The server itself says so: no matter what was thought of it before. */
static void the_servers_own_word_counts(void)
{
	succeed(revoked, false);
	reach_certificate(&a);
	add_tls_alert(&a, 44);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 855);
	is_first("client-cert-revoked");
	done();
}

static void a_mapping_that_held_is_no_cause_after_tls(void)
{
	succeed(no_sid, false);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 812);
	CU_ASSERT_PTR_NULL(finding("client-cert-no-sid"));
	done();
	succeed(NULL, false);
	no_sid(&a.chain);
	reach_certificate(&a);
	add_tls(&a, AOVPN_TLS_ACCEPTED);
	add_eap_in(&a, 4, 0);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_PTR_NOT_NULL(finding("client-cert-no-sid"));
	done();
}

static void a_clock_gone_back_shows_no_date(void)
{
	attempt_begin(&a);
	no_cdp(&a.chain);
	aovpn_history_note(&a, false, a.started_at + 9 * DAY);
	refuse(NULL);
	CU_ASSERT_PTR_NULL(finding("client-cert-revocation-unknown"));
	CU_ASSERT(says(&out.finding[0], "it was so at the last success, too"));
	done();
}

/* --- the gateway's address -------------------------------------------------
 */

static void be_silent(void)
{
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_retransmits(&a, 4, 0, 464);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 809);
}

static void another_address_is_suspected(void)
{
	succeed(NULL, false);
	be_silent();
	is_first("udp500-no-answer");
	CU_ASSERT_PTR_NULL(finding("dns-wrong-answer"));
	done();
	succeed(NULL, false);
	a.history.address[3] = 99;
	be_silent();
	is_first("dns-wrong-answer");
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_LIKELY);
	CU_ASSERT(says(&out.finding[0],
		       "led to 198.51.100.99 at the last success on "
		       "2026-11-20, and leads to 198.51.100.10 now"));
	CU_ASSERT_PTR_NOT_NULL(finding("udp500-no-answer"));
	done();
}

static void another_family_is_not(void)
{
	succeed(NULL, false);
	a.history.family = AF_INET6;
	be_silent();
	CU_ASSERT_PTR_NULL(finding("dns-wrong-answer"));
	done();
}

static void what_this_machine_did_comes_before_it(void)
{
	succeed(NULL, false);
	a.history.address[3] = 99;
	add_drop(&a, false, "NETFILTER_DROP");
	be_silent();
	is_first("local-firewall-out");
	CU_ASSERT_EQUAL(finding("dns-wrong-answer")->confidence,
			AOVPN_POSSIBLE);
	done();
}

static void another_certificate_there_makes_it_possible(void)
{
	succeed(NULL, false);
	a.history.address[3] = 99;
	reach_auth(&a);
	add_refused(&a, AOVPN_CERT_GATEWAY, 62);
	aovpn_diagnose(&a, &out);
	is_first("gateway-cert-name-mismatch");
	CU_ASSERT_PTR_NOT_NULL(finding("dns-wrong-answer"));
	done();
}

CU_TestInfo history_tests[] = {
	{"without history a defect counts", without_history_a_defect_counts},
	{"what stood explains nothing", what_stood_explains_nothing},
	{"what is new comes first", what_is_new_comes_first},
	{"a CA renewed with a CDP may lose it again",
	 a_ca_renewed_with_a_cdp_may_lose_it_again},
	{"a renewed leaf is less sure", a_renewed_leaf_is_less_sure},
	{"a resumed success proves nothing", a_resumed_success_proves_nothing},
	{"what was not asked is not new", what_was_not_asked_is_not_new},
	{"a date that has passed is a change",
	 a_date_that_has_passed_is_a_change},
	{"the server's own word counts", the_servers_own_word_counts},
	{"a mapping that held is no cause after TLS",
	 a_mapping_that_held_is_no_cause_after_tls},
	{"a clock gone back shows no date", a_clock_gone_back_shows_no_date},
	{"another address is suspected", another_address_is_suspected},
	{"another family is not", another_family_is_not},
	{"what this machine did comes before it",
	 what_this_machine_did_comes_before_it},
	{"another certificate there makes it possible",
	 another_certificate_there_makes_it_possible},
	CU_TEST_INFO_NULL,
};
