/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_certificate_check.c - the check of a certificate as NPS would make it:
 * its chain, its revocation by answers at hand, and the verdict.
 */
#include "certificate_check.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <CUnit/CUnit.h>

#include "revocation.h"

#define HOUR 3600
#define DAY  86400

#define LEAF_CRL   "http://pki.contoso.test/issuing.crl"
#define SECOND_CRL "http://other.contoso.test/issuing.crl"
#define ROOT_CRL   "http://pki.contoso.test/root.crl"
#define OCSP       "http://ocsp.contoso.test"
#define LEAF_AIA   "http://pki.contoso.test/issuing.crt"
#define CANNED_MAX 8
#define REVOKED_AT 1700000000
#define ISSUING    1
#define SID_URI    "S-1-5-21-1111111111-2222222222-3333333333-1105"

/* An answer at hand. updates_in: seconds from now to nextUpdate, 0: none. */
struct canned {
	uint32_t kind;
	const char *url;
	uint32_t state;
	uint32_t status;
	int updates_in;
	const char *file; /* AIA: the certificate that comes */
};

/* Whatever is not canned answers not at all. */
struct canned_fetcher {
	struct aovpn_fetcher fetcher;
	struct canned canned[CANNED_MAX];
	size_t count;
	time_t now;
	int err; /* what fetch returns */
	unsigned int calls;
	unsigned int asked;
	size_t largest; /* requests of one call */
};

static struct canned_fetcher network;
static struct aovpn_check_input input;
static struct aovpn_check *check;

static X509 *read_certificate(const char *name)
{
	char path[PATH_MAX];
	X509 *certificate;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", getenv("AOVPN_TEST_FIXTURES"),
		 name);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
	return certificate;
}

/* --- the canned fetcher --------------------------------------------------- */

static const struct canned *find_canned(const struct canned_fetcher *n,
					const struct aovpn_fetch_request *r)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (n->canned[i].kind == r->kind &&
		    strcmp(n->canned[i].url, r->url) == 0)
			return &n->canned[i];
	return NULL;
}

static void answer(const struct canned_fetcher *n,
		   const struct aovpn_fetch_request *r,
		   struct aovpn_fetched *ret)
{
	const struct canned *canned = find_canned(n, r);

	memset(ret, 0, sizeof(*ret));
	ret->kind = r->kind;
	ret->state = AOVPN_FETCH_TIMEOUT;
	snprintf(ret->url, sizeof(ret->url), "%s", r->url);
	if (!canned)
		return;
	ret->state = canned->state;
	ret->status = canned->status;
	ret->made_at = n->now;
	ret->this_update = n->now - 10 * DAY;
	if (canned->updates_in)
		ret->next_update = n->now + canned->updates_in;
	if (canned->status == AOVPN_STATUS_REVOKED) {
		ret->revoked_at = REVOKED_AT;
		strcpy(ret->reason, "superseded");
	}
	strcpy(ret->crl_number, "2a");
	if (canned->file)
		ret->found = read_certificate(canned->file);
}

static bool names_fit(const struct aovpn_fetch_request *r)
{
	return X509_NAME_cmp(X509_get_subject_name(r->issuer),
			     X509_get_issuer_name(r->certificate)) == 0;
}

static int fetch(const struct aovpn_fetcher *fetcher,
		 const struct aovpn_fetch_request *requests, size_t count,
		 struct aovpn_fetched *results)
{
	struct canned_fetcher *n = (struct canned_fetcher *)fetcher;
	size_t i;

	CU_ASSERT_EQUAL(n, &network);
	CU_ASSERT_FATAL(count > 0 && count <= AOVPN_FETCHES_MAX);
	n->calls++;
	n->asked += (unsigned int)count;
	if (count > n->largest)
		n->largest = count;
	if (n->err)
		return n->err;
	for (i = 0; i < count; i++) {
		if (requests[i].kind != AOVPN_FETCH_AIA)
			CU_ASSERT(names_fit(&requests[i]));
		answer(n, &requests[i], &results[i]);
	}
	return 0;
}

/* A fresh answer for a day; what is set first counts. */
static void can(uint32_t kind, const char *url, uint32_t state, uint32_t status)
{
	CU_ASSERT_FATAL(network.count < CANNED_MAX);
	network.canned[network.count++] = (struct canned){
		.kind = kind,
		.url = url,
		.state = state,
		.status = status,
		.updates_in = DAY,
	};
}

