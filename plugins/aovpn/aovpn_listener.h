/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Turns the events of charon's bus into observations.
 */

#ifndef AOVPN_LISTENER_H_
#define AOVPN_LISTENER_H_

#include <bus/listeners/listener.h>

#include "aovpn_channel.h"
#include "aovpn_registry.h"

typedef struct aovpn_listener_t aovpn_listener_t;

/**
 * Listener that reports states, decrypted messages, retransmissions, alerts and
 * CHILD_SAs of connections of ours. It runs under the bus's lock on charon's
 * threads and never blocks.
 */
struct aovpn_listener_t {

	/**
	 * Implements listener_t.
	 */
	listener_t listener;

	/**
	 * Destroy the listener.
	 */
	void (*destroy)(aovpn_listener_t *this);
};

/**
 * Create the listener.
 *
 * @param registry		connections, not owned
 * @param channel		for reports, not owned
 */
aovpn_listener_t *aovpn_listener_create(aovpn_registry_t *registry,
										aovpn_channel_t *channel);

#endif /** AOVPN_LISTENER_H_ */
