/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_selection.c - each rule by which a certificate is taken or refused. */
#include "selection.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#define NOW 1795300000
#define DAY 86400

#define ROOT    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ISSUING "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define LEAF    "cccccccccccccccccccccccccccccccccccccccc"
#define OTHER   "dddddddddddddddddddddddddddddddddddddddd"

#define CLIENT_AUTH "1.3.6.1.5.5.7.3.2"
#define SERVER_AUTH "1.3.6.1.5.5.7.3.1"
#define ANY_PURPOSE "1.3.6.1.4.1.311.10.12.1"
#define ANY_USAGE   "2.5.29.37.0"
#define CONDITIONAL "1.3.6.1.4.1.311.87"
#define IKE         "1.3.6.1.5.5.8.2.2"

static struct aovpn_chain_facts chains[AOVPN_CANDIDATES_MAX];
static struct aovpn_candidate candidates[AOVPN_CANDIDATES_MAX];
static struct aovpn_verdict verdicts[AOVPN_CANDIDATES_MAX];
static struct aovpn_selection selection;

static const struct aovpn_filter no_filter = {"", "", "", false, "", false};

static void sound_ca(struct aovpn_certificate_facts *c, const char *thumbprint)
{
	c->is_ca = c->has_cdp = c->eku_client_auth = true;
	strcpy(c->thumbprint, thumbprint);
}

/* Candidate i, with which nothing is wrong. */
static void sound(size_t i)
{
	struct aovpn_chain_facts *chain = &chains[i];
	struct aovpn_certificate_facts *leaf = &chain->certificate[0];

	memset(chain, 0, sizeof(*chain));
	chain->count = 3;
	chain->complete = true;
	strcpy(leaf->subject, "CN=user1");
	strcpy(leaf->issuer, "CN=Issuing CA");
	strcpy(leaf->thumbprint, LEAF);
	strcpy(leaf->upn, "user1@contoso.test");
	strcpy(leaf->dns, "pc1.contoso.test");
	strcpy(leaf->sid_uri, "S-1-5-21-1-2-3-1105");
	strcpy(leaf->eku[0], CLIENT_AUTH);
	leaf->eku_count = 1;
	leaf->has_eku = leaf->eku_client_auth = leaf->has_cdp = true;
	leaf->not_before = NOW - DAY;
	leaf->not_after = NOW + DAY;
	sound_ca(&chain->certificate[1], ISSUING);
	sound_ca(&chain->certificate[2], ROOT);
	chain->certificate[2].self_issued = true;
	chain->certificate[2].has_cdp = false;
	candidates[i] = (struct aovpn_candidate){
		.file = "/certificate", .load_text = "", .chain = chain};
}

/* Give the leaf of candidate 0 these usages, " " between them; NULL: none. */
static void set_usages(const char *usages)
{
	struct aovpn_certificate_facts *leaf = &chains[0].certificate[0];
	char copy[256], *rest = copy, *one;

	leaf->eku_count = 0;
	leaf->has_eku = usages != NULL;
	leaf->eku_client_auth = !usages;
	snprintf(copy, sizeof(copy), "%s", usages ? usages : "");
	while ((one = strsep(&rest, " ")) && one[0] != '\0') {
		strcpy(leaf->eku[leaf->eku_count++], one);
		if (strcmp(one, CLIENT_AUTH) == 0 ||
		    strcmp(one, ANY_PURPOSE) == 0 ||
		    strcmp(one, ANY_USAGE) == 0)
			leaf->eku_client_auth = true;
	}
}

static void select_from(size_t count, const struct aovpn_filter *filter)
{
	memset(verdicts, 0x55, sizeof(verdicts));
	aovpn_select(candidates, count, filter, NOW, verdicts, &selection);
}

/* Candidate 0 alone ends so. */
static void expect(const struct aovpn_filter *filter,
		   enum aovpn_refusal expected)
{
	bool good = expected == AOVPN_REFUSED_NOT;

