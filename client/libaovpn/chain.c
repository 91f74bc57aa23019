/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chain.c - how the way from a leaf to its root is found, see chain.h. */
#include "chain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "pki.h"

/* Certificates of one name that are looked at: a hostile bundle may have
 * hundreds, each with a signature to verify. */
#define CANDIDATES_MAX 16

struct builder {
	const struct aovpn_chain_sources *sources;
	bool strict;
	struct aovpn_chain *chain;
};

struct candidates {
	X509 *certificate[CANDIDATES_MAX]; /* borrowed */
	size_t count;
};

static X509 *top(const struct aovpn_chain *chain)
{
	return chain->certificate[chain->count - 1];
}

static bool is_among(const X509 *certificate, X509 *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (X509_cmp(list[i], certificate) == 0)
			return true;
	return false;
}

/* Those of pool that bear the name of subject's issuer. One that is on the way
 * already would lead round and round. */
static void collect(STACK_OF(X509) *pool, const struct aovpn_chain *chain,
		    struct candidates *ret)
{
	const X509_NAME *name = X509_get_issuer_name(top(chain));
	X509 *c;
	int i;

	for (i = 0; i < sk_X509_num(pool); i++) {
		c = sk_X509_value(pool, i);
		if (ret->count == CANDIDATES_MAX)
			return;
		if (X509_NAME_cmp(X509_get_subject_name(c), name) == 0 &&
		    !is_among(c, chain->certificate, chain->count) &&
		    !is_among(c, ret->certificate, ret->count))
			ret->certificate[ret->count++] = c;
	}
}

static bool signature_fits(X509 *subject, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);

	return key && X509_verify(subject, key) == 1;
}

static bool is_valid_at(const X509 *certificate, time_t now)
{
	return X509_cmp_time(X509_get0_notBefore(certificate), &now) < 0 &&
	       X509_cmp_time(X509_get0_notAfter(certificate), &now) > 0;
}

static unsigned int rank(X509 *subject, X509 *issuer, time_t now)
{
	return (signature_fits(subject, issuer) ? 4 : 0) +
	       (X509_check_issued(issuer, subject) == X509_V_OK ? 2 : 0) +
	       (is_valid_at(issuer, now) ? 1 : 0);
}

/* The best of list, the first where several are alike; NULL for none. */
static X509 *choose(const struct builder *b, const struct candidates *list)
{
	X509 *subject = top(b->chain), *best = NULL;
	unsigned int r, best_rank = 0;
	size_t i;

	if (list->count == 1 && !b->strict)
		return list->certificate[0];
	for (i = 0; i < list->count; i++) {
		r = rank(subject, list->certificate[i], b->sources->now);
		if (best && r <= best_rank)
			continue;
		best = list->certificate[i];
		best_rank = r;
	}
	return b->strict && best_rank < 4 ? NULL : best;
}

static X509 *hold(X509 *certificate)
{
	if (certificate && !X509_up_ref(certificate))
		return NULL;
	return certificate;
}

static X509 *find_at_hand(const struct builder *b)
{
	struct candidates list = {0};

	collect(b->sources->roots, b->chain, &list);
	collect(b->sources->chain, b->chain, &list);
	return hold(choose(b, &list));
}

/* The CA directory is indexed by name, so only what fits is read. */
static STACK_OF(X509) *look_up(X509_STORE *store, X509 *subject)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *found = NULL;

	if (ctx && X509_STORE_CTX_init(ctx, store, NULL, NULL))
		found = X509_STORE_CTX_get1_certs(
			ctx, X509_get_issuer_name(subject));
	X509_STORE_CTX_free(ctx);
	return found;
}

static X509 *find_in_system(const struct builder *b)
{
	struct candidates list = {0};
	STACK_OF(X509) *found = NULL;
	X509_STORE *store;
	X509 *issuer;

	if (!b->sources->system_store)
		return NULL;
	store = X509_STORE_new();
	if (store && X509_STORE_set_default_paths(store))
		found = look_up(store, top(b->chain));
	collect(found, b->chain, &list);
	issuer = hold(choose(b, &list));
	sk_X509_pop_free(found, X509_free);
	X509_STORE_free(store);
	return issuer;
}

static bool is_http(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0;
}

