/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain_validate.c - has OpenSSL validate (RFC 5280 6.1) a way that was found,
 * all of it in spite of errors, see chain.h.
 */
#include "chain.h"

#include <errno.h>

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* What OpenSSL's callbacks need. */
struct validation {
	const struct aovpn_chain *chain;
	struct aovpn_chain_facts *facts;
};

static void add_error(struct aovpn_chain_facts *facts, int error, int depth)
{
	uint32_t i;

	for (i = 0; i < facts->error_count; i++)
		if (facts->error[i].x509_error == error &&
		    facts->error[i].depth == (uint32_t)depth)
			return;
	if (facts->error_count == AOVPN_CHAIN_ERRORS_MAX)
		return;
	facts->error[facts->error_count++] = (struct aovpn_chain_error){
		.x509_error = error, .depth = (uint32_t)depth};
}

/* May the leaf sign, so that TLS can have it prove its key (RFC 5246 7.4.8)? */
static bool leaf_may_sign(X509 *leaf)
{
	return (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) != 0;
}

/* An error's being there is what is wanted, so validation goes on. */
static int on_error(int ok, X509_STORE_CTX *ctx)
{
	struct validation *v = X509_STORE_CTX_get_app_data(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	if (ok || depth < 0 || depth >= AOVPN_CHAIN_MAX)
		return 1;
	if (error == X509_V_ERR_INVALID_PURPOSE &&
	    (depth > 0 || leaf_may_sign(v->chain->certificate[0])))
		return 1;
	add_error(v->facts, error, depth);
	return 1;
}

/* Who issued whom was settled when the way was found: OpenSSL, left to itself,
 * would stop at what it is to explain. */
static int is_next(X509_STORE_CTX *ctx, X509 *subject, X509 *issuer)
{
	const struct validation *v = X509_STORE_CTX_get_app_data(ctx);
	const struct aovpn_chain *chain = v->chain;
	uint32_t i;

	if (subject == issuer)
		return chain->complete &&
		       subject == chain->certificate[chain->count - 1];
	for (i = 0; i + 1 < chain->count; i++)
		if (chain->certificate[i] == subject)
			return chain->certificate[i + 1] == issuer;
	return 0;
}

static bool is_on(STACK_OF(X509) *stack, const X509 *certificate)
{
	int i;

	for (i = 0; i < sk_X509_num(stack); i++)
		if (X509_cmp(sk_X509_value(stack, i), certificate) == 0)
			return true;
	return false;
}

/* Put what lies above the leaf on untrusted, and its end on trusted if it is.
 * The stacks hold nothing. */
static bool share_out(const struct aovpn_chain *chain, STACK_OF(X509) *roots,
		      STACK_OF(X509) *untrusted, STACK_OF(X509) *trusted)
{
	X509 *end = chain->certificate[chain->count - 1];
	uint32_t i;

	for (i = 1; i < chain->count; i++)
		if (!sk_X509_push(untrusted, chain->certificate[i]))
			return false;
	if (chain->complete && (!roots || is_on(roots, end)))
		return sk_X509_push(trusted, end) != 0;
	return true;
}

static int verify(struct validation *v, STACK_OF(X509) *untrusted,
		  STACK_OF(X509) *trusted, time_t now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int err = -ENOMEM;

	if (!store || !ctx)
		goto out;
	X509_STORE_set_check_issued(store, is_next);
	if (!X509_STORE_CTX_init(ctx, store, v->chain->certificate[0],
				 untrusted) ||
	    !X509_STORE_CTX_set_app_data(ctx, v) ||
	    !X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_CLIENT))
		goto out;
	X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
	X509_STORE_CTX_set_time(ctx, 0, now);
	X509_STORE_CTX_set_verify_cb(ctx, on_error);
	/* on_error lets everything pass but what is no error of the chain's */
	err = X509_verify_cert(ctx) < 0 ? -ENOMEM : 0;
out:
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return err;
}

/* OpenSSL compares key identifiers to find an issuer, which is_next spares it:
 * so here. */
static void check_key_identifiers(const struct aovpn_chain *chain,
				  struct aovpn_chain_facts *facts)
{
	uint32_t i;
	int error;

	for (i = 0; i + 1 < chain->count; i++) {
		error = X509_check_issued(chain->certificate[i + 1],
					  chain->certificate[i]);
		if (error == X509_V_ERR_AKID_SKID_MISMATCH ||
		    error == X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH)
			add_error(facts, error, (int)i);
	}
}

int aovpn_chain_validate(const struct aovpn_chain *chain, STACK_OF(X509) *roots,
			 time_t now, struct aovpn_chain_facts *facts)
{
	struct validation v = {.chain = chain, .facts = facts};
	STACK_OF(X509) *untrusted = sk_X509_new_null();
	STACK_OF(X509) *trusted = sk_X509_new_null();
	int err = -ENOMEM;

	facts->error_count = 0;
	facts->root_given = roots != NULL;
	if (untrusted && trusted && share_out(chain, roots, untrusted, trusted))
		err = verify(&v, untrusted, trusted, now);
	facts->verified = err == 0;
	if (!err)
		check_key_identifiers(chain, facts);
	sk_X509_free(untrusted);
	sk_X509_free(trusted);
	return err;
}
