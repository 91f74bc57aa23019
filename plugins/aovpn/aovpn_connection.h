/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * One connection of ours: the daemon's policy and the material that belongs to
 * it, parsed. Never changes once it is made, so any thread may use it.
 */

#ifndef AOVPN_CONNECTION_H_
#define AOVPN_CONNECTION_H_

#include <openssl/ssl.h>

#include <credentials/sets/mem_cred.h>

#include "aovpn_held_key.h"
#include "channel.h"
#include "error.h"

/**
 * Bytes of a SHA-256.
 */
#define AOVPN_DIGEST_LEN 32

typedef struct aovpn_connection_t aovpn_connection_t;

/**
 * Connection registered by the daemon, reference counted.
 */
struct aovpn_connection_t {

	/**
	 * What the daemon wants of this connection.
	 */
	struct aovpn_policy policy;

	/**
	 * Context for EAP-TLS: client certificate, chain and key, roots for NPS,
	 * protocol versions.
	 */
	SSL_CTX *tls;

	/**
	 * The only roots the gateway's certificate may lead to.
	 */
	X509_STORE *gateway_roots;

	/**
	 * The same roots as charon wants them.
	 */
	mem_cred_t *gateway_creds;

	/**
	 * Digest of policy and material; TLS sessions are bound to it.
	 */
	uint8_t digest[AOVPN_DIGEST_LEN];

	/**
	 * Get another reference.
	 *
	 * @return			this
	 */
	aovpn_connection_t *(*get_ref)(aovpn_connection_t *this);

	/**
	 * Give a reference back; the last one wipes the key and frees everything.
	 */
	void (*destroy)(aovpn_connection_t *this);
};

/**
 * Make a connection from what REGISTER brought.
 *
 * The descriptors must be regular files (a memfd is one) of at most 1 MiB each
 * and stay open; they are read from offset 0.
 *
 * @param policy	checked here
 * @param fds		client credential, gateway roots, NPS roots, all PEM
 * @param signer	signs where the policy says that the daemon holds the key
 * @param ret		receives the connection, on success only
 * @param error		filled in otherwise
 * @return			0, -EINVAL (policy, file), -EKEYREJECTED (credential),
 *					-ENOKEY (no root), -ENOMEM
 */
int aovpn_connection_create(const struct aovpn_policy *policy,
							const int fds[AOVPN_CHANNEL_FDS],
							const aovpn_signer_t *signer,
							aovpn_connection_t **ret,
							struct aovpn_error *error);

#endif /** AOVPN_CONNECTION_H_ */
