/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial_target.c - whom a dial asks next: the addresses of the profile's first
 * server one after the other, then those of the next server. Another one is
 * tried only where this one could not be reached, or has too much to do: what a
 * gateway has answered, the next would answer, too.
 */
#include "connection.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dial_job.h"
#include "history_store.h"
#include "log.h"
#include "worker.h"

/* What an address gets, also where the others have taken all the time. */
#define ADDRESS_MIN_MS 5000
/* How long a resolver may take: glibc asks two servers twice for five seconds
 * each. Where an address is remembered or there is another server: until the
 * second one of DNS has had its turn. */
#define RESOLVE_MS      25000
#define RESOLVE_ELSE_MS 8000
/* Younger than that, a question is not asked anew. */
#define RESOLVE_AGAIN_NS 1000000000ull

static void resolve(struct connection *c);

static const char *server(const struct connection *c, unsigned int index)
{
	return aovpn_profile_server(&c->profile, index);
}

/* --- time -------------------------------------------------------------------
 */

static uint64_t left_ms(const struct connection *c)
{
	const uint64_t all_ms = c->profile.dial_timeout_s * 1000ull;
	const uint64_t passed_ms =
		(aovpn_boottime_ns() - c->target.begun_ns) / 1000000u;

	return passed_ms < all_ms ? all_ms - passed_ms : 0;
}

uint32_t dial_target_time_left_ms(const struct connection *c)
{
	const uint64_t left = left_ms(c);

	return left > ADDRESS_MIN_MS ? (uint32_t)left : ADDRESS_MIN_MS;
}

/* --- what was tried ---------------------------------------------------------
 */

/* The address that is dialled now, if it is known. */
static void set_flow(const struct target *target, struct aovpn_flow *flow)
{
	if (target->index >= target->resolved.count)
		return;
	flow->family = (uint8_t)target->resolved.address[target->index].family;
	memcpy(flow->remote, target->resolved.address[target->index].address,
	       sizeof(flow->remote));
}

static void note_tried(struct connection *c)
{
	const struct target *target = &c->target;
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_TRIED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};
	struct aovpn_outcome outcome;

	aovpn_diagnose(&c->attempt, &outcome);
	snprintf(o.u.tried.server, sizeof(o.u.tried.server), "%s",
		 c->attempt.server);
	o.u.tried.ras_code = outcome.ras_code;
	if (outcome.count > 0)
		snprintf(o.u.tried.cause, sizeof(o.u.tried.cause), "%s",
			 outcome.finding[0].cause->slug);
	o.u.tried.duration_ms =
		(uint32_t)((o.time_ns - target->started_ns) / 1000000u);
	set_flow(target, &o.flow);
	connection_observe(c, &o);
}

/* One that was tried in this dial; before == NULL: the first. */
static const struct aovpn_observation *
next_tried(const struct connection *c, const struct aovpn_observation *before)
{
	const struct aovpn_observation *list = c->attempt.observations;
	uint32_t i = before ? (uint32_t)(before - list) + 1 : 0;

	for (; i < c->attempt.count; i++)
		if (list[i].kind == AOVPN_OBS_TRIED &&
		    list[i].time_ns >= c->target.begun_ns)
			return &list[i];
	return NULL;
}

static bool was_tried(const struct connection *c, uint32_t family,
		      const uint8_t address[16])
{
	const struct aovpn_observation *o = NULL;

	while ((o = next_tried(c, o)) != NULL)
		if (o->flow.family == family &&
		    memcmp(o->flow.remote, address, sizeof(o->flow.remote)) ==
			    0)
			return true;
	return false;
}

/* Two servers may have one address. */
static void leave_out_tried(struct connection *c)
{
	struct aovpn_resolved *resolved = &c->target.resolved;
	uint32_t i, left = 0;

	for (i = 0; i < resolved->count; i++)
		if (!was_tried(c, resolved->address[i].family,
			       resolved->address[i].address))
			resolved->address[left++] = resolved->address[i];
	resolved->count = left;
}

/* Has the name led only to what had been tried? */
static bool was_left_out(const struct connection *c)
{
	return c->target.resolved.count == 0 &&
	       c->target.resolved.gai_error == 0;
}

void dial_target_settle(struct connection *c)
{
	/* Of one address there is nothing to tell but the record itself. */
	if (next_tried(c, NULL) && !was_left_out(c))
		note_tried(c);
	aovpn_tried_settle(&c->attempt, &c->target.best);
}

/* --- the next ---------------------------------------------------------------
 */

static bool has_next_server(const struct connection *c)
{
	return server(c, c->target.server + 1) != NULL;
}

bool dial_target_has_next(const struct connection *c)
{
	return left_ms(c) > 0 &&
	       (c->target.index + 1 < c->target.resolved.count ||
		has_next_server(c));
}

bool dial_target_is_worth_next(const struct connection *c)
{
	return dial_target_has_next(c) && !c->cancelled && !c->stopping &&
	       aovpn_tried_may_go_on(&c->attempt);
}

static void dial_this(struct connection *c)
{
	c->target.started_ns = aovpn_boottime_ns();
	dial_address(c);
}

static void resolve_next(struct connection *c)
{
	c->target.server++;
	resolve(c);
}

