/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prediction.c - each defect of a client's chain is predicted with NPS's
 * reason and RasClient's code, and a sound chain gives nothing.
 */
#include "prediction.h"

#include <stdio.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include <CUnit/CUnit.h>

#define NOW        1795300000 /* in November 2026 */
#define YEAR       (365 * 86400)
#define LEAF       0
#define ISSUING    1
#define ROOT       2
#define SID        "S-1-5-21-1-2-3-1105"
#define OTHER_SID  "S-1-5-21-1-2-3-1106"
#define URL        "http://pki.contoso.test/issuing.crl"
#define BEFORE     1735689600 /* 1 January 2025: before the enforcement */
#define WITH_A_WAY 1746057600 /* 1 May 2025: enforced, with a way back */

static struct aovpn_chain_facts chain;
static struct aovpn_predictions out;

static struct aovpn_certificate_facts *at(uint32_t depth)
{
	return &chain.certificate[depth];
}

static void sound(uint32_t depth, const char *subject, const char *issuer)
{
	struct aovpn_certificate_facts *c = at(depth);

	strcpy(c->subject, subject);
	strcpy(c->issuer, issuer);
	strcpy(c->thumbprint, "00112233445566778899aabbccddeeff00112233");
	strcpy(c->key_type, "RSA");
	strcpy(c->signature_algorithm, "sha256WithRSAEncryption");
	c->key_bits = 2048;
	c->not_before = NOW - YEAR;
	c->not_after = NOW + YEAR;
	c->has_cdp = depth < ROOT;
	c->eku_client_auth = true;
	c->is_ca = depth > LEAF;
	c->self_issued = depth == ROOT;
	c->revocation.state = depth < ROOT ? AOVPN_REVOCATION_GOOD
					   : AOVPN_REVOCATION_NOT_NEEDED;
}

/* Nothing is wrong with it. */
static void begin(void)
{
	memset(&chain, 0, sizeof(chain));
	chain.count = 3;
	chain.complete = true;
	chain.verified = true;
	sound(LEAF, "CN=user1", "CN=Issuing CA");
	sound(ISSUING, "CN=Issuing CA", "CN=Root CA");
	sound(ROOT, "CN=Root CA", "CN=Root CA");
	strcpy(at(LEAF)->upn, "user1@contoso.test");
	strcpy(at(LEAF)->sid_extension, SID);
	at(LEAF)->sid_extension_state = AOVPN_SID_VALID;
}

static void only_in_uri(const char *sid)
{
	at(LEAF)->sid_extension[0] = '\0';
	at(LEAF)->sid_extension_state = AOVPN_SID_ABSENT;
	strcpy(at(LEAF)->sid_uri, sid);
	at(LEAF)->sid_uri_state = AOVPN_SID_VALID;
}

static void without_sid(void)
{
	only_in_uri("");
	at(LEAF)->sid_uri_state = AOVPN_SID_ABSENT;
}

static void predict_at(time_t now)
{
	memset(&out, 0x55, sizeof(out));
	aovpn_predict(&chain, now, &out);
}

static void add_error(int32_t error, uint32_t depth)
{
	chain.error[chain.error_count++] =
		(struct aovpn_chain_error){.x509_error = error, .depth = depth};
}

static bool says(const struct aovpn_prediction *p, const char *text)
{
	uint32_t i;

	for (i = 0; i < p->evidence_count; i++)
		if (strstr(p->evidence[i], text))
			return true;
	return false;
}

/* Exactly one, and this. */
static void expect(const char *cause, enum aovpn_confidence confidence,
		   uint16_t reason, uint32_t depth, const char *text)
{
	const struct aovpn_prediction *p = &out.list[0];

	CU_ASSERT_EQUAL_FATAL(out.count, 1);
	CU_ASSERT_STRING_EQUAL(p->cause->slug, cause);
	CU_ASSERT_EQUAL(p->confidence, confidence);
	CU_ASSERT_EQUAL(p->nps_reason, reason);
	CU_ASSERT_EQUAL(p->ras_code, p->cause->codes[0]);
	CU_ASSERT_EQUAL(p->depth, depth);
	CU_ASSERT_STRING_EQUAL(p->fix, p->cause->fix);
	CU_ASSERT(says(p, text));
}

static void expect_now(const char *cause, enum aovpn_confidence confidence,
		       uint16_t reason, uint32_t depth, const char *text)
{
	predict_at(NOW);
	expect(cause, confidence, reason, depth, text);
}

