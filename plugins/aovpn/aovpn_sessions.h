/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * TLS sessions of EAP-TLS that a later dial may resume: ids (RFC 5246 7.4.1.2),
 * tickets (RFC 5077) and pre-shared keys (RFC 8446 2.2); RFC 5216 2.1.2, RFC
 * 9190 2.1.2.
 *
 * In memory only, one a connection. A session is kept after it has led to an
 * accepted EAP exchange and leaves the cache when it is offered; only the next
 * accepted exchange brings one back. So one that a server refused is gone
 * without anybody's doing, and a ticket is never used twice (RFC 8446 C.4).
 *
 * Unregistering a connection leaves its session, because the daemon does so at
 * each hang-up: it is of no use to anybody who cannot register the same
 * certificate with its key again.
 */

#ifndef AOVPN_SESSIONS_H_
#define AOVPN_SESSIONS_H_

#include <openssl/ssl.h>

#include <library.h>

#include "aovpn_connection.h"

/**
 * Prepare the cache; deinit() wipes and frees it.
 */
void aovpn_sessions_init(void);
void aovpn_sessions_deinit(void);

/**
 * Digest of what the trust in a connection's sessions rests on: the policy, the
 * certificate that we are known by, the roots.
 *
 * @param connection	policy, TLS context and roots are complete
 * @param digest		receives the SHA-256
 * @return				FALSE, with an error queued in OpenSSL, if it failed
 */
bool aovpn_sessions_digest(const aovpn_connection_t *connection,
						   uint8_t digest[AOVPN_DIGEST_LEN]);

/**
 * Keep a session in place of the one that the connection may have.
 *
 * @param connection		under which it was accepted
 * @param session			reference gets owned
 * @param authenticated		second of CLOCK_BOOTTIME of the full handshake that
 *							it goes back to
 */
void aovpn_sessions_put(aovpn_connection_t *connection, SSL_SESSION *session,
						uint64_t authenticated);

/**
 * Take a connection's session out of the cache, if it was made under the same
 * policy and with the same material, and is not too old.
 *
 * @param connection		connection to be dialled
 * @param authenticated		receives what put() was told
 * @return					reference for the caller, NULL if there is none
 */
SSL_SESSION *aovpn_sessions_take(aovpn_connection_t *connection,
								 uint64_t *authenticated);

/**
 * Wipe a session that has come into doubt.
 *
 * @param name			name of the connection
 */
void aovpn_sessions_drop(const char *name);

/**
 * Wipe the session of this connection's name unless it belongs to it.
 *
 * @param connection	connection that was just registered
 */
void aovpn_sessions_check(aovpn_connection_t *connection);

#endif /** AOVPN_SESSIONS_H_ */
