/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * The CRLs that certificates name (RFC 5280 4.2.1.13).
 *
 * They come from the certificates' own distribution points, by the fetchers that
 * charon has for http; they are kept in memory until their nextUpdate. A point
 * that could not be read is left alone for a while, so that one that is
 * out of reach does not slow down every dial.
 */

#ifndef AOVPN_CRLS_H_
#define AOVPN_CRLS_H_

#include <openssl/x509.h>

#include <library.h>

/**
 * Prepare the cache; deinit() frees it.
 */
void aovpn_crls_init(void);
void aovpn_crls_deinit(void);

/**
 * Add the CRLs that a certificate names, and the delta CRLs that those name: a
 * Windows CA publishes one a day, and a complete one a week.
 *
 * Blocks the calling worker thread for FETCH_SECONDS a distribution point at the
 * most.
 *
 * @param cert		certificate
 * @param crls		receives a reference of each CRL
 */
void aovpn_crls_add(X509 *cert, STACK_OF(X509_CRL) *crls);

#endif /** AOVPN_CRLS_H_ */
