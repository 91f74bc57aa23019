/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Our end of the channel to aovpnd (client/libaovpn/channel.h).
 */

#ifndef AOVPN_CHANNEL_H_
#define AOVPN_CHANNEL_H_

#include "aovpn_registry.h"
#include "channel.h"

typedef struct aovpn_channel_t aovpn_channel_t;

/**
 * Connects to the daemon, again and again, does what it says to the registry
 * and sends it observations.
 */
struct aovpn_channel_t {

	/**
	 * Send an observation. Never blocks; what cannot be sent at once is
	 * dropped and counted, also while no daemon is there.
	 *
	 * @param observation	filled in
	 */
	void (*report)(aovpn_channel_t *this,
				   const struct aovpn_observation *observation);

	/**
	 * Begin to connect, as soon as charon has threads.
	 */
	void (*start)(aovpn_channel_t *this);

	/**
	 * Close and destroy. No thread of charon may be running any more.
	 */
	void (*destroy)(aovpn_channel_t *this);
};

/**
 * Create the channel to the socket of the setting
 * charon.plugins.aovpn.socket (default /run/aovpn/plugin.sock).
 *
 * @param registry		what the daemon registers, not owned
 */
aovpn_channel_t *aovpn_channel_create(aovpn_registry_t *registry);

#endif /** AOVPN_CHANNEL_H_ */
