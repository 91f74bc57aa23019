/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watched.c - see watched.h. */
#include "watched.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>

#include "charon_source.h"
#include "connections.h"
#include "diagnosis.h"
#include "escape.h"
#include "events.h"
#include "kernel_watch.h"
#include "log.h"
#include "trace.h"
#include "watched_facts.h"
#include "worker.h"
#include "xfrm_stat.h"

/* A person has one or two; a gateway's charon initiates few. */
#define SESSIONS_MAX 32
/* charon with its default timers gives up after 165 s. */
#define DIAL_MAX_US 180000000ull
/* What charon logs goes through a queue of its own and comes later than its
 * word that the IKE_SA is gone; an ICMP message or a drop of the last packet
 * may come as late. */
#define LATE_FACTS_US 150000ull
/* sd-event's own is a quarter of a second. */
#define TIMER_SLACK_US 1000

enum session_state {
	SESSION_DIALLING,
	SESSION_CLOSING, /* it failed; late facts come in */
	SESSION_UP,
	SESSION_ENDING, /* it was up; late facts come in */
};

/* One IKE_SA. */
struct session {
	struct session *next;
	struct watched *owner;
	uint32_t serial;
	enum session_state state;
	struct charon_log log;
	struct aovpn_attempt attempt;
	struct daemon_losses lost_before;
	struct xfrm_stat xfrm_before;
	sd_event_source *timer;
	bool asked;     /* for facts, by a worker */
	bool destroyed; /* charon said so */
	bool waiting;   /* for its answer */
	json_t *record; /* the last, NULL before the first */
};

struct watched {
	struct daemon *daemon;
	struct session *first;
	unsigned int count;
	uint32_t serial;
};

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata);

/* --- a session's life ------------------------------------------------------
 */

static void start_timer(struct session *s, uint64_t after_us)
{
	int r;

	s->timer = sd_event_source_disable_unref(s->timer);
	r = sd_event_add_time_relative(s->owner->daemon->event, &s->timer,
				       CLOCK_MONOTONIC, after_us,
				       TIMER_SLACK_US, on_timer, s);
	if (r < 0)
		log_error("no timer for \"%s\": %s", s->attempt.connection,
			  strerror(-r));
}

static bool is_dialling(const struct session *s)
{
	return s->state == SESSION_DIALLING || s->state == SESSION_CLOSING;
}

static void note_xfrm_begin(struct session *s)
{
	if (xfrm_stat_read(XFRM_STAT_PATH, &s->xfrm_before) < 0)
		s->xfrm_before.count = 0;
}

static void xfrm_sink(const struct aovpn_observation *o, void *userdata)
{
	aovpn_attempt_add(userdata, o);
}

static void note_xfrm(struct session *s)
{
	struct xfrm_stat now;

	if (xfrm_stat_read(XFRM_STAT_PATH, &now) < 0)
		return;
	xfrm_stat_compare(&s->xfrm_before, &now, xfrm_sink, &s->attempt);
	s->xfrm_before = now;
}

static void new_attempt(struct session *s, const struct charon_event *event)
{
	const struct daemon *daemon = s->owner->daemon;
	struct aovpn_attempt *a = &s->attempt;
	sd_id128_t id;

	if (sd_id128_randomize(&id) >= 0)
		sd_id128_to_uuid_string(id, a->id);
	memcpy(a->charon_name, event->name, sizeof(a->charon_name));
	aovpn_escape_string(event->name, a->connection, sizeof(a->connection));
	a->watched = true;
	a->ike_sa_id = event->ike_sa_id;
	a->started_at = time(NULL);
	a->started_ns = event->time_ns;
	a->live[AOVPN_SOURCE_DAEMON] = true;
	a->live[AOVPN_SOURCE_CHARON] = true;
	a->live[AOVPN_SOURCE_KERNEL] = daemon->tracer != NULL;
	a->live[AOVPN_SOURCE_ICMP] = daemon->icmp != NULL;
	a->live[AOVPN_SOURCE_FRAGMENTS] = daemon->fragments != NULL;
	s->lost_before = daemon_losses(daemon);
	note_xfrm_begin(s);
}

static struct session *session_new(struct watched *watched,
				   const struct charon_event *event)
{
	struct session *s;

	if (watched->count == SESSIONS_MAX)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->owner = watched;
	s->serial = ++watched->serial;
	s->next = watched->first;
	watched->first = s;
	watched->count++;
	new_attempt(s, event);
	kernel_watch_begin(watched->daemon->watch,
			   charon_source_pid(watched->daemon->charon));
	start_timer(s, DIAL_MAX_US);
	return s;
}

static void session_clear(struct session *s)
{
	sd_event_source_disable_unref(s->timer);
	aovpn_attempt_clear(&s->attempt);
	json_decref(s->record);
	free(s);
}

