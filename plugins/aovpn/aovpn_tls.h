/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * The TLS client of EAP-TLS on OpenSSL: TLS 1.2 (RFC 5246) and 1.3 (RFC 8446),
 * keys by RFC 5216 2.3 and RFC 9190 2.3. Knows nothing of EAP packets.
 */

#ifndef AOVPN_TLS_H_
#define AOVPN_TLS_H_

#include <openssl/ssl.h>

#include <daemon.h>

#include "aovpn_channel.h"
#include "aovpn_connection.h"

typedef struct aovpn_tls_t aovpn_tls_t;

/**
 * One TLS session between memory buffers.
 */
struct aovpn_tls_t {

	/**
	 * Go on with what came from the server. After a failure nothing happens
	 * any more; the reason has been reported.
	 *
	 * @param in		TLS records, may be empty
	 * @return			FALSE if the session has failed
	 */
	bool (*process)(aovpn_tls_t *this, chunk_t in);

	/**
	 * Take what is to be sent to the server: a flight, an alert, or nothing.
	 *
	 * @return			allocated, to be freed
	 */
	chunk_t (*take_output)(aovpn_tls_t *this);

	/**
	 * Tell that the last taken output has been handed out completely.
	 */
	void (*output_sent)(aovpn_tls_t *this);

	/**
	 * Give up for a reason outside TLS; reported once.
	 *
	 * @param error		what the server did
	 * @param text		the same in English
	 */
	void (*fail)(aovpn_tls_t *this, enum aovpn_eap_error error,
				 const char *text);

	/**
	 * Get the keys at EAP-Success.
	 *
	 * @param msk		receives 64 bytes, valid as long as the session
	 * @return			FALSE (reported) unless the server authenticated itself
	 *					and accepted us
	 */
	bool (*get_msk)(aovpn_tls_t *this, chunk_t *msk);

	/**
	 * Wipe keys and destroy.
	 */
	void (*destroy)(aovpn_tls_t *this);
};

/**
 * Create the context that all sessions of a connection share, without
 * credential and roots.
 *
 * @param policy	protocol versions
 * @return			context; NULL with an error queued in OpenSSL, or, with none
 *					queued, if the system's crypto policy leaves no version
 */
SSL_CTX *aovpn_tls_context_create(const struct aovpn_policy *policy);

/**
 * Create a session for the IKE_SA that the calling thread works on.
 *
 * @param connection	a reference gets taken
 * @param channel		for reports
 * @return				session, NULL (reported) if OpenSSL refused
 */
aovpn_tls_t *aovpn_tls_create(aovpn_connection_t *connection,
							  aovpn_channel_t *channel);

#endif /** AOVPN_TLS_H_ */
