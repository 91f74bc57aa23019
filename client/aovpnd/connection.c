/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.c - what the steps of a connection's life share (connection.h):
 * notes into its attempt, its timer, its record.
 */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "dial_job.h"
#include "events.h"
#include "kernel_watch.h"
#include "log.h"
#include "network.h"
#include "plugin_server.h"
#include "trace.h"
#include "worker.h"

/* sd-event's own is a quarter of a second. */
#define TIMER_SLACK_US 1000

/* A fact that the daemon itself found out about the dial. */
void connection_observe(struct connection *c,
			const struct aovpn_observation *fact)
{
	struct aovpn_observation o = *fact;

	memcpy(o.connection, c->attempt.charon_name, sizeof(o.connection));
	traces_observe(c->daemon->traces, &o);
	aovpn_attempt_add(&c->attempt, &o);
}

void connection_note_failure(struct connection *c, const char *slug,
			     const char *text)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_LOCAL_FAILURE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	strncpy(o.u.local_failure.cause, slug, AOVPN_NAME_MAX - 1);
	strncpy(o.u.local_failure.text, text, AOVPN_TEXT_MAX - 1);
	connection_observe(c, &o);
}

void connection_stop_timer(struct connection *c)
{
	c->timer = sd_event_source_disable_unref(c->timer);
}

void connection_start_timer(struct connection *c, uint64_t after_us,
			    sd_event_time_handler_t handler)
{
	int r;

	connection_stop_timer(c);
	r = sd_event_add_time_relative(c->daemon->event, &c->timer,
				       CLOCK_MONOTONIC, after_us,
				       TIMER_SLACK_US, handler, c);
	if (r < 0)
		log_error("no timer for \"%s\": %s", c->name, strerror(-r));
}

/* The tracer's hooks of a dial. */
void connection_watch_kernel(struct connection *c, bool on)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);

	if (on == c->watching)
		return;
	c->watching = on;
	if (on)
		kernel_watch_begin(c->daemon->watch,
				   hello ? (pid_t)hello->pid : 0);
	else
		kernel_watch_end(c->daemon->watch);
}

static void xfrm_sink(const struct aovpn_observation *o, void *userdata)
{
	struct connection *c = userdata;

	aovpn_attempt_add(&c->attempt, o);
}

/* Keep what the kernel's IPsec has counted since the last time. */
void connection_note_xfrm(struct connection *c)
{
	struct xfrm_stat now;

	if (xfrm_stat_read(XFRM_STAT_PATH, &now) < 0)
		return;
	xfrm_stat_compare(&c->xfrm_before, &now, xfrm_sink, c);
	c->xfrm_before = now;
}

void connection_look_at_egress(struct connection *c)
{
	c->attempt.sees_egress =
		c->daemon->tracer && tracer_sees_egress(c->daemon->tracer);
}

void connection_count_losses(struct connection *c)
{
	const struct daemon_losses now = daemon_losses(c->daemon);
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		c->attempt.lost[i] = now.lost[i] - c->lost_before.lost[i];
	c->attempt.suppressed = now.suppressed - c->lost_before.suppressed;
}

void connection_emit(struct connection *c, const struct aovpn_outcome *outcome)
{
	connection_count_losses(c);
	json_decref(c->record);
	c->record = events_emit(c->daemon, &c->attempt, outcome);
	log_info("%s", json_string_value(json_object_get(c->record, "message"))
			       ?: "");
}

struct dial_job *connection_job(struct connection *c)
{
	struct dial_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->profile = c->profile;
	memcpy(job->vici, c->daemon->paths.vici, sizeof(job->vici));
	memcpy(job->runtime, c->daemon->paths.runtime, sizeof(job->runtime));
	memcpy(job->charon_name, c->attempt.charon_name,
	       sizeof(job->charon_name));
	memcpy(job->identity, c->identity, sizeof(job->identity));
	job->tracer = c->daemon->tracer;
	job->first = c->record == NULL;
	job->owner = c;
	return job;
}

static void on_job_done(void *job)
{
	free(job);
}

/* Run a job whose result nobody waits for. */
void connection_run_aside(struct connection *c, worker_run_t run)
{
	struct dial_job *job = connection_job(c);

	if (!job || worker_start(c->daemon->event, run, on_job_done, job) < 0)
		free(job);
}

void dial_clear(struct connection *c)
{
	tunnel_forget(c);
	network_forget(c);
	c->check = chain_check_forget(c->check);
	held_key_unref(c->key);
	OPENSSL_cleanse(&c->password, sizeof(c->password));
	aovpn_attempt_clear(&c->attempt);
	json_decref(c->record);
	json_decref(c->hint);
	sd_event_source_disable_unref(c->move.timer);
	sd_event_source_disable_unref(c->charon_timer);
}

const char *connection_state_name(enum connection_state state)
{
	switch (state) {
	case CONNECTION_IDLE:
		break;
	case CONNECTION_ADOPTING:
	case CONNECTION_WAITING:
	case CONNECTION_PREPARING:
	case CONNECTION_REGISTERING:
	case CONNECTION_DIALLING:
	case CONNECTION_CLOSING_DIAL:
		return "connecting";
	case CONNECTION_UP:
		return "connected";
	case CONNECTION_HANGING_UP:
	case CONNECTION_CLEANING_UP:
		return "disconnecting";
	}
	return "disconnected";
}
