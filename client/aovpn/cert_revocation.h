/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_revocation.h - the two verdicts with which `certutil -verify -urlfetch`
 * ends, in our words: was the leaf's revocation checked, and was a CA's passed
 * over for want of information, and which one's. NPS looks at all of them.
 */
#ifndef AOVPN_CERT_REVOCATION_H
#define AOVPN_CERT_REVOCATION_H

#include "certificate_check.h"

#define CERT_REVOCATION_TEXT_MAX 1024

/* "good", "no-point", ...: for JSON. */
const char *cert_revocation_name(uint32_t state);

/* What it means, a clause: "no CRL or OCSP is named". */
const char *cert_revocation_meaning(uint32_t state);

/* A sentence without full stop each. */
void cert_revocation_leaf(const struct aovpn_check *check,
			  char out[CERT_REVOCATION_TEXT_MAX]);
void cert_revocation_chain(const struct aovpn_check *check,
			   char out[CERT_REVOCATION_TEXT_MAX]);

#endif
