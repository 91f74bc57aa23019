/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * What a server's certificate must fulfil, be it the gateway's (IKE, RFC 7296)
 * or that of the EAP server (NPS, RFC 5216 5.3).
 */

#ifndef AOVPN_VERIFY_H_
#define AOVPN_VERIFY_H_

#include <openssl/x509_vfy.h>

#include <credentials/certificates/certificate.h>

/**
 * Create a store for the roots of a profile, which holds the inputs of path
 * validation (RFC 5280 6.1.1), too: any policy will do, but a path whose CAs
 * demand that there be one must have one. Contexts inherit them.
 *
 * @param level		security level of the system's crypto policy for TLS (key sizes,
 *					digests), which holds for certificates of any use here
 * @return			store, NULL if out of memory
 */
X509_STORE *aovpn_verify_roots_create(int level);

/**
 * Validate a certification path of a server (RFC 5280 6.1), whatever the leaf is
 * called.
 *
 * The chain must lead to a root of the context's store with the purpose
 * "sslserver".
 *
 * @param ctx		as below; with CRLs and X509_V_FLAG_CRL_CHECK, revocation is
 *					checked, too
 * @return			X509_V_OK or the X509_V_ERR_* that is also set in ctx
 */
int aovpn_verify_path(X509_STORE_CTX *ctx);

/**
 * Verify a server's certificate.
 *
 * Beside a path as above, the leaf must name serverAuth in its extended key usage
 * (RFC 5280 4.2.1.12: OpenSSL alone takes a certificate without any for good),
 * and must carry one of the names: dNSName, or the common name where there is no
 * dNSName (RFC 6125 6.4.4), or iPAddress where the name is an address. No CA on
 * the path may exclude that name.
 *
 * @param ctx		initialized with store, leaf and untrusted certificates;
 *					holds error, depth and current certificate afterwards
 * @param names		"a;b;c", "" for any name
 * @return			X509_V_OK or the X509_V_ERR_* that is also set in ctx
 */
int aovpn_verify_server(X509_STORE_CTX *ctx, const char *names);

/**
 * Convert one of charon's certificates.
 *
 * @param cert		certificate, may be NULL
 * @return			certificate to be freed with X509_free(), NULL if cert is
 *					NULL or no X.509 certificate
 */
X509 *aovpn_verify_import(certificate_t *cert);

#endif /** AOVPN_VERIFY_H_ */
