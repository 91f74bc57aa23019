/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Reports names that charon cannot resolve when it fetches a CRL or asks an OCSP
 * server.
 */

#ifndef AOVPN_FETCH_H_
#define AOVPN_FETCH_H_

#include <bus/listeners/logger.h>

#include "aovpn_channel.h"
#include "aovpn_registry.h"

typedef struct aovpn_fetch_t aovpn_fetch_t;

/**
 * Watches what charon fetches; see aovpn_fetch.c for how, and why so.
 */
struct aovpn_fetch_t {

	/**
	 * Implements logger_t.
	 */
	logger_t logger;

	/**
	 * Stop watching and destroy. No thread of charon may be running any more.
	 */
	void (*destroy)(aovpn_fetch_t *this);
};

/**
 * Begin to watch.
 *
 * @param registry		connections, not owned
 * @param channel		for reports, not owned
 */
aovpn_fetch_t *aovpn_fetch_create(aovpn_registry_t *registry,
								  aovpn_channel_t *channel);

#endif /** AOVPN_FETCH_H_ */
