/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * credential.h - the client's certificate, its chain and its private key, from
 * PEM, DER or PKCS#12 files (also the RC2-40 and 3DES ones that Windows
 * exports, for which OpenSSL's legacy provider is loaded into a library
 * context of our own, so that nothing else gets weak ciphers), from a PKCS#11
 * token (token.h) or with a key in a TPM (tpm.h).
 */
#ifndef AOVPN_CREDENTIAL_H
#define AOVPN_CREDENTIAL_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "error.h"
#include "material.h"
#include "token.h"
#include "tpm.h"

struct aovpn_credential {
	X509 *certificate;
	STACK_OF(X509) *chain; /* CAs that came with it, leaf's issuer first;
				  self-signed ones included; may be empty */
	/* One of three: a key in memory, or one that stays where it is. */
	EVP_PKEY *key;
	struct aovpn_token_key *token;
	struct aovpn_tpm_key *tpm;
	bool rsa_without_pss; /* an RSA key that signed by PKCS#1 v1.5 and could
				 not by RSA-PSS, which TLS 1.3 demands */
	bool key_untried; /* source.look, and the key wants what is not at hand:
			     there is none of the three */
};

struct aovpn_credential_source {
	const char *certificate;   /* path: PEM, DER or PKCS#12; pkcs11: URI */
	const char *key;           /* path, pkcs11: URI, TPM handle, or "" if in
				      certificate's file or on its token */
	const char *chain;         /* path of more CA certificates, or "" */
	const char *password_file; /* path, or "": no password */

	/* A password that somebody has given: goes before the file. NULL */
	const struct aovpn_password *password;
	struct aovpn_refused_pins *refused; /* or NULL */
	uint64_t stamp;                     /* refused_pins.h */

	/* For whoever wants to know the certificate and not to use it: no
	 * token or TPM is logged in to. */
	bool look;
	/* And a key whose password is not given is left alone, since somebody
	 * would be asked for it. */
	bool password_later;
};

/*
 * Load what source names and prove by sign and verify that the key belongs to
 * the certificate (RSA by PKCS#1 v1.5, and by RSA-PSS too). The caller frees
 * *ret with aovpn_credential_free. Errors, each with a text that names the
 * file: -ENOENT, -EACCES and the like of opening a file; -EFBIG (over 1 MiB);
 * -EBADMSG (no certificate or key can be parsed); -ENODATA (no certificate, or
 * no private key, in its file); -EKEYREJECTED (password wrong or missing);
 * -EKEYREVOKED (the key does not belong to the certificate, cannot sign, or is
 * not to be read from the file that is its own); and
 * of tokens and TPMs: -EINVAL, -ELIBACC, -ENODEV, -ENOTUNIQ, -EKEYEXPIRED, -EIO
 * (token.h). May take seconds with those.
 */
int aovpn_credential_load(const struct aovpn_credential_source *source,
			  struct aovpn_credential **ret,
			  struct aovpn_error *error);

/* NULL is allowed. Returns NULL. */
struct aovpn_credential *
aovpn_credential_free(struct aovpn_credential *credential);

/* Does the key stay on a token or in a TPM? */
bool aovpn_credential_external(const struct aovpn_credential *credential);

/*
 * Sign by an external key, from any thread; see aovpn_token_key_sign and
 * aovpn_tpm_key_sign. -EINVAL for a key in memory.
 */
int aovpn_credential_sign(const struct aovpn_credential *credential,
			  enum aovpn_scheme scheme, const unsigned char *digest,
			  size_t digest_size, unsigned char *signature,
			  size_t *ret_size, struct aovpn_error *error);

/*
 * Write certificate, chain and, unless it is external, the unencrypted PKCS#8
 * key as PEM into a sealed memfd (close-on-exec, offset 0) for the hand-over to
 * the plugin. Returns the descriptor, which the caller closes, or -errno.
 */
int aovpn_credential_memfd(const struct aovpn_credential *credential);

/*
 * Copy the roots of a PEM file into a sealed memfd after checking that it holds
 * 1 to 256 certificates and nothing that cannot be parsed. Of these come those
 * that thumbprints lists (pki.h), or all if it is "". Returns the descriptor,
 * -ENOENT etc., -EBADMSG, -ENODATA (no certificate, or none of those) or -E2BIG
 * with a text.
 */
int aovpn_roots_memfd(const char *path, const char *thumbprints,
		      struct aovpn_error *error);

#endif
