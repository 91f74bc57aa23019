/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial.c - a dial from charon's first packet to its record: initiate in a
 * worker, watch how far it gets, close, record. Nothing here blocks. Before it
 * dial_prepare.c, after it tunnel.c.
 */
#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "always_on.h"
#include "bus.h"
#include "clock_facts.h"
#include "dial_job.h"
#include "events.h"
#include "host_facts.h"
#include "kernel_watch.h"
#include "log.h"
#include "network.h"
#include "plugin_server.h"
#include "worker.h"

/* A cancelled dial may be at a point where charon has no IKE_SA to terminate
 * yet: charon is asked again until the dial is over. */
#define GIVE_UP_AGAIN_US 200000ull
/* How long an address may stay silent where there is another one: charon has
 * sent its first message twice by then. */
#define PASS_BY_US 5000000ull

static int on_give_up_again(sd_event_source *source, uint64_t usec,
			    void *userdata);

void dial_fail(struct connection *c, const char *slug, const char *text)
{
	connection_note_failure(c, slug, text);
	dial_finish(c);
}

/* A refusal of a resumed TLS session tells nothing of the certificate that it
 * stands for. The plugin has dropped it: a second try shakes hands in full, and
 * connects or brings out the cause. */
static bool is_worth_a_full_handshake(const struct connection *c)
{
	return !c->cancelled && !c->stopping &&
	       !c->attempt.resumption_refused &&
	       aovpn_attempt_resumption_refused(&c->attempt);
}

static void try_without_session(struct connection *c)
{
	log_info("dial of \"%s\": the server refused the TLS session of an "
		 "earlier dial, trying again without",
		 c->name);
	aovpn_attempt_restart(&c->attempt);
	c->attempt.resumption_refused = true;
	dial_address(c);
}

/* The network has changed under a dial that nobody had answered: what was sent
 * is lost, likely, and charon would wait longer and longer to send it again. */
static bool is_worth_another_network(const struct connection *c)
{
	return c->moved && !c->cancelled && !c->stopping;
}

static void try_on_new_network(struct connection *c)
{
	log_info("dial of \"%s\": the network has changed, trying again",
		 c->name);
	aovpn_attempt_restart(&c->attempt);
	dial_begin(c);
}

static bool child_is_up(const struct connection *c)
{
	return aovpn_attempt_stage(&c->attempt) == AOVPN_STAGE_UP;
}

/* charon says that the CHILD_SA is up, and the plugin's word for it was lost:
 * the tunnel's details are unknown, that it is there is not. */
static void note_child_up(struct connection *c)
{
	const struct aovpn_observation o = {
		.kind = AOVPN_OBS_CHILD_UP,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	connection_observe(c, &o);
}

/* Hang-up may have been asked for in the moment between. */
static void finish_connected(struct connection *c)
{
	dial_finish(c);
	if (c->cancelled)
		dial_hangup(c);
}

/* All that can be known is there, or the time for it is over. */
void dial_settle(struct connection *c)
{
	if (c->connected && !child_is_up(c))
		note_child_up(c);
	if (c->connected)
		finish_connected(c);
	else if (is_worth_a_full_handshake(c))
		try_without_session(c);
	else if (dial_target_is_worth_next(c))
		dial_target_next(c);
	else
		dial_finish(c);
}

static int on_late_facts_over(sd_event_source *source, uint64_t usec,
			      void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	daemon_drain(c->daemon);
	dial_settle(c);
	return 0;
}

static bool lacks_facts(const struct connection *c)
{
	return c->check && chain_check_matters(&c->attempt);
}

/* The plugin's last word on an IKE_SA is that it is gone: nothing more comes
 * from there, and no packet matters any more where a message has decided. */
bool dial_is_settled(const struct connection *c)
{
	return !c->connected && !lacks_facts(c) &&
	       (c->gone || c->attempt.ike_sa_id == 0) &&
	       aovpn_attempt_is_decided(&c->attempt);
}

static void note_failure(struct connection *c, const char *why)
{
	if (c->stopping)
		connection_note_failure(c, "service-stopped",
					"aovpnd was stopped");
	else if (c->cancelled)
		connection_note_failure(c, "dial-cancelled",
					"hang-up was asked for");
	else if (!plugin_server_hello(c->daemon->plugin))
		connection_note_failure(c, "charon-absent",
					"charon went away during the dial");
	else if (child_is_up(c))
		connection_note_failure(c, "unknown", why);
	log_info("dial of \"%s\" failed: %s", c->name, why);
}

static void wait_for_late_facts(struct connection *c)
{
	c->state = CONNECTION_CLOSING_DIAL;
	connection_start_timer(c, DAEMON_LATE_FACTS_US, on_late_facts_over);
}

void dial_close(struct connection *c, const char *why)
{
	if (is_worth_another_network(c)) {
		try_on_new_network(c);
		return;
	}
	if (c->passed_by && !c->cancelled && !c->stopping &&
	    dial_target_has_next(c)) {
		dial_target_next(c);
		return;
	}
	note_failure(c, why);
	if (dial_is_settled(c))
		dial_settle(c);
	else
		wait_for_late_facts(c);
}

static void on_undone(void *argument)
{
	struct dial_job *job = argument;

	dial_close(job->owner, job->error.text);
	free(job);
}

/* The dial succeeded although it was cancelled meanwhile: take it down. */
static void undo(struct connection *c, struct dial_job *job)
{
	if (worker_start(c->daemon->event, hangup_job_run, on_undone, job) == 0)
		return;
	dial_close(c, job->error.text);
	free(job);
}

static void on_dial_done(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	connection_stop_timer(c);
	daemon_drain(c->daemon);
	if (job->result == 0 && c->cancelled) {
		undo(c, job);
		return;
	}
	c->connected = job->result == 0;
	if (!c->connected)
		dial_close(c, job->error.text);
	else if (child_is_up(c))
		dial_finish(c);
	else
		/* vici was faster than the plugin's word for it. */
		wait_for_late_facts(c);
	free(job);
}

/* Let charon give up. */
static void give_up(struct connection *c)
{
	connection_run_aside(c, cancel_job_run);
	connection_start_timer(c, GIVE_UP_AGAIN_US, on_give_up_again);
}

static int on_give_up_again(sd_event_source *source, uint64_t usec,
			    void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state == CONNECTION_DIALLING)
		give_up(c);
	return 0;
}

