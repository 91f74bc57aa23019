/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_certificate_watch.c - what of a check has an end that is worth a
 * warning, in which words, and that each warning is given once. */
#include "certificate_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "cert_watch.h"

#define NOW 1800000000
#define DAY 86400

static struct aovpn_check *check;
static struct aovpn_watch *watch;

/* A leaf of a year, its CRL of a week and an OCSP response, and a root. */
static void begin(void)
{
	struct aovpn_certificate_facts *leaf;
	struct aovpn_fetched *point;

	check = calloc(1, sizeof(*check));
	watch = calloc(1, sizeof(*watch));
	CU_ASSERT_PTR_NOT_NULL_FATAL(check);
	CU_ASSERT_PTR_NOT_NULL_FATAL(watch);
	check->chain.count = 2;
	leaf = &check->chain.certificate[0];
	strcpy(leaf->subject, "CN=user1");
	strcpy(leaf->thumbprint_sha256, "aa");
	leaf->not_before = NOW - 360 * DAY;
	leaf->not_after = NOW + 5 * DAY;
	leaf->has_cdp = true;
	leaf->revocation.state = AOVPN_REVOCATION_GOOD;
	check->chain.certificate[1] = *leaf;
	strcpy(check->chain.certificate[1].thumbprint_sha256, "bb");
	check->chain.certificate[1].revocation.state =
		AOVPN_REVOCATION_NOT_NEEDED;
	check->asked[0].count = 2;
	point = check->asked[0].point;
	point[0] = (struct aovpn_fetched){.kind = AOVPN_FETCH_CRL,
					  .state = AOVPN_FETCH_OK,
					  .url = "http://pki/a.crl",
					  .this_update = NOW - 6 * DAY,
					  .next_update = NOW + DAY / 2};
	point[1] = point[0];
	point[1].kind = AOVPN_FETCH_OCSP;
	strcpy(point[1].url, "http://pki/ocsp");
}

static void end(void)
{
	free(check);
	free(watch);
}

/* OCSP responses are renewed by the hour: only CRLs count. */
static void lists_certificates_and_crls(void)
{
	begin();
	aovpn_watch_list(check, watch);
	CU_ASSERT_EQUAL_FATAL(watch->count, 3);
	CU_ASSERT_EQUAL(watch->list[0].kind, AOVPN_WATCHED_CERTIFICATE);
	CU_ASSERT_STRING_EQUAL(watch->list[0].id, "aa");
	CU_ASSERT_EQUAL(aovpn_urgency_at(&watch->list[0].term, NOW),
			AOVPN_URGENCY_7_DAYS);
	CU_ASSERT_EQUAL(watch->list[1].kind, AOVPN_WATCHED_CRL);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&watch->list[1].term, NOW),
			AOVPN_URGENCY_1_DAY);
	CU_ASSERT_EQUAL(watch->list[2].depth, 1);
	CU_ASSERT_STRING_EQUAL(watch->unknown, "");
	end();
}

static void a_crl_is_listed_once(void)
{
	begin();
	check->asked[1] = check->asked[0];
	aovpn_watch_list(check, watch);
	CU_ASSERT_EQUAL(watch->count, 3);
	end();
}

static void what_was_not_fetched_has_no_end(void)
{
	begin();
	check->asked[0].point[0].state = AOVPN_FETCH_NAME;
	aovpn_watch_list(check, watch);
	CU_ASSERT_EQUAL(watch->count, 2);
	end();
}

static void says_what_is_unknown(void)
{
	static const struct {
		enum aovpn_revocation_state state;
		bool unknown;
	} rows[] = {
		{AOVPN_REVOCATION_GOOD, false},
		{AOVPN_REVOCATION_REVOKED, false},
		{AOVPN_REVOCATION_NO_POINT, false},
		{AOVPN_REVOCATION_STALE, false},
		{AOVPN_REVOCATION_OFFLINE, true},
		{AOVPN_REVOCATION_INVALID, true},
		{AOVPN_REVOCATION_NOT_CHECKED, true},
	};
	size_t i;

	begin();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check->chain.certificate[0].revocation.state = rows[i].state;
		aovpn_watch_list(check, watch);
		CU_ASSERT_EQUAL(watch->unknown[0] != '\0', rows[i].unknown);
	}
	end();
}