	select_from(1, filter);
	CU_ASSERT_EQUAL(verdicts[0].refusal, expected);
	CU_ASSERT_EQUAL(verdicts[0].chosen, good);
	CU_ASSERT_EQUAL(selection.found, good);
	CU_ASSERT_EQUAL(selection.best, 0);
	CU_ASSERT(verdicts[0].reason[0] != '\0');
	if (verdicts[0].refusal != expected)
		printf("\n  %s: %s\n", aovpn_refusal_name(verdicts[0].refusal),
		       verdicts[0].reason);
}

static void takes_one_that_is_sound(void)
{
	sound(0);
	expect(&no_filter, AOVPN_REFUSED_NOT);
	CU_ASSERT_STRING_EQUAL(verdicts[0].file, "/certificate");
	CU_ASSERT_STRING_EQUAL(verdicts[0].subject, "CN=user1");
	CU_ASSERT_STRING_EQUAL(verdicts[0].thumbprint, LEAF);
	CU_ASSERT_EQUAL(verdicts[0].not_after, NOW + DAY);
	CU_ASSERT_EQUAL(verdicts[0].doubts, 0);
}

static void finds_nothing_in_nothing(void)
{
	select_from(0, &no_filter);
	CU_ASSERT_FALSE(selection.found);
}

static void refuses_key_without_pss_where_tls_wants_it(void)
{
	struct aovpn_filter filter = no_filter;

	sound(0);
	candidates[0].rsa_without_pss = true;
	select_from(1, &filter);
	CU_ASSERT(selection.found);
	CU_ASSERT(verdicts[0].doubts & AOVPN_DOUBT_NO_PSS);
	filter.wants_pss = true;
	expect(&filter, AOVPN_REFUSED_NO_PSS);
	CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(AOVPN_REFUSED_NO_PSS),
			       "client-key-no-pss");
	candidates[0].rsa_without_pss = false;
	expect(&filter, AOVPN_REFUSED_NOT);
}

static void refuses_what_was_not_loaded(void)
{
	static const struct {
		int error;
		enum aovpn_refusal refusal;
		const char *cause;
	} rows[] = {
		{-EKEYREJECTED, AOVPN_REFUSED_PASSWORD, "client-key-password"},
		{-EKEYREVOKED, AOVPN_REFUSED_KEY, "client-key-unusable"},
		{-ENOENT, AOVPN_REFUSED_UNREADABLE, "client-cert-missing"},
		{-EIO, AOVPN_REFUSED_KEY, "client-key-unusable"},
		{-ENODEV, AOVPN_REFUSED_TOKEN, "client-token-absent"},
		{-ELIBACC, AOVPN_REFUSED_TOKEN, "client-token-absent"},
		{-ENOTUNIQ, AOVPN_REFUSED_AMBIGUOUS, "client-cert-ambiguous"},
		{-EKEYEXPIRED, AOVPN_REFUSED_PIN_LOCKED, "client-pin-locked"},
		{-EBADMSG, AOVPN_REFUSED_UNREADABLE, "client-cert-missing"},
		{-ENODATA, AOVPN_REFUSED_UNREADABLE, "client-cert-missing"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sound(0);
		memset(&chains[0], 0, sizeof(chains[0]));
		candidates[0].load_error = rows[i].error;
		candidates[0].load_text = "/certificate: is bad";
		expect(&no_filter, rows[i].refusal);
		CU_ASSERT_STRING_EQUAL(verdicts[0].reason,
				       "/certificate: is bad");
		CU_ASSERT_STRING_EQUAL(verdicts[0].thumbprint, "");
		CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(rows[i].refusal),
				       rows[i].cause);
	}
}

