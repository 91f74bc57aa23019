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
 * Verify a server's certificate.
 *
 * The chain must lead to a root of the context's store with the purpose
 * "sslserver"; the leaf must name serverAuth in its extended key usage (RFC
 * 5280 4.2.1.12: OpenSSL alone takes a certificate without any for good), and
 * must carry one of the names: dNSName, or the common name where there is no
 * dNSName (RFC 6125 6.4.4), or iPAddress where the name is an address.
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
