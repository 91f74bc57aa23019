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

#define AOVPN_POINTS_MAX (2 * AOVPN_URLS_MAX) /* CDP and OCSP of one */

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
	char unknown[AOVPN_TEXT_MAX];
};

/*
 * Check a certificate; takes as long as the fetcher. The caller frees *ret with
 * aovpn_check_free. Errors: -ENOMEM. What is wrong with the certificate is a
 * result, not an error.
 */
int aovpn_check_run(const struct aovpn_check_input *input,
		    struct aovpn_check **ret);

/* NULL is allowed. Returns NULL. */
struct aovpn_check *aovpn_check_free(struct aovpn_check *check);

/* "accepted", "refused", "unknown". */
const char *aovpn_check_verdict_name(enum aovpn_check_verdict verdict);

#endif
