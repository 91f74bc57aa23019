/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Holds the gateway of a connection of ours to the profile.
 */

#ifndef AOVPN_GATEWAY_H_
#define AOVPN_GATEWAY_H_

#include <bus/listeners/listener.h>

#include "aovpn_channel.h"
#include "aovpn_registry.h"

typedef struct aovpn_gateway_t aovpn_gateway_t;

/**
 * Listener that authorizes gateways.
 *
 * Connections of ours are loaded with the remote identity %any, because a
 * Windows gateway may call itself by its certificate's subject, and charon then
 * checks no name at all (RFC 7296 2.15 leaves that to policy). Here is the
 * policy: a gateway must authenticate itself by a certificate that leads to the
 * profile's own roots, that is valid, for serverAuth, and that carries the
 * dialled name. Everything else, EAP-only authentication (RFC 5998) and
 * pre-shared keys included, is refused.
 */
struct aovpn_gateway_t {

	/**
	 * Implements listener_t: authorize().
	 */
	listener_t listener;

	/**
	 * Destroy the listener.
	 */
	void (*destroy)(aovpn_gateway_t *this);
};

/**
 * Create the listener.
 *
 * @param registry		connections, not owned
 * @param channel		for reports, not owned
 */
aovpn_gateway_t *aovpn_gateway_create(aovpn_registry_t *registry,
									  aovpn_channel_t *channel);

#endif /** AOVPN_GATEWAY_H_ */
