/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selection.h - which of the client's certificates is shown to an NPS server,
 * by the rules of Windows' EAP-TLS (MS-GPWL 2.2.3.2.5;
 * EapTlsConnectionPropertiesV3, FilteringInfo), and why the others are not.
 *
 * Pure functions: what was loaded, a filter and a time go in, verdicts come
 * out. What cannot be judged here (NPS's stores, the account) is never a reason
 * to refuse a certificate, only a doubt.
 */
#ifndef AOVPN_SELECTION_H
#define AOVPN_SELECTION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "certificate.h"
#include "error.h"

#define AOVPN_CANDIDATES_MAX 64

/*
 * What the profile wants of a certificate. Lists are separated by "," and ""
 * where they are not given. An issuer is the SHA-1 thumbprint of any CA in the
 * chain, 40 hexadecimal digits in lower case (CAHashList). A usage is an OID,
 * or one that ends in ".*" and stands for all below it.
 */
struct aovpn_filter {
	const char *issuers;
	const char *client_auth_ekus; /* clientAuth and each of these */
	const char *any_purpose_ekus; /* anyPurpose and each of these */
	bool all_purpose;             /* certificates without usages */
	const char *identity;         /* configured for EAP, or "" */
	bool wants_pss;               /* TLS 1.3 alone is allowed */
};

struct aovpn_candidate {
	const char *file;
	int load_error;        /* of aovpn_credential_load; 0: loaded */
	const char *load_text; /* its error's text */
	bool rsa_without_pss;
	bool key_untried; /* its key was not proved: PIN or password missing */
	const struct aovpn_chain_facts *chain; /* where loaded */
};

/* Why a candidate cannot be used: the first check that it fails, in the order
 * in which they are made. So the greatest came nearest to being taken. */
enum aovpn_refusal {
	AOVPN_REFUSED_UNREADABLE, /* no certificate or key in the file */
	AOVPN_REFUSED_KEY,        /* key does not fit or cannot sign */
	AOVPN_REFUSED_TOKEN,      /* token, TPM or its module not there */
	AOVPN_REFUSED_AMBIGUOUS,  /* the URI fits several */
	AOVPN_REFUSED_PIN_LOCKED,
	AOVPN_REFUSED_PASSWORD,
	AOVPN_REFUSED_NO_PSS, /* and only TLS 1.3 will do */
	AOVPN_REFUSED_ISSUER, /* the filter's issuers */
	AOVPN_REFUSED_EKU,    /* the filter's usages */
	AOVPN_REFUSED_NO_CLIENT_AUTH,
	AOVPN_REFUSED_NO_IDENTITY, /* nothing to name the account by */
	AOVPN_REFUSED_NOT_YET_VALID,
	AOVPN_REFUSED_EXPIRED,
	AOVPN_REFUSED_NOT, /* it can be used */
};

/* What makes a certificate that can be used doubtful: bits. */
enum aovpn_doubt {
	AOVPN_DOUBT_CHAIN = 1 << 0,   /* issuer unknown here */
	AOVPN_DOUBT_CA_EKU = 1 << 1,  /* a CA does not permit clientAuth */
	AOVPN_DOUBT_NO_PSS = 1 << 2,  /* the key cannot do RSA-PSS */
	AOVPN_DOUBT_NO_CDP = 1 << 3,  /* revocation cannot be checked */
	AOVPN_DOUBT_NO_SID = 1 << 4,  /* no strong mapping to an account */
	AOVPN_DOUBT_NO_NAME = 1 << 5, /* identity is the profile's only */
	AOVPN_DOUBT_KEY_UNTRIED = 1 << 6,
	AOVPN_DOUBT_END = 1 << 7,
};

struct aovpn_verdict {
	char file[PATH_MAX];
	char subject[AOVPN_TEXT_MAX]; /* "" where not loaded */
	char thumbprint[41];
	time_t not_after; /* 0 where not loaded */
	enum aovpn_refusal refusal;
	bool chosen;
	char reason[AOVPN_TEXT_MAX]; /* one sentence without full stop */
	uint32_t doubts;             /* of one that can be used */
};

struct aovpn_selection {
	bool found;
	size_t best; /* the chosen one, else the nearest miss, if any */
};

/*
 * Judge count candidates (at most AOVPN_CANDIDATES_MAX) at the time now. Of
 * those that can be used, the one valid since the latest date is chosen; of two
 * alike the one that lasts longer, then the first. verdicts receives one for
 * each.
 */
void aovpn_select(const struct aovpn_candidate *candidates, size_t count,
		  const struct aovpn_filter *filter, time_t now,
		  struct aovpn_verdict *verdicts, struct aovpn_selection *ret);

/* The cause (of the vocabulary) of a dial that ends for this reason; NULL for
 * AOVPN_REFUSED_NOT. */
const char *aovpn_refusal_cause(enum aovpn_refusal refusal);

/* "expired" etc., for records; "accepted" for AOVPN_REFUSED_NOT. */
const char *aovpn_refusal_name(enum aovpn_refusal refusal);

/* One doubt as a sentence. */
const char *aovpn_doubt_text(enum aovpn_doubt doubt);

/*
 * The identity for EAP, in the form by which NPS finds the account: what is
 * configured; else the certificate's UPN (a user); else "host/" and its first
 * DNS name, as a Windows computer calls itself; else "".
 */
void aovpn_eap_identity(const struct aovpn_certificate_facts *leaf,
			const char *configured, char *out, size_t size);

#endif
