/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kind.h - where a client certificate comes from (Cloud PKI, Intune by SCEP or
 * PKCS, AD CS, Entra Conditional Access, ...), by evidence in it, and what is
 * to know about certificates of that kind.
 */
#ifndef AOVPN_KIND_H
#define AOVPN_KIND_H

#include <stdint.h>

#include "certificate.h"
#include "codes.h"

#define AOVPN_KIND_EVIDENCE_MAX 6
#define AOVPN_KIND_REMARKS_MAX  6

enum aovpn_kind_id {
	AOVPN_KIND_UNKNOWN,
	AOVPN_KIND_CLOUD_PKI,          /* Microsoft Cloud PKI for Intune */
	AOVPN_KIND_INTUNE_SCEP,        /* Intune by SCEP, NDES and AD CS */
	AOVPN_KIND_INTUNE_PKCS,        /* Intune Certificate Connector, AD CS */
	AOVPN_KIND_AD_CS,              /* a template of AD CS */
	AOVPN_KIND_CONDITIONAL_ACCESS, /* Entra, EKU 1.3.6.1.4.1.311.87 */
	AOVPN_KIND_THIRD_PARTY,        /* SCEPman, EZCA, SecureW2, ... */
	AOVPN_KINDS,
};

struct aovpn_kind {
	enum aovpn_kind_id id;
	enum aovpn_confidence confidence; /* of id; 0 where unknown */
	const char *vendor; /* of a third party, "SCEPman"; else NULL */
	/* Clauses like "its CDP is http://...", escaped. */
	char evidence[AOVPN_KIND_EVIDENCE_MAX][AOVPN_TEXT_MAX];
	uint32_t evidence_count;
	/* What is to know about it: static sentences, full stop and all. */
	const char *remarks[AOVPN_KIND_REMARKS_MAX];
	uint32_t remark_count;
};

/*
 * Find the kind of chain's leaf. A guess (POSSIBLE) is taken only where nothing
 * better is known; chain->count 0 gives UNKNOWN.
 */
void aovpn_kind_find(const struct aovpn_chain_facts *chain,
		     struct aovpn_kind *ret);

/* "cloud-pki", ...: for JSON, never renamed. */
const char *aovpn_kind_name(enum aovpn_kind_id id);

/* "Microsoft Cloud PKI for Intune": for people. */
const char *aovpn_kind_title(enum aovpn_kind_id id);

#endif
