/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm.h - private keys that a TPM 2.0 holds, through the tpm2 provider for
 * OpenSSL: "TSS2 PRIVATE KEY" files, which only the TPM that made them can use,
 * and persistent keys, named "handle:0x81...".
 *
 * The provider lives in a library context of its own for each key. How the TPM
 * is reached is the provider's setting, TPM2OPENSSL_TCTI in the environment (by
 * default the kernel's resource manager, /dev/tpmrm0).
 */
#ifndef AOVPN_TPM_H
#define AOVPN_TPM_H

#include "token.h"

struct aovpn_tpm_key;

/* Does text begin like the name of a persistent key? */
bool aovpn_tpm_is_handle(const char *text);

/* Is it "handle:0x" and 8 hexadecimal digits of a persistent object (TPM 2.0
 * part 2, 7.2: 81......)? */
bool aovpn_tpm_handle_valid(const char *text);

/*
 * Open the key in the PEM file name, or of the handle name. Whether the PIN is
 * right shows at the first signature. The caller ends *ret with
 * aovpn_tpm_key_close. Errors, with a text that begins with name: -ELIBACC (the
 * provider is missing), -ENODEV (no TPM answers), -EKEYREJECTED (a PIN is
 * needed and none given, or it was refused before), -EKEYREVOKED (no such key,
 * or one of another TPM).
 */
int aovpn_tpm_key_open(const char *name, const struct aovpn_pin *pin,
		       struct aovpn_tpm_key **ret, struct aovpn_error *error);

/* NULL is allowed. Returns NULL. */
struct aovpn_tpm_key *aovpn_tpm_key_close(struct aovpn_tpm_key *key);

/*
 * As aovpn_token_key_sign. Errors, with a text: -EOPNOTSUPP, -EKEYREJECTED (the
 * PIN is wrong), -EKEYEXPIRED (the TPM is in lockout), -EIO.
 */
int aovpn_tpm_key_sign(struct aovpn_tpm_key *key, enum aovpn_scheme scheme,
		       const unsigned char *digest, size_t digest_size,
		       unsigned char *signature, size_t *ret_size,
		       struct aovpn_error *error);

#endif
