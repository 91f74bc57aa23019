/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_json.h - what is set for a tunnel, as JSON: the object "network" of a
 * connection's status.
 */
#ifndef AOVPN_NETWORK_JSON_H
#define AOVPN_NETWORK_JSON_H

#include <jansson.h>

#include "network_request.h"

/*
 * link (null: it has none of its own), routes_by (aovpn or charon), addresses,
 * routes, excluded, gateway, metric, tunnel (force or split), dns: resolver,
 * servers, domains, search_domains, note (what was not possible). Of a request
 * that was carried out. A new reference; NULL: no memory.
 */
json_t *network_json(const struct network_request *request,
		     const struct network_reply *reply);

#endif