/* Nobody has answered at this address, and there is another one. */
static int on_passed_by(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state != CONNECTION_DIALLING || c->cancelled ||
	    !dial_target_has_next(c))
		return 0;
	if (!c->unanswered ||
	    aovpn_attempt_stage(&c->attempt) > AOVPN_STAGE_REACH) {
		connection_start_timer(c, PASS_BY_US, on_passed_by);
		return 0;
	}
	c->passed_by = true;
	give_up(c);
	return 0;
}

static struct dial_job *target_job(struct connection *c)
{
	struct dial_job *job = connection_job(c);
	const struct aovpn_resolved *resolved = &c->target.resolved;

	if (!job)
		return NULL;
	job->family = (uint8_t)resolved->address[c->target.index].family;
	memcpy(job->address, resolved->address[c->target.index].address,
	       sizeof(job->address));
	job->timeout_ms = dial_target_time_left_ms(c);
	return job;
}

void dial_address(struct connection *c)
{
	struct dial_job *job = target_job(c);
	int r = -ENOMEM;

	c->state = CONNECTION_DIALLING;
	c->gone = c->moved = c->unanswered = c->passed_by = false;
	dial_target_observe(c);
	if (job) {
		job->interface_id = network_interface_id(c);
		r = worker_start(c->daemon->event, dial_job_run, on_dial_done,
				 job);
	}
	if (r < 0) {
		free(job);
		dial_fail(c, "unknown", strerror(-r));
	} else if (dial_target_has_next(c)) {
		connection_start_timer(c, PASS_BY_US, on_passed_by);
	}
}

/* Announce how far the dial is, each step once. */
static void announce(struct connection *c)
{
	static const struct {
		enum aovpn_stage reached;
		enum aovpn_event_id event_id;
	} steps[] = {
		{AOVPN_STAGE_REACH, AOVPN_EVENT_CONNECTING},
		{AOVPN_STAGE_GATEWAY_AUTH, AOVPN_EVENT_DEVICE_LINK},
		{AOVPN_STAGE_CONFIGURE, AOVPN_EVENT_LINK},
	};
	enum aovpn_stage stage = aovpn_attempt_stage(&c->attempt);
	size_t i;

	if (stage <= c->stage)
		return;
	c->stage = stage;
	bus_broadcast_progress(
		c->daemon->bus, c->attempt.id, aovpn_stage_name(stage),
		(aovpn_boottime_ns() - c->attempt.started_ns) / 1000000);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (stage < steps[i].reached ||
		    c->announced >= steps[i].event_id)
			continue;
		c->announced = steps[i].event_id;
		events_progress(c->daemon, &c->attempt, c->announced, stage);
	}
}

void dial_sign_failed(struct connection *c, const char *why)
{
	log_error("connection \"%s\": no signature: %s", c->name, why);
	if (c->state == CONNECTION_DIALLING)
		connection_note_failure(c, "client-key-unusable", why);
}

static bool is_destroying(const struct aovpn_observation *o)
{
	return o->kind == AOVPN_OBS_IKE_STATE &&
	       o->u.ike_state.state == AOVPN_IKE_DESTROYING;
}

/* charon sends a message for the second time. */
static bool is_unanswered(const struct aovpn_observation *o)
{
	return o->kind == AOVPN_OBS_RETRANSMIT && !o->u.retransmit.given_up;
}