static void filters_by_issuer(void)
{
	static const struct {
		const char *issuers;
		enum aovpn_refusal refusal;
	} rows[] = {
		{ROOT, AOVPN_REFUSED_NOT},
		{ISSUING, AOVPN_REFUSED_NOT},
		{OTHER "," ISSUING, AOVPN_REFUSED_NOT},
		{OTHER, AOVPN_REFUSED_ISSUER},
		/* The leaf is not its own issuer. */
		{LEAF, AOVPN_REFUSED_ISSUER},
		{OTHER "," LEAF, AOVPN_REFUSED_ISSUER},
	};
	struct aovpn_filter filter = no_filter;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sound(0);
		filter.issuers = rows[i].issuers;
		expect(&filter, rows[i].refusal);
	}
}

static void says_that_an_issuer_is_unknown_here(void)
{
	struct aovpn_filter filter = no_filter;

	sound(0);
	chains[0].count = 1;
	chains[0].complete = false;
	filter.issuers = ROOT;
	expect(&filter, AOVPN_REFUSED_ISSUER);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		verdicts[0].reason,
		"the certificate of \"CN=Issuing CA\" is not known here"));
}

static void selects_simply_by_usage(void)
{
	static const struct {
		const char *usages;
		enum aovpn_refusal refusal;
	} rows[] = {
		{CLIENT_AUTH, AOVPN_REFUSED_NOT},
		{SERVER_AUTH " " CLIENT_AUTH, AOVPN_REFUSED_NOT},
		{ANY_PURPOSE, AOVPN_REFUSED_NOT},
		{ANY_USAGE, AOVPN_REFUSED_NOT},
		{NULL, AOVPN_REFUSED_NOT},
		{SERVER_AUTH, AOVPN_REFUSED_NO_CLIENT_AUTH},
		{"", AOVPN_REFUSED_NO_CLIENT_AUTH},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sound(0);
		set_usages(rows[i].usages);
		expect(&no_filter, rows[i].refusal);
	}
}