void dial_target_next(struct connection *c)
{
	note_tried(c);
	log_info("dial of \"%s\": \"%s\" could not be reached, trying the next",
		 c->name, c->attempt.server);
	aovpn_tried_leave(&c->attempt, &c->target.best);
	c->passed_by = false;
	if (++c->target.index < c->target.resolved.count)
		dial_this(c);
	else
		resolve_next(c);
}

/* --- names ------------------------------------------------------------------
 */

/* An Always On client must come up while the resolver is down; whoever is at
 * that address has to prove that he is the gateway, as always. */
static bool recall_address(struct connection *c)
{
	const struct aovpn_history *history = &c->attempt.history;
	struct aovpn_resolved *resolved = &c->target.resolved;

	if (aovpn_resolved_is_final(resolved) || history->family == 0)
		return false;
	log_warning("dial of \"%s\": \"%s\" is not resolved (%s); trying its "
		    "address of the last success",
		    c->name, c->attempt.server, resolved->text);
	memset(resolved, 0, sizeof(*resolved));
	resolved->count = 1;
	resolved->address[0].family = history->family;
	memcpy(resolved->address[0].address, history->address,
	       sizeof(resolved->address[0].address));
	c->target.remembered = true;
	return true;
}

void dial_target_observe(struct connection *c)
{
	const struct target *target = &c->target;
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_RESOLVED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	o.u.resolved.gai_error = target->resolved.gai_error;
	o.u.resolved.error = target->resolved.error;
	memcpy(o.u.resolved.text, target->resolved.text,
	       sizeof(o.u.resolved.text));
	snprintf(o.u.resolved.name, sizeof(o.u.resolved.name), "%s",
		 c->attempt.server);
	memcpy(o.u.resolved.addresses, target->addresses,
	       sizeof(o.u.resolved.addresses));
	o.u.resolved.remembered = target->remembered;
	set_flow(target, &o.flow);
	connection_observe(c, &o);
}

static void give_up_name(struct connection *c)
{
	dial_target_observe(c);
	if (dial_target_has_next(c))
		dial_target_next(c);
	else
		dial_close(c, c->target.resolved.text);
}

/* Each of its addresses had been tried for another server. */
static void give_up_server(struct connection *c)
{
	if (left_ms(c) > 0 && has_next_server(c))
		resolve_next(c);
	else
		dial_close(c, "all addresses were tried");
}

static void warn_of_helper(const struct dial_job *job)
{
	static bool told;

	if (job->result == 0 || told)
		return;
	told = true;
	log_warning("names are resolved by aovpnd itself: %s", job->error.text);
}

static void take_resolved(struct connection *c,
			  const struct aovpn_resolved *resolved)
{
	c->target.resolved = *resolved;
	if (resolved->count == 0)
		recall_address(c);
	aovpn_resolved_text(&c->target.resolved, c->target.addresses,
			    sizeof(c->target.addresses));
	leave_out_tried(c);
	if (c->target.resolved.count > 0)
		dial_this(c);
	else if (was_left_out(c))
		give_up_server(c);
	else
		give_up_name(c);
}

static void on_resolved(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	warn_of_helper(job);
	if (c) {
		c->target.resolving = NULL;
		take_resolved(c, &job->resolved);
	}
	free(job);
}

static struct dial_job *resolve_job(struct connection *c)
{
	const uint32_t left = dial_target_time_left_ms(c);
	const bool is_last =
		c->attempt.history.family == 0 && !has_next_server(c);
	const uint32_t most = is_last ? RESOLVE_MS : RESOLVE_ELSE_MS;
	struct dial_job *job = connection_job(c);

	if (!job)
		return NULL;
	memcpy(job->server, c->attempt.server, sizeof(job->server));
	job->timeout_ms = left < most ? left : most;
	return job;
}

static void resolve(struct connection *c)
{
	struct dial_job *job;
	int r = -ENOMEM;

	c->state = CONNECTION_DIALLING;
	c->target.index = 0;
	c->target.remembered = false;
	memset(&c->target.resolved, 0, sizeof(c->target.resolved));
	c->target.addresses[0] = '\0';
	c->target.started_ns = aovpn_boottime_ns();
	snprintf(c->attempt.server, sizeof(c->attempt.server), "%s",
		 server(c, c->target.server));
	history_store_find(c->daemon->history, &c->attempt);
	job = resolve_job(c);
	if (job)
		r = worker_start(c->daemon->event, resolve_job_run, on_resolved,
				 job);
	if (r < 0) {
		free(job);
		dial_fail(c, "unknown", strerror(-r));
	} else {
		c->target.resolving = job;
	}
}

bool dial_target_is_resolving(const struct connection *c)
{
	return c->target.resolving != NULL;
}

/* The worker comes to its own end. */
void dial_target_forget(struct connection *c)
{
	if (c->target.resolving)
		c->target.resolving->owner = NULL;
	c->target.resolving = NULL;
}

void dial_target_resolve_again(struct connection *c)
{
	if (!c->target.resolving ||
	    aovpn_boottime_ns() - c->target.started_ns < RESOLVE_AGAIN_NS)
		return;
	dial_target_forget(c);
	resolve(c);
}

void dial_begin(struct connection *c)
{
	dial_target_forget(c);
	aovpn_seen_clear(&c->target.best);
	memset(&c->target, 0, sizeof(c->target));
	c->target.begun_ns = aovpn_boottime_ns();
	c->moved = c->unanswered = c->passed_by = false;
	resolve(c);
}
