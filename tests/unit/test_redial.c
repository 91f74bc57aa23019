/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_redial.c - when what is to be always on is dialled again. */
#include "redial.h"

#include <string.h>

#include <CUnit/CUnit.h>

#define SECOND 1000000ull

static struct aovpn_outcome outcome_of(enum aovpn_stage stage, const char *slug)
{
	struct aovpn_outcome outcome = {.event_id = AOVPN_EVENT_FAILED,
					.stage = stage};

	if (slug) {
		outcome.finding[0].cause = aovpn_cause_find(slug);
		CU_ASSERT_PTR_NOT_NULL_FATAL(outcome.finding[0].cause);
		outcome.count = 1;
	}
	return outcome;
}

static enum aovpn_redial rule(enum aovpn_stage stage, const char *slug)
{
	const struct aovpn_outcome outcome = outcome_of(stage, slug);

	return aovpn_redial_rule(&outcome);
}

static void a_person_must_help(void)
{
	static const char *const slugs[] = {
		"client-cert-missing", "client-cert-filtered",
		"client-key-unusable", "client-key-password",
		"client-pin-locked",   "client-cert-expired",
		"profile-invalid",     "client-cert-ambiguous",
	};
	size_t i;

	for (i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++)
		CU_ASSERT_EQUAL(rule(AOVPN_STAGE_CREDENTIAL, slugs[i]),
				AOVPN_REDIAL_ON_CHANGE);
}

/* What others say of our certificate they may say otherwise tomorrow. */
static void a_refusal_is_not_final(void)
{
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_EAP_TLS, "client-cert-expired"),
			AOVPN_REDIAL_LATER);
	CU_ASSERT_EQUAL(
		rule(AOVPN_STAGE_EAP_TLS, "client-cert-revocation-unknown"),
		AOVPN_REDIAL_LATER);
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_GATEWAY_AUTH, "gateway-cert-expired"),
			AOVPN_REDIAL_LATER);
}

static void time_mends_what_is_not_yet_valid(void)
{
	CU_ASSERT_EQUAL(
		rule(AOVPN_STAGE_CREDENTIAL, "client-cert-not-yet-valid"),
		AOVPN_REDIAL_LATER);
}

static void the_network_may_change(void)
{
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_REACH, "udp500-no-answer"),
			AOVPN_REDIAL_ON_NETWORK);
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_RESOLVE, "dns-no-answer"),
			AOVPN_REDIAL_ON_NETWORK);
}

static void charon_may_come(void)
{
	struct aovpn_outcome lost = outcome_of(AOVPN_STAGE_UP, "charon-absent");

	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_CREDENTIAL, "charon-absent"),
			AOVPN_REDIAL_ON_CHARON);
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_CREDENTIAL, "plugin-missing"),
			AOVPN_REDIAL_ON_CHARON);
	lost.event_id = AOVPN_EVENT_TERMINATED;
	CU_ASSERT_EQUAL(aovpn_redial_rule(&lost), AOVPN_REDIAL_ON_CHARON);
}

static void a_lost_tunnel_is_dialled_at_once(void)
{
	struct aovpn_outcome lost = outcome_of(AOVPN_STAGE_UP, "link-lost");

	lost.event_id = AOVPN_EVENT_TERMINATED;
	CU_ASSERT_EQUAL(aovpn_redial_rule(&lost), AOVPN_REDIAL_IMMEDIATELY);
}

static void an_outcome_without_cause_is_dialled_later(void)
{
	CU_ASSERT_EQUAL(rule(AOVPN_STAGE_CREDENTIAL, NULL), AOVPN_REDIAL_LATER);
}

static uint64_t delay(enum aovpn_stage stage, unsigned int failures,
		      uint32_t random)
{
	const struct aovpn_outcome outcome = outcome_of(stage, "unknown");

	return aovpn_redial_delay_us(&outcome, failures, random);
}

/* The middle of the range: half of what jitter may add. */
static uint64_t middle(enum aovpn_stage stage, unsigned int failures,
		       uint64_t expected_s)
{
	return delay(stage, failures, (uint32_t)(expected_s * SECOND / 4)) /
	       SECOND;
}

static void delays_double_up_to_a_limit(void)
{
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_EAP_TLS, 1, 1), 1);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_EAP_TLS, 2, 2), 2);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_EAP_TLS, 5, 16), 16);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_EAP_TLS, 11, 600), 600);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_EAP_TLS, 4000000000u, 600), 600);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_REACH, 7, 60), 60);
	CU_ASSERT_EQUAL(middle(AOVPN_STAGE_RESOLVE, 20, 60), 60);
}

static void jitter_stays_within_a_quarter(void)
{
	uint32_t random;
	uint64_t us;

	for (random = 0; random < 4000000000u; random += 99999989u) {
		us = delay(AOVPN_STAGE_EAP_TLS, 4, random);
		CU_ASSERT(us >= 6 * SECOND && us <= 10 * SECOND);
	}
	CU_ASSERT_NOT_EQUAL(delay(AOVPN_STAGE_EAP_TLS, 4, 0),
			    delay(AOVPN_STAGE_EAP_TLS, 4, 1000000));
}

static void what_is_waited_for_has_a_name(void)
{
	CU_ASSERT_PTR_NULL(aovpn_redial_waits_for(AOVPN_REDIAL_LATER));
	CU_ASSERT_PTR_NULL(aovpn_redial_waits_for(AOVPN_REDIAL_IMMEDIATELY));
	CU_ASSERT_PTR_NOT_NULL(aovpn_redial_waits_for(AOVPN_REDIAL_ON_CHANGE));
	CU_ASSERT_PTR_NOT_NULL(aovpn_redial_waits_for(AOVPN_REDIAL_ON_NETWORK));
	CU_ASSERT_PTR_NOT_NULL(aovpn_redial_waits_for(AOVPN_REDIAL_ON_CHARON));
}

CU_TestInfo redial_tests[] = {
	{"a person must help", a_person_must_help},
	{"a refusal is not final", a_refusal_is_not_final},
	{"time mends what is not yet valid", time_mends_what_is_not_yet_valid},
	{"the network may change", the_network_may_change},
	{"charon may come", charon_may_come},
	{"a lost tunnel is dialled at once", a_lost_tunnel_is_dialled_at_once},
	{"an outcome without cause is dialled later",
	 an_outcome_without_cause_is_dialled_later},
	{"delays double up to a limit", delays_double_up_to_a_limit},
	{"jitter stays within a quarter", jitter_stays_within_a_quarter},
	{"what is waited for has a name", what_is_waited_for_has_a_name},
	CU_TEST_INFO_NULL,
};
