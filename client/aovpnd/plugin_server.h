/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin_server.h - aovpnd's end of the channel to the strongSwan plugin
 * (channel.h): listens, checks who connects, and passes observations on.
 */
#ifndef AOVPN_PLUGIN_SERVER_H
#define AOVPN_PLUGIN_SERVER_H

#include "channel.h"
#include "daemon.h"

struct plugin_server;

/*
 * Bind and listen at path (a stale socket file there is replaced; the caller
 * holds the daemon's lock). Errors: -errno with a text that names path.
 */
int plugin_server_open(struct daemon *daemon, const char *path,
		       struct plugin_server **ret, struct aovpn_error *error);
struct plugin_server *plugin_server_close(struct plugin_server *server);

/* The plugin that has said hello, or NULL. */
const struct aovpn_hello *
plugin_server_hello(const struct plugin_server *server);

/* Datagrams that the plugin could not send, of all plugins so far. */
uint64_t plugin_server_lost(const struct plugin_server *server);

/* Datagrams that were refused as malformed or from a stranger. */
uint64_t plugin_server_refused(const struct plugin_server *server);

/*
 * Register a connection; the plugin's answer comes as
 * connections_registered(). The descriptors stay the caller's. Errors:
 * -ENOTCONN (no plugin), or -errno of sending.
 */
int plugin_server_register(struct plugin_server *server,
			   const struct aovpn_policy *policy,
			   const int fds[AOVPN_CHANNEL_FDS]);
int plugin_server_unregister(struct plugin_server *server,
			     const char *connection);

/* Answer a SIGN. Errors: as above. */
int plugin_server_signed(struct plugin_server *server,
			 const struct aovpn_signed *answer);

/* Read all datagrams that wait. */
void plugin_server_drain(struct plugin_server *server);

#endif
