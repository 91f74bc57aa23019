/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.h - certificates and private keys on PKCS#11 tokens (smart cards, HSMs,
 * SoftHSM), named by pkcs11: URIs (RFC 7512), through p11-kit.
 *
 * A key stays on its token; only digests go there and signatures come back.
 * Where the URI has no module-path, the modules of p11-kit's configuration are
 * asked.
 */
#ifndef AOVPN_TOKEN_H
#define AOVPN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "channel.h"
#include "error.h"
#include "material.h"
#include "refused_pins.h"

/* A secret and how it may be used. */
struct aovpn_pin {
	const struct aovpn_password *password;
	struct aovpn_refused_pins *refused; /* or NULL */
	uint64_t stamp;                     /* refused_pins.h */
};

/* CKA_ID of a certificate, which its key has too. */
struct aovpn_token_id {
	unsigned char bytes[128];
	size_t length; /* 0: it has none */
};

struct aovpn_token_key;

/* Does text begin like a pkcs11: URI? */
bool aovpn_token_is_uri(const char *text);

/*
 * Is uri one that can be used here? -EINVAL with a text that names it: not RFC
 * 7512, an unknown attribute in it, or a PIN or its place in it, which belongs
 * elsewhere.
 */
int aovpn_token_check_uri(const char *uri, struct aovpn_error *error);

/*
 * Read the one certificate that uri names; no PIN is used. The caller frees
 * *ret. Errors, with a text that begins with uri: -EINVAL (aovpn_token_
 * check_uri), -ELIBACC (no module, or it does not load), -ENODEV (no such token
 * is there), -ENOTUNIQ (more than one token or certificate fits), -ENODATA (no
 * such certificate), -EBADMSG (it cannot be parsed), -EIO (the module says so).
 */
int aovpn_token_read_certificate(const char *uri, X509 **ret,
				 struct aovpn_token_id *ret_id,
				 struct aovpn_error *error);

/*
 * Log in and find the one private key that uri names; one of a certificate
 * names its key. id is used where uri has no id itself; NULL: none. The caller
 * ends *ret with aovpn_token_key_close. Errors as above, and: -EKEYREJECTED
 * (PIN wrong, or refused before and so not tried, or none given: pin->password
 * tells), -EKEYEXPIRED (the token has locked the PIN), -EKEYREVOKED (no such
 * key, or one that wants the PIN for each signature). A wrong PIN is tried
 * once.
 */
int aovpn_token_key_open(const char *uri, const struct aovpn_token_id *id,
			 const struct aovpn_pin *pin,
			 struct aovpn_token_key **ret,
			 struct aovpn_error *error);

/* NULL is allowed. Returns NULL. */
struct aovpn_token_key *aovpn_token_key_close(struct aovpn_token_key *key);

/*
 * Sign a digest of digest_size bytes (32: SHA-256, 48, 64). signature has room
 * for AOVPN_SIGNATURE_MAX bytes. May take seconds; one at a time per key, which
 * this sees to. Errors, with a text: -EOPNOTSUPP (the token does not do this
 * scheme), -EIO.
 */
int aovpn_token_key_sign(struct aovpn_token_key *key, enum aovpn_scheme scheme,
			 const unsigned char *digest, size_t digest_size,
			 unsigned char *signature, size_t *ret_size,
			 struct aovpn_error *error);

#endif