static void can_crl(const char *url, uint32_t status)
{
	can(AOVPN_FETCH_CRL, url, AOVPN_FETCH_OK, status);
}

static void can_stale_crl(const char *url, uint32_t status)
{
	can_crl(url, status);
	network.canned[network.count - 1].updates_in = -DAY;
}

static void can_issuer(const char *url, const char *file)
{
	can(AOVPN_FETCH_AIA, url, AOVPN_FETCH_OK, AOVPN_STATUS_NONE);
	network.canned[network.count - 1].file = file;
}

/* --- a check ----------------------------------------------------------------
 */

static time_t start_of(const X509 *certificate)
{
	struct tm tm;

	CU_ASSERT_FATAL(ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &tm));
	return timegm(&tm);
}

/* Check leaf an hour after it was issued, by a network that is dead so far. */
static void begin(const char *leaf)
{
	memset(&network, 0, sizeof(network));
	memset(&input, 0, sizeof(input));
	network.fetcher.fetch = fetch;
	input.leaf = read_certificate(leaf);
	input.chain = sk_X509_new_null();
	input.now = network.now = start_of(input.leaf) + HOUR;
	input.fetcher = &network.fetcher;
	CU_ASSERT_PTR_NOT_NULL_FATAL(input.chain);
	check = NULL;
}

static void at_hand(const char *name)
{
	CU_ASSERT(sk_X509_push(input.chain, read_certificate(name)) > 0);
}

static void trusted(const char *name)
{
	if (!input.roots)
		input.roots = sk_X509_new_null();
	CU_ASSERT(sk_X509_push(input.roots, read_certificate(name)) > 0);
}

static void run(void)
{
	CU_ASSERT_EQUAL_FATAL(aovpn_check_run(&input, &check), 0);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
}

static void end(void)
{
	check = aovpn_check_free(check);
	X509_free(input.leaf);
	sk_X509_pop_free(input.chain, X509_free);
	sk_X509_pop_free(input.roots, X509_free);
}

/* user.crt below a CA with a CDP. */
static void begin_sound(void)
{
	begin("user.crt");
	at_hand("root.crt");
	at_hand("issuing-cdp.crt");
}