static void expect_text(const struct aovpn_watched *watched, time_t now,
			const char *words)
{
	char text[1024];

	aovpn_watched_text(watched, now, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, words));
	if (!strstr(text, words))
		printf("\n  %s\n", text);
}

static void says_when(void)
{
	begin();
	aovpn_watch_list(check, watch);
	expect_text(&watch->list[0], NOW,
		    "the certificate \"CN=user1\" expires in 5 days, on "
		    "2027-01-20T08:00:00Z");
	expect_text(&watch->list[0], NOW + 4 * DAY, "expires in 1 day, on");
	expect_text(&watch->list[0], NOW + 5 * DAY, "expires within a day, on");
	expect_text(&watch->list[0], NOW + 6 * DAY, "expired on 2027-01-20");
	expect_text(&watch->list[1], NOW, "goes stale within a day, on");
	expect_text(&watch->list[1], NOW + DAY,
		    "the CRL at http://pki/a.crl, which NPS needs for "
		    "\"CN=user1\", went stale on");
	expect_text(&watch->list[2], NOW, "the CA certificate");
	end();
}

/* Each connection has warnings of its own; a CRL that was renewed has new ones.
 */
static void each_warning_is_given_once(void)
{
	struct cert_watch_told *told = calloc(1, sizeof(*told));

	CU_ASSERT_PTR_NOT_NULL_FATAL(told);
	begin();
	aovpn_watch_list(check, watch);
	CU_ASSERT(cert_watch_due(told, "a", &watch->list[1], NOW));
	CU_ASSERT_FALSE(cert_watch_due(told, "a", &watch->list[1], NOW + 60));
	CU_ASSERT(cert_watch_due(told, "b", &watch->list[1], NOW));
	CU_ASSERT(cert_watch_due(told, "a", &watch->list[0], NOW));
	CU_ASSERT(cert_watch_due(told, "a", &watch->list[1], NOW + DAY));
	watch->list[1].term.begin += 7 * DAY;
	watch->list[1].term.end += 7 * DAY;
	CU_ASSERT_FALSE(cert_watch_due(told, "a", &watch->list[1], NOW + DAY));
	CU_ASSERT(cert_watch_due(told, "a", &watch->list[1], NOW + 7 * DAY));
	CU_ASSERT_EQUAL(told->count, 3);
	end();
	free(told);
}

/* No more is remembered than there is room for. */
static void forgets_the_oldest(void)
{
	struct cert_watch_told *told = calloc(1, sizeof(*told));
	char name[16];
	int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(told);
	begin();
	aovpn_watch_list(check, watch);
	for (i = 0; i < CERT_WATCH_TOLD_MAX + 2; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		CU_ASSERT(cert_watch_due(told, name, &watch->list[0], NOW));
	}
	CU_ASSERT_EQUAL(told->count, CERT_WATCH_TOLD_MAX);
	CU_ASSERT_FALSE(cert_watch_due(told, "c2", &watch->list[0], NOW));
	CU_ASSERT(cert_watch_due(told, "c1", &watch->list[0], NOW));
	end();
	free(told);
}

CU_TestInfo certificate_watch_tests[] = {
	{"lists certificates and CRLs", lists_certificates_and_crls},
	{"a CRL is listed once", a_crl_is_listed_once},
	{"what was not fetched has no end", what_was_not_fetched_has_no_end},
	{"says what is unknown", says_what_is_unknown},
	{"says when", says_when},
	{"each warning is given once", each_warning_is_given_once},
	{"forgets the oldest", forgets_the_oldest},
	CU_TEST_INFO_NULL,
};
