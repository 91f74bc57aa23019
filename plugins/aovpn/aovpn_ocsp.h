/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Judges the OCSP response (RFC 6960) that a TLS server staples to its
 * certificate: status_request, RFC 6066 8, RFC 8446 4.4.2.1.
 */

#ifndef AOVPN_OCSP_H_
#define AOVPN_OCSP_H_

#include <openssl/x509_vfy.h>

#include <library.h>

typedef enum aovpn_ocsp_t aovpn_ocsp_t;

/**
 * What a response says of the server's certificate.
 */
enum aovpn_ocsp_t {
	/** nothing that could be relied on */
	AOVPN_OCSP_UNKNOWN,
	/** not revoked */
	AOVPN_OCSP_GOOD,
	/** revoked */
	AOVPN_OCSP_REVOKED,
};

/**
 * Judge a response about the first certificate of a chain. It must be signed by
 * the issuer or by a responder that the issuer delegated to (RFC 6960 4.2.2.2),
 * and be valid now. Why one is of no use is logged.
 *
 * @param response	what the server stapled, may be empty
 * @param chain		verified chain, leaf first
 * @param roots		trust anchors
 * @return			verdict
 */
aovpn_ocsp_t aovpn_ocsp_judge(chunk_t response, STACK_OF(X509) *chain,
							  X509_STORE *roots);

#endif /** AOVPN_OCSP_H_ */
