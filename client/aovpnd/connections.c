/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connections.c - see connections.h; the steps of one are in connection.h. */
#include "connections.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "always_on.h"
#include "charon_name.h"
#include "connection.h"
#include "escape.h"
#include "events.h"
#include "record.h"
#include "network.h"
#include "trace.h"

/* Far more than a person has profiles; a client that invents names must not
 * fill the memory. */
#define CONNECTIONS_MAX 256

struct connections {
	struct daemon *daemon;
	struct connection *first;
	unsigned int count;
};

int connections_new(struct daemon *daemon, struct connections **ret)
{
	struct connections *connections = calloc(1, sizeof(*connections));

	if (!connections)
		return -ENOMEM;
	connections->daemon = daemon;
	*ret = connections;
	return 0;
}

struct connections *connections_free(struct connections *connections)
{
	struct connection *c;

	while (connections && (c = connections->first) != NULL) {
		connections->first = c->next;
		dial_clear(c);
		free(c);
	}
	free(connections);
	return NULL;
}

static struct connection *find(const struct connections *connections,
			       const char *name)
{
	struct connection *c;

	for (c = connections->first; c; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* Forget an idle connection that never was up, to make room for another. */
static void forget_one(struct connections *connections)
{
	struct connection **link, *c;

	for (link = &connections->first; (c = *link) != NULL; link = &c->next) {
		if (c->state != CONNECTION_IDLE || c->keep.wanted)
			continue;
		*link = c->next;
		dial_clear(c);
		free(c);
		connections->count--;
		return;
	}
}

static struct connection *add(struct connections *connections, const char *name)
{
	struct connection *c;

	if (connections->count == CONNECTIONS_MAX)
		forget_one(connections);
	if (connections->count == CONNECTIONS_MAX)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->daemon = connections->daemon;
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->next = connections->first;
	connections->first = c;
	connections->count++;
	return c;
}

/* A dial that cannot become one: a record of its own, no connection. */
static void refuse(struct connections *connections, const char *name,
		   const char *user, const char *slug, const char *text,
		   char *ret_id)
{
	struct aovpn_attempt attempt = {0};
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_LOCAL_FAILURE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};
	struct aovpn_outcome outcome;
	sd_id128_t id = SD_ID128_NULL;

	sd_id128_randomize(&id);
	sd_id128_to_uuid_string(id, attempt.id);
	memcpy(ret_id, attempt.id, AOVPN_ID_MAX);
	aovpn_escape_string(name, attempt.connection,
			    sizeof(attempt.connection));
	snprintf(attempt.user, sizeof(attempt.user), "%s", user);
	attempt.started_ns = aovpn_boottime_ns();
	attempt.live[AOVPN_SOURCE_DAEMON] = true;
	charon_name_make(attempt.connection, o.connection);
	snprintf(o.u.local_failure.cause, sizeof(o.u.local_failure.cause), "%s",
		 slug);
	snprintf(o.u.local_failure.text, sizeof(o.u.local_failure.text), "%s",
		 text);
	events_progress(connections->daemon, &attempt, AOVPN_EVENT_DIALLING,
			AOVPN_STAGE_CREDENTIAL);
	if (aovpn_attempt_add(&attempt, &o) == 0) {
		traces_observe(connections->daemon->traces, &o);
		aovpn_diagnose(&attempt, &outcome);
		json_decref(
			events_emit(connections->daemon, &attempt, &outcome));
	}
	aovpn_attempt_clear(&attempt);
}

struct connection *connections_get(struct connections *connections,
				   const char *name)
{
	struct connection *c = find(connections, name);

	return c ? c : add(connections, name);
}

void connections_each(struct connections *connections,
		      void (*each)(struct connection *c, void *userdata),
		      void *userdata)
{
	struct connection *c;

	for (c = connections ? connections->first : NULL; c; c = c->next)
		each(c, userdata);
}

int connections_dial(struct connections *connections, const char *name,
		     const char *user, const struct aovpn_password *password,
		     char *ret_id, struct aovpn_error *error)
{
	struct aovpn_error why;
	struct connection *c;

	if (aovpn_profile_name_check(name, &why) < 0) {
		refuse(connections, name, user, "profile-unknown", why.text,
		       ret_id);
		return 0;
	}
	c = find(connections, name);
	if (c && c->state != CONNECTION_IDLE) {
		refuse(connections, name, user, "dial-in-progress",
		       c->state == CONNECTION_UP
			       ? "the connection is established already"
			       : "the connection is being dialled or hung up",
		       ret_id);
		return 0;
	}
	c = connections_get(connections, name);
	if (!c)
		return aovpn_error_set(error, -EMFILE,
				       "%u connections are in use already",
				       CONNECTIONS_MAX);
	always_on_dialled(c);
	dial_start(c, user, password);
	memcpy(ret_id, c->attempt.id, AOVPN_ID_MAX);
	return 0;
}

int connections_hangup(struct connections *connections, const char *name,
		       struct aovpn_error *error)
{
	struct connection *c = find(connections, name);

	if (!c || (c->state == CONNECTION_IDLE && !always_on_waits(c)))
		return aovpn_error_set(error, -ENOENT,
				       "connection \"%s\" is neither up nor "
				       "being dialled",
				       name);
	/* What is always on stays so where it cannot be ended. */
	if (c->state == CONNECTION_UP && tunnel_hangup(c) < 0)
		return aovpn_error_set(
			error, -EAGAIN,
			"connection \"%s\" is still up: no thread "
			"can be started to hang it up",
			name);
	always_on_hung_up(c);
	dial_hangup(c);
	return 0;
}

unsigned int connections_stop(struct connections *connections)
{
	unsigned int busy = 0;
	struct connection *c;

	for (c = connections->first; c; c = c->next) {
		c->stopping = true;
		dial_hangup(c);
		busy += c->state != CONNECTION_IDLE || network_busy(c);
	}
	return busy;
}

/* Traffic and keys of a tunnel; null: not known. */
static json_t *traffic_object(const struct connection *c,
			      const struct vici_sas *sas)
{
	const struct vici_sa *sa =
		c->state == CONNECTION_UP
			? vici_sas_find(sas, c->attempt.charon_name)
			: NULL;

	if (!sa)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:I, s:i, s:i}", "bytes_in",
			 (json_int_t)sa->bytes_in, "bytes_out",
			 (json_int_t)sa->bytes_out, "packets_in",
			 (json_int_t)sa->packets_in, "packets_out",
			 (json_int_t)sa->packets_out, "ike_rekey_s",
			 (int)sa->rekey_s, "child_rekey_s",
			 (int)sa->child_rekey_s);
}