static void session_free(struct session *s)
{
	struct session **link = &s->owner->first;

	while (*link != s)
		link = &(*link)->next;
	*link = s->next;
	s->owner->count--;
	session_clear(s);
}

/* --- records ---------------------------------------------------------------
 */

static void emit(struct session *s, const struct aovpn_outcome *outcome)
{
	const struct daemon_losses now = daemon_losses(s->owner->daemon);
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		s->attempt.lost[i] = now.lost[i] - s->lost_before.lost[i];
	s->attempt.suppressed = now.suppressed - s->lost_before.suppressed;
	json_decref(s->record);
	s->record = events_emit(s->owner->daemon, &s->attempt, outcome);
	log_info("%s", json_string_value(json_object_get(s->record, "message"))
			       ?: "");
}

/* The dial is over: its outcome. A session that is not up is freed. */
static void finish(struct session *s)
{
	struct daemon *daemon = s->owner->daemon;
	struct aovpn_outcome outcome;

	s->timer = sd_event_source_disable_unref(s->timer);
	note_xfrm(s);
	s->attempt.sees_egress =
		daemon->tracer && tracer_sees_egress(daemon->tracer);
	aovpn_diagnose(&s->attempt, &outcome);
	kernel_watch_end(daemon->watch);
	emit(s, &outcome);
	events_keep(daemon, &s->attempt, &outcome);
	if (outcome.event_id != AOVPN_EVENT_CONNECTED) {
		session_free(s);
		return;
	}
	kernel_watch_tunnel_up(daemon->watch);
	s->state = SESSION_UP;
	/* What comes now is about the life of the tunnel, not the dial. */
	aovpn_attempt_clear(&s->attempt);
}

/* charon says that it deletes an IKE_SA, and neither that the gateway wanted it
 * nor that it is gone: somebody told it to. */
static bool is_by_user(const struct session *s)
{
	uint32_t i;

	if (s->log.peer_deleted || s->log.end == CHARON_GAVE_UP)
		return false;
	for (i = 0; i < s->attempt.count; i++)
		if (s->attempt.observations[i].kind == AOVPN_OBS_IKE_STATE &&
		    s->attempt.observations[i].u.ike_state.state ==
			    AOVPN_IKE_DELETING)
			return true;
	return false;
}

/* A tunnel that charon replaces by a new one has not ended for anybody. */
static void end_tunnel(struct session *s)
{
	struct aovpn_outcome outcome;

	note_xfrm(s);
	aovpn_diagnose_end(&s->attempt, is_by_user(s), &outcome);
	kernel_watch_tunnel_down(s->owner->daemon->watch);
	if (!s->log.replaced)
		emit(s, &outcome);
	session_free(s);
}

static void local_failure(struct session *s, const char *slug, const char *text)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_LOCAL_FAILURE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	memcpy(o.connection, s->attempt.charon_name, sizeof(o.connection));
	snprintf(o.u.local_failure.cause, AOVPN_NAME_MAX, "%s", slug);
	snprintf(o.u.local_failure.text, AOVPN_TEXT_MAX, "%s", text);
	traces_observe(s->owner->daemon->traces, &o);
	aovpn_attempt_add(&s->attempt, &o);
}

static struct session *find_serial(const struct watched *watched,
				   uint32_t serial)
{
	struct session *s;

	for (s = watched->first; s; s = s->next)
		if (s->serial == serial)
			return s;
	return NULL;
}

/* What is read now may end this very session. */
static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct session *s = userdata;
	struct watched *watched = s->owner;
	uint32_t serial = s->serial;

	(void)source;
	(void)usec;
	daemon_drain(watched->daemon);
	s = find_serial(watched, serial);
	if (!s)
		return 0;
	if (s->waiting && is_dialling(s)) {
		start_timer(s, LATE_FACTS_US);
		return 0;
	}
	if (s->state == SESSION_DIALLING)
		log_warning("\"%s\" is neither up nor over, watching no longer",
			    s->attempt.connection);
	if (is_dialling(s))
		finish(s);
	else if (s->state == SESSION_ENDING)
		end_tunnel(s);
	return 0;
}

/* --- what is seen ----------------------------------------------------------
 */

/* charon's last word on an IKE_SA is that it is gone: nothing more comes from
 * there, and no packet matters any more where a message has decided. */
static bool is_settled(const struct session *s)
{
	return s->destroyed && !s->waiting &&
	       aovpn_attempt_is_decided(&s->attempt);
}

static void on_facts(void *argument)
{
	struct watched_facts *facts = argument;
	struct session *s = find_serial(facts->owner, facts->serial);

	if (s) {
		s->waiting = false;
		if (facts->chain.count > 0)
			s->attempt.chain = facts->chain;
		if (facts->resolved.kind != 0)
			aovpn_attempt_add(&s->attempt, &facts->resolved);
		if (s->state == SESSION_CLOSING && is_settled(s))
			start_timer(s, 0);
	}
	free(facts);
}

