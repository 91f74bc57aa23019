/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch.h - what revocation and chain building need from the network: CRLs (RFC
 * 5280 5), OCSP responses (RFC 6960) and issuers' certificates (AIA, RFC 5280
 * 4.2.2.1), fetched and parsed by aovpn-fetch, a program without any right, one
 * process a request. Nothing that came from the network is parsed here but the
 * certificates of an AIA.
 */
#ifndef AOVPN_FETCH_H
#define AOVPN_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <openssl/x509.h>

#include "certificate.h"
#include "error.h"

#define AOVPN_FETCHES_MAX 32 /* requests of one call */

enum aovpn_fetch_kind {
	AOVPN_FETCH_CRL = 1,
	AOVPN_FETCH_OCSP,
	AOVPN_FETCH_AIA,
};

/* How a fetch ended. */
enum aovpn_fetch_state {
	AOVPN_FETCH_OK = 1,    /* it is what it should be */
	AOVPN_FETCH_SCHEME,    /* not http or https (ldap): not tried */
	AOVPN_FETCH_NAME,      /* the host's name does not resolve */
	AOVPN_FETCH_CONNECT,   /* no connection, or it broke: error is its
				  errno */
	AOVPN_FETCH_TIMEOUT,   /* not complete in time */
	AOVPN_FETCH_TLS,       /* https: the server's certificate, ... */
	AOVPN_FETCH_HTTP,      /* another status than 200: http_status */
	AOVPN_FETCH_REDIRECTS, /* too many, or in a circle */
	AOVPN_FETCH_TOO_BIG,
	AOVPN_FETCH_FORMAT,    /* not a CRL, OCSP response or certificate */
	AOVPN_FETCH_SIGNATURE, /* not signed by the issuer or, OCSP, by one
				  whom it delegated */
	AOVPN_FETCH_SCOPE,     /* about something else: another issuer's, a
				  delta CRL, one of other reasons or kinds of
				  certificates (issuingDistributionPoint), a
				  response about another certificate */
	AOVPN_FETCH_OFFLINE,   /* not in the cache, and not to be fetched */
	AOVPN_FETCH_LOCAL,     /* the helper could not run: see text */
	AOVPN_FETCH_RESPONDER, /* the OCSP responder answers that it cannot or
				  will not: tryLater, unauthorized, ... */
};

enum aovpn_fetch_status {                    /* of the certificate, where OK */
			  AOVPN_STATUS_NONE, /* AIA */
			  AOVPN_STATUS_GOOD,
			  AOVPN_STATUS_REVOKED,
			  AOVPN_STATUS_UNKNOWN, /* OCSP: the responder does not
						   know it */
};

struct aovpn_fetch_request {
	uint32_t kind;   /* enum aovpn_fetch_kind */
	const char *url; /* of struct aovpn_urls */
	/* Whose revocation, and its issuer. With AIA only certificate: whose
	 * issuer is looked for. Borrowed. */
	X509 *certificate;
	X509 *issuer;
};

struct aovpn_fetched {
	uint32_t kind;
	uint32_t state;  /* enum aovpn_fetch_state */
	uint32_t status; /* enum aovpn_fetch_status */
	char url[AOVPN_URL_MAX];
	int32_t error;        /* errno of CONNECT, X509_V_ERR of TLS; else 0 */
	uint32_t http_status; /* last one, 0: none */
	uint64_t size;        /* bytes of the body, or how many were read */
	uint32_t duration_ms; /* of the fetch, with its redirects */
	time_t made_at;       /* when it was fetched */
	bool from_cache;
	time_t server_time; /* what the server called the time then (RFC 9110
			       6.6.1); 0: it did not, or from_cache */
	/* Of a CRL or OCSP response whose state is OK or, for showing, as far
	 * as it was read. A stale one is OK: whoever asks compares dates. */
	time_t this_update;
	time_t next_update; /* 0: it has none */
	char crl_number[64];
	uint32_t crl_entries;
	char responder[AOVPN_TEXT_MAX]; /* OCSP: its name or key hash */
	time_t revoked_at;
	char reason[32];           /* "keyCompromise", or "" */
	char text[AOVPN_TEXT_MAX]; /* what was wrong, one clause, escaped */
	uint8_t web_page;          /* not 0: a page in HTML came instead */
	/* AIA, where OK: the issuer, whose name and signature fit; the caller
	 * frees it. */
	X509 *found;
};

/* How things are fetched; an interface, so that judgement can be tested with
 * answers at hand. */
struct aovpn_fetcher {
	/*
	 * Do count (at most AOVPN_FETCHES_MAX) requests beside each other, all
	 * of them within the fetcher's time. results receives one each: a
	 * failure is a result. Errors: -ENOMEM, -E2BIG.
	 */
	int (*fetch)(const struct aovpn_fetcher *fetcher,
		     const struct aovpn_fetch_request *requests, size_t count,
		     struct aovpn_fetched *results);
};

/* "ok", "name", "connect", ...: for JSON. */
const char *aovpn_fetch_state_name(uint32_t state);

/* Free what results hold. */
void aovpn_fetched_clear(struct aovpn_fetched *results, size_t count);

/* --- the fetcher that asks the network ------------------------------------ */

#define AOVPN_FETCH_TIMEOUT_MS 15000 /* of one; Windows' for a CRL, too */
#define AOVPN_FETCH_TOTAL_MS   60000 /* of all of one call */

struct aovpn_fetcher_options {
	const char *runtime; /* directory of fetch.sock, where a service
				manager starts the helper; NULL: always
				started by us */
	/* Directory in which answers are kept, made where it is not there; NULL
	 * or "": none. It must be the caller's own, and nobody else may write
	 * into it: else none is used (aovpn_fetcher_cache_fault). */
	const char *cache;
	bool refresh;        /* do not take answers out of the cache */
	bool offline;        /* take them only from there */
	uint32_t timeout_ms; /* of one; 0: AOVPN_FETCH_TIMEOUT_MS */
	uint32_t total_ms;   /* of one call; 0: AOVPN_FETCH_TOTAL_MS */
};

/*
 * Make a fetcher that does each request in a helper process of its own, at most
 * eight at a time. The helper's program is that of the environment
 * (AOVPN_FETCH), else the one beside this program, else the installed one. It
 * may be used by one thread at a time; it touches no signal and waits for no
 * child but its own. options and its texts are copied. The caller frees *ret
 * with aovpn_fetcher_close. Errors: -ENOMEM.
 */
int aovpn_fetcher_open(const struct aovpn_fetcher_options *options,
		       struct aovpn_fetcher **ret);

/* Why the cache is not used though one was named, one clause, escaped; or "".
 * fetcher: one of aovpn_fetcher_open. */
const char *aovpn_fetcher_cache_fault(const struct aovpn_fetcher *fetcher);

/* NULL is allowed. Returns NULL. */
struct aovpn_fetcher *aovpn_fetcher_close(struct aovpn_fetcher *fetcher);

#endif
