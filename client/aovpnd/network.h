/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - the network of a tunnel: its link, routes and DNS are set when it
 * comes up, and taken back when it goes, by aovpn-network (network_request.h),
 * for aovpnd may do none of it. It blocks, so a worker asks; of one connection
 * what is asked comes in order.
 */
#ifndef AOVPN_NETWORK_H
#define AOVPN_NETWORK_H

#include <jansson.h>

#include "daemon.h"

struct connection;
struct network;

/* Ask what can be set here, and what is set since before. Without an answer the
 * daemon works on: nothing is set then, and each apply says so. -ENOMEM. */
int network_new(struct daemon *daemon, struct network **ret);
struct network *network_free(struct network *network);

/* The interface id for the next CHILD_SA of this connection, with which it has
 * a link of its own; 0: none. */
uint32_t network_interface_id(struct connection *c);

/* The tunnel is up: set what its profile and the gateway want. */
void network_apply(struct connection *c);

/* It is down: take back what was set for it. */
void network_remove(struct connection *c);

/* Take back what was set for connections that are not up now: a daemon or a
 * charon was killed. */
void network_recover(struct daemon *daemon);

/* Is something being set or taken back? */
bool network_busy(const struct connection *c);

/* The connection is forgotten; what is under way comes to its own end. */
void network_forget(struct connection *c);

/* Why DNS is not set, and as what -errno; "" and 0: it is, or need not be. */
const char *network_dns_refused(const struct connection *c, int *ret_code);
/* Did somebody take the tunnel's DNS servers, or must nobody? */
bool network_dns_settled(const struct connection *c);

/* What is set: a new reference, null where nothing is. */
json_t *network_status(const struct connection *c);

#endif