/* The same, and all its CRLs say that it is good. */
static void begin_good(void)
{
	begin_sound();
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(SECOND_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
}

static const struct aovpn_revocation_facts *revocation(uint32_t depth)
{
	return &check->chain.certificate[depth].revocation;
}

static bool predicts(uint16_t reason, uint32_t depth)
{
	uint32_t i;

	for (i = 0; i < check->predictions.count; i++)
		if (check->predictions.list[i].nps_reason == reason &&
		    check->predictions.list[i].depth == depth)
			return true;
	return false;
}

static bool has_error(int32_t error, uint32_t depth)
{
	uint32_t i;

	for (i = 0; i < check->chain.error_count; i++)
		if (check->chain.error[i].x509_error == error &&
		    check->chain.error[i].depth == depth)
			return true;
	return false;
}

static bool remarks(const char *text)
{
	uint32_t i;

	for (i = 0; i < check->remark_count; i++)
		if (strstr(check->remark[i], text))
			return true;
	return false;
}

static void expect_refused(uint16_t reason, uint32_t depth)
{
	run();
	CU_ASSERT_EQUAL(check->verdict, AOVPN_CHECK_REFUSED);
	CU_ASSERT_STRING_EQUAL(check->unknown, "");
	CU_ASSERT(predicts(reason, depth));
}

static void expect_unknown(const char *why)
{
	run();
	CU_ASSERT_EQUAL(check->verdict, AOVPN_CHECK_UNKNOWN);
	CU_ASSERT_PTR_NOT_NULL(strstr(check->unknown, why));
}

static void expect_accepted(void)
{
	run();
	CU_ASSERT_EQUAL(check->verdict, AOVPN_CHECK_ACCEPTED);
	CU_ASSERT_STRING_EQUAL(check->unknown, "");
}

/* --- verdicts ---------------------------------------------------------------
 */

static void accepts_a_sound_certificate(void)
{
	uint32_t depth;

	begin_good();
	can(AOVPN_FETCH_OCSP, OCSP, AOVPN_FETCH_OK, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT_EQUAL(check->chain.count, 3);
	CU_ASSERT(check->chain.complete);
	CU_ASSERT(check->chain.verified);
	CU_ASSERT_FALSE(check->chain.root_given);
	CU_ASSERT_EQUAL(check->chain.error_count, 0);
	CU_ASSERT_EQUAL(check->chain.gathered_at, input.now);
	CU_ASSERT_STRING_EQUAL(check->chain.certificate[0].sid_uri, SID_URI);
	/* all at once, OCSP first, and it is what answered */
	CU_ASSERT_EQUAL(network.calls, 1);
	CU_ASSERT_EQUAL(check->asked[0].count, 3);
	CU_ASSERT_EQUAL(check->asked[0].point[0].kind, AOVPN_FETCH_OCSP);
	CU_ASSERT_EQUAL(check->asked[1].count, 1);
	CU_ASSERT_EQUAL(check->asked[2].count, 0);
	CU_ASSERT_STRING_EQUAL(revocation(0)->source, OCSP);
	CU_ASSERT_EQUAL(aovpn_check_leaf_revocation(check),
			AOVPN_REVOCATION_GOOD);
	CU_ASSERT_EQUAL(revocation(2)->state, AOVPN_REVOCATION_NOT_NEEDED);
	CU_ASSERT_FALSE(aovpn_check_revocation_skipped(check, &depth));
	/* the note about the URI is no reason to doubt */
	CU_ASSERT_EQUAL(check->predictions.count, 1);
	CU_ASSERT(check->predictions.list[0].note);
	end();
}

static void says_what_cannot_be_seen(void)
{
	begin_good();
	expect_accepted();
	CU_ASSERT(remarks("NPS must hold the root"));
	CU_ASSERT(remarks(check->chain.certificate[2].thumbprint));
	CU_ASSERT(remarks("certutil -enterprise -viewstore NTAuth"));
	CU_ASSERT(remarks(check->chain.certificate[1].thumbprint));
	end();
	begin_good();
	trusted("root.crt");
	expect_accepted();
	CU_ASSERT(check->chain.root_given);
	CU_ASSERT_FALSE(remarks("NPS must hold the root"));
	CU_ASSERT(remarks("NTAuth"));
	end();
}

static void without_a_network_nothing_is_settled(void)
{
	uint32_t depth = 9;

	begin_sound();
	input.fetcher = NULL;
	expect_unknown("nobody was asked");
	CU_ASSERT_PTR_NOT_NULL(strstr(check->unknown, "user1@contoso.test"));
	CU_ASSERT_EQUAL(revocation(0)->state, AOVPN_REVOCATION_NOT_CHECKED);
	CU_ASSERT(aovpn_check_revocation_skipped(check, &depth));
	CU_ASSERT_EQUAL(depth, 0);
	CU_ASSERT_FALSE(predicts(259, 0));
	end();
	/* what needs no network is said all the same */
	begin("user.crt");
	at_hand("issuing.crt");
	at_hand("root.crt");
	input.fetcher = NULL;
	expect_refused(258, ISSUING);
	CU_ASSERT_EQUAL(revocation(1)->state, AOVPN_REVOCATION_NO_POINT);
	end();
}

static void not_in_the_cache_is_no_failure(void)
{
	begin_sound();
	can(AOVPN_FETCH_CRL, LEAF_CRL, AOVPN_FETCH_OFFLINE, 0);
	can(AOVPN_FETCH_CRL, SECOND_CRL, AOVPN_FETCH_OFFLINE, 0);
	can(AOVPN_FETCH_CRL, ROOT_CRL, AOVPN_FETCH_OFFLINE, 0);
	can(AOVPN_FETCH_OCSP, OCSP, AOVPN_FETCH_OFFLINE, 0);
	expect_unknown("not in the cache");
	CU_ASSERT_FALSE(predicts(259, 0));
	CU_ASSERT_FALSE(predicts(259, 1));
	end();
}

/* Does the CA's revocation count as much as the leaf's? */
static void an_unreachable_crl_leaves_it_open(void)
{
	uint32_t depth = 9;

	begin_sound();
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	expect_unknown("Contoso Issuing CA");
	CU_ASSERT_EQUAL(revocation(0)->state, AOVPN_REVOCATION_GOOD);
	CU_ASSERT_STRING_EQUAL(revocation(0)->source, LEAF_CRL);
	CU_ASSERT_STRING_EQUAL(revocation(0)->crl_number, "2a");
	CU_ASSERT_EQUAL(revocation(1)->state, AOVPN_REVOCATION_OFFLINE);
	CU_ASSERT(predicts(259, 1));
	CU_ASSERT(aovpn_check_revocation_skipped(check, &depth));
	CU_ASSERT_EQUAL(depth, 1);
	CU_ASSERT_EQUAL(aovpn_check_leaf_revocation(check),
			AOVPN_REVOCATION_GOOD);
	end();
}

static void a_stale_crl_refuses(void)
{
	begin_sound();
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_stale_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_refused(259, ISSUING);
	CU_ASSERT_EQUAL(revocation(1)->state, AOVPN_REVOCATION_STALE);
	CU_ASSERT_EQUAL(revocation(1)->next_update, input.now - DAY);
	end();
	/* while another point might have a newer one, that is open */
	begin_sound();
	can_stale_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_unknown("past its next update");
	CU_ASSERT_EQUAL(revocation(0)->state, AOVPN_REVOCATION_OFFLINE);
	end();
}

static void a_revoked_certificate_is_refused(void)
{
	begin_sound();
	can_crl(SECOND_CRL, AOVPN_STATUS_REVOKED);
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	can(AOVPN_FETCH_OCSP, OCSP, AOVPN_FETCH_OK, AOVPN_STATUS_GOOD);
	expect_refused(256, 0);
	CU_ASSERT_EQUAL(revocation(0)->revoked_at, REVOKED_AT);
	CU_ASSERT_STRING_EQUAL(revocation(0)->reason, "superseded");
	end();
	begin_sound();
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_REVOKED);
	expect_refused(256, ISSUING);
	end();
}

static void ldap_is_for_nps_to_ask(void)
{
	begin("ldap-only.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	can(AOVPN_FETCH_CRL, "ldap:///CN=Issuing?certificateRevocationList",
	    AOVPN_FETCH_SCHEME, 0);
	expect_unknown("only http and https");
	CU_ASSERT_EQUAL(revocation(0)->state, AOVPN_REVOCATION_NOT_CHECKED);
	CU_ASSERT_FALSE(predicts(259, 0));
	end();
}

/* Seven certificates with six points each. */
static void many_points_are_asked_in_turns(void)
{
	begin("deep-7.crt");
	at_hand("deep-6.crt");
	at_hand("deep-5.crt");
	at_hand("deep-4.crt");
	at_hand("deep-3.crt");
	at_hand("deep-2.crt");
	at_hand("deep-1.crt");
	at_hand("deep-0.crt");
	run();
	CU_ASSERT_EQUAL(network.calls, 2);
	CU_ASSERT_EQUAL(network.largest, AOVPN_FETCHES_MAX);
	CU_ASSERT_EQUAL(network.asked, 42);
	CU_ASSERT_EQUAL(check->asked[6].count, 6);
	CU_ASSERT_STRING_EQUAL(check->asked[6].point[5].url, "http://d.test/4");
	CU_ASSERT_STRING_EQUAL(check->asked[5].point[0].url, "http://d.test/5");
	end();
}

static void want_of_memory_is_an_error(void)
{
	begin_good();
	network.err = -ENOMEM;
	CU_ASSERT_EQUAL(aovpn_check_run(&input, &check), -ENOMEM);
	CU_ASSERT_EQUAL(network.calls, 1);
	end();
	begin("user.crt"); /* in AIA */
	network.err = -ENOMEM;
	CU_ASSERT_EQUAL(aovpn_check_run(&input, &check), -ENOMEM);
	CU_ASSERT_EQUAL(network.calls, 1);
	end();
}

static void tells_the_kind(void)
{
	begin("kind-cloud-pki.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	run();
	CU_ASSERT_EQUAL(check->kind.id, AOVPN_KIND_CLOUD_PKI);
	end();
}

/* --- chains ------------------------------------------------------------------
 */

static void an_issuer_by_aia(void)
{
	begin("user.crt");
	trusted("root.crt");
	can_issuer(LEAF_AIA, "issuing-cdp.crt");
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT_EQUAL(check->chain.count, 3);
	CU_ASSERT(check->issuer_from_aia[1]);
	CU_ASSERT_FALSE(check->issuer_from_aia[2]);
	CU_ASSERT_EQUAL(check->aia_count, 1);
	CU_ASSERT_EQUAL(check->aia[0].state, AOVPN_FETCH_OK);
	CU_ASSERT_PTR_NULL(check->aia[0].found);
	CU_ASSERT(remarks("was fetched by AIA"));
	end();
}

/* Revocation is asked for all the same. */
static void no_issuer_by_aia_where_none_is_wanted(void)
{
	begin("user.crt");
	trusted("root.crt");
	can_issuer(LEAF_AIA, "issuing-cdp.crt");
	input.without_aia = true;
	expect_unknown("not at hand");
	CU_ASSERT_EQUAL(network.calls, 0);
	end();
	begin_good();
	input.without_aia = true;
	expect_accepted();
	CU_ASSERT_EQUAL(network.calls, 1);
	end();
}

static void aia_gives_the_wrong_certificate(void)
{
	static const char *const wrong[] = {"other.crt", "issuing-twin.crt",
					    "user.crt"};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin("user.crt");
		trusted("root.crt");
		can_issuer(LEAF_AIA, wrong[i]);
		expect_unknown("Contoso Issuing CA");
		CU_ASSERT_EQUAL(check->chain.count, 1);
		CU_ASSERT_EQUAL(check->aia_count, 1);
		CU_ASSERT_EQUAL(check->aia[0].state, AOVPN_FETCH_SIGNATURE);
		CU_ASSERT_PTR_NULL(check->aia[0].found);
		CU_ASSERT(predicts(265, 0));
		end();
	}
}

/* Whose answer would bear the signature of somebody unknown, is not asked. */
static void an_incomplete_chain_is_not_asked_for(void)
{
	begin("user.crt");
	expect_unknown("not at hand");
	CU_ASSERT_EQUAL(network.calls, 1); /* AIA */
	CU_ASSERT_EQUAL(check->asked[0].count, 0);
	CU_ASSERT_EQUAL(revocation(0)->state, AOVPN_REVOCATION_NOT_CHECKED);
	CU_ASSERT_PTR_NOT_NULL(strstr(revocation(0)->text, "issuer"));
	end();
	begin("ldap-only.crt"); /* and AIA is http alone */
	run();
	CU_ASSERT_EQUAL(network.calls, 0);
	CU_ASSERT_EQUAL(check->verdict, AOVPN_CHECK_UNKNOWN);
	end();
}

static void a_root_that_is_not_given(void)
{
	begin_good();
	trusted("other.crt");
	expect_refused(265, 2);
	CU_ASSERT(has_error(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 2));
	end();
}

static void a_chain_with_a_loop(void)
{
	begin("circle-leaf.crt");
	at_hand("circle-a-by-b.crt");
	at_hand("circle-b.crt");
	run();
	CU_ASSERT_EQUAL(check->chain.count, 3);
	CU_ASSERT_FALSE(check->chain.complete);
	end();
}

static void deep_chains(void)
{
	unsigned int i;
	char name[16];

	begin("deep-7.crt");
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "deep-%u.crt", i);
		at_hand(name);
	}
	run();
	CU_ASSERT_EQUAL(check->chain.count, 8);
	CU_ASSERT(check->chain.complete);
	/* nothing but that the leaf's key usage is that of a CA */
	CU_ASSERT_EQUAL(check->chain.error_count, 1);
	CU_ASSERT(has_error(X509_V_ERR_INVALID_PURPOSE, 0));
	end();
	begin("deep-8.crt");
	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "deep-%u.crt", i);
		at_hand(name);
	}
	run();
	CU_ASSERT_EQUAL(check->chain.count, 8);
	CU_ASSERT_FALSE(check->chain.complete);
	CU_ASSERT_NOT_EQUAL(check->verdict, AOVPN_CHECK_ACCEPTED);
	end();
}

