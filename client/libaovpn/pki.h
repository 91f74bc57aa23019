/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pki.h - what credential.c and certificate.c share: certificates out of PEM
 * and DER, and the way from a leaf to its root by name and signature.
 *
 * These functions leave OpenSSL's error queue to their callers.
 */
#ifndef AOVPN_PKI_H
#define AOVPN_PKI_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/bio.h>
#include <openssl/x509.h>

#include "error.h"

#define AOVPN_PKI_FILE_MAX    (1024 * 1024) /* bytes of any file of PKI */
#define AOVPN_PKI_ROOTS_MAX   256
#define AOVPN_THUMBPRINT_SIZE 41 /* with its NUL */

/* One block of a PEM file (RFC 7468); the data may be a private key. */
struct aovpn_pem {
	char *name;   /* "CERTIFICATE" */
	char *header; /* RFC 1421 lines of an encrypted key, or "" */
	unsigned char *data;
	long size;
};

/*
 * Read the next block, past any text before it. The caller ends it with
 * aovpn_pem_clear. Returns 1, 0 behind the last block, or -EBADMSG for one that
 * is damaged.
 */
int aovpn_pem_next(BIO *bio, struct aovpn_pem *ret);

/* Wipe and free a block. */
void aovpn_pem_clear(struct aovpn_pem *pem);

bool aovpn_pem_is_certificate(const struct aovpn_pem *pem);

/* The certificate that data is, all of it, in DER; NULL if it is not one. */
X509 *aovpn_x509_decode(const unsigned char *data, size_t size);

/*
 * Read a PEM file of 1 to AOVPN_PKI_ROOTS_MAX certificates and of nothing else.
 * The caller frees *ret and what is on it. Errors: those of aovpn_file_read,
 * -EBADMSG (damaged, or something else than a certificate in it), -ENODATA (no
 * certificate in PEM), -E2BIG (too many).
 */
int aovpn_roots_load(const char *path, STACK_OF(X509) **ret,
		     struct aovpn_error *error);

/*
 * Follow the issuers of leaf, first through near, then through far (each may be
 * NULL), until a self-issued certificate, until none is found, or until max.
 * Where several certificates of one CA fit, the first on its stack is taken.
 * path receives the leaf and its issuers, borrowed; returns their number.
 */
size_t aovpn_pki_path(X509 *leaf, STACK_OF(X509) *near, STACK_OF(X509) *far,
		      X509 **path, size_t max);

/* The SHA-1 over the DER as Windows shows it, 40 lower-case hexadecimal digits;
 * "" where this machine has no SHA-1. */
void aovpn_x509_thumbprint(const X509 *certificate,
			   char ret[AOVPN_THUMBPRINT_SIZE]);

/* Is the thumbprint in a list, joined by ",", of such thumbprints? */
bool aovpn_thumbprint_listed(const char *list, const char *thumbprint);

/* The first of certificates that is no CA's, else the first; they are not
 * empty. Borrowed. */
X509 *aovpn_pki_find_leaf(STACK_OF(X509) *certificates);

/* Subject equals issuer. */
bool aovpn_x509_self_issued(const X509 *certificate);

#endif
