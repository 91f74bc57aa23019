/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watched.c - see watched.h. */
#include "watched.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "charon_name.h"
#include "connections.h"
#include "events.h"
#include "log.h"
#include "trace.h"
#include "watched_session.h"

/* --- what is seen ----------------------------------------------------------
 */

/* Learn from charon's messages who dials where. */
static void note_names(struct session *s)
{
	struct aovpn_attempt *a = &s->attempt;
	const struct charon_log *log = &s->log;

	memcpy(a->user, log->user, sizeof(a->user));
	if (log->required[0] != '\0')
		memcpy(a->server, log->required, sizeof(a->server));
	else if (s->server[0] != '\0')
		memcpy(a->server, s->server, sizeof(a->server));
	else
		memcpy(a->server, log->server, sizeof(a->server));
}

/* Packets to and from the gateway that it dials now are of interest wherever
 * they are lost. */
static void note_peer(const struct session *s,
		      const struct aovpn_observation *o)
{
	struct tracer *tracer = s->owner->daemon->tracer;

	if (tracer && o->kind == AOVPN_OBS_IKE_STATE &&
	    o->u.ike_state.state == AOVPN_IKE_CONNECTING && o->flow.family != 0)
		tracer_add_peer(tracer, o->flow.family, o->flow.remote);
}

static bool is_over(const struct session *s, const struct aovpn_observation *o)
{
	return s->log.end != CHARON_NOT_OVER ||
	       (o->kind == AOVPN_OBS_IKE_STATE &&
		o->u.ike_state.state == AOVPN_IKE_DESTROYING);
}

static void advance(struct session *s, const struct aovpn_observation *o)
{
	bool destroyed = o->kind == AOVPN_OBS_IKE_STATE &&
			 o->u.ike_state.state == AOVPN_IKE_DESTROYING;

	if (session_is_dialling(s) && o->kind == AOVPN_OBS_CHILD_UP) {
		session_finish(s);
	} else if (s->state == SESSION_DIALLING && is_over(s, o)) {
		session_close(s);
	} else if (s->state == SESSION_UP && destroyed) {
		session_end(s);
	} else {
		session_touch(s);
	}
}

static void take(struct session *s, const struct charon_event *event)
{
	struct aovpn_observation o;

	if (charon_log_read(&s->log, event, &o) < 0) {
		note_names(s);
		session_touch(s);
		return;
	}
	note_names(s);
	note_peer(s, &o);
	if (session_is_dialling(s))
		session_ask(s);
	traces_observe(s->owner->daemon->traces, &o);
	aovpn_attempt_add(&s->attempt, &o);
	advance(s, &o);
}

static struct session *find_event(const struct watched *watched,
				  const struct charon_source *charon,
				  const struct charon_event *event)
{
	struct session *s;

	for (s = watched->first; s; s = s->next)
		if (s->charon == charon &&
		    s->attempt.ike_sa_id == event->ike_sa_id &&
		    strcmp(s->attempt.charon_name, event->name) == 0)
			return s;
	return NULL;
}

/* Which IKE_SA a send belonged to, charon does not say. It is clear where only
 * one of it is being set up, and none of ours. */
static struct session *find_only_one(const struct watched *watched,
				     const struct charon_source *charon)
{
	struct session *s, *only = NULL;

	if (charon == watched->daemon->charon &&
	    connections_busy(watched->daemon->connections))
		return NULL;
	for (s = watched->first; s; s = s->next) {
		if (s->charon != charon)
			continue;
		if (only)
			return NULL;
		only = s;
	}
	return only;
}

static void send_failed(struct watched *watched,
			const struct charon_source *charon,
			const struct charon_event *event)
{
	struct session *s = find_only_one(watched, charon);
	struct charon_event of;

	if (!s)
		return;
	of = *event;
	of.ike_sa_id = s->attempt.ike_sa_id;
	memcpy(of.name, s->attempt.charon_name, sizeof(of.name));
	take(s, &of);
}

static void rekeyed(struct session *s, const struct charon_event *event)
{
	s->attempt.ike_sa_id = event->new_id;
	s->attempt.spi_i = event->spi_i;
}

static struct session *begin(struct watched *watched,
			     struct charon_source *charon,
			     const struct charon_event *event)
{
	struct session *s = session_new(watched, charon, event);

	if (!s) {
		/* Several events begin one; it is said once. */
		if (watched->passed_by != event->ike_sa_id)
			log_warning("too many connections at once, not "
				    "watching IKE_SA %u",
				    event->ike_sa_id);
		watched->passed_by = event->ike_sa_id;
		return NULL;
	}
	take(s, event);
	events_progress(watched->daemon, &s->attempt, AOVPN_EVENT_DIALLING,
			AOVPN_STAGE_REACH);
	return s;
}

