/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain.h - a certificate's way to its root as NPS's Windows would find it, out
 * of certificates at hand and by AIA (RFC 5280 4.2.2.1), and its validation
 * (RFC 5280 6.1) by OpenSSL over exactly this way.
 *
 * pki.h's aovpn_pki_path is its little brother, for who only has files and must
 * not say what is wrong. These functions leave OpenSSL's error queue to their
 * callers.
 */
#ifndef AOVPN_CHAIN_H
#define AOVPN_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/x509.h>

#include "certificate.h"
#include "fetch.h"

/* Where issuers are looked for; all borrowed. */
struct aovpn_chain_sources {
	STACK_OF(X509) *roots; /* or NULL */
	STACK_OF(X509) *chain; /* or NULL */
	bool system_store;     /* then the system's CA directory, too */
	/* Then by AIA, unless it is NULL. */
	const struct aovpn_fetcher *fetcher;
	time_t now;
};

struct aovpn_chain {
	X509 *certificate[AOVPN_CHAIN_MAX]; /* held; leaf first */
	bool from_aia[AOVPN_CHAIN_MAX];     /* this one came by AIA */
	uint32_t count;
	bool complete;      /* ends in a self-signed certificate */
	uint32_t aia_count; /* AIA fetches; found is NULL, whatever came */
	struct aovpn_fetched aia[AOVPN_CHAIN_MAX];
};

/*
 * Follow the issuers of leaf to a self-signed certificate, at most
 * AOVPN_CHAIN_MAX. An issuer is sought among roots and chain by name; of
 * several the one goes first whose key identifier and signature fit, then one
 * that is valid at now. A lone one is taken unseen, for validation to judge,
 * unless strict: then only one whose signature fits is taken. AIA by http only,
 * as Windows does, at most AOVPN_CHAIN_MAX fetches in all. The caller ends
 * *ret, which is several 10 KiB, with aovpn_chain_clear. Errors: -ENOMEM, also
 * from the fetcher; then nothing is to be cleared.
 */
int aovpn_chain_build(X509 *leaf, const struct aovpn_chain_sources *sources,
		      bool strict, struct aovpn_chain *ret);

/* Drop what chain holds. */
void aovpn_chain_clear(struct aovpn_chain *chain);

/*
 * Validate chain at now for TLS client authentication, without revocation, and
 * write verified, root_given, error_count and error of *facts. Trusted is the
 * chain's end, if it is one of roots or roots is NULL. Signatures are verified
 * here, once each. Left out: what a rule about the extended key usage says
 * better from the facts (X509_V_ERR_INVALID_PURPOSE stands for the key usage of
 * the leaf alone), and errors beyond AOVPN_CHAIN_ERRORS_MAX. Errors: -ENOMEM.
 */
int aovpn_chain_validate(const struct aovpn_chain *chain, STACK_OF(X509) *roots,
			 time_t now, struct aovpn_chain_facts *facts);

#endif
