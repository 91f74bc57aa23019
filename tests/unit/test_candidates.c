/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_candidates.c - the preflight: what is loaded and which one is chosen. */
#include "candidates.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "codes.h"

#define DAY 86400

static struct aovpn_profile profile;
static struct aovpn_candidates_choice choice;
static struct aovpn_error error;

/* A profile with this fixture as what it names. */
static void begin(char *key, const char *fixture)
{
	const char *dir = getenv("AOVPN_TEST_FIXTURES");

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	memset(&profile, 0, sizeof(profile));
	snprintf(profile.nps_roots, PATH_MAX, "%s/roots.pem", dir);
	snprintf(key, PATH_MAX, "%s/%s", dir, fixture);
}

static int choose(time_t after)
{
	return aovpn_candidates_choose(&profile, NULL, time(NULL) + after,
				       &choice, &error);
}

static const char *name_of(const struct aovpn_verdict *verdict)
{
	return strrchr(verdict->file, '/') + 1;
}

/* The verdicts on fixtures/candidates, by name; *chosen is the one taken. */
static void expect_candidates(const enum aovpn_refusal *refusals,
			      const char *chosen)
{
	static const char *const names[] = {"a-device.pem",  "b-server.pem",
					    "c-user.pem",    "d-ec.pem",
					    "e-user.p12",    "f-locked.p12",
					    "g-keyless.pem", "h-stranger.pem",
					    "i-garbage",     "l-link.pem"};
	size_t i;

	CU_ASSERT_EQUAL_FATAL(choice.count, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < choice.count; i++) {
		CU_ASSERT_STRING_EQUAL(name_of(&choice.verdicts[i]), names[i]);
		CU_ASSERT_EQUAL(choice.verdicts[i].refusal, refusals[i]);
		CU_ASSERT_EQUAL(choice.verdicts[i].chosen,
				chosen && strcmp(names[i], chosen) == 0);
		if (choice.verdicts[i].refusal != refusals[i])
			printf("\n  %s: %s\n", names[i],
			       choice.verdicts[i].reason);
	}
}

/* What is hidden, no file, or a password is no candidate. */
static void reads_a_directory(void)
{
	static const enum aovpn_refusal refusals[] = {
		AOVPN_REFUSED_NOT,        AOVPN_REFUSED_NO_CLIENT_AUTH,
		AOVPN_REFUSED_NOT,        AOVPN_REFUSED_NO_IDENTITY,
		AOVPN_REFUSED_NOT,        AOVPN_REFUSED_PASSWORD,
		AOVPN_REFUSED_UNREADABLE, AOVPN_REFUSED_KEY,
		AOVPN_REFUSED_UNREADABLE, AOVPN_REFUSED_NOT};
	const struct aovpn_verdict *best = NULL;
	size_t i;

	begin(profile.certificate_directory, "candidates");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	for (i = 0; i < choice.count; i++)
		if (choice.verdicts[i].chosen)
			best = &choice.verdicts[i];
	CU_ASSERT_PTR_NOT_NULL_FATAL(best);
	expect_candidates(refusals, name_of(best));
	CU_ASSERT_PTR_NOT_NULL(choice.credential);
	CU_ASSERT_PTR_NULL(choice.cause);
	CU_ASSERT_EQUAL(choice.chain.count, 3);
	CU_ASSERT_STRING_EQUAL(choice.chain.certificate[0].thumbprint,
			       best->thumbprint);
	aovpn_candidates_clear(&choice);
	CU_ASSERT_PTR_NULL(choice.credential);
}

static void applies_the_filter(void)
{
	static const enum aovpn_refusal refusals[] = {
		AOVPN_REFUSED_EKU,        AOVPN_REFUSED_EKU,
		AOVPN_REFUSED_EKU,        AOVPN_REFUSED_NOT,
		AOVPN_REFUSED_EKU,        AOVPN_REFUSED_PASSWORD,
		AOVPN_REFUSED_UNREADABLE, AOVPN_REFUSED_KEY,
		AOVPN_REFUSED_UNREADABLE, AOVPN_REFUSED_EKU};

	begin(profile.certificate_directory, "candidates");
	profile.all_purpose = true;
	strcpy(profile.identity, "pc1");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	expect_candidates(refusals, "d-ec.pem");
	CU_ASSERT_STRING_EQUAL(choice.identity, "pc1");
	aovpn_candidates_clear(&choice);
	strcpy(profile.issuers, "0123456789abcdef0123456789abcdef01234567");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_PTR_NULL(choice.credential);
	CU_ASSERT_STRING_EQUAL(choice.cause, "client-cert-filtered");
	aovpn_candidates_clear(&choice);
}

