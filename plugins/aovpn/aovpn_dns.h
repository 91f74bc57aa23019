/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Asks gateways for DNS servers where charon's own plugin for that is off.
 */

#ifndef AOVPN_DNS_H_
#define AOVPN_DNS_H_

#include <attributes/attribute_handler.h>

#include "aovpn_registry.h"

typedef struct aovpn_dns_t aovpn_dns_t;

/**
 * Requests INTERNAL_IP4_DNS and INTERNAL_IP6_DNS (RFC 7296 3.15.1) for our
 * connections.
 *
 * charon asks for what its handlers want, and the one that wants DNS servers is
 * the plugin resolve, which also writes them to /etc/resolv.conf, beside the
 * daemon. Where an administrator has switched it off, nobody would ask, and a
 * gateway need not give what was not asked for. Where it is loaded, nothing is
 * asked for twice and nothing taken from it.
 */
struct aovpn_dns_t {

	/**
	 * Implements attribute_handler_t.
	 */
	attribute_handler_t handler;

	/**
	 * Destroy the handler.
	 */
	void (*destroy)(aovpn_dns_t *this);
};

/**
 * Create the handler.
 *
 * @param registry		connections, not owned
 */
aovpn_dns_t *aovpn_dns_create(aovpn_registry_t *registry);

#endif /** AOVPN_DNS_H_ */
