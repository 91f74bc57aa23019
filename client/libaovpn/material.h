/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * material.h - what one file holds of certificates and private keys, told by
 * its contents and not by its name: PEM, DER, PKCS#7 (certificates only) or
 * PKCS#12, encrypted or not.
 *
 * Nothing here ever asks a person for a password, and no error text holds one.
 * OpenSSL's error queue is left empty.
 */
#ifndef AOVPN_MATERIAL_H
#define AOVPN_MATERIAL_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "error.h"

#define AOVPN_PASSWORD_MAX 1024 /* bytes without the NUL */

struct aovpn_password {
	bool given; /* else there is none, which is not an empty one */
	char text[AOVPN_PASSWORD_MAX + 1];
};

/*
 * Take the first line of path, without its line end, as the password. The
 * caller wipes *ret (OPENSSL_cleanse) after use. Errors, with a text: those of
 * aovpn_file_read, -EFBIG (line too long), -EBADMSG (a NUL byte in it).
 */
int aovpn_password_read(const char *path, struct aovpn_password *ret,
			struct aovpn_error *error);

/*
 * The same from a descriptor of a regular file (a memfd is one), from its
 * beginning; fd stays open. Errors also: -EINVAL (no regular file).
 */
int aovpn_password_read_fd(int fd, struct aovpn_password *ret,
			   struct aovpn_error *error);

struct aovpn_material {
	STACK_OF(X509) *certificates; /* in the order of the file */
	EVP_PKEY *key;                /* the first private key, or NULL */
	bool tpm_key; /* a key that only a TPM can use is there (tpm.h) */
};

/*
 * Read path. Where want_key is false a private key in it is passed over, and
 * not decrypted either. What is neither certificate nor key (parameters, CRLs)
 * is passed over too. The caller ends *ret with aovpn_material_clear. Errors,
 * with a text that begins with path: those of aovpn_file_read, -ENODATA
 * (empty), -EBADMSG (damaged, or no such format), -EKEYREJECTED (password wrong
 * or missing; OpenSSL cannot always tell a wrong password from damage).
 */
int aovpn_material_read(const char *path, const struct aovpn_password *password,
			bool want_key, struct aovpn_material *ret,
			struct aovpn_error *error);

void aovpn_material_clear(struct aovpn_material *material);

#endif