/* Ends without a credential, for this cause and with these words. */
static void expect_none(time_t after, const char *cause, const char *words)
{
	CU_ASSERT_EQUAL_FATAL(choose(after), 0);
	CU_ASSERT_PTR_NULL(choice.credential);
	CU_ASSERT_STRING_EQUAL(choice.cause, cause);
	CU_ASSERT_PTR_NOT_NULL(aovpn_cause_find(choice.cause));
	CU_ASSERT_PTR_NOT_NULL(strstr(choice.text, words));
	if (!strstr(choice.text, words))
		printf("\n  %s\n", choice.text);
	aovpn_candidates_clear(&choice);
}

static void tells_by_dates(void)
{
	begin(profile.certificate_directory, "candidates");
	expect_none(400L * DAY, "client-cert-expired", "it expired on ");
	expect_none(-400L * DAY, "client-cert-not-yet-valid",
		    "it is not valid before ");
	begin(profile.certificate, "candidates/b-server.pem");
	expect_none(60, "client-cert-no-client-auth", "b-server.pem: its");
}

static void judges_one_certificate_alike(void)
{
	begin(profile.certificate, "all.pem");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_EQUAL(choice.count, 1);
	CU_ASSERT_PTR_NOT_NULL(choice.credential);
	CU_ASSERT_STRING_EQUAL(choice.identity, "user1@contoso.test");
	aovpn_candidates_clear(&choice);
	begin(profile.certificate, "candidates/a-device.pem");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_STRING_EQUAL(choice.identity, "host/pc1.contoso.test");
	aovpn_candidates_clear(&choice);
	begin(profile.certificate, "modern.p12");
	expect_none(60, "client-key-password", "modern.p12");
	begin(profile.certificate, "nowhere");
	expect_none(60, "client-cert-missing", "nowhere");
}

static void says_that_a_password_would_help(void)
{
	struct aovpn_candidates_secrets secrets = {.password = {.given = true}};
	const char *dir = getenv("AOVPN_TEST_FIXTURES");

	begin(profile.certificate, "modern.p12");
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT(choice.password_wanted);
	aovpn_candidates_clear(&choice);
	strcpy(secrets.password.text, "wrong");
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL), &choice,
						      &error),
			      0);
	CU_ASSERT_PTR_NULL(choice.credential);
	CU_ASSERT_FALSE(choice.password_wanted);
	aovpn_candidates_clear(&choice);
	strcpy(secrets.password.text, "secret");
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL) + 60, &choice,
						      &error),
			      0);
	CU_ASSERT_PTR_NOT_NULL(choice.credential);
	aovpn_candidates_clear(&choice);
	snprintf(profile.password_file, PATH_MAX, "%s/password-wrong", dir);
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_FALSE(choice.password_wanted);
	aovpn_candidates_clear(&choice);
}

/* What is chosen by who only looks: without its key, or with it. */
static void expect_look(const char *fixture, bool untried)
{
	struct aovpn_candidates_secrets secrets = {.look = true};
	uint32_t doubts;

	begin(profile.certificate, fixture);
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL) + 60, &choice,
						      &error),
			      0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(choice.credential);
	doubts = choice.verdicts[0].doubts & AOVPN_DOUBT_KEY_UNTRIED;
	CU_ASSERT_EQUAL(doubts != 0, untried);
	CU_ASSERT_EQUAL(choice.credential->key == NULL, untried);
	aovpn_candidates_clear(&choice);
}

