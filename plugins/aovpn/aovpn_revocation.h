/**
 * Revocation check of the EAP server's chain by CRL (RFC 5280 5, 6.3).
 *
 * CRLs come from the certificates' own distribution points, by the fetchers that
 * charon has for http; they are kept in memory until their nextUpdate. A point
 * that could not be read is left alone for a while, so that one that is
 * out of reach does not slow down every dial. What charon's revocation plugin
 * does for the gateway's certificate, this does for that of NPS.
 */

#ifndef AOVPN_REVOCATION_H_
#define AOVPN_REVOCATION_H_

#include <openssl/x509_vfy.h>

#include <library.h>

/**
 * Prepare the cache; deinit() frees it.
 */
void aovpn_revocation_init(void);
void aovpn_revocation_deinit(void);

/**
 * Check the chain below the root that was just verified.
 *
 * Blocks the calling worker thread for FETCH_SECONDS a distribution point at the
 * most.
 *
 * @param ctx		holds a verified chain; holds error, depth and current
 *					certificate afterwards
 * @param hard		refuse where revocation cannot be checked, too
 * @return			X509_V_OK, X509_V_ERR_CERT_REVOKED, or if hard another
 *					X509_V_ERR_* of CRLs
 */
int aovpn_revocation_check(X509_STORE_CTX *ctx, bool hard);

#endif /** AOVPN_REVOCATION_H_ */
