/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel.c - the life of a tunnel that is up: it is looked at a few times, and
 * ends by the user, the gateway or charon.
 */
#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "always_on.h"
#include "clock_facts.h"
#include "dial_job.h"
#include "events.h"
#include "host_facts.h"
#include "kernel_watch.h"
#include "log.h"
#include "network.h"
#include "plugin_server.h"
#include "record.h"
#include "tunnel_look.h"
#include "tunnel_store.h"
#include "vici.h"
#include "worker.h"

/* What is wrong with a tunnel shows soon or not at all: after that many looks
 * nobody looks any more. */
#define LOOKS_MAX     6
#define LOOK_FIRST_US 1000000ull
/* A shorter sleep no gateway notices. */
#define SLEEP_MIN_S 2
/* A gateway that has not answered so long after the network has changed does
 * not follow: charon has told it twice by then. */
#define MOVE_US        3000000ull
#define CHARON_DIES_US 300000ull

static void plan_look(struct connection *c);

/* Keep that the tunnel's outer address is not this machine's any more, if it
 * was: charon may live in another network namespace. */
static void note_address(struct connection *c)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_ADDRESS_GONE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
		.flow = c->up.flow,
	};

	if (c->address_was_here && !host_has_address(&c->up.flow))
		connection_observe(c, &o);
}

/* Keep how long the machine has slept since the last time, if it did. */
static void note_sleep(struct connection *c)
{
	const uint64_t asleep_ns = clock_asleep_ns();
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_SUSPENDED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	/* The two clocks are not read at the same moment: it may seem less. */
	if (asleep_ns > c->asleep_ns)
		o.u.suspended.seconds =
			(asleep_ns - c->asleep_ns) / 1000000000u;
	if (o.u.suspended.seconds >= SLEEP_MIN_S)
		connection_observe(c, &o);
	c->asleep_ns = asleep_ns;
}

static void warn(struct connection *c)
{
	struct aovpn_outcome outcome;

	if (!aovpn_diagnose_up(&c->attempt, &outcome) ||
	    outcome.count <= c->warned)
		return;
	c->warned = outcome.count;
	connection_count_losses(c);
	json_decref(events_emit(c->daemon, &c->attempt, &outcome));
}

static void on_looked(void *argument)
{
	struct tunnel_look *look = argument;
	struct connection *c = look->owner;

	if (c) {
		c->look = NULL;
		if (look->good)
			connection_observe(c, &look->seen);
		warn(c);
		plan_look(c);
	}
	free(look);
}

static struct tunnel_look *new_look(struct connection *c)
{
	struct tunnel_look *look = calloc(1, sizeof(*look));

	if (!look)
		return NULL;
	look->owner = c;
	memcpy(look->vici, c->daemon->paths.vici, sizeof(look->vici));
	memcpy(look->charon_name, c->attempt.charon_name,
	       sizeof(look->charon_name));
	memcpy(look->networks, c->up.u.child_up.networks,
	       sizeof(look->networks));
	memcpy(look->addresses, c->up.u.child_up.addresses,
	       sizeof(look->addresses));
	if (!network_dns_settled(c))
		memcpy(look->dns, c->up.u.child_up.dns, sizeof(look->dns));
	snprintf(look->dns_refused, sizeof(look->dns_refused), "%s",
		 network_dns_refused(c, &look->dns_code));
	return look;
}

static int on_look(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state != CONNECTION_UP || c->look)
		return 0;
	c->look = new_look(c);
	if (c->look && worker_start(c->daemon->event, tunnel_look_run,
				    on_looked, c->look) < 0) {
		free(c->look);
		c->look = NULL;
	}
	return 0;
}

/* After 1, 2, 4... seconds. */
static void plan_look(struct connection *c)
{
	if (c->looks < LOOKS_MAX)
		connection_start_timer(c, LOOK_FIRST_US << c->looks++, on_look);
}

void tunnel_begin(struct connection *c)
{
	c->move.asked = false;
	c->looks = 0;
	c->warned = 0;
	network_apply(c);
	plan_look(c);
}

/* A worker may be on its way: it comes to its own end. */
void tunnel_forget(struct connection *c)
{
	connection_stop_timer(c);
	if (c->look)
		c->look->owner = NULL;
	c->look = NULL;
}

/* --- the end ----------------------------------------------------------------
 */

static void be_idle(struct connection *c)
{
	c->state = CONNECTION_IDLE;
	always_on_idle(c->daemon->always_on, c);
}