/* Ask for what charon's messages leave open, once. */
static void ask_facts(struct session *s)
{
	struct watched *watched = s->owner;
	struct watched_facts *facts;

	if (s->asked || (s->log.certificate[0] == '\0' && !s->log.unresolved))
		return;
	s->asked = true;
	facts = calloc(1, sizeof(*facts));
	if (!facts)
		return;
	memcpy(facts->vici, watched->daemon->paths.vici, sizeof(facts->vici));
	memcpy(facts->subject, s->log.certificate, sizeof(facts->subject));
	if (s->log.unresolved)
		memcpy(facts->name, s->log.server, sizeof(facts->name));
	facts->owner = watched;
	facts->serial = s->serial;
	s->waiting = worker_start(watched->daemon->event, watched_facts_run,
				  on_facts, facts) == 0;
	if (!s->waiting)
		free(facts);
}

/* Learn from charon's messages who dials where. */
static void note_names(struct session *s)
{
	struct aovpn_attempt *a = &s->attempt;
	const struct charon_log *log = &s->log;

	memcpy(a->user, log->user, sizeof(a->user));
	memcpy(a->server, log->required[0] ? log->required : log->server,
	       sizeof(a->server));
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

	if (is_dialling(s) && o->kind == AOVPN_OBS_CHILD_UP) {
		finish(s);
	} else if (is_dialling(s) && is_over(s, o)) {
		s->state = SESSION_CLOSING;
		s->destroyed |= destroyed;
		start_timer(s, is_settled(s) ? 0 : LATE_FACTS_US);
	} else if (s->state == SESSION_UP && destroyed) {
		s->state = SESSION_ENDING;
		start_timer(s, LATE_FACTS_US);
	}
}

static void take(struct session *s, const struct charon_event *event)
{
	struct aovpn_observation o;

	if (charon_log_read(&s->log, event, &o) < 0) {
		note_names(s);
		return;
	}
	note_names(s);
	if (is_dialling(s))
		ask_facts(s);
	traces_observe(s->owner->daemon->traces, &o);
	aovpn_attempt_add(&s->attempt, &o);
	advance(s, &o);
}

static struct session *find_event(const struct watched *watched,
				  const struct charon_event *event)
{
	struct session *s;

	for (s = watched->first; s; s = s->next)
		if (s->attempt.ike_sa_id == event->ike_sa_id &&
		    strcmp(s->attempt.charon_name, event->name) == 0)
			return s;
	return NULL;
}

/* Which IKE_SA a send belonged to, charon does not say. It is clear where only
 * one is being set up, and none of ours. */
static struct session *find_only_one(const struct watched *watched)
{
	struct session *s, *only = NULL;

	if (connections_busy(watched->daemon->connections))
		return NULL;
	for (s = watched->first; s; s = s->next) {
		if (only)
			return NULL;
		only = s;
	}
	return only;
}

static void send_failed(struct watched *watched,
			const struct charon_event *event)
{
	struct session *s = find_only_one(watched);
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
			     const struct charon_event *event)
{
	struct session *s = session_new(watched, event);

	if (!s) {
		log_warning("too many connections at once, not watching "
			    "IKE_SA %u",
			    event->ike_sa_id);
		return NULL;
	}
	take(s, event);
	events_progress(watched->daemon, &s->attempt, AOVPN_EVENT_DIALLING,
			AOVPN_STAGE_REACH);
	return s;
}

void watched_event(struct watched *watched, const struct charon_event *event)
{
	struct session *s;
	bool begins;

	if (!watched || watched_is_ours(event->name))
		return;
	if (event->ike_sa_id == 0) {
		send_failed(watched, event);
		return;
	}
	s = find_event(watched, event);
	begins = charon_log_begins(event);
	/* charon tries again by the same IKE_SA (keyingtries). */
	if (s && begins && s->state == SESSION_CLOSING) {
		finish(s);
		s = NULL;
	}
	if (!s && begins)
		begin(watched, event);
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

void watched_charon_gone(struct watched *watched)
{
	struct session *s, *next;

	for (s = watched ? watched->first : NULL; s; s = next) {
		next = s->next;
		local_failure(s, "charon-absent", "charon went away");
		if (is_dialling(s))
			finish(s);
		else
			end_tunnel(s);
	}
}

bool watched_is_ours(const char *name)
{
	return strncmp(name, "aovpn-", 6) == 0;
}

void watched_status(const struct watched *watched, json_t *list)
{
	const struct session *s;

	for (s = watched ? watched->first : NULL; s; s = s->next)
		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:b, s:O?}", "connection",
				  s->attempt.connection, "state",
				  is_dialling(s) ? "connecting" : "connected",
				  "stage",
				  is_dialling(s) ? aovpn_stage_name(
							   aovpn_attempt_stage(
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