static void filters_by_usage(void)
{
	static const struct {
		const char *client_auth, *any_purpose;
		bool all_purpose;
		const char *usages;
		enum aovpn_refusal refusal;
	} rows[] = {
		/* clientAuth and each that is listed */
		{CONDITIONAL, "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_NOT},
		{CONDITIONAL, "", false, CLIENT_AUTH, AOVPN_REFUSED_EKU},
		{CONDITIONAL, "", false, CONDITIONAL, AOVPN_REFUSED_EKU},
		{CONDITIONAL "," IKE, "", false,
		 CLIENT_AUTH " " IKE " " CONDITIONAL, AOVPN_REFUSED_NOT},
		{CONDITIONAL "," IKE, "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_EKU},
		{CLIENT_AUTH, "", false, CLIENT_AUTH, AOVPN_REFUSED_NOT},
		{CLIENT_AUTH, "", false, NULL, AOVPN_REFUSED_EKU},
		{CLIENT_AUTH, "", false, ANY_PURPOSE, AOVPN_REFUSED_EKU},
		/* wildcards, by whole arcs */
		{"1.3.6.1.4.1.311.*", "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_NOT},
		{"1.3.6.1.4.1.31.*", "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_EKU},
		{"1.3.6.1.4.1.311.87.*", "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_EKU},
		{"1.3.6.1.4.1.311.8", "", false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_EKU},
		/* anyPurpose and each that is listed */
		{"", CONDITIONAL, false, ANY_PURPOSE " " CONDITIONAL,
		 AOVPN_REFUSED_NOT},
		{"", CONDITIONAL, false, ANY_PURPOSE, AOVPN_REFUSED_EKU},
		{"", CONDITIONAL, false, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_EKU},
		{"", ANY_PURPOSE, false, ANY_PURPOSE, AOVPN_REFUSED_NOT},
		{"", ANY_PURPOSE, false, ANY_USAGE, AOVPN_REFUSED_EKU},
		/* none at all */
		{"", "", true, NULL, AOVPN_REFUSED_NOT},
		{"", "", true, CLIENT_AUTH, AOVPN_REFUSED_EKU},
		{"", "", true, "", AOVPN_REFUSED_EKU},
		/* the three are alternatives */
		{CONDITIONAL, IKE, true, CLIENT_AUTH " " CONDITIONAL,
		 AOVPN_REFUSED_NOT},
		{CONDITIONAL, IKE, true, ANY_PURPOSE " " IKE,
		 AOVPN_REFUSED_NOT},
		{CONDITIONAL, IKE, true, NULL, AOVPN_REFUSED_NOT},
		{CONDITIONAL, IKE, true, CLIENT_AUTH " " IKE,
		 AOVPN_REFUSED_EKU},
	};
	struct aovpn_filter filter = no_filter;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sound(0);
		set_usages(rows[i].usages);
		filter.client_auth_ekus = rows[i].client_auth;
		filter.any_purpose_ekus = rows[i].any_purpose;
		filter.all_purpose = rows[i].all_purpose;
		expect(&filter, rows[i].refusal);
		if (verdicts[0].refusal != rows[i].refusal)
			printf("  in row %zu\n", i);
	}
}

static void wants_issuer_and_usage(void)
{
	struct aovpn_filter filter = no_filter;

	sound(0);
	filter.issuers = ROOT;
	filter.client_auth_ekus = CLIENT_AUTH;
	expect(&filter, AOVPN_REFUSED_NOT);
	filter.issuers = OTHER;
	expect(&filter, AOVPN_REFUSED_ISSUER);
	filter.issuers = ROOT;
	filter.client_auth_ekus = IKE;
	expect(&filter, AOVPN_REFUSED_EKU);
	CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(AOVPN_REFUSED_ISSUER),
			       "client-cert-filtered");
	CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(AOVPN_REFUSED_EKU),
			       "client-cert-filtered");
}

/* Those that do not fit into the sentence are left out whole. */
static void names_usages_that_do_not_fit(void)
{
	struct aovpn_certificate_facts *leaf = &chains[0].certificate[0];
	struct aovpn_filter filter = no_filter;
	uint32_t i;

	filter.client_auth_ekus = CONDITIONAL;
	sound(0);
	set_usages(CLIENT_AUTH " " IKE);
	expect(&filter, AOVPN_REFUSED_EKU);
	CU_ASSERT_STRING_EQUAL(verdicts[0].reason,
			       "its usages do not fit ClientAuthEKUs=, "
			       "AnyPurposeEKUs= or AllPurpose=: " CLIENT_AUTH
			       ", " IKE);
	set_usages(SERVER_AUTH);
	expect(&no_filter, AOVPN_REFUSED_NO_CLIENT_AUTH);
	CU_ASSERT_STRING_EQUAL(
		verdicts[0].reason,
		"its usages do not include clientAuth: " SERVER_AUTH);
	set_usages(NULL);
	expect(&filter, AOVPN_REFUSED_EKU);
	CU_ASSERT_PTR_NOT_NULL(strstr(verdicts[0].reason, ": none"));
	sound(0);
	leaf->eku_count = AOVPN_EKU_MAX;
	for (i = 0; i < AOVPN_EKU_MAX; i++)
		memset(leaf->eku[i], '1', AOVPN_OID_MAX - 1);
	expect(&filter, AOVPN_REFUSED_EKU);
	CU_ASSERT_EQUAL(strlen(strrchr(verdicts[0].reason, ':')),
			2 + AOVPN_OID_MAX - 1);
}

static void wants_valid_dates(void)
{
	static const struct {
		time_t not_before, not_after;
		enum aovpn_refusal refusal;
	} rows[] = {
		{NOW, NOW, AOVPN_REFUSED_NOT},
		{NOW + 1, NOW + DAY, AOVPN_REFUSED_NOT_YET_VALID},
		{NOW - DAY, NOW - 1, AOVPN_REFUSED_EXPIRED},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sound(0);
		chains[0].certificate[0].not_before = rows[i].not_before;
		chains[0].certificate[0].not_after = rows[i].not_after;
		expect(&no_filter, rows[i].refusal);
	}
	CU_ASSERT_STRING_EQUAL(verdicts[0].reason,
			       "it expired on 2026-11-21T22:26:39Z");
	CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(AOVPN_REFUSED_EXPIRED),
			       "client-cert-expired");
	CU_ASSERT_STRING_EQUAL(aovpn_refusal_cause(AOVPN_REFUSED_NOT_YET_VALID),
			       "client-cert-not-yet-valid");
}

/* More than one thing wrong: the first check decides, dates last. */
static void names_the_first_of_several_faults(void)
{
	struct aovpn_filter filter = no_filter;

	sound(0);
	filter.issuers = OTHER;
	filter.client_auth_ekus = CLIENT_AUTH;
	set_usages(SERVER_AUTH);
	chains[0].certificate[0].upn[0] = '\0';
	chains[0].certificate[0].dns[0] = '\0';
	chains[0].certificate[0].not_after = NOW - 1;
	expect(&filter, AOVPN_REFUSED_ISSUER);
	filter.issuers = "";
	expect(&filter, AOVPN_REFUSED_EKU);
	expect(&no_filter, AOVPN_REFUSED_NO_CLIENT_AUTH);
	set_usages(CLIENT_AUTH);
	expect(&no_filter, AOVPN_REFUSED_NO_IDENTITY);
	strcpy(chains[0].certificate[0].upn, "u");
	expect(&no_filter, AOVPN_REFUSED_EXPIRED);
}

static void takes_the_newest(void)
{
	size_t i;

	for (i = 0; i < 5; i++)
		sound(i);
	chains[0].certificate[0].not_after = NOW + 9 * DAY;
	chains[1].certificate[0].not_before = NOW - 10;
	chains[2].certificate[0].not_before = NOW - 5; /* but expired */
	chains[2].certificate[0].not_after = NOW - 1;
	chains[3].certificate[0].not_before = NOW - 10; /* and lasts longer */
	chains[3].certificate[0].not_after = NOW + 2 * DAY;
	chains[4] = chains[3];
	select_from(5, &no_filter);
	CU_ASSERT(selection.found);
	CU_ASSERT_EQUAL(selection.best, 3);
	for (i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(verdicts[i].chosen, i == 3);
	CU_ASSERT_STRING_EQUAL(verdicts[3].reason,
			       "it is the newest of 4 that can be used");
	CU_ASSERT_STRING_EQUAL(verdicts[0].reason,
			       "it could be used, but another is newer");
	CU_ASSERT_EQUAL(verdicts[2].refusal, AOVPN_REFUSED_EXPIRED);
}

/* A doubtful one, even the only one, is better than none. */
static void takes_doubtful_one(void)
{
	struct aovpn_certificate_facts *leaf = &chains[1].certificate[0];
	struct aovpn_filter filter = no_filter;

	sound(0);
	chains[0].certificate[0].not_after = NOW - 1;
	sound(1);
	candidates[1].rsa_without_pss = true;
	candidates[1].key_untried = true;
	chains[1].complete = false;
	chains[1].certificate[1].eku_client_auth = false;
	leaf->has_cdp = false;
	leaf->sid_uri[0] = leaf->upn[0] = leaf->dns[0] = '\0';
	filter.identity = "user1";
	select_from(2, &filter);
	CU_ASSERT(selection.found);
	CU_ASSERT_EQUAL(selection.best, 1);
	CU_ASSERT_EQUAL(verdicts[1].doubts, AOVPN_DOUBT_END - 1);
	CU_ASSERT_EQUAL(verdicts[0].doubts, 0);
}

/* Each doubt has a sentence of its own. */
static void says_every_doubt(void)
{
	uint32_t one, other;

	for (one = 1; one < AOVPN_DOUBT_END; one <<= 1) {
		CU_ASSERT(aovpn_doubt_text(one)[0] != '\0');
		for (other = one << 1; other < AOVPN_DOUBT_END; other <<= 1)
			CU_ASSERT_STRING_NOT_EQUAL(aovpn_doubt_text(one),
						   aovpn_doubt_text(other));
	}
}

static void names_the_nearest_miss(void)
{
	struct aovpn_filter filter = no_filter;

	filter.issuers = ROOT;
	sound(0);
	strcpy(chains[0].certificate[2].thumbprint, OTHER);
	sound(1);
	candidates[1].load_error = -EKEYREJECTED;
	sound(2);
	chains[2].certificate[0].not_after = NOW - 1;
	sound(3);
	chains[3].certificate[0].eku_client_auth = false;
	select_from(4, &filter);
	CU_ASSERT_FALSE(selection.found);
	CU_ASSERT_EQUAL(selection.best, 2);
	select_from(2, &filter);
	CU_ASSERT_EQUAL(selection.best, 0);
}

static void names_the_account(void)
{
	static const struct {
		const char *configured, *upn, *dns, *expected;
	} rows[] = {
		{"", "u@contoso.test", "pc1.contoso.test", "u@contoso.test"},
		{"", "u@contoso.test", "", "u@contoso.test"},
		{"", "", "pc1.contoso.test", "host/pc1.contoso.test"},
		{"pc1$@contoso.test", "u@contoso.test", "pc1.contoso.test",
		 "pc1$@contoso.test"},
		{"x", "", "", "x"},
		{"", "", "", ""},
	};
	struct aovpn_certificate_facts leaf;
	char identity[AOVPN_TEXT_MAX];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&leaf, 0, sizeof(leaf));
		strcpy(leaf.upn, rows[i].upn);
		strcpy(leaf.dns, rows[i].dns);
		memset(identity, 0x55, sizeof(identity));
		aovpn_eap_identity(&leaf, rows[i].configured, identity,
				   sizeof(identity));
		CU_ASSERT_STRING_EQUAL(identity, rows[i].expected);
	}
}

