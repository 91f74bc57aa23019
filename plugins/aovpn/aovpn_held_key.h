/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Private key that the daemon holds, on a token or in a TPM: for OpenSSL an
 * EVP_PKEY like others, but each signature is asked for over the channel.
 */

#ifndef AOVPN_HELD_KEY_H_
#define AOVPN_HELD_KEY_H_

#include <stdbool.h>
#include <openssl/evp.h>

#include "channel.h"

typedef struct aovpn_signer_t aovpn_signer_t;

/**
 * Who makes the signatures.
 */
struct aovpn_signer_t {

	/**
	 * Have a digest signed. Blocks until it is done.
	 *
	 * @param data		see below
	 * @param request	what to sign; its id is filled in
	 * @param answer	receives the signature, or an error with a text
	 * @return			the answer's error, 0 or -errno
	 */
	int (*sign)(void *data, struct aovpn_sign *request,
				struct aovpn_signed *answer);

	/**
	 * First argument of sign().
	 */
	void *data;
};

/**
 * Prepare OpenSSL for such keys, in a library context of their own: in another,
 * ordinary keys might be taken for ours.
 */
bool aovpn_held_key_init();

/**
 * Undo that; no such key may be in use.
 */
void aovpn_held_key_deinit();

/**
 * Make a key.
 *
 * @param public	its public half, RSA or EC
 * @param policy	names the connection and its generation
 * @param signer	copied
 * @return			key to be freed, or NULL with OpenSSL's error queued
 */
EVP_PKEY *aovpn_held_key_create(EVP_PKEY *public,
								const struct aovpn_policy *policy,
								const aovpn_signer_t *signer);

#endif /** AOVPN_HELD_KEY_H_ */
