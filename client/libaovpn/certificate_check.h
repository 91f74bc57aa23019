/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_check.h - what `certutil -verify -urlfetch` does on an NPS
 * server, done on the client: build a certificate's chain, validate it for TLS
 * client authentication (RFC 5280 6), ask for the revocation of each
 * certificate below the root as Windows does
 * (CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT), and say whether NPS would
 * accept it.
 */
#ifndef AOVPN_CERTIFICATE_CHECK_H
#define AOVPN_CERTIFICATE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/x509.h>

#include "certificate.h"
#include "fetch.h"
#include "kind.h"
#include "prediction.h"

#define AOVPN_POINTS_MAX  (2 * AOVPN_URLS_MAX) /* CDP and OCSP of one */
#define AOVPN_REMARKS_MAX (AOVPN_CHAIN_MAX + 4)
#define AOVPN_REMARK_MAX  (2 * AOVPN_TEXT_MAX)

enum aovpn_check_verdict {
	AOVPN_CHECK_ACCEPTED = 1, /* nothing speaks against it */
	AOVPN_CHECK_REFUSED,      /* a LIKELY or CERTAIN prediction */
	AOVPN_CHECK_UNKNOWN,      /* something could not be found out */
};

struct aovpn_check_input {
	X509 *leaf;
	STACK_OF(X509) *chain; /* CA certificates at hand, or NULL */
	/* CAs whom NPS is known to trust, or NULL: then the chain's own root
	 * is taken as trusted, and its being in NPS's stores is not judged. */
	STACK_OF(X509) *roots;
	bool without_aia;  /* the chain is what is at hand, nothing is fetched
			      for it */
	bool system_store; /* look for issuers in the system's CA store, too */
	time_t now;
	const struct aovpn_fetcher *fetcher; /* NULL: ask nobody */
};

/* Everything that was found; several 100 KiB, so not for a stack. */
struct aovpn_check {
	struct aovpn_chain_facts chain;
	/* What was asked about each certificate: for showing. What follows of
	 * it is in chain.certificate[i].revocation. */
	struct {
		uint32_t count;
		struct aovpn_fetched point[AOVPN_POINTS_MAX];
	} asked[AOVPN_CHAIN_MAX];
	uint32_t aia_count; /* AIA fetches, in the order in which they were */
	struct aovpn_fetched aia[AOVPN_CHAIN_MAX];
	bool issuer_from_aia[AOVPN_CHAIN_MAX]; /* certificate i came by AIA */
	struct aovpn_kind kind;
	struct aovpn_predictions predictions;
	enum aovpn_check_verdict verdict;
	/* Why the verdict is unknown, one sentence without full stop; or "" */
	char unknown[AOVPN_REMARK_MAX];
	/* What cannot be seen from here and where to look, sentences without
	 * full stop; none of them makes a verdict. */
	char remark[AOVPN_REMARKS_MAX][AOVPN_REMARK_MAX];
	uint32_t remark_count;
};

/*
 * Check a certificate; takes as long as the fetcher. The caller frees *ret with
 * aovpn_check_free. Errors: -ENOMEM. What is wrong with the certificate is a
 * result, not an error.
 *
 * Revocation: every OCSP responder and CRL distribution point of every
 * certificate below the root is asked, all in one call of the fetcher as far as
 * AOVPN_FETCHES_MAX goes. Windows asks OCSP first and a CRL only where that
 * gives no answer; here all are shown and aovpn_revocation_judge (revocation.h)
 * says what follows, OCSP before CRL. Not asked is about a certificate whose
 * issuer is not known: nobody could tell whether the answer is genuine.
 */
int aovpn_check_run(const struct aovpn_check_input *input,
		    struct aovpn_check **ret);

/* NULL is allowed. Returns NULL. */
struct aovpn_check *aovpn_check_free(struct aovpn_check *check);

/*
 * certutil's first verdict ("Leaf certificate revocation check passed"): what
 * is known of the leaf's revocation, enum aovpn_revocation_state. Only GOOD
 * passes; NOT_NEEDED is that of a leaf that is its own issuer.
 */
uint32_t aovpn_check_leaf_revocation(const struct aovpn_check *check);

/*
 * certutil's second verdict ("Revocation check skipped -- no revocation
 * information available"): is there a certificate below the root whose
 * revocation is not known, one way or the other? *ret_depth is the first such
 * one's; its revocation.text says why.
 */
bool aovpn_check_revocation_skipped(const struct aovpn_check *check,
				    uint32_t *ret_depth);

/* "accepted", "refused", "unknown". */
const char *aovpn_check_verdict_name(enum aovpn_check_verdict verdict);

#endif
