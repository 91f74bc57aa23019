/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_mapping.h - what a certificate's SIDs come to: how a domain controller
 * would map it to an account (KB5014754).
 */
#ifndef AOVPN_CERT_MAPPING_H
#define AOVPN_CERT_MAPPING_H

#include <stdbool.h>

#include "certificate.h"

/* The SID that counts: the extension's, else the URI's; NULL: none is valid. */
const char *cert_mapping_sid(const struct aovpn_certificate_facts *leaf);

/* Do both places name a SID, and not the same? */
bool cert_mapping_conflicts(const struct aovpn_certificate_facts *leaf);

/* Is it one of Entra ID alone (S-1-12-1-...), which no domain has? */
bool cert_mapping_cloud_only(const struct aovpn_certificate_facts *leaf);

/* Which domain controllers would map it: a sentence without full stop. */
const char *cert_mapping_reach(const struct aovpn_certificate_facts *leaf);

/* The same for JSON: "all", "server-2019-and-newer", "none". */
const char *cert_mapping_reach_name(const struct aovpn_certificate_facts *leaf);

/* Since when it has been enforced, against the certificate's date: a sentence
 * without full stop. */
const char *cert_mapping_dates(const struct aovpn_certificate_facts *leaf);

/* "absent", "valid", "malformed". */
const char *cert_mapping_state(uint32_t state);

#endif
