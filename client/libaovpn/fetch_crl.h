/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_crl.h - what a CRL says of one certificate (RFC 5280 5, 6.3).
 *
 * An X509_CRL takes some ten times the CRL's size; this takes about five, which
 * makes the large ones of public CAs bearable: the list stays in its encoding,
 * and one entry at a time is decoded.
 */
#ifndef AOVPN_FETCH_CRL_H
#define AOVPN_FETCH_CRL_H

#include <stddef.h>

#include "fetch.h"

/*
 * Decode data, all of it, as a CRL in DER; check that it is one of issuer, that
 * it is signed by issuer's key and that it is about certificates like this one;
 * look for certificate. Sets state, status, dates, crl_number, crl_entries,
 * revoked_at, reason and text of out, the others stay. A stale one is OK, and
 * so is one of the future, with a text.
 */
void fetch_crl_read(const unsigned char *data, size_t size, X509 *certificate,
		    X509 *issuer, struct aovpn_fetched *out);

#endif
