/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Turns what charon and OpenSSL know into fields of an observation. All text
 * that comes from a peer or a certificate is escaped here.
 */

#ifndef AOVPN_REPORT_H_
#define AOVPN_REPORT_H_

#include <openssl/x509.h>

#include <daemon.h>

#include "observation.h"

/**
 * Begin an observation about an IKE_SA.
 *
 * Must be called by the thread that holds the IKE_SA.
 *
 * @param kind			enum aovpn_observation_kind
 * @param ike_sa		whose it is
 * @param ret			receives the observation: time, name, SPIs, flow; the
 *						rest is zero
 */
void aovpn_report_begin(uint32_t kind, ike_sa_t *ike_sa,
						struct aovpn_observation *ret);

/**
 * Write text with strongSwan's conversions (%Y, %H, %R, %P).
 *
 * @param out			receives escaped text
 * @param size			size of out
 */
void aovpn_report_text(char *out, size_t size, const char *format, ...);

/**
 * Append text to a list separated by ", ". What does not fit is left out.
 *
 * @param out			NUL-terminated so far
 * @param size			size of out
 */
void aovpn_report_append(char *out, size_t size, const char *format, ...);

/**
 * Subject of one of charon's certificates in the form of RFC 2253.
 *
 * @param cert			certificate, NULL gives ""
 */
void aovpn_report_subject(certificate_t *cert, char *out, size_t size);

/**
 * The same for the issuer.
 *
 * @param cert			the certificate
 * @param out			gets the text, "" if it cannot be read
 * @param size			bytes of out
 */
void aovpn_report_issuer(certificate_t *cert, char *out, size_t size);

/**
 * Fill in count and names of u.ca_list.
 *
 * @param o				begun observation
 * @param names			the server's list, may be NULL
 */
void aovpn_report_ca_list(struct aovpn_observation *o,
						  const STACK_OF(X509_NAME) *names);

/**
 * Fill in u.cert_refused.
 *
 * @param o				begun observation
 * @param role			enum aovpn_cert_role
 * @param error			X509_V_ERR_*
 * @param depth			of cert in its chain
 * @param cert			certificate at fault, may be NULL
 */
void aovpn_report_refused(struct aovpn_observation *o, uint32_t role,
						  int error, int depth, X509 *cert);

#endif /** AOVPN_REPORT_H_ */
