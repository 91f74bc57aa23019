/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Reports what the kernel says when charon cannot send a packet of ours.
 */

#ifndef AOVPN_SEND_H_
#define AOVPN_SEND_H_

#include <bus/listeners/logger.h>

#include "aovpn_channel.h"
#include "aovpn_registry.h"

typedef struct aovpn_send_t aovpn_send_t;

/**
 * Watches what charon sends; see aovpn_send.c for how, and why so. There can be
 * only one at a time.
 */
struct aovpn_send_t {

	/**
	 * Implements logger_t.
	 */
	logger_t logger;

	/**
	 * Stop watching and destroy. No thread of charon may be running any more.
	 */
	void (*destroy)(aovpn_send_t *this);
};

/**
 * Begin to watch. charon must not have any threads yet.
 *
 * @param registry		connections, not owned
 * @param channel		for reports, not owned
 */
aovpn_send_t *aovpn_send_create(aovpn_registry_t *registry,
								aovpn_channel_t *channel);

#endif /** AOVPN_SEND_H_ */
