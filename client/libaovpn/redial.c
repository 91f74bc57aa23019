/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redial.c - see redial.h. */
#include "redial.h"

#include <stdbool.h>
#include <string.h>

#include "codes.h"

#define SECOND_US      1000000ull
#define UNANSWERED_MAX (60 * SECOND_US)
#define REFUSED_MAX    (600 * SECOND_US)

static bool first_cause_is(const struct aovpn_outcome *outcome,
			   const char *slug)
{
	return outcome->count > 0 &&
	       strcmp(outcome->finding[0].cause->slug, slug) == 0;
}

/* Was it over before anybody was asked? */
static bool is_of_this_machine(const struct aovpn_outcome *outcome)
{
	return outcome->stage == AOVPN_STAGE_CREDENTIAL;
}

static bool is_unanswered(const struct aovpn_outcome *outcome)
{
	return outcome->stage == AOVPN_STAGE_RESOLVE ||
	       outcome->stage == AOVPN_STAGE_REACH;
}

enum aovpn_redial aovpn_redial_rule(const struct aovpn_outcome *outcome)
{
	if (first_cause_is(outcome, "charon-absent") ||
	    first_cause_is(outcome, "plugin-missing"))
		return AOVPN_REDIAL_ON_CHARON;
	if (outcome->event_id == AOVPN_EVENT_TERMINATED)
		return AOVPN_REDIAL_IMMEDIATELY;
	if (outcome->count > 0 && is_of_this_machine(outcome) &&
	    outcome->finding[0].cause->redial_after_change)
		return AOVPN_REDIAL_ON_CHANGE;
	if (is_unanswered(outcome))
		return AOVPN_REDIAL_ON_NETWORK;
	return AOVPN_REDIAL_LATER;
}

uint64_t aovpn_redial_delay_us(const struct aovpn_outcome *outcome,
			       unsigned int failures, uint32_t random)
{
	const uint64_t most =
		is_unanswered(outcome) ? UNANSWERED_MAX : REFUSED_MAX;
	uint64_t delay = SECOND_US;

	while (failures-- > 1 && delay < most)
		delay *= 2;
	if (delay > most)
		delay = most;
	/* 75 % to 125 % of it */
	return delay - delay / 4 + random % (delay / 2 + 1);
}

const char *aovpn_redial_waits_for(enum aovpn_redial rule)
{
	switch (rule) {
	case AOVPN_REDIAL_ON_NETWORK:
		return "a change of the network";
	case AOVPN_REDIAL_ON_CHANGE:
		return "a change of the profile, its certificate or key";
	case AOVPN_REDIAL_ON_CHARON:
		return "charon with our plugin";
	case AOVPN_REDIAL_LATER:
	case AOVPN_REDIAL_IMMEDIATELY:
		break;
	}
	return NULL;
}