static void on_cleaned_up(void *argument)
{
	struct dial_job *job = argument;

	be_idle(job->owner);
	free(job);
}

/* Whatever charon still has of the tunnel goes, and the next dial waits for it:
 * both go by the same name. */
static void clean_up(struct connection *c)
{
	struct dial_job *job = connection_job(c);

	c->state = CONNECTION_CLEANING_UP;
	if (job && worker_start(c->daemon->event, clean_up_job_run,
				on_cleaned_up, job) == 0)
		return;
	free(job);
	be_idle(c);
}

void tunnel_end(struct connection *c, bool by_user)
{
	struct aovpn_outcome outcome;

	if (by_user && c->stopping)
		connection_note_failure(c, "service-stopped",
					"aovpnd was stopped");
	tunnel_forget(c);
	network_remove(c);
	c->move.timer = sd_event_source_disable_unref(c->move.timer);
	connection_note_xfrm(c);
	note_sleep(c);
	note_address(c);
	aovpn_diagnose_end(&c->attempt, by_user, &outcome);
	kernel_watch_tunnel_down(c->daemon->watch);
	plugin_server_unregister(c->daemon->plugin, c->attempt.charon_name);
	c->key = held_key_unref(c->key);
	always_on_note(c->daemon->always_on, c, &outcome);
	connection_emit(c, &outcome);
	aovpn_attempt_clear(&c->attempt);
	tunnel_store_forget(c->daemon->paths.tunnels, c->name);
	if (by_user)
		be_idle(c);
	else
		clean_up(c);
}

static void on_hangup_done(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	if (job->result < 0)
		log_warning("hanging up \"%s\": %s", c->name, job->error.text);
	free(job);
	daemon_drain(c->daemon);
	tunnel_end(c, true);
}

static int end_by_job(struct connection *c, worker_run_t run,
		      worker_done_t done)
{
	struct dial_job *job = connection_job(c);

	if (!job || worker_start(c->daemon->event, run, done, job) < 0) {
		log_error("cannot hang up \"%s\": no thread", c->name);
		free(job);
		return -EAGAIN;
	}
	c->state = CONNECTION_HANGING_UP;
	return 0;
}

int tunnel_hangup(struct connection *c)
{
	return end_by_job(c, hangup_job_run, on_hangup_done);
}

/* --- a network that changes under it -----------------------------------------
 */

static void on_given_up(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	free(job);
	daemon_drain(c->daemon);
	tunnel_end(c, false);
}

void tunnel_replace(struct connection *c, const char *slug, const char *text)
{
	if (c->state != CONNECTION_UP)
		return;
	connection_note_failure(c, slug, text);
	c->keep.failures = 0;
	end_by_job(c, cancel_job_run, on_given_up);
}

static void replace_moved(struct connection *c)
{
	if (c->keep.wanted)
		tunnel_replace(c, "network-changed",
			       "the gateway did not follow to the new network");
}

static int on_move_over(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state == CONNECTION_UP && c->move.asked)
		replace_moved(c);
	return 0;
}

void tunnel_network_changed(struct connection *c)
{
	struct move *move = &c->move;
	int r;

	move->timer = sd_event_source_disable_unref(move->timer);
	r = sd_event_add_time_relative(c->daemon->event, &move->timer,
				       CLOCK_MONOTONIC, MOVE_US, 0,
				       on_move_over, c);
	if (r < 0)
		log_warning("\"%s\": cannot watch whether it moves along: %s",
			    c->name, strerror(-r));
}

/* charon tells the gateway of the new address by itself (RFC 4555 3.5), likely
 * before we have seen that the network has changed. */
static void note_message(struct connection *c,
			 const struct aovpn_observation *o)
{
	if (!o->u.ike_message.incoming && !o->u.ike_message.response)
		c->move.asked = true;
	else if (o->u.ike_message.incoming)
		c->move.asked = false;
}

/* The IKE_SA ends, or of its CHILD_SA the keys, which could not be renewed. */
static bool ends_tunnel(const struct connection *c,
			const struct aovpn_observation *o)
{
	if (o->kind == AOVPN_OBS_CHILD_DOWN)
		return aovpn_attempt_not_renewed(&c->attempt);
	return o->kind == AOVPN_OBS_IKE_STATE &&
	       o->u.ike_state.state == AOVPN_IKE_DESTROYING;
}

void tunnel_observe(struct connection *c, const struct aovpn_observation *o)
{
	if (ends_tunnel(c, o))
		tunnel_end(c, false);
	else if (o->kind == AOVPN_OBS_IKE_MESSAGE)
		note_message(c, o);
	else if (o->kind == AOVPN_OBS_RETRANSMIT && c->move.timer)
		replace_moved(c);
}