/* A name cut short would be another's. */
static void names_nobody_by_half_a_name(void)
{
	struct aovpn_certificate_facts leaf = {0};
	char identity[AOVPN_TEXT_MAX];

	memset(leaf.dns, 'a', AOVPN_TEXT_MAX - sizeof("host/"));
	aovpn_eap_identity(&leaf, "", identity, sizeof(identity));
	CU_ASSERT_EQUAL(strlen(identity), AOVPN_TEXT_MAX - 1);
	memset(leaf.dns, 'a', AOVPN_TEXT_MAX - sizeof("host/") + 1);
	aovpn_eap_identity(&leaf, "", identity, sizeof(identity));
	CU_ASSERT_STRING_EQUAL(identity, "");
}

CU_TestInfo selection_tests[] = {
	{"takes one that is sound", takes_one_that_is_sound},
	{"finds nothing in nothing", finds_nothing_in_nothing},
	{"refuses what was not loaded", refuses_what_was_not_loaded},
	{"refuses a key without PSS where TLS wants it",
	 refuses_key_without_pss_where_tls_wants_it},
	{"filters by issuer", filters_by_issuer},
	{"says that an issuer is unknown here",
	 says_that_an_issuer_is_unknown_here},
	{"selects simply by usage", selects_simply_by_usage},
	{"filters by usage", filters_by_usage},
	{"wants issuer and usage", wants_issuer_and_usage},
	{"names usages that do not fit", names_usages_that_do_not_fit},
	{"wants valid dates", wants_valid_dates},
	{"names the first of several faults",
	 names_the_first_of_several_faults},
	{"takes the newest", takes_the_newest},
	{"takes a doubtful one", takes_doubtful_one},
	{"says every doubt", says_every_doubt},
	{"names the nearest miss", names_the_nearest_miss},
	{"names the account", names_the_account},
	{"names nobody by half a name", names_nobody_by_half_a_name},
	CU_TEST_INFO_NULL,
};
