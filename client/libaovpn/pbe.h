/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pbe.h - how much work a file asks for before its password is a key: RFC 8018
 * 6 and appendix A (PBES1, PBES2, PBKDF2), RFC 7292 appendix B and C (PKCS#12),
 * RFC 7914 7 (scrypt). The number of rounds is the file's to say, up to hours
 * of them.
 */
#ifndef AOVPN_PBE_H
#define AOVPN_PBE_H

#include <stdbool.h>

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

/* Rounds of all that is encrypted in a file: a second or two. Who makes such
 * files takes some thousands, up to a million. */
#define AOVPN_PBE_ROUNDS_MAX 5000000u

/* Is what this algorithm asks for within the limit? */
bool aovpn_pbe_is_bearable(const X509_ALGOR *algorithm);

/*
 * Is what all of p12 asks for within the limit: its MAC and each part that is
 * encrypted, also those within another, for which the password is needed? One
 * that does not fit shows none of these.
 */
bool aovpn_pkcs12_is_bearable(PKCS12 *p12, const char *password);

#endif
