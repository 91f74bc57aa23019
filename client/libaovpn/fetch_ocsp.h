/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_ocsp.h - what an OCSP response says of one certificate (RFC 6960).
 */
#ifndef AOVPN_FETCH_OCSP_H
#define AOVPN_FETCH_OCSP_H

#include <stddef.h>

#include <openssl/ocsp.h>

#include "fetch.h"

/*
 * The request about certificate, by SHA-1 as every responder knows it, and
 * without a nonce, which those that sign beforehand cannot answer. The caller
 * frees it with OCSP_REQUEST_free; NULL: out of memory.
 */
OCSP_REQUEST *fetch_ocsp_request(X509 *certificate, X509 *issuer);

/*
 * Decode data, all of it, as an OCSP response; check that it is signed by
 * issuer or by one whom issuer delegated (RFC 6960 4.2.2.2) and that it is
 * about certificate. Sets state, status, dates, responder, revoked_at, reason
 * and text of out, the others stay. A stale one is OK, and so is one of the
 * future, with a text.
 */
void fetch_ocsp_read(const unsigned char *data, size_t size, X509 *certificate,
		     X509 *issuer, struct aovpn_fetched *out);

#endif