/* Until charon gives up minutes may pass: say once what it looks like. */
static void hint(struct connection *c)
{
	struct aovpn_outcome outcome;

	if (c->hint)
		return;
	connection_look_at_egress(c);
	if (!aovpn_diagnose_running(&c->attempt, &outcome))
		return;
	connection_count_losses(c);
	c->hint = events_emit(c->daemon, &c->attempt, &outcome);
}

void dial_observe(struct connection *c, const struct aovpn_observation *o)
{
	aovpn_attempt_add(&c->attempt, o);
	c->gone |= is_destroying(o);
	c->unanswered |= is_unanswered(o);
	if (c->state == CONNECTION_DIALLING && is_unanswered(o))
		hint(c);
	if (c->state == CONNECTION_DIALLING ||
	    c->state == CONNECTION_CLOSING_DIAL)
		announce(c);
	if (c->state == CONNECTION_CLOSING_DIAL && dial_is_settled(c))
		dial_settle(c);
	else if (c->state == CONNECTION_CLOSING_DIAL && c->connected &&
		 child_is_up(c))
		finish_connected(c);
	else if (c->state == CONNECTION_UP)
		tunnel_observe(c, o);
}

/* What this success has proven, for the dials after it. */
static void keep_history(struct connection *c,
			 const struct aovpn_outcome *outcome)
{
	struct aovpn_error error;

	if (outcome->event_id != AOVPN_EVENT_CONNECTED)
		return;
	if (history_store_note(c->daemon->history, &c->attempt,
			       outcome->resumed, time(NULL), &error) < 0)
		log_warning("%s", error.text);
	if (clock_facts_remember(c->daemon->paths.state,
				 c->daemon->paths.clock) < 0)
		log_warning("cannot write %s", c->daemon->paths.clock);
}

void dial_finish(struct connection *c)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);
	struct aovpn_outcome outcome;

	connection_stop_timer(c);
	/* What only the end of the dial has told, or charon faster than the
	 * plugin: the steps are all there, and before the outcome. */
	announce(c);
	connection_note_xfrm(c);
	connection_look_at_egress(c);
	json_decref(c->hint);
	c->hint = NULL;
	dial_target_settle(c);
	dial_take_checked(c);
	aovpn_diagnose(&c->attempt, &outcome);
	if (outcome.event_id == AOVPN_EVENT_CONNECTED) {
		kernel_watch_tunnel_up(c->daemon->watch);
		c->state = CONNECTION_UP;
		c->up = *outcome.child_up;
		c->up_at = time(NULL);
		c->address_was_here = host_has_address(&c->up.flow);
		if (hello)
			memcpy(c->charon, hello->charon, sizeof(c->charon));
	} else {
		c->state = CONNECTION_IDLE;
		plugin_server_unregister(c->daemon->plugin,
					 c->attempt.charon_name);
		c->key = held_key_unref(c->key);
	}
	OPENSSL_cleanse(&c->password, sizeof(c->password));
	connection_watch_kernel(c, false);
	connection_emit(c, &outcome);
	always_on_note(c->daemon->always_on, c, &outcome);
	events_keep(c->daemon, &c->attempt, &outcome);
	if (c->state == CONNECTION_UP)
		tunnel_keep(c, &outcome);
	keep_history(c, &outcome);
	/* What comes now is about the life of the tunnel, not the dial. */
	c->asleep_ns = clock_asleep_ns();
	aovpn_attempt_clear(&c->attempt);
	if (c->state == CONNECTION_UP)
		tunnel_begin(c);
	else
		always_on_idle(c->daemon->always_on, c);
}

void dial_network_changed(struct connection *c)
{
	dial_target_resolve_again(c);
	if (c->state != CONNECTION_DIALLING || !c->unanswered || c->moved ||
	    c->cancelled)
		return;
	c->moved = true;
	give_up(c);
}

static void cancel(struct connection *c)
{
	c->cancelled = true;
	if (dial_target_is_resolving(c)) {
		dial_target_forget(c);
		dial_close(c, "cancelled");
	} else {
		give_up(c);
	}
}

void dial_hangup(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_IDLE:
	case CONNECTION_ADOPTING:
	case CONNECTION_HANGING_UP:
	case CONNECTION_CLEANING_UP:
		return;
	case CONNECTION_CLOSING_DIAL:
		c->cancelled = c->connected;
		return;
	case CONNECTION_WAITING:
	case CONNECTION_REGISTERING:
		dial_fail(c, "dial-cancelled", "hang-up was asked for");
		return;
	case CONNECTION_PREPARING:
		c->cancelled = true;
		return;
	case CONNECTION_DIALLING:
		if (!c->cancelled)
			cancel(c);
		return;
	case CONNECTION_UP:
		tunnel_hangup(c);
	}
}