/* Is what the server sent the issuer? Whoever answers by http may be anybody,
 * so the signature is what counts. */
static bool is_issuer(const struct builder *b, X509 *found)
{
	return X509_check_issued(found, top(b->chain)) == X509_V_OK &&
	       signature_fits(top(b->chain), found) &&
	       !is_among(found, b->chain->certificate, b->chain->count);
}

/* Take the issuer out of the results, if one of them is it; clear the rest. */
static X509 *take_issuer(const struct builder *b, struct aovpn_fetched *results,
			 uint32_t count)
{
	X509 *issuer = NULL;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!results[i].found)
			continue;
		if (!is_issuer(b, results[i].found)) {
			results[i].state = AOVPN_FETCH_SIGNATURE;
			snprintf(results[i].text, sizeof(results[i].text),
				 "it has not issued the certificate");
		} else if (!issuer) {
			issuer = hold(results[i].found);
		}
		X509_free(results[i].found);
		results[i].found = NULL;
	}
	return issuer;
}

/* The requests for subject's issuer; returns how many. */
static uint32_t ask_for_issuer(X509 *subject, const struct aovpn_urls *urls,
			       uint32_t room,
			       struct aovpn_fetch_request *requests)
{
	uint32_t i, count = 0;

	for (i = 0; i < urls->count && count < room; i++) {
		if (!is_http(urls->url[i]))
			continue;
		requests[count++] = (struct aovpn_fetch_request){
			.kind = AOVPN_FETCH_AIA,
			.url = urls->url[i],
			.certificate = subject,
		};
	}
	return count;
}

static int fetch_issuer(const struct builder *b, X509 **ret)
{
	struct aovpn_fetch_request requests[AOVPN_URLS_MAX];
	const struct aovpn_fetcher *fetcher = b->sources->fetcher;
	struct aovpn_chain *chain = b->chain;
	struct aovpn_fetched *results = &chain->aia[chain->aia_count];
	struct aovpn_certificate_facts facts;
	uint32_t count;
	int err;

	*ret = NULL;
	if (!fetcher)
		return 0;
	aovpn_certificate_facts_read(top(chain), &facts);
	count = ask_for_issuer(top(chain), &facts.aia,
			       AOVPN_CHAIN_MAX - chain->aia_count, requests);
	if (count == 0)
		return 0;
	err = fetcher->fetch(fetcher, requests, count, results);
	if (err)
		return err;
	chain->aia_count += count;
	*ret = take_issuer(b, results, count);
	return 0;
}

static void push(struct aovpn_chain *chain, X509 *issuer, bool from_aia)
{
	chain->from_aia[chain->count] = from_aia;
	chain->certificate[chain->count++] = issuer;
}

/* One step towards the root. Returns 1, 0 where the way ends, or -ENOMEM. */
static int step(const struct builder *b)
{
	X509 *issuer;
	int err;

	if (b->chain->complete || b->chain->count == AOVPN_CHAIN_MAX)
		return 0;
	issuer = find_at_hand(b);
	if (!issuer)
		issuer = find_in_system(b);
	if (issuer) {
		push(b->chain, issuer, false);
		return 1;
	}
	err = fetch_issuer(b, &issuer);
	if (err || !issuer)
		return err;
	push(b->chain, issuer, true);
	return 1;
}

int aovpn_chain_build(X509 *leaf, const struct aovpn_chain_sources *sources,
		      bool strict, struct aovpn_chain *ret)
{
	const struct builder b = {
		.sources = sources, .strict = strict, .chain = ret};
	int more;

	memset(ret, 0, sizeof(*ret));
	if (!X509_up_ref(leaf))
		return -ENOMEM;
	push(ret, leaf, false);
	do {
		/* One that is only self-issued, by a CA that changed its key,
		 * has an issuer: its key identifiers tell. */
		ret->complete = X509_self_signed(top(ret), 0) == 1;
		more = step(&b);
	} while (more > 0);
	if (more < 0)
		aovpn_chain_clear(ret);
	return more;
}

void aovpn_chain_clear(struct aovpn_chain *chain)
{
	uint32_t i;

	for (i = 0; i < chain->count; i++)
		X509_free(chain->certificate[i]);
	chain->count = 0;
}
