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
#include "tracer.h"
#include "worker.h"

static void resolve(struct connection *c);

/* --- what was tried --------------------------------------------------------
 */

static void note_tried(struct connection *c,
		       const struct aovpn_outcome *outcome, bool resolved)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_TRIED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	snprintf(o.u.tried.server, sizeof(o.u.tried.server), "%s",
		 c->attempt.server);
	o.u.tried.ras_code = outcome->ras_code;
	if (outcome->count > 0)
		snprintf(o.u.tried.cause, sizeof(o.u.tried.cause), "%s",
			 outcome->finding[0].cause->slug);
	o.u.tried.duration_ms =
		(uint32_t)((o.time_ns - c->target.started_ns) / 1000000u);
	if (resolved) {
		o.flow.family =
			(uint8_t)c->target.resolved.address[c->target.index]
				.family;
		memcpy(o.flow.remote,
		       c->target.resolved.address[c->target.index].address,
		       sizeof(o.flow.remote));
	}
	connection_observe(c, &o);
}

void dial_target_note_last(struct connection *c)
{
	struct aovpn_outcome outcome;
	uint32_t i;

	/* Of one address there is nothing to tell but the record itself. */
	for (i = 0; i < c->attempt.count; i++)
		if (c->attempt.observations[i].kind == AOVPN_OBS_TRIED)
			break;
	if (i == c->attempt.count || c->target.resolved.count == 0)
		return;
	aovpn_diagnose(&c->attempt, &outcome);
	note_tried(c, &outcome, true);
}

/* --- the next ---------------------------------------------------------------
 */

static const char *server(const struct connection *c, unsigned int index)
{
	return aovpn_profile_server(&c->profile, index);
}

bool dial_target_has_next(const struct connection *c)
{
	return c->target.index + 1 < c->target.resolved.count ||
	       server(c, c->target.server + 1) != NULL;
}

bool dial_target_is_worth_next(const struct connection *c)
{
	struct aovpn_outcome outcome;

	if (!dial_target_has_next(c) || c->cancelled || c->stopping)
		return false;
	aovpn_diagnose(&c->attempt, &outcome);
	if (outcome.ras_code == 0 || outcome.count == 0)
		return false;
	return outcome.stage == AOVPN_STAGE_RESOLVE ||
	       outcome.stage == AOVPN_STAGE_REACH ||
	       strcmp(outcome.finding[0].cause->slug, "gateway-overloaded") ==
		       0;
}

/* The attempt forgets what was seen of the address before. */
static void dial_this(struct connection *c)
{
	if (c->target.tries++ > 0)
		aovpn_attempt_restart(&c->attempt);
	c->target.started_ns = aovpn_boottime_ns();
	dial_address(c);
}

void dial_target_next(struct connection *c)
{
	struct aovpn_outcome outcome;

	aovpn_diagnose(&c->attempt, &outcome);
	note_tried(c, &outcome, true);
	log_info(
		"dial of \"%s\": %s could not be reached (%d), trying the next",
		c->name, c->attempt.server, outcome.ras_code);
	if (++c->target.index < c->target.resolved.count) {
		dial_this(c);
		return;
	}
	c->target.server++;
	resolve(c);
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
	resolved->count = 1;
	resolved->address[0].family = history->family;
	memcpy(resolved->address[0].address, history->address,
	       sizeof(resolved->address[0].address));
	c->target.remembered = true;
	log_warning("dial of \"%s\": \"%s\" is not resolved (%s); trying its "
		    "address of the last success",
		    c->name, c->attempt.server, resolved->text);
	return true;
}

/* The failure of the last server says what is wrong only where nobody was
 * there to be dialled; else what was seen of him does. */
static void close_unresolved(struct connection *c)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_RESOLVED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	o.u.resolved.gai_error = c->target.resolved.gai_error;
	snprintf(o.u.resolved.name, sizeof(o.u.resolved.name), "%s",
		 c->attempt.server);
	if (c->target.tries == 0)
		connection_observe(c, &o);
	dial_close(c, c->target.resolved.text);
}

static void note_unresolved(struct connection *c)
{
	struct aovpn_outcome outcome = {.ras_code = 868};

	note_tried(c, &outcome, false);
	c->target.server++;
	resolve(c);
}

static void warn_of_helper(const struct dial_job *job)
{
	static bool told;

	if (job->result == 0 || told)
		return;
	told = true;
	log_warning("names are resolved by aovpnd itself: %s", job->error.text);
}

static void on_resolved(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	warn_of_helper(job);
	c->target.resolved = job->resolved;
	free(job);
	if (c->target.resolved.count == 0 && !c->cancelled && !c->stopping)
		recall_address(c);
	if (c->cancelled || c->stopping)
		dial_close(c, "cancelled");
	else if (c->target.resolved.count > 0)
		dial_this(c);
	else if (server(c, c->target.server + 1))
		note_unresolved(c);
	else
		close_unresolved(c);
}

static void resolve(struct connection *c)
{
	struct dial_job *job = connection_job(c);
	int r = -ENOMEM;

	c->state = CONNECTION_DIALLING;
	c->target.index = 0;
	c->target.remembered = false;
	c->target.started_ns = aovpn_boottime_ns();
	snprintf(c->attempt.server, sizeof(c->attempt.server), "%s",
		 server(c, c->target.server));
	history_store_find(c->daemon->history, &c->attempt);
	if (job) {
		memcpy(job->server, c->attempt.server, sizeof(job->server));
		r = worker_start(c->daemon->event, resolve_job_run, on_resolved,
				 job);
	}
	if (r < 0) {
		free(job);
		dial_fail(c, "unknown", strerror(-r));
	}
}

void dial_begin(struct connection *c)
{
	memset(&c->target, 0, sizeof(c->target));
	c->moved = c->unanswered = c->passed_by = false;
	resolve(c);
}

void dial_target_observe(struct connection *c)
{
	const struct aovpn_resolved *resolved = &c->target.resolved;
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_RESOLVED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	snprintf(o.u.resolved.name, sizeof(o.u.resolved.name), "%s",
		 c->attempt.server);
	aovpn_address_text((uint8_t)resolved->address[c->target.index].family,
			   resolved->address[c->target.index].address,
			   o.u.resolved.addresses,
			   sizeof(o.u.resolved.addresses));
	o.u.resolved.remembered = c->target.remembered;
	connection_observe(c, &o);
}
