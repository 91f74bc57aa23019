/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watched_session.c - see watched_session.h. */
#include "watched_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>

#include "clock_facts.h"
#include "escape.h"
#include "events.h"
#include "kernel_watch.h"
#include "log.h"
#include "trace.h"

/* A person has one or two; a gateway's charon initiates few. */
#define SESSIONS_MAX 32
/* charon with its default timers gives up after 165 s. */
#define DIAL_MAX_US 180000000ull
/* Where a message has decided the dial, late facts do not matter, but the other
 * messages do: charon gives them to a job of its own, so they come behind its
 * word that the IKE_SA is gone. That was 0.1 to 3 ms, on a machine with two
 * cores and a load of 12; each of them is waited for anew. */
#define QUIET_US 10000ull
/* sd-event's own is a quarter of a second. */
#define TIMER_SLACK_US 1000

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

bool session_is_dialling(const struct session *s)
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

static void look_at_clock(struct session *s)
{
	struct aovpn_observation clock;

	clock_facts_look(s->owner->daemon->paths.clock, &clock);
	aovpn_attempt_add(&s->attempt, &clock);
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
	look_at_clock(s);
}

struct session *session_new(struct watched *watched,
			    struct charon_source *charon,
			    const struct charon_event *event)
{
	struct session *s;

	if (watched->count == SESSIONS_MAX)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->owner = watched;
	s->charon = charon;
	s->serial = ++watched->serial;
	s->next = watched->first;
	watched->first = s;
	watched->count++;
	new_attempt(s, event);
	kernel_watch_begin(watched->daemon->watch, charon_source_pid(charon));
	start_timer(s, DIAL_MAX_US);
	return s;
}

void session_clear(struct session *s)
{
	session_ask_no_more(s);
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

struct session *session_find(const struct watched *watched, uint32_t serial)
{
	struct session *s;

	for (s = watched->first; s; s = s->next)
		if (s->serial == serial)
			return s;
	return NULL;
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

/* What this success has proven, for the dials after it. */
static void keep_history(struct session *s, const struct aovpn_outcome *outcome)
{
	struct daemon *daemon = s->owner->daemon;
	struct aovpn_error error;

	if (history_store_note(daemon->history, &s->attempt, outcome->resumed,
			       time(NULL), &error) < 0)
		log_warning("%s", error.text);
	if (clock_facts_remember(daemon->paths.state, daemon->paths.clock) < 0)
		log_warning("cannot write %s", daemon->paths.clock);
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

/* charon says that it has no certificate with a key, and not which is missing.
 */
static void note_key(struct session *s)
{
	char text[AOVPN_TEXT_MAX];

	if (!s->log.no_certificate || !s->keyless)
		return;
	snprintf(text, sizeof(text),
		 "charon has the certificate \"%.150s\", and no private key "
		 "that fits it",
		 s->certificate);
	local_failure(s, "client-key-unusable", text);
}

void session_finish(struct session *s)
{
	struct daemon *daemon = s->owner->daemon;
	struct aovpn_outcome outcome;

	s->timer = sd_event_source_disable_unref(s->timer);
	note_xfrm(s);
	note_key(s);
	session_take_checked(s);
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
	keep_history(s, &outcome);
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

void session_lose(struct session *s)
{
	local_failure(s, "charon-absent", "charon went away");
	if (session_is_dialling(s))
		session_finish(s);
	else
		end_tunnel(s);
}

/* --- when it is over -------------------------------------------------------
 */

/* How long something may still come that matters, from now on. A resolver takes
 * its time, and nothing else says why a name was not resolved. */
static uint64_t patience_us(const struct session *s)
{
	const uint64_t since_us = (aovpn_boottime_ns() - s->over_ns) / 1000;
	const uint64_t left_us = since_us < DAEMON_LATE_FACTS_US
					 ? DAEMON_LATE_FACTS_US - since_us
					 : 0;

	if (s->log.unresolved && s->asking > 0)
		return DIAL_MAX_US;
	if (session_lacks_facts(s) || !aovpn_attempt_is_decided(&s->attempt) ||
	    left_us < QUIET_US)
		return left_us;
	return QUIET_US;
}

void session_close(struct session *s)
{
	s->state = SESSION_CLOSING;
	s->over_ns = aovpn_boottime_ns();
	session_ask(s);
	session_touch(s);
}

void session_touch(struct session *s)
{
	if (s->state == SESSION_CLOSING)
		start_timer(s, patience_us(s));
}

void session_end(struct session *s)
{
	s->state = SESSION_ENDING;
	start_timer(s, DAEMON_LATE_FACTS_US);
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
	s = session_find(watched, serial);
	if (!s)
		return 0;
	if (s->state == SESSION_DIALLING)
		log_warning("\"%s\" is neither up nor over, watching no longer",
			    s->attempt.connection);
	if (session_is_dialling(s))
		session_finish(s);
	else if (s->state == SESSION_ENDING)
		end_tunnel(s);
	return 0;
}
