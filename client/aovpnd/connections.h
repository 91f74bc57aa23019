/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connections.h - the connections that were dialled: each a small state
 * machine from preparing to its record, one attempt at a time.
 */
#ifndef AOVPN_CONNECTIONS_H
#define AOVPN_CONNECTIONS_H

#include <jansson.h>

#include "channel.h"
#include "daemon.h"
#include "material.h"
#include "vici_sas.h"

struct connection;
struct connections;

int connections_new(struct daemon *daemon, struct connections **ret);
struct connections *connections_free(struct connections *connections);

/*
 * Dial the profile of that name for user; password: dial_start(). Every way to
 * fail, also an unknown name, becomes a record; so the only errors are -ENOMEM
 * and -EMFILE (too many connections). ret_id (AOVPN_ID_MAX bytes): the id of
 * the attempt.
 */
int connections_dial(struct connections *connections, const char *name,
		     const char *user, const struct aovpn_password *password,
		     char *ret_id, struct aovpn_error *error);

/*
 * Hang up, or cancel a dial. Errors: -ENOENT (no such connection is up or
 * being dialled), -EAGAIN (no thread can be started for it; it stays up).
 */
int connections_hangup(struct connections *connections, const char *name,
		       struct aovpn_error *error);

/* Begin to hang up all of them because the service stops. Returns how many
 * are not idle yet. */
unsigned int connections_stop(struct connections *connections);

/* The connection of that name, made where there is none; NULL: too many. */
struct connection *connections_get(struct connections *connections,
				   const char *name);

/* Call each of them with every connection. connections may be NULL. */
void connections_each(struct connections *connections,
		      void (*each)(struct connection *c, void *userdata),
		      void *userdata);

/* A list of objects for "aovpn status", with what charon has of them (NULL: not
 * known): new reference. */
json_t *connections_status(const struct connections *connections,
			   const struct vici_sas *sas);

/* That object of one connection, without what charon has; NULL: there is none
 * of that name. */
json_t *connections_status_of(const struct connections *connections,
			      const char *name);

/* How many tunnels are up. ret_name (AOVPN_NAME_MAX bytes): charon's name of
 * the last of them, where there is one. */
unsigned int connections_up(const struct connections *connections,
			    char *ret_name);

/* Is any being dialled, up or hung up? */
bool connections_busy(const struct connections *connections);

/* Is the connection of that name up? */
bool connections_is_up(const struct connections *connections, const char *name);

/* Does the IKE_SA of that initiator SPI belong to one of those? */
bool connections_own_spi(const struct connections *connections, uint64_t spi);

/* From the plugin's channel. */
void connections_registered(struct connections *connections,
			    const struct aovpn_registered *registered);
void connections_sign(struct connections *connections,
		      const struct aovpn_sign *request);
void connections_plugin_ready(struct connections *connections);
void connections_plugin_gone(struct connections *connections);

/* A signature could not be made. */
void connections_sign_failed(struct connections *connections,
			     const struct aovpn_sign *request, const char *why);

/* The names of those, being dialled or up, to which the observation belongs: a
 * list, new reference. connections may be NULL. */
json_t *connections_concerned(const struct connections *connections,
			      const struct aovpn_observation *observation);

/* From any source. */
void connections_observe(struct connections *connections,
			 const struct aovpn_observation *observation);

#endif
