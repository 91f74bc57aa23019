/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tried.c - see tried.h. */
#include "tried.h"

#include <stdlib.h>
#include <string.h>

#include "diagnosis.h"
#include "view.h"

/* How much a failure says about why, from least to most. */
enum weight {
	WEIGHT_NOTHING,
	WEIGHT_UNRESOLVED,
	WEIGHT_UNSENT,
	WEIGHT_SILENT,
	WEIGHT_NETWORK_ANSWERED,
	WEIGHT_GATEWAY_ANSWERED,
	WEIGHT_OWN, /* this machine's, or none: nothing is better known */
};

static const char *first_cause(const struct aovpn_outcome *outcome)
{
	return outcome->count > 0 ? outcome->finding[0].cause->slug : "";
}

static bool is_one_of(const char *slug, const char *const *slugs)
{
	while (*slugs && strcmp(*slugs, slug) != 0)
		slugs++;
	return *slugs != NULL;
}

static enum weight weigh(const struct aovpn_attempt *attempt)
{
	static const char *const unsent[] = {
		"no-route", "neighbour-unreachable", "ike-port-in-use", NULL};
	struct aovpn_outcome outcome;
	struct view view;

	view_read(attempt, &view);
	aovpn_diagnose(attempt, &outcome);
	if (view.local_failure || outcome.event_id == AOVPN_EVENT_CONNECTED)
		return WEIGHT_OWN;
	if (view.last_answer)
		return WEIGHT_GATEWAY_ANSWERED;
	if (is_one_of(first_cause(&outcome), unsent))
		return WEIGHT_UNSENT;
	if (outcome.stage == AOVPN_STAGE_RESOLVE)
		return WEIGHT_UNRESOLVED;
	if (strncmp(first_cause(&outcome), "icmp-", strlen("icmp-")) == 0)
		return WEIGHT_NETWORK_ANSWERED;
	return strcmp(first_cause(&outcome), "unknown") == 0 ? WEIGHT_NOTHING
							     : WEIGHT_SILENT;
}

/* Whoever answers where a filter of names has led is not the gateway. */
bool aovpn_tried_may_go_on(const struct aovpn_attempt *attempt)
{
	static const char *const elsewhere[] = {"gateway-overloaded",
						"dns-wrong-answer", NULL};
	struct aovpn_outcome outcome;
	struct view view;

	view_read(attempt, &view);
	aovpn_diagnose(attempt, &outcome);
	if (view.local_failure || outcome.event_id == AOVPN_EVENT_CONNECTED)
		return false;
	return outcome.stage == AOVPN_STAGE_RESOLVE ||
	       outcome.stage == AOVPN_STAGE_REACH ||
	       is_one_of(first_cause(&outcome), elsewhere);
}

static void keep(const struct aovpn_attempt *attempt, enum weight weight,
		 struct aovpn_seen *ret)
{
	ret->weight = weight;
	memcpy(ret->server, attempt->server, sizeof(ret->server));
	ret->history = attempt->history;
	ret->ike_sa_id = attempt->ike_sa_id;
	ret->spi_i = attempt->spi_i;
	ret->flow = attempt->flow;
	ret->observations = attempt->observations;
	ret->count = attempt->count;
	ret->room = attempt->room;
	ret->discarded = attempt->discarded;
}

static void take_back(struct aovpn_attempt *attempt,
		      const struct aovpn_seen *seen)
{
	memcpy(attempt->server, seen->server, sizeof(attempt->server));
	attempt->history = seen->history;
	attempt->ike_sa_id = seen->ike_sa_id;
	attempt->spi_i = seen->spi_i;
	attempt->flow = seen->flow;
	attempt->observations = seen->observations;
	attempt->count = seen->count;
	attempt->room = seen->room;
	attempt->discarded = seen->discarded;
}

/* A copy of the observations; false: no memory. */
static bool copy(const struct aovpn_attempt *attempt, enum weight weight,
		 struct aovpn_seen *ret)
{
	struct aovpn_observation *list =
		calloc(attempt->count + 1, sizeof(*list));

	if (!list)
		return false;
	if (attempt->count > 0)
		memcpy(list, attempt->observations,
		       attempt->count * sizeof(*list));
	keep(attempt, weight, ret);
	ret->observations = list;
	ret->room = attempt->count + 1;
	return true;
}

void aovpn_tried_leave(struct aovpn_attempt *attempt, struct aovpn_seen *best)
{
	const enum weight weight = weigh(attempt);
	struct aovpn_seen seen;

	if ((!best->observations || weight >= best->weight) &&
	    copy(attempt, weight, &seen)) {
		aovpn_seen_clear(best);
		*best = seen;
	}
	aovpn_attempt_restart(attempt);
}

/* What was tried after all that is in the attempt. */
static void add_later_tries(struct aovpn_attempt *attempt,
			    const struct aovpn_observation *list,
			    uint32_t count)
{
	uint32_t i, known = 0, met = 0;

	for (i = 0; i < attempt->count; i++)
		known += attempt->observations[i].kind == AOVPN_OBS_TRIED;
	for (i = 0; i < count; i++)
		if (list[i].kind == AOVPN_OBS_TRIED && ++met > known)
			aovpn_attempt_add(attempt, &list[i]);
}

void aovpn_tried_settle(struct aovpn_attempt *attempt, struct aovpn_seen *best)
{
	struct aovpn_seen last;

	if (!best->observations || weigh(attempt) >= best->weight) {
		aovpn_seen_clear(best);
		return;
	}
	keep(attempt, WEIGHT_NOTHING, &last);
	take_back(attempt, best);
	best->observations = NULL;
	add_later_tries(attempt, last.observations, last.count);
	aovpn_seen_clear(&last);
}

void aovpn_seen_clear(struct aovpn_seen *seen)
{
	free(seen->observations);
	memset(seen, 0, sizeof(*seen));
}
