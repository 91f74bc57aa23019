/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Revocation check of the EAP server's chain by CRL (RFC 5280 5, 6.3).
 *
 * What charon's revocation plugin does for the gateway's certificate, this does
 * for that of NPS.
 */

#ifndef AOVPN_REVOCATION_H_
#define AOVPN_REVOCATION_H_

#include <openssl/x509_vfy.h>

#include <library.h>

#include "aovpn_ocsp.h"

/**
 * Check a verified chain below its root, with the CRLs of its certificates'
 * distribution points (aovpn_crls.h), which are fetched. A certificate of which
 * OCSP said good needs no CRL.
 *
 * @param chain		verified chain, leaf first, root last
 * @param sent		all certificates that the server sent: whoever signs a CA's
 *					CRLs for it need not be of the chain
 * @param roots		trust anchors
 * @param leaf		what OCSP says of the leaf
 * @param hard		refuse where revocation cannot be checked, too
 * @param depth		receives the place in the chain that an error is about
 * @return			X509_V_OK, X509_V_ERR_CERT_REVOKED, or if hard another
 *					X509_V_ERR_* of CRLs
 */
int aovpn_revocation_check(STACK_OF(X509) *chain, STACK_OF(X509) *sent,
						   X509_STORE *roots, aovpn_ocsp_t leaf, bool hard,
						   int *depth);

/**
 * Same, with CRLs at hand.
 *
 * @param crls		CRLs of whatever issuers; loses deltas of no use
 */
int aovpn_revocation_judge(STACK_OF(X509) *chain, STACK_OF(X509) *sent,
						   X509_STORE *roots, STACK_OF(X509_CRL) *crls,
						   aovpn_ocsp_t leaf, bool hard, int *depth);

#endif /** AOVPN_REVOCATION_H_ */
