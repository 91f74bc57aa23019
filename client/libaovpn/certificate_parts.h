/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_parts.h - what certificate.c is made of: one file for each group
 * of extensions. Nobody else includes it.
 *
 * Each reader fills its fields of the facts, which are zero before, and leaves
 * those of an extension that is absent, there twice or no DER as they are. All
 * of them leave OpenSSL's error queue to their caller.
 */
#ifndef AOVPN_CERTIFICATE_PARTS_H
#define AOVPN_CERTIFICATE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include "certificate.h"

/* Is object the OID in digits? */
bool aovpn_object_is(const ASN1_OBJECT *object, const char *oid);

/* Write object in digits. Half an OID is another one, so one that does not fit
 * becomes "" and false. */
bool aovpn_object_digits(const ASN1_OBJECT *object, char out[AOVPN_OID_MAX]);

/* Take the text of an entry that is a name. One with a NUL in it is made to be
 * cut by naive readers, so it is nobody's name; a first one in out stays. */
void aovpn_take_name(const ASN1_STRING *string, char *out, size_t size);

/* How often an extension of this OID (in digits) is there; ret_value (may be
 * NULL) receives the first one's value, borrowed. */
unsigned int aovpn_extension_find(const X509 *certificate, const char *oid,
				  const ASN1_OCTET_STRING **ret_value);

/* CRL distribution points and authority information access (RFC 5280 4.2.1.13
 * and 4.2.2.1). */
void aovpn_read_urls(const X509 *certificate,
		     struct aovpn_certificate_facts *facts);

/* Extended key usage and certificate policies (RFC 5280 4.2.1.12, 4.2.1.4). */
void aovpn_read_usages(const X509 *certificate,
		       struct aovpn_certificate_facts *facts);

/* Subject alternative names (RFC 5280 4.2.1.6) with UPN and the SID's URI. */
void aovpn_read_alternative_names(const X509 *certificate,
				  struct aovpn_certificate_facts *facts);

/* The certificate template of AD CS (MS-WCCE 2.2.2.7.7). */
void aovpn_read_template(const X509 *certificate,
			 struct aovpn_certificate_facts *facts);

#endif
