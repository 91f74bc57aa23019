/*
 * certificate.h - what diagnosis must know of the client's certificate and its
 * chain, as plain values gathered at one time: diagnosis itself neither opens
 * files nor fetches (RFC 5280; KB5014754 for the SID).
 */
#ifndef AOVPN_CERTIFICATE_H
#define AOVPN_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "credential.h"
#include "observation.h"

#define AOVPN_CHAIN_MAX 8
#define AOVPN_SID_MAX   192
#define AOVPN_EKU_MAX   24 /* OIDs of one extension that are kept */
#define AOVPN_OID_MAX   64 /* bytes of one as text, with its NUL */

struct aovpn_certificate_facts {
	char subject[AOVPN_TEXT_MAX]; /* RFC 2253, escaped */
	char issuer[AOVPN_TEXT_MAX];
	char serial[64];     /* hexadecimal, lower case */
	char thumbprint[41]; /* SHA-1 over the DER, as Windows shows it */
	time_t not_before;   /* seconds since 1970, UTC */
	time_t not_after;
	bool is_ca;               /* basicConstraints CA:TRUE */
	bool self_issued;         /* subject equals issuer */
	bool has_cdp;             /* CRL distribution point with a URI */
	char cdp[AOVPN_TEXT_MAX]; /* its first URI, escaped; "" if none */
	bool has_ocsp;            /* AIA with an OCSP responder */
	bool has_eku;             /* extended key usage present */
	bool eku_client_auth; /* clientAuth, or anyExtendedKeyUsage, or no EKU
			       */
	bool eku_server_auth;
	/* The extension's OIDs in digits, in its order. One too long for
	 * AOVPN_OID_MAX and those beyond AOVPN_EKU_MAX are left out. */
	char eku[AOVPN_EKU_MAX][AOVPN_OID_MAX];
	uint32_t eku_count;
	char upn[AOVPN_TEXT_MAX]; /* otherName 1.3.6.1.4.1.311.20.2.3, or "" */
	char dns[AOVPN_TEXT_MAX]; /* first dNSName, or "" */
	char sid_extension[AOVPN_SID_MAX]; /* 1.3.6.1.4.1.311.25.2, or "" */
	char sid_uri[AOVPN_SID_MAX]; /* tag:microsoft.com,2022-09-14:sid:, "" */
};

struct aovpn_chain_facts {
	time_t gathered_at; /* when this was read */
	uint32_t count;     /* 0: nothing known */
	bool complete;      /* ends in a self-issued certificate */
	struct aovpn_certificate_facts certificate[AOVPN_CHAIN_MAX]; /* leaf
				     first, then issuer by issuer */
};

/* Read the facts of one certificate. Unreadable parts stay "" or false. */
void aovpn_certificate_facts_read(X509 *certificate,
				  struct aovpn_certificate_facts *ret);

/*
 * Read the facts of credential's leaf and follow its issuers by name and
 * signature through credential's chain, then through the PEM file of roots
 * (may be NULL), at most AOVPN_CHAIN_MAX certificates.
 */
void aovpn_chain_facts_read(const struct aovpn_credential *credential,
			    const char *roots, struct aovpn_chain_facts *ret);

#endif