void watched_event(struct watched *watched, struct charon_source *charon,
		   const struct charon_event *event)
{
	struct session *s;
	bool begins;

	if (!watched || charon_name_connection(event->name))
		return;
	if (event->ike_sa_id == 0) {
		send_failed(watched, charon, event);
		return;
	}
	s = find_event(watched, charon, event);
	begins = charon_log_begins(event);
	/* charon tries again by the same IKE_SA (keyingtries). */
	if (s && begins && s->state == SESSION_CLOSING) {
		session_finish(s);
		s = NULL;
	}
	if (!s && begins)
		begin(watched, charon, event);
	else if (s && event->type == CHARON_IKE_REKEY)
		rekeyed(s, event);
	else if (s)
		take(s, event);
}

/* --- what the kernel shows -------------------------------------------------
 */

static bool is_spi_of_other(const struct watched *watched, uint64_t spi)
{
	const struct session *s;

	for (s = watched->first; s; s = s->next)
		if (s->attempt.spi_i == spi)
			return true;
	return connections_own_spi(watched->daemon->connections, spi);
}

/* charon's messages tell no SPI before the IKE_SA is up. The first IKE_SA_INIT
 * to that gateway whose SPI nobody else has is this one's. */
static void learn_spi(struct session *s, const struct aovpn_observation *o)
{
	if ((o->kind == AOVPN_OBS_PACKET || o->kind == AOVPN_OBS_SEND) &&
	    !o->u.packet.incoming && o->u.packet.exchange == 34)
		s->attempt.spi_i = o->spi_i;
}

static bool concerns(struct session *s, const struct aovpn_observation *o,
		     bool taken)
{
	if (!aovpn_attempt_matches(&s->attempt, o))
		return false;
	if (o->spi_i == 0 || s->attempt.spi_i != 0)
		return true;
	if (taken)
		return false;
	learn_spi(s, o);
	return true;
}

void watched_observe(struct watched *watched,
		     const struct aovpn_observation *observation)
{
	struct session *s;
	bool taken;

	/* The plugin tells of ours only. */
	if (!watched || !watched->first ||
	    observation->source == AOVPN_SOURCE_PLUGIN)
		return;
	taken = observation->spi_i != 0 &&
		is_spi_of_other(watched, observation->spi_i);
	for (s = watched->first; s; s = s->next)
		if (concerns(s, observation, taken))
			aovpn_attempt_add(&s->attempt, observation);
}

void watched_concerned(const struct watched *watched,
		       const struct aovpn_observation *observation,
		       json_t *names)
{
	const struct session *s;

	for (s = watched ? watched->first : NULL; s; s = s->next)
		if (aovpn_attempt_matches(&s->attempt, observation))
			json_array_append_new(
				names, json_string(s->attempt.connection));
}

bool watched_has(const struct watched *watched, const char *name)
{
	const struct session *s;

	for (s = watched ? watched->first : NULL; s; s = s->next)
		if (strcmp(s->attempt.connection, name) == 0)
			return true;
	return false;
}

/* --- all of them -----------------------------------------------------------
 */

void watched_charon_gone(struct watched *watched,
			 const struct charon_source *charon)
{
	struct session *s, *next;

	for (s = watched ? watched->first : NULL; s; s = next) {
		next = s->next;
		if (s->charon == charon)
			session_lose(s);
	}
}

void watched_status(const struct watched *watched, json_t *list)
{
	const struct session *s;

	for (s = watched ? watched->first : NULL; s; s = s->next)
		json_array_append_new(
			list,
			json_pack(
				"{s:s, s:s, s:s, s:b, s:O?}", "connection",
				s->attempt.connection, "state",
				session_is_dialling(s) ? "connecting"
						       : "connected",
				"stage",
				session_is_dialling(s)
					? aovpn_stage_name(aovpn_attempt_stage(
						  &s->attempt))
					: "up",
				"watched", true, "last_record", s->record));
}

int watched_new(struct daemon *daemon, struct watched **ret)
{
	struct watched *watched = calloc(1, sizeof(*watched));

	if (!watched)
		return -ENOMEM;
	watched->daemon = daemon;
	*ret = watched;
	return 0;
}

struct watched *watched_free(struct watched *watched)
{
	struct session *s;

	while (watched && (s = watched->first) != NULL) {
		watched->first = s->next;
		session_clear(s);
	}
	free(watched);
	return NULL;
}