/* --- another charon, another daemon ------------------------------------------
 */

static bool is_nobody(const uint8_t charon[16])
{
	static const uint8_t nobody[16];

	return memcmp(charon, nobody, sizeof(nobody)) == 0;
}

void tunnel_plugin_ready(struct connection *c)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);

	if (c->state != CONNECTION_UP)
		return;
	c->attempt.live[AOVPN_SOURCE_PLUGIN] = true;
	if (memcmp(c->charon, hello->charon, sizeof(c->charon)) == 0)
		return;
	if (is_nobody(c->charon)) {
		memcpy(c->charon, hello->charon, sizeof(c->charon));
		dial_register_again(c);
		return;
	}
	connection_note_failure(
		c, "charon-absent",
		"charon was restarted and the tunnel went with it");
	tunnel_end(c, false);
}

void tunnel_keep(struct connection *c, const struct aovpn_outcome *outcome)
{
	struct recorded_outcome recorded;
	struct aovpn_error error;

	recorded_outcome_set(&recorded, outcome, time(NULL),
			     aovpn_boottime_ns());
	if (tunnel_store_save(c->daemon->paths.tunnels, &c->attempt, &recorded,
			      &error) < 0)
		log_warning("%s", error.text);
}

/* The recording of its dial has what the tunnel is. */
static void take_child(struct connection *c,
		       const struct recorded_outcome *recorded)
{
	struct aovpn_outcome outcome;

	aovpn_diagnose(&c->attempt, &outcome);
	if (outcome.child_up)
		c->up = *outcome.child_up;
	c->up_at = recorded->ended_at;
	json_decref(c->record);
	c->record = record_new(&c->attempt, &outcome, recorded->ended_ns);
	aovpn_attempt_clear(&c->attempt);
}

int tunnel_restore(struct connection *c, struct aovpn_error *error)
{
	struct recorded_outcome recorded;
	int r = tunnel_store_read(c->daemon->paths.tunnels, c->name,
				  &c->attempt, &recorded, error);

	if (r == 0)
		r = aovpn_profile_load(c->daemon->paths.profiles, c->name,
				       &c->profile, error);
	if (r < 0) {
		aovpn_attempt_clear(&c->attempt);
		return r;
	}
	take_child(c, &recorded);
	memset(c->charon, 0, sizeof(c->charon));
	c->lost_before = daemon_losses(c->daemon);
	c->asleep_ns = clock_asleep_ns();
	c->stage = AOVPN_STAGE_UP;
	c->state = CONNECTION_ADOPTING;
	return 0;
}

void tunnel_adopt(struct connection *c)
{
	log_info("\"%s\" is up since an aovpnd before this one", c->name);
	kernel_watch_tunnel_up(c->daemon->watch);
	c->state = CONNECTION_UP;
	c->keep.up_ns = aovpn_boottime_ns();
	c->address_was_here = host_has_address(&c->up.flow);
	tunnel_begin(c);
	if (plugin_server_hello(c->daemon->plugin))
		tunnel_plugin_ready(c);
}

void tunnel_missed(struct connection *c, bool unknown)
{
	kernel_watch_tunnel_up(c->daemon->watch);
	c->state = CONNECTION_UP;
	if (unknown)
		connection_note_failure(
			c, "charon-absent",
			"charon is gone, and the tunnel with it, which ended "
			"while no aovpnd was there");
	tunnel_end(c, false);
}

static int on_charon_asked(sd_event_source *source, uint64_t usec,
			   void *userdata)
{
	struct connection *c = userdata;
	struct aovpn_error error;

	(void)source;
	(void)usec;
	/* Of a charon that is alive the plugin comes back. */
	if (c->state != CONNECTION_UP ||
	    vici_probe(c->daemon->paths.vici, &error) == 0)
		return 0;
	connection_note_failure(c, "charon-absent",
				"charon is gone, and the tunnel with it");
	tunnel_end(c, false);
	return 0;
}

void tunnel_plugin_gone(struct connection *c)
{
	if (c->state != CONNECTION_UP)
		return;
	c->charon_timer = sd_event_source_disable_unref(c->charon_timer);
	/* A process that dies closes one socket after the other. */
	sd_event_add_time_relative(c->daemon->event, &c->charon_timer,
				   CLOCK_MONOTONIC, CHARON_DIES_US, 0,
				   on_charon_asked, c);
}
