/* SPDX-License-Identifier: GPL-2.0-or-later */
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
/* Bytes of an OID as text, with its NUL: those that AD CS makes up for its
 * templates and policies have up to 87 (MS-CRTD 2.20). */
#define AOVPN_OID_MAX      96
#define AOVPN_URL_MAX      512
#define AOVPN_URLS_MAX     4 /* of one extension that are kept */
#define AOVPN_POLICIES_MAX 8

/* A SID in one of its two places. */
enum aovpn_sid_state {
	AOVPN_SID_ABSENT,
	AOVPN_SID_VALID,
	AOVPN_SID_MALFORMED, /* there, but not as KB5014754 wants it */
};

/* URIs out of one extension, in its order. */
struct aovpn_urls {
	/* As they are in the certificate, printable ASCII only: fit for
	 * fetching and for showing. */
	char url[AOVPN_URLS_MAX][AOVPN_URL_MAX];
	uint32_t count;
	uint32_t unusable; /* too long, with other characters, or too many */
};

/* What is known of a certificate's revocation. Only GOOD and REVOKED are
 * answers; each other one is a reason why there is none. */
enum aovpn_revocation_state {
	AOVPN_REVOCATION_NOT_CHECKED, /* nobody has asked */
	AOVPN_REVOCATION_NOT_NEEDED,  /* a root: nothing above it could say */
	AOVPN_REVOCATION_GOOD,
	AOVPN_REVOCATION_REVOKED,
	AOVPN_REVOCATION_NO_POINT, /* neither CDP nor OCSP that Windows would
				      ask: CRYPT_E_NO_REVOCATION_CHECK */
	AOVPN_REVOCATION_OFFLINE,  /* none of them could be fetched:
				      CRYPT_E_REVOCATION_OFFLINE */
	AOVPN_REVOCATION_STALE,    /* fetched, and past its nextUpdate */
	AOVPN_REVOCATION_INVALID,  /* fetched, and not one of its issuer's */
};

struct aovpn_revocation_facts {
	uint32_t state;      /* enum aovpn_revocation_state */
	time_t checked_at;   /* when the answer was fetched, 0: never */
	time_t this_update;  /* of what answered, 0: unknown */
	time_t next_update;  /* 0: it has none */
	time_t revoked_at;   /* where revoked */
	char reason[32];     /* of a revocation, "keyCompromise", or "" */
	char crl_number[64]; /* hexadecimal, or "" */
	char source[AOVPN_URL_MAX]; /* the URL that answered, or "" */
	char text[AOVPN_TEXT_MAX];  /* why there is no answer; escaped */
	bool web_page; /* some server answered with a page in HTML instead */
};

struct aovpn_certificate_facts {
	char subject[AOVPN_TEXT_MAX]; /* RFC 2253, escaped */
	char issuer[AOVPN_TEXT_MAX];
	char issuer_key_id[65]; /* authorityKeyIdentifier, hexadecimal, or "" */
	char serial[64];        /* hexadecimal, lower case */
	char thumbprint[41];    /* SHA-1 over the DER, as Windows shows it */
	char thumbprint_sha256[65];
	char key_type[32];            /* "RSA", "EC P-256", "ED25519" */
	uint32_t key_bits;            /* 0: unknown */
	char signature_algorithm[64]; /* "sha256WithRSAEncryption" */
	time_t not_before;            /* seconds since 1970, UTC */
	time_t not_after;
	bool is_ca;             /* basicConstraints CA:TRUE */
	int32_t path_length;    /* pathLenConstraint, -1: none */
	bool self_issued;       /* subject equals issuer */
	bool has_cdp;           /* CRL distribution point with a URI, usable or
				   not: Windows would ask there */
	struct aovpn_urls cdp;  /* all schemes */
	bool has_ocsp;          /* AIA with a URI of an OCSP responder */
	struct aovpn_urls ocsp; /* AIA, OCSP responders */
	struct aovpn_urls aia;  /* AIA, caIssuers */
	bool has_eku;           /* extended key usage present */
	bool eku_client_auth;   /* clientAuth, or anyExtendedKeyUsage, or no EKU
				 */
	bool eku_server_auth;
	/* The extension's OIDs in digits, in its order. One too long for
	 * AOVPN_OID_MAX and those beyond AOVPN_EKU_MAX are left out. */
	char eku[AOVPN_EKU_MAX][AOVPN_OID_MAX];
	uint32_t eku_count;
	char policy[AOVPN_POLICIES_MAX][AOVPN_OID_MAX]; /* as eku */
	uint32_t policy_count;
	char upn[AOVPN_TEXT_MAX]; /* otherName 1.3.6.1.4.1.311.20.2.3, or "" */
	char dns[AOVPN_TEXT_MAX]; /* first dNSName, or "" */
	char sid_extension[AOVPN_SID_MAX]; /* 1.3.6.1.4.1.311.25.2, or "" */
	/* tag:microsoft.com,2022-09-14:sid:, or ""; the first one, where two
	 * URIs differ and the state therefore is MALFORMED. */
	char sid_uri[AOVPN_SID_MAX];
	uint32_t sid_extension_state; /* enum aovpn_sid_state */
	uint32_t sid_uri_state;
	/* What is wrong with it, where MALFORMED, one clause, escaped; else "".
	 * Beside a VALID URI: what is odd about it or wrong with another. */
	char sid_extension_fault[AOVPN_TEXT_MAX];
	char sid_uri_fault[AOVPN_TEXT_MAX];
	bool sid_uri_joined;    /* one of several URIs in one entry */
	bool sid_in_other_name; /* 1.3.6.1.4.1.311.25.2 as otherName of the
				   SAN, where no domain controller looks */
	bool intune_device_uri; /* SAN URI IntuneDeviceId:// */
	/* Of AD CS: 1.3.6.1.4.1.311.20.2 (version 1: the name) and .21.7 (OID
	 * and version; MS-WCCE 2.2.2.7.7). "" and 0 where they are not. */
	char template_name[AOVPN_TEXT_MAX]; /* escaped */
	char template_oid[AOVPN_OID_MAX];
	uint32_t template_major;
	uint32_t template_minor;
	struct aovpn_revocation_facts revocation; /* not read from it */
};

#define AOVPN_CHAIN_ERRORS_MAX 16

/* One thing that OpenSSL's path validation found. */
struct aovpn_chain_error {
	int32_t x509_error; /* X509_V_ERR_* */
	uint32_t depth;     /* of the certificate, 0: leaf */
};

struct aovpn_chain_facts {
	time_t gathered_at; /* when this was read */
	uint32_t count;     /* 0: nothing known */
	bool complete;      /* ends in a self-issued certificate */
	/* The time by a web server that was asked for a CRL or OCSP response,
	 * and by this machine then; 0: none was, or it did not say. */
	time_t server_time;
	time_t server_asked_at;
	/* Of validation at gathered_at for TLS client authentication, without
	 * revocation; not done by aovpn_chain_facts_read. */
	bool verified;   /* was it done */
	bool root_given; /* against roots that somebody named: else the
			    chain's own root was taken as trusted */
	uint32_t error_count;
	struct aovpn_chain_error error[AOVPN_CHAIN_ERRORS_MAX];
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