static json_t *or_null(json_t *object)
{
	return object ? json_incref(object) : json_null();
}

static json_t *connection_status(const struct connection *c,
				 const struct vici_sas *sas)
{
	return json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "connection",
		c->name, "state", connection_state_name(c->state), "stage",
		c->state == CONNECTION_IDLE ? "" : aovpn_stage_name(c->stage),
		"since",
		c->state == CONNECTION_UP ? record_date(c->up_at) : json_null(),
		"traffic", traffic_object(c, sas), "hint", or_null(c->hint),
		"last_record", or_null(c->record), "network", network_status(c),
		"keep", always_on_status(c));
}

json_t *connections_status(const struct connections *connections,
			   const struct vici_sas *sas)
{
	json_t *list = json_array();
	const struct connection *c;

	for (c = connections->first; c; c = c->next)
		json_array_append_new(list, connection_status(c, sas));
	return list;
}

json_t *connections_status_of(const struct connections *connections,
			      const char *name)
{
	const struct connection *c = find(connections, name);

	return c ? connection_status(c, NULL) : NULL;
}

unsigned int connections_up(const struct connections *connections,
			    char *ret_name)
{
	const struct connection *c;
	unsigned int count = 0;

	for (c = connections->first; c; c = c->next) {
		if (c->state != CONNECTION_UP)
			continue;
		memcpy(ret_name, c->attempt.charon_name, AOVPN_NAME_MAX);
		count++;
	}
	return count;
}

bool connections_busy(const struct connections *connections)
{
	const struct connection *c;

	for (c = connections->first; c; c = c->next)
		if (c->state != CONNECTION_IDLE)
			return true;
	return false;
}

bool connections_is_up(const struct connections *connections, const char *name)
{
	const struct connection *c = find(connections, name);

	return c && c->state == CONNECTION_UP;
}

bool connections_own_spi(const struct connections *connections, uint64_t spi)
{
	const struct connection *c;

	for (c = connections->first; c; c = c->next)
		if (c->state != CONNECTION_IDLE && c->attempt.spi_i == spi)
			return true;
	return false;
}

void connections_registered(struct connections *connections,
			    const struct aovpn_registered *registered)
{
	struct connection *c;

	for (c = connections->first; c; c = c->next)
		if (strcmp(c->attempt.charon_name, registered->connection) == 0)
			dial_registered(c, registered);
}

static struct connection *find_signing(struct connections *connections,
				       const struct aovpn_sign *request)
{
	struct connection *c;

	for (c = connections ? connections->first : NULL; c; c = c->next)
		if (c->generation == request->generation &&
		    strcmp(c->attempt.charon_name, request->connection) == 0)
			return c;
	return NULL;
}

void connections_sign(struct connections *connections,
		      const struct aovpn_sign *request)
{
	struct connection *c = find_signing(connections, request);

	held_key_sign(connections->daemon, c ? c->key : NULL, request);
}

void connections_sign_failed(struct connections *connections,
			     const struct aovpn_sign *request, const char *why)
{
	struct connection *c = find_signing(connections, request);

	if (c)
		dial_sign_failed(c, why);
}

void connections_plugin_ready(struct connections *connections)
{
	struct connection *c;

	for (c = connections->first; c; c = c->next) {
		dial_plugin_ready(c);
		tunnel_plugin_ready(c);
	}
	always_on_charon(connections->daemon->always_on);
}

void connections_plugin_gone(struct connections *connections)
{
	struct connection *c;

	for (c = connections ? connections->first : NULL; c; c = c->next) {
		dial_plugin_gone(c);
		tunnel_plugin_gone(c);
	}
}

static bool concerns(const struct connection *c,
		     const struct aovpn_observation *observation)
{
	return c->state != CONNECTION_IDLE &&
	       aovpn_attempt_matches(&c->attempt, observation);
}

json_t *connections_concerned(const struct connections *connections,
			      const struct aovpn_observation *observation)
{
	const struct connection *c;
	json_t *names = json_array();

	for (c = connections ? connections->first : NULL; c; c = c->next)
		if (concerns(c, observation))
			json_array_append_new(names, json_string(c->name));
	return names;
}

void connections_observe(struct connections *connections,
			 const struct aovpn_observation *observation)
{
	struct connection *c;

	for (c = connections->first; c; c = c->next)
		if (concerns(c, observation))
			dial_observe(c, observation);
}