static void looks_without_asking_for_passwords(void)
{
	struct aovpn_candidates_secrets secrets = {.look = true};

	expect_look("all.pem", false);
	expect_look("all-encrypted.pem", true);
	begin(profile.certificate, "user.crt");
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL), &choice,
						      &error),
			      0);
	/* No key is something else than one that is locked. */
	CU_ASSERT_PTR_NULL(choice.credential);
	aovpn_candidates_clear(&choice);
	begin(profile.certificate_directory, "candidates");
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL) + 60, &choice,
						      &error),
			      0);
	/* Nobody is asked for a directory's passwords, */
	CU_ASSERT_EQUAL(choice.verdicts[5].refusal, AOVPN_REFUSED_PASSWORD);
	aovpn_candidates_clear(&choice);
	/* nor again for one that is there and wrong. */
	begin(profile.certificate, "all-encrypted.pem");
	snprintf(profile.password_file, PATH_MAX, "%s/password-wrong",
		 getenv("AOVPN_TEST_FIXTURES"));
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL) + 60, &choice,
						      &error),
			      0);
	CU_ASSERT_PTR_NULL(choice.credential);
	aovpn_candidates_clear(&choice);
}

/* A wrong PIN would be counted by the token, so that it locks. */
static void looks_at_a_token_without_a_pin(void)
{
	struct aovpn_candidates_secrets secrets = {.look = true};
	const char *dir = getenv("AOVPN_TEST_FIXTURES");
	char conf[PATH_MAX];

	begin(profile.certificate, "");
	snprintf(conf, sizeof(conf), "%s/softhsm.conf", dir);
	setenv("SOFTHSM2_CONF", conf, 1);
	strcpy(profile.certificate, "pkcs11:token=aovpn;object=user");
	snprintf(profile.password_file, PATH_MAX, "%s/pin-wrong", dir);
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_PTR_NULL(choice.credential);
	aovpn_candidates_clear(&choice);
	CU_ASSERT_EQUAL_FATAL(aovpn_candidates_choose(&profile, &secrets,
						      time(NULL) + 60, &choice,
						      &error),
			      0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(choice.credential);
	CU_ASSERT_FALSE(aovpn_credential_external(choice.credential));
	CU_ASSERT(choice.verdicts[0].doubts & AOVPN_DOUBT_KEY_UNTRIED);
	aovpn_candidates_clear(&choice);
}

/* For looking at what is wrong with it. */
static void keeps_the_nearest_miss(void)
{
	begin(profile.certificate_directory, "candidates");
	CU_ASSERT_EQUAL_FATAL(choose(400L * DAY), 0);
	CU_ASSERT_PTR_NULL(choice.credential);
	CU_ASSERT_PTR_NOT_NULL_FATAL(choice.miss);
	CU_ASSERT_PTR_NOT_NULL(choice.miss->certificate);
	aovpn_candidates_clear(&choice);
}

static void reads_systemd_credentials(void)
{
	begin(profile.certificate, "modern.p12");
	strcpy(profile.password_credential, "password");
	unsetenv("CREDENTIALS_DIRECTORY");
	expect_none(60, "client-key-password", "LoadCredential=");
	setenv("CREDENTIALS_DIRECTORY", getenv("AOVPN_TEST_FIXTURES"), 1);
	CU_ASSERT_EQUAL_FATAL(choose(60), 0);
	CU_ASSERT_PTR_NOT_NULL(choice.credential);
	aovpn_candidates_clear(&choice);
	strcpy(profile.password_credential, "no-such");
	expect_none(60, "client-key-password", "No such file");
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void tells_what_is_wrong_with_a_directory(void)
{
	begin(profile.certificate_directory, "candidates-none");
	expect_none(60, "client-cert-missing", "candidates-none: holds no ");
	begin(profile.certificate_directory, "candidates-many");
	CU_ASSERT_EQUAL(choose(60), -E2BIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "more than 64 files"));
	begin(profile.certificate_directory, "nowhere");
	CU_ASSERT_EQUAL(choose(60), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "nowhere"));
	CU_ASSERT_PTR_NULL(choice.verdicts);
}

CU_TestInfo candidates_tests[] = {
	{"reads a directory", reads_a_directory},
	{"applies the filter", applies_the_filter},
	{"tells by dates", tells_by_dates},
	{"judges one certificate alike", judges_one_certificate_alike},
	{"says that a password would help", says_that_a_password_would_help},
	{"looks without asking for passwords",
	 looks_without_asking_for_passwords},
	{"looks at a token without a PIN", looks_at_a_token_without_a_pin},
	{"keeps the nearest miss", keeps_the_nearest_miss},
	{"reads systemd credentials", reads_systemd_credentials},
	{"tells what is wrong with a directory",
	 tells_what_is_wrong_with_a_directory},
	CU_TEST_INFO_NULL,
};