static void a_certificate_that_is_its_own_issuer(void)
{
	begin("root.crt");
	expect_refused(265, 0);
	CU_ASSERT_EQUAL(check->chain.count, 1);
	CU_ASSERT(check->chain.complete);
	CU_ASSERT_EQUAL(aovpn_check_leaf_revocation(check),
			AOVPN_REVOCATION_NOT_NEEDED);
	CU_ASSERT_EQUAL(network.calls, 0);
	end();
}

/* A CA that changed its key has a certificate of the new by the old, which is
 * not the end. */
static void a_root_that_changed_its_key(void)
{
	begin("user.crt");
	at_hand("issuing-by-rollover.crt");
	at_hand("root.crt");
	at_hand("rollover.crt");
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT_EQUAL(check->chain.count, 4);
	CU_ASSERT_EQUAL(check->chain.error_count, 0);
	end();
}

static void the_right_one_of_several_issuers(void)
{
	begin("user.crt");
	at_hand("issuing-twin.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT_EQUAL(check->chain.error_count, 0);
	end();
	/* of two that have signed it, the one that is still valid */
	begin("user.crt");
	at_hand("issuing-short.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	input.now = network.now += 20 * DAY;
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	end();
	begin("user.crt");
	at_hand("issuing-short.crt");
	at_hand("root.crt");
	input.now = network.now += 20 * DAY;
	expect_refused(268, ISSUING);
	CU_ASSERT(has_error(X509_V_ERR_CERT_HAS_EXPIRED, ISSUING));
	end();
}

/* The only one at hand bears the right name and has another key. */
static void a_twin_of_the_issuer(void)
{
	begin("user.crt");
	at_hand("issuing-twin.crt");
	at_hand("root.crt");
	expect_refused(284, 0);
	CU_ASSERT(has_error(X509_V_ERR_CERT_SIGNATURE_FAILURE, 0));
	CU_ASSERT_EQUAL(check->chain.count, 3);
	CU_ASSERT_EQUAL(check->aia_count, 1);
	end();
	begin("user.crt");
	at_hand("issuing-twin.crt");
	at_hand("root.crt");
	can_issuer(LEAF_AIA, "issuing-cdp.crt");
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT(check->issuer_from_aia[1]);
	CU_ASSERT_EQUAL(check->chain.error_count, 0);
	end();
}

static void crooked_issuers(void)
{
	static const struct {
		const char *issuer;
		int32_t error;
		uint32_t error_depth;
		uint16_t reason;
	} table[] = {
		{"issuing-no-ca.crt", X509_V_ERR_INVALID_CA, 1, 280},
		{"issuing-no-certsign.crt", X509_V_ERR_INVALID_CA, 1, 280},
		{"issuing-critical.crt",
		 X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, 1, 282},
		{"issuing-other-ski.crt", X509_V_ERR_AKID_SKID_MISMATCH, 0,
		 284},
		{"issuing-by-middle.crt", X509_V_ERR_PATH_LENGTH_EXCEEDED, 2,
		 281},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		begin("user.crt");
		at_hand(table[i].issuer);
		at_hand("middle.crt");
		at_hand("root.crt");
		expect_refused(table[i].reason, table[i].error_depth);
		CU_ASSERT(has_error(table[i].error, table[i].error_depth));
		CU_ASSERT(check->chain.complete);
		end();
	}
}

/* OpenSSL has one error for many; the facts say which it was. */
static void purposes(void)
{
	begin("eku-server.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	expect_refused(283, 0);
	CU_ASSERT_FALSE(has_error(X509_V_ERR_INVALID_PURPOSE, 0));
	end();
	begin("key-encipherment.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	run();
	CU_ASSERT(has_error(X509_V_ERR_INVALID_PURPOSE, 0));
	CU_ASSERT(predicts(293, 0));
	CU_ASSERT_FALSE(predicts(283, 0));
	end();
	begin("user.crt");
	at_hand("issuing-no-client-auth.crt");
	at_hand("root.crt");
	expect_refused(283, ISSUING);
	CU_ASSERT_FALSE(has_error(X509_V_ERR_INVALID_PURPOSE, ISSUING));
	end();
	/* all purposes are Windows' business */
	begin("eku-any.crt");
	at_hand("issuing-cdp.crt");
	at_hand("root.crt");
	run();
	CU_ASSERT_EQUAL(check->chain.error_count, 0);
	end();
}

static void an_issuer_in_the_systems_store(void)
{
	char store[PATH_MAX];
	const char *before = getenv("SSL_CERT_DIR");

	snprintf(store, sizeof(store), "%s/store",
		 getenv("AOVPN_TEST_FIXTURES"));
	setenv("SSL_CERT_DIR", store, 1);
	begin("user.crt");
	at_hand("issuing-cdp.crt");
	run();
	CU_ASSERT_FALSE(check->chain.complete);
	end();
	begin("user.crt");
	at_hand("issuing-cdp.crt");
	input.system_store = true;
	can_crl(LEAF_CRL, AOVPN_STATUS_GOOD);
	can_crl(ROOT_CRL, AOVPN_STATUS_GOOD);
	expect_accepted();
	CU_ASSERT_FALSE(check->chain.root_given);
	end();
	if (!before)
		unsetenv("SSL_CERT_DIR");
}

/* --- several answers
 * ---------------------------------------------------------- */

#define JUDGE_NOW 1795300000

static struct aovpn_fetched a_point(uint32_t state, uint32_t status,
				    time_t next_update)
{
	struct aovpn_fetched p = {
		.kind = AOVPN_FETCH_CRL,
		.state = state,
		.status = status,
		.made_at = JUDGE_NOW,
		.this_update = JUDGE_NOW - DAY,
		.next_update = next_update,
	};

	return p;
}

#define OK      AOVPN_FETCH_OK
#define GOOD    AOVPN_STATUS_GOOD
#define REVOKED AOVPN_STATUS_REVOKED
#define FRESH   (JUDGE_NOW + DAY)
#define PAST    (JUDGE_NOW - 1)

static void what_answers_come_to(void)
{
	static const struct {
		struct {
			uint32_t state, status;
			time_t next_update;
		} point[2];
		uint32_t expected;
	} table[] = {
		{{{OK, GOOD, FRESH}}, AOVPN_REVOCATION_GOOD},
		{{{OK, GOOD, JUDGE_NOW}}, AOVPN_REVOCATION_GOOD},
		{{{OK, GOOD, 0}}, AOVPN_REVOCATION_GOOD},
		{{{OK, GOOD, PAST}}, AOVPN_REVOCATION_STALE},
		{{{OK, REVOKED, FRESH}}, AOVPN_REVOCATION_REVOKED},
		{{{OK, REVOKED, PAST}}, AOVPN_REVOCATION_REVOKED},
		{{{OK, AOVPN_STATUS_UNKNOWN, FRESH}}, AOVPN_REVOCATION_INVALID},
		{{{OK, AOVPN_STATUS_NONE, FRESH}}, AOVPN_REVOCATION_INVALID},
		{{{AOVPN_FETCH_SIGNATURE, GOOD, FRESH}},
		 AOVPN_REVOCATION_INVALID},
		{{{AOVPN_FETCH_SCOPE, REVOKED, FRESH}},
		 AOVPN_REVOCATION_INVALID},
		{{{AOVPN_FETCH_SCHEME, 0, 0}}, AOVPN_REVOCATION_NOT_CHECKED},
		{{{AOVPN_FETCH_OFFLINE, 0, 0}}, AOVPN_REVOCATION_NOT_CHECKED},
		{{{AOVPN_FETCH_LOCAL, 0, 0}}, AOVPN_REVOCATION_NOT_CHECKED},
		{{{AOVPN_FETCH_NAME, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_CONNECT, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_TIMEOUT, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_TLS, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_HTTP, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_REDIRECTS, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_TOO_BIG, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_FORMAT, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_RESPONDER, 0, 0}}, AOVPN_REVOCATION_OFFLINE},
		{{{9999, GOOD, FRESH}}, AOVPN_REVOCATION_NOT_CHECKED},
		/* several */
		{{{AOVPN_FETCH_TIMEOUT, 0, 0}, {OK, GOOD, FRESH}},
		 AOVPN_REVOCATION_GOOD},
		{{{OK, AOVPN_STATUS_UNKNOWN, FRESH}, {OK, GOOD, FRESH}},
		 AOVPN_REVOCATION_GOOD},
		{{{OK, GOOD, FRESH}, {OK, REVOKED, FRESH}},
		 AOVPN_REVOCATION_REVOKED},
		{{{OK, GOOD, PAST}, {OK, GOOD, PAST}}, AOVPN_REVOCATION_STALE},
		{{{AOVPN_FETCH_SIGNATURE, 0, 0}, {OK, GOOD, PAST}},
		 AOVPN_REVOCATION_STALE},
		{{{OK, GOOD, PAST}, {AOVPN_FETCH_TIMEOUT, 0, 0}},
		 AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_SIGNATURE, 0, 0}, {AOVPN_FETCH_SCHEME, 0, 0}},
		 AOVPN_REVOCATION_OFFLINE},
		{{{AOVPN_FETCH_SCHEME, 0, 0}, {AOVPN_FETCH_NAME, 0, 0}},
		 AOVPN_REVOCATION_OFFLINE},
	};
	struct aovpn_revocation_facts facts;
	struct aovpn_fetched points[2];
	size_t i, j, count;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		count = table[i].point[1].state ? 2 : 1;
		for (j = 0; j < count; j++)
			points[j] = a_point(table[i].point[j].state,
					    table[i].point[j].status,
					    table[i].point[j].next_update);
		memset(&facts, 0x55, sizeof(facts));
		aovpn_revocation_judge(points, count, JUDGE_NOW, &facts);
		CU_ASSERT_EQUAL(facts.state, table[i].expected);
		CU_ASSERT_EQUAL(
			facts.text[0] == '\0',
			facts.state == AOVPN_REVOCATION_GOOD ||
				(facts.state == AOVPN_REVOCATION_REVOKED &&
				 points[0].next_update != PAST));
	}
}

static void an_answer_from_the_future(void)
{
	struct aovpn_fetched p = a_point(OK, GOOD, FRESH);
	struct aovpn_revocation_facts facts;

	p.this_update = JUDGE_NOW + 300; /* a clock a little ahead */
	aovpn_revocation_judge(&p, 1, JUDGE_NOW, &facts);
	CU_ASSERT_EQUAL(facts.state, AOVPN_REVOCATION_GOOD);
	p.this_update = JUDGE_NOW + 301;
	aovpn_revocation_judge(&p, 1, JUDGE_NOW, &facts);
	CU_ASSERT_EQUAL(facts.state, AOVPN_REVOCATION_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(facts.text, "future"));
}

static void the_words_of_the_fetcher_are_kept(void)
{
	struct aovpn_fetched p[2] = {a_point(AOVPN_FETCH_HTTP, 0, 0),
				     a_point(OK, GOOD, PAST)};
	struct aovpn_revocation_facts facts;

	strcpy(p[0].text, "HTTP status 404");
	strcpy(p[0].url, "http://a.test/");
	strcpy(p[1].url, "http://b.test/");
	aovpn_revocation_judge(p, 1, JUDGE_NOW, &facts);
	CU_ASSERT_STRING_EQUAL(facts.text, "HTTP status 404");
	aovpn_revocation_judge(p, 2, JUDGE_NOW, &facts);
	CU_ASSERT_STRING_EQUAL(facts.text,
			       "the answer is past its next update; "
			       "http://a.test/: HTTP status 404");
	CU_ASSERT_STRING_EQUAL(facts.source, "http://b.test/");
}

static void states_have_names(void)
{
	static const char *const names[] = {
		"not-checked", "not-needed", "good",  "revoked",
		"no-point",    "offline",    "stale", "invalid",
	};
	uint32_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CU_ASSERT_STRING_EQUAL(aovpn_revocation_state_name(i),
				       names[i]);
	CU_ASSERT_STRING_EQUAL(aovpn_check_verdict_name(AOVPN_CHECK_ACCEPTED),
			       "accepted");
	CU_ASSERT_STRING_EQUAL(aovpn_check_verdict_name(AOVPN_CHECK_REFUSED),
			       "refused");
	CU_ASSERT_STRING_EQUAL(aovpn_check_verdict_name(AOVPN_CHECK_UNKNOWN),
			       "unknown");
}

CU_TestInfo certificate_check_tests[] = {
	{"accepts a sound certificate", accepts_a_sound_certificate},
	{"says what cannot be seen", says_what_cannot_be_seen},
	{"without a network nothing is settled",
	 without_a_network_nothing_is_settled},
	{"not in the cache is no failure", not_in_the_cache_is_no_failure},
	{"an unreachable CRL leaves it open",
	 an_unreachable_crl_leaves_it_open},
	{"a stale CRL refuses", a_stale_crl_refuses},
	{"a revoked certificate is refused", a_revoked_certificate_is_refused},
	{"ldap is for NPS to ask", ldap_is_for_nps_to_ask},
	{"many points are asked in turns", many_points_are_asked_in_turns},
	{"want of memory is an error", want_of_memory_is_an_error},
	{"tells the kind", tells_the_kind},
	{"an issuer by AIA", an_issuer_by_aia},
	{"no issuer by AIA where none is wanted",
	 no_issuer_by_aia_where_none_is_wanted},
	{"AIA gives the wrong certificate", aia_gives_the_wrong_certificate},
	{"an incomplete chain is not asked for",
	 an_incomplete_chain_is_not_asked_for},
	{"a root that is not given", a_root_that_is_not_given},
	{"a chain with a loop", a_chain_with_a_loop},
	{"deep chains", deep_chains},
	{"a certificate that is its own issuer",
	 a_certificate_that_is_its_own_issuer},
	{"a root that changed its key", a_root_that_changed_its_key},
	{"the right one of several issuers", the_right_one_of_several_issuers},
	{"a twin of the issuer", a_twin_of_the_issuer},
	{"crooked issuers", crooked_issuers},
	{"purposes", purposes},
	{"an issuer in the system's store", an_issuer_in_the_systems_store},
	{"what answers come to", what_answers_come_to},
	{"an answer from the future", an_answer_from_the_future},
	{"the words of the fetcher are kept",
	 the_words_of_the_fetcher_are_kept},
	{"states have names", states_have_names},
	CU_TEST_INFO_NULL,
};
