/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sid.h - the SID of the account that a certificate belongs to, in its two
 * places (KB5014754): the extension 1.3.6.1.4.1.311.25.2 (MS-WCCE 2.2.2.7.7.4)
 * and a URI of the subject alternative name. Text by MS-DTYP 2.4.2.1.
 *
 * What is not exactly as it should be is not taken: a domain controller that
 * cannot read it refuses the account, and whoever made it wants to know where
 * it went wrong. Windows' own leniency is not documented.
 */
#ifndef AOVPN_SID_H
#define AOVPN_SID_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

#include "certificate.h"

#define AOVPN_OID_SID_EXTENSION "1.3.6.1.4.1.311.25.2"
#define AOVPN_OID_SID           "1.3.6.1.4.1.311.25.2.1"
#define AOVPN_SID_TAG           "tag:microsoft.com,2022-09-14:sid:"

/* "S-1-", an authority of at most 14 characters, 15 subauthorities of at most
 * 11 each: no SID is longer. */
#define AOVPN_SID_TEXT_MAX 183

/* Is text, all of it, a SID as Windows writes it? */
bool aovpn_sid_valid(const char *text, size_t length);

/*
 * Decode the extension's value: GeneralNames in DER with exactly one otherName
 * whose value is an OCTET STRING of the SID's text. Returns 0 and the text in
 * sid, or -EBADMSG and in fault what is wrong, a clause, escaped ("its value is
 * empty"); the other is "".
 */
int aovpn_sid_extension_decode(const unsigned char *der, size_t size,
			       char sid[AOVPN_SID_MAX],
			       char fault[AOVPN_TEXT_MAX]);

/* Read the certificate's extension into facts->sid_extension*. */
void aovpn_sid_extension_read(const X509 *certificate,
			      struct aovpn_certificate_facts *facts);

/*
 * Look for SIDs in one URI entry of the subject alternative name, which some
 * SCEP paths fill with several URIs joined by commas, and add what is found to
 * facts->sid_uri*, which belong to all entries together.
 */
void aovpn_sid_uri_take(const char *text, size_t length,
			struct aovpn_certificate_facts *facts);

#endif
