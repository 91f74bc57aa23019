/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * OpenSSL, apart from the rest of charon: a library context of our own.
 */

#ifndef AOVPN_CRYPTO_H_
#define AOVPN_CRYPTO_H_

#include <openssl/ssl.h>

#include <library.h>

/**
 * Create the library context.
 *
 * It is configured from the system's openssl.cnf, so that the system's crypto
 * policy (minimum protocol, security level, FIPS) holds for us as well.
 * strongSwan's openssl plugin adds the legacy provider to the default context;
 * that does not reach ours.
 *
 * @return			FALSE if OpenSSL refused
 */
bool aovpn_crypto_init();

/**
 * Free the library context. All that was made from it must be gone.
 */
void aovpn_crypto_deinit();

/**
 * Get the library context.
 */
OSSL_LIB_CTX *aovpn_crypto_context();

/**
 * Take the first error that OpenSSL queued on this thread and drop the others,
 * which are only its consequences.
 *
 * @param text		receives the reason with OpenSSL's detail, escaped
 * @param size		size of text
 * @return			OpenSSL's packed error, 0 if none
 */
unsigned long aovpn_crypto_error(char *text, size_t size);

#endif /** AOVPN_CRYPTO_H_ */