static void a_sound_chain_gives_nothing(void)
{
	begin();
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
	chain.count = 0;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void dates(void)
{
	begin();
	at(LEAF)->not_after = 1700000000;
	expect_now("client-cert-expired", AOVPN_CERTAIN, 268, LEAF,
		   "expired on 2023-11-14T22:13:20Z");
	CU_ASSERT_EQUAL(out.list[0].ras_code, 854);
	begin();
	at(ISSUING)->not_after = NOW - 1;
	expect_now("client-cert-expired", AOVPN_CERTAIN, 268, ISSUING,
		   "CN=Issuing CA");
	begin();
	at(ROOT)->not_after = NOW - 1;
	expect_now("client-cert-expired", AOVPN_CERTAIN, 268, ROOT,
		   "CN=Root CA");
	begin();
	at(LEAF)->not_before = NOW + 1;
	expect_now("client-cert-not-yet-valid", AOVPN_LIKELY, 278, LEAF,
		   "not valid before");
	begin();
	at(ISSUING)->not_before = NOW + 1;
	expect_now("client-cert-not-yet-valid", AOVPN_LIKELY, 278, ISSUING,
		   "CN=Issuing CA");
}

static void dates_of_now_are_good(void)
{
	begin();
	at(LEAF)->not_after = NOW;
	at(LEAF)->not_before = NOW;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void usages(void)
{
	begin();
	at(LEAF)->eku_client_auth = false;
	expect_now("client-cert-no-client-auth", AOVPN_LIKELY, 283, LEAF,
		   "does not include clientAuth");
	begin();
	at(ISSUING)->eku_client_auth = false;
	expect_now("client-cert-no-client-auth", AOVPN_LIKELY, 283, ISSUING,
		   "bounds all that it issues");
	begin();
	at(ROOT)->eku_client_auth = false;
	expect_now("client-cert-no-client-auth", AOVPN_LIKELY, 283, ROOT,
		   "CN=Root CA");
}

static void errors_of_the_path(void)
{
	static const struct {
		int32_t error;
		uint16_t reason;
		enum aovpn_confidence confidence;
		const char *text;
	} table[] = {
		{X509_V_ERR_INVALID_CA, 280, AOVPN_CERTAIN, "no CA"},
		{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, 280, AOVPN_CERTAIN,
		 "key usage"},
		{X509_V_ERR_PATH_LENGTH_EXCEEDED, 281, AOVPN_CERTAIN,
		 "pathLenConstraint"},
		{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, 282, AOVPN_LIKELY,
		 "critical extension"},
		{X509_V_ERR_CERT_SIGNATURE_FAILURE, 284, AOVPN_CERTAIN,
		 "not signed"},
		{X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, 284,
		 AOVPN_CERTAIN, "not signed"},
		{X509_V_ERR_SUBJECT_ISSUER_MISMATCH, 284, AOVPN_CERTAIN,
		 "another issuer"},
		{X509_V_ERR_AKID_SKID_MISMATCH, 284, AOVPN_LIKELY,
		 "another key"},
		{X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, 284, AOVPN_LIKELY,
		 "another certificate"},
		{X509_V_ERR_PERMITTED_VIOLATION, 288, AOVPN_LIKELY,
		 "nameConstraints"},
		{X509_V_ERR_EXCLUDED_VIOLATION, 288, AOVPN_LIKELY,
		 "nameConstraints"},
		{X509_V_ERR_INVALID_PURPOSE, 293, AOVPN_POSSIBLE,
		 "digitalSignature"},
		{X509_V_ERR_INVALID_EXTENSION, 288, AOVPN_POSSIBLE,
		 "invalid or inconsistent certificate extension"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		begin();
		add_error(table[i].error, ISSUING);
		expect_now("client-chain-invalid", table[i].confidence,
			   table[i].reason, ISSUING, table[i].text);
		CU_ASSERT(says(&out.list[0], "CN=Issuing CA"));
	}
}

/* The surest error of a certificate gives NPS's reason, the first of those. */
static void several_errors_of_a_path(void)
{
	begin();
	add_error(X509_V_ERR_INVALID_PURPOSE, LEAF);
	add_error(X509_V_ERR_CERT_SIGNATURE_FAILURE, LEAF);
	add_error(X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, LEAF);
	add_error(X509_V_ERR_PATH_LENGTH_EXCEEDED, LEAF);
	expect_now("client-chain-invalid", AOVPN_CERTAIN, 284, LEAF,
		   "critical extension");
	begin();
	add_error(X509_V_ERR_INVALID_CA, ISSUING);
	add_error(X509_V_ERR_PATH_LENGTH_EXCEEDED, ROOT);
	predict_at(NOW);
	CU_ASSERT_EQUAL_FATAL(out.count, 2);
	CU_ASSERT_EQUAL(out.list[0].depth, ISSUING);
	CU_ASSERT_EQUAL(out.list[1].depth, ROOT);
	CU_ASSERT_EQUAL(out.list[1].nps_reason, 281);
}

/* They are judged by facts: once is enough. */
static void errors_that_facts_tell(void)
{
	static const int32_t errors[] = {
		X509_V_ERR_CERT_HAS_EXPIRED,
		X509_V_ERR_CERT_NOT_YET_VALID,
		X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
		X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
		X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
		X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
		X509_V_ERR_CERT_UNTRUSTED,
	};
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		begin();
		add_error(errors[i], LEAF);
		predict_at(NOW);
		CU_ASSERT_EQUAL(out.count, 0);
	}
}

static void weak_keys(void)
{
	begin();
	at(LEAF)->key_bits = 1023;
	expect_now("client-cert-weak", AOVPN_LIKELY, 0, LEAF, "1023 bits");
	at(LEAF)->key_bits = 1024;
	expect_now("client-cert-weak", AOVPN_POSSIBLE, 0, LEAF, "1024 bits");
	at(LEAF)->key_bits = 2047;
	expect_now("client-cert-weak", AOVPN_POSSIBLE, 0, LEAF, "2047 bits");
	begin();
	at(ROOT)->key_bits = 1024;
	expect_now("client-cert-weak", AOVPN_POSSIBLE, 0, ROOT, "CN=Root CA");
	/* Bits of a curve are others, and none known are none. */
	begin();
	at(LEAF)->key_bits = 256;
	strcpy(at(LEAF)->key_type, "EC P-256");
	at(ISSUING)->key_bits = 0;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void weak_digests(void)
{
	begin();
	strcpy(at(LEAF)->signature_algorithm, "sha1WithRSAEncryption");
	expect_now("client-cert-weak", AOVPN_POSSIBLE, 0, LEAF, "sha1With");
	strcpy(at(LEAF)->signature_algorithm, "ecdsa-with-SHA1");
	expect_now("client-cert-weak", AOVPN_POSSIBLE, 0, LEAF, "SHA1");
	strcpy(at(LEAF)->signature_algorithm, "md5WithRSAEncryption");
	expect_now("client-cert-weak", AOVPN_LIKELY, 0, LEAF, "md5With");
	/* Nobody relies on a root's signature. */
	begin();
	strcpy(at(ROOT)->signature_algorithm, "md5WithRSAEncryption");
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
	begin();
	strcpy(at(ISSUING)->signature_algorithm, "sha1WithRSAEncryption");
	at(ISSUING)->key_bits = 512;
	expect_now("client-cert-weak", AOVPN_LIKELY, 0, ISSUING, "sha1With");
}

static void trust(void)
{
	begin();
	add_error(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, ROOT);
	chain.root_given = true;
	expect_now("client-cert-untrusted", AOVPN_LIKELY, 265, ROOT,
		   "00112233445566778899aabbccddeeff00112233");
	CU_ASSERT(says(&out.list[0], "295"));
	CU_ASSERT(says(&out.list[0], "NTAuth"));
	/* A certificate that is its own issuer has no CA. */
	begin();
	chain.count = 1;
	expect_now("client-cert-untrusted", AOVPN_LIKELY, 265, LEAF,
		   "its own issuer");
}

static void no_distribution_point(void)
{
	begin();
	at(ISSUING)->has_cdp = false;
	at(ISSUING)->revocation.state = AOVPN_REVOCATION_NO_POINT;
	expect_now("client-cert-revocation-unknown", AOVPN_LIKELY, 258, ISSUING,
		   "CN=Issuing CA");
	CU_ASSERT_FALSE(says(&out.list[0], "Conditional Access"));
	/* One prediction a certificate. */
	at(LEAF)->has_cdp = false;
	predict_at(NOW);
	CU_ASSERT_EQUAL_FATAL(out.count, 2);
	CU_ASSERT_EQUAL(out.list[0].depth, LEAF);
	CU_ASSERT_EQUAL(out.list[1].depth, ISSUING);
	CU_ASSERT_EQUAL(out.list[1].nps_reason, 258);
	/* OCSP does as well. */
	at(LEAF)->has_ocsp = at(ISSUING)->has_ocsp = true;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

/* Known to diagnosis, which asks nobody. */
static void no_distribution_point_unasked(void)
{
	begin();
	at(LEAF)->has_cdp = false;
	at(LEAF)->revocation.state = AOVPN_REVOCATION_NOT_CHECKED;
	expect_now("client-cert-revocation-unknown", AOVPN_LIKELY, 258, LEAF,
		   "CN=user1");
	/* The top of an incomplete chain is no root. */
	begin();
	chain.complete = false;
	chain.count = 2;
	at(ISSUING)->has_cdp = false;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.list[0].nps_reason, 258);
	CU_ASSERT_EQUAL(out.list[0].depth, ISSUING);
}

static void conditional_access(void)
{
	begin();
	at(LEAF)->has_cdp = false;
	strcpy(at(LEAF)->eku[0], "1.3.6.1.5.5.7.3.2");
	strcpy(at(LEAF)->eku[1], "1.3.6.1.4.1.311.87");
	at(LEAF)->eku_count = 2;
	expect_now("client-cert-revocation-unknown", AOVPN_LIKELY, 258, LEAF,
		   "by design: NPS needs IgnoreNoRevocationCheck = 1");
}

static void revocation_is(uint32_t depth, uint32_t state)
{
	struct aovpn_revocation_facts *r = &at(depth)->revocation;

	begin();
	r->state = state;
	r->next_update = 1795200000;
	strcpy(r->source, URL);
	strcpy(r->text, "the answer is past its next update");
}

static void a_stale_crl(void)
{
	revocation_is(LEAF, AOVPN_REVOCATION_STALE);
	expect_now("client-cert-crl-stale", AOVPN_LIKELY, 259, LEAF, URL);
	CU_ASSERT(says(&out.list[0], "due on 2026-11-20T18:40:00Z"));
	CU_ASSERT(says(&out.list[0], "past its next update"));
	revocation_is(ISSUING, AOVPN_REVOCATION_INVALID);
	expect_now("client-cert-crl-stale", AOVPN_LIKELY, 259, ISSUING,
		   "CN=Issuing CA");
	revocation_is(ISSUING, AOVPN_REVOCATION_OFFLINE);
	expect_now("client-cert-crl-stale", AOVPN_POSSIBLE, 259, ISSUING,
		   "from its own network");
	CU_ASSERT_FALSE(out.list[0].note);
}

static void states_that_say_nothing(void)
{
	revocation_is(LEAF, AOVPN_REVOCATION_NOT_CHECKED);
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
	/* Nobody could revoke a root but itself. */
	revocation_is(ROOT, AOVPN_REVOCATION_REVOKED);
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
	revocation_is(ROOT, AOVPN_REVOCATION_STALE);
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void a_revoked_certificate(void)
{
	revocation_is(LEAF, AOVPN_REVOCATION_REVOKED);
	at(LEAF)->revocation.revoked_at = 1700000000;
	strcpy(at(LEAF)->revocation.reason, "keyCompromise");
	expect_now("client-cert-revoked", AOVPN_CERTAIN, 256, LEAF,
		   "revoked on 2023-11-14T22:13:20Z, reason keyCompromise");
	CU_ASSERT(says(&out.list[0], URL));
	CU_ASSERT_EQUAL(out.list[0].ras_code, 855);
	revocation_is(ISSUING, AOVPN_REVOCATION_REVOKED);
	expect_now("client-cert-revoked", AOVPN_CERTAIN, 256, ISSUING,
		   "CN=Issuing CA");
}

static void no_sid(void)
{
	begin();
	without_sid();
	expect_now("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF, "neither");
	CU_ASSERT(says(&out.list[0], "since September 2025"));
	CU_ASSERT(says(&out.list[0], "issued on 2025-11-21, after"));
	CU_ASSERT(says(&out.list[0], "after the change"));
	at(LEAF)->not_before = BEFORE;
	expect_now("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF,
		   "issued on 2025-01-01, before the enforcement");
}

static void the_dates_of_enforcement(void)
{
	begin();
	without_sid();
	at(LEAF)->not_before = at(ISSUING)->not_before = at(ROOT)->not_before =
		BEFORE;
	predict_at(BEFORE);
	expect("client-cert-no-sid", AOVPN_POSSIBLE, 16, LEAF,
	       "from 11 February 2025");
	predict_at(WITH_A_WAY);
	expect("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF,
	       "StrongCertificateBindingEnforcement = 1");
	predict_at(1739232000);
	CU_ASSERT_EQUAL(out.list[0].confidence, AOVPN_LIKELY);
	predict_at(1739232000 - 1);
	CU_ASSERT_EQUAL(out.list[0].confidence, AOVPN_POSSIBLE);
}

static void a_spoilt_sid(void)
{
	begin();
	without_sid();
	at(LEAF)->sid_extension_state = AOVPN_SID_MALFORMED;
	strcpy(at(LEAF)->sid_extension_fault, "trailing bytes");
	expect_now("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF,
		   "trailing bytes");
	CU_ASSERT_FALSE(says(&out.list[0], "neither"));
	begin();
	without_sid();
	at(LEAF)->sid_uri_state = AOVPN_SID_MALFORMED;
	strcpy(at(LEAF)->sid_uri_fault, "not a SID: \"x\"");
	expect_now("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF, "not a SID");
	begin();
	without_sid();
	at(LEAF)->sid_in_other_name = true;
	expect_now("client-cert-no-sid", AOVPN_LIKELY, 16, LEAF, "otherName");
	CU_ASSERT_FALSE(says(&out.list[0], "neither"));
}

static void a_sid_beside_a_spoilt_one(void)
{
	begin();
	at(LEAF)->sid_uri_state = AOVPN_SID_MALFORMED;
	strcpy(at(LEAF)->sid_uri_fault, "empty");
	expect_now("client-cert-no-sid", AOVPN_POSSIBLE, 16, LEAF, SID);
	CU_ASSERT(says(&out.list[0], "empty"));
	begin();
	only_in_uri(OTHER_SID);
	at(LEAF)->sid_extension_state = AOVPN_SID_MALFORMED;
	expect_now("client-cert-no-sid", AOVPN_POSSIBLE, 16, LEAF, OTHER_SID);
	/* That of a CA is nobody's account. */
	begin();
	strcpy(at(ISSUING)->sid_extension, SID);
	at(ISSUING)->sid_uri_state = AOVPN_SID_MALFORMED;
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void sids_that_differ(void)
{
	begin();
	strcpy(at(LEAF)->sid_uri, OTHER_SID);
	expect_now("client-cert-sid-mismatch", AOVPN_LIKELY, 16, LEAF,
		   "the extension says " SID ", the SAN URI says " OTHER_SID);
	strcpy(at(LEAF)->sid_uri, SID);
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void a_cloud_only_sid(void)
{
	begin();
	strcpy(at(LEAF)->sid_extension, "S-1-12-1-1-2-3-4");
	expect_now("client-cert-cloud-only-sid", AOVPN_LIKELY, 16, LEAF,
		   "S-1-12-1-1-2-3-4");
	begin();
	only_in_uri("S-1-12-1-5-6-7-8");
	predict_at(NOW);
	CU_ASSERT_STRING_EQUAL(out.list[0].cause->slug,
			       "client-cert-cloud-only-sid");
	CU_ASSERT(says(&out.list[0], "S-1-12-1-5-6-7-8"));
}

static void a_sid_in_the_uri_is_a_note(void)
{
	begin();
	only_in_uri(SID);
	expect_now("client-cert-sid-uri-only", AOVPN_POSSIBLE, 16, LEAF,
		   "Server 2016 and older");
	CU_ASSERT(out.list[0].note);
}

static void names(void)
{
	begin();
	at(LEAF)->upn[0] = '\0';
	expect_now("client-cert-no-upn", AOVPN_LIKELY, 297, LEAF,
		   "neither UPN nor DNS");
	strcpy(at(LEAF)->dns, "pc1.contoso.test");
	predict_at(NOW);
	CU_ASSERT_EQUAL(out.count, 0);
}

static void an_incomplete_chain(void)
{
	begin();
	chain.complete = false;
	chain.count = 1;
	expect_now("client-chain-incomplete", AOVPN_POSSIBLE, 265, LEAF,
		   "only the leaf");
	CU_ASSERT_FALSE(out.list[0].note);
	chain.count = 2;
	expect_now("client-chain-incomplete", AOVPN_POSSIBLE, 265, ISSUING,
		   "the issuer \"CN=Root CA\" of \"CN=Issuing CA\"");
	CU_ASSERT(out.list[0].note);
}

/* Within one confidence the order is NPS's, whatever the depth. */
static void the_surest_comes_first(void)
{
	begin();
	without_sid();
	at(ISSUING)->has_cdp = false;
	at(ISSUING)->key_bits = 1024;
	at(ROOT)->not_after = NOW - 1;
	at(LEAF)->eku_client_auth = false;
	predict_at(NOW);
	CU_ASSERT_EQUAL_FATAL(out.count, 5);
	CU_ASSERT_EQUAL(out.list[0].nps_reason, 268);
	CU_ASSERT_EQUAL(out.list[1].nps_reason, 283);
	CU_ASSERT_EQUAL(out.list[2].nps_reason, 258);
	CU_ASSERT_EQUAL(out.list[3].nps_reason, 16);
	CU_ASSERT_STRING_EQUAL(out.list[4].cause->slug, "client-cert-weak");
}

/* Eight certificates with everything wrong: no more than there is room for, and
 * not at the expense of what is sure. */
static void more_than_there_is_room_for(void)
{
	uint32_t i;

	begin();
	chain.count = AOVPN_CHAIN_MAX;
	chain.complete = false;
	for (i = 0; i < AOVPN_CHAIN_MAX; i++) {
		sound(i, "CN=x", "CN=y");
		at(i)->key_bits = 1024;
		at(i)->eku_client_auth = false;
		at(i)->has_cdp = false;
		at(i)->not_before = NOW + 1;
		at(i)->revocation.state = AOVPN_REVOCATION_REVOKED;
	}
	predict_at(NOW);
	CU_ASSERT_EQUAL_FATAL(out.count, AOVPN_PREDICTIONS_MAX);
	CU_ASSERT_EQUAL(out.list[0].nps_reason, 256);
	CU_ASSERT_EQUAL(out.list[7].depth, 7);
	CU_ASSERT_EQUAL(out.list[8].confidence, AOVPN_LIKELY);
	CU_ASSERT_EQUAL(out.list[AOVPN_PREDICTIONS_MAX - 1].confidence,
			AOVPN_LIKELY);
}

/* A subject that is cut in the midst of a character stays text. */
static void evidence_is_clean(void)
{
	uint32_t i;

	for (i = 140; i < 160; i++) {
		begin();
		memset(at(LEAF)->subject, 'a', i);
		strcpy(at(LEAF)->subject + i, "\xe2\x82\xac\xe2\x82\xac");
		at(LEAF)->not_after = NOW - 1;
		predict_at(NOW);
		CU_ASSERT_EQUAL_FATAL(out.count, 1);
		CU_ASSERT_PTR_NULL(strstr(out.list[0].evidence[0], "\xe2\""));
		CU_ASSERT_PTR_NULL(
			strstr(out.list[0].evidence[0], "\xe2\x82\""));
	}
}

CU_TestInfo prediction_tests[] = {
	{"a sound chain gives nothing", a_sound_chain_gives_nothing},
	{"268, 278 by dates", dates},
	{"dates of now are good", dates_of_now_are_good},
	{"283 by usages", usages},
	{"280, 281, 282, 284, 288 by the path", errors_of_the_path},
	{"several errors of a path", several_errors_of_a_path},
	{"errors that facts tell", errors_that_facts_tell},
	{"weak keys", weak_keys},
	{"weak digests", weak_digests},
	{"265 by roots given", trust},
	{"258 without a distribution point", no_distribution_point},
	{"258 though nobody asked", no_distribution_point_unasked},
	{"258 of Conditional Access, by design", conditional_access},
	{"259 by a stale, wrong or unreachable CRL", a_stale_crl},
	{"states that say nothing", states_that_say_nothing},
	{"256", a_revoked_certificate},
	{"16 without a SID", no_sid},
	{"16 by the dates of enforcement", the_dates_of_enforcement},
	{"16 by a spoilt SID", a_spoilt_sid},
	{"16, perhaps, by one spoilt SID of two", a_sid_beside_a_spoilt_one},
	{"16 by SIDs that differ", sids_that_differ},
	{"16 by a cloud-only SID", a_cloud_only_sid},
	{"a SID in the URI is a note", a_sid_in_the_uri_is_a_note},
	{"297 without a name", names},
	{"an incomplete chain", an_incomplete_chain},
	{"the surest comes first", the_surest_comes_first},
	{"more than there is room for", more_than_there_is_room_for},
	{"evidence is clean", evidence_is_clean},
	CU_TEST_INFO_NULL,
};
