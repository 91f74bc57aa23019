/* SPDX-License-Identifier: GPL-2.0-or-later */
/* history.c - see history.h. */
#include "history.h"

#include <string.h>

#include "attempt.h"
#include "prediction.h"

static const struct aovpn_certificate_facts *
certificate_of(const struct aovpn_attempt *attempt,
	       const struct aovpn_prediction *p)
{
	return &attempt->chain.certificate[p->depth];
}

/* Is it known only by asking somebody? */
static bool is_about_an_answer(const struct aovpn_prediction *p)
{
	return strcmp(p->cause->slug, "client-cert-revoked") == 0 ||
	       strcmp(p->cause->slug, "client-cert-crl-stale") == 0;
}

/* Is it known only by validating the path? */
static bool is_about_the_path(const struct aovpn_prediction *p)
{
	return strcmp(p->cause->slug, "client-chain-invalid") == 0 ||
	       (strcmp(p->cause->slug, "client-cert-untrusted") == 0 &&
		p->depth > 0);
}

static void describe(const struct aovpn_attempt *attempt,
		     const struct aovpn_prediction *p, struct aovpn_defect *ret)
{
	const struct aovpn_certificate_facts *c = certificate_of(attempt, p);

	memset(ret, 0, sizeof(*ret));
	strncpy(ret->cause, p->cause->slug, sizeof(ret->cause) - 1);
	ret->depth = p->depth;
	ret->confidence = p->confidence;
	if (p->depth > 0)
		memcpy(ret->subject, c->subject, sizeof(ret->subject));
	if (is_about_an_answer(p))
		ret->revocation = c->revocation.state;
}

static bool was_asked(const struct aovpn_chain_facts *chain)
{
	uint32_t i, state;

	for (i = 0; i < chain->count; i++) {
		state = chain->certificate[i].revocation.state;
		if (state != AOVPN_REVOCATION_NOT_CHECKED &&
		    state != AOVPN_REVOCATION_NOT_NEEDED)
			return true;
	}
	return false;
}

_Static_assert(AOVPN_DEFECTS_MAX >= AOVPN_PREDICTIONS_MAX,
	       "every prediction is a defect");

static void note_shown(struct aovpn_attempt *attempt, time_t at)
{
	struct aovpn_history *history = &attempt->history;
	struct aovpn_predictions predictions;
	uint32_t i;

	history->shown_at = at;
	memcpy(history->thumbprint, attempt->chain.certificate[0].thumbprint,
	       sizeof(history->thumbprint));
	history->verified = attempt->chain.verified;
	history->asked = was_asked(&attempt->chain);
	memset(history->defect, 0, sizeof(history->defect));
	history->defect_count = 0;
	aovpn_predict(&attempt->chain, at, &predictions);
	for (i = 0; i < predictions.count; i++)
		if (!predictions.list[i].note)
			describe(attempt, &predictions.list[i],
				 &history->defect[history->defect_count++]);
}

void aovpn_history_note(struct aovpn_attempt *attempt, bool resumed, time_t at)
{
	struct aovpn_history *history = &attempt->history;

	history->success_at = at;
	history->family = attempt->flow.family;
	memcpy(history->address, attempt->flow.remote,
	       sizeof(history->address));
	if (!resumed && attempt->chain.count > 0)
		note_shown(attempt, at);
}

/* A defect that has become surer since is more than it was: a date after which
 * Windows refuses has passed. */
static bool was_there(const struct aovpn_history *history,
		      const struct aovpn_defect *now)
{
	const struct aovpn_defect *then;
	uint32_t i;

	for (i = 0; i < history->defect_count; i++) {
		then = &history->defect[i];
		if (strcmp(then->cause, now->cause) == 0 &&
		    then->depth == now->depth &&
		    strcmp(then->subject, now->subject) == 0 &&
		    then->revocation == now->revocation &&
		    then->confidence >= now->confidence)
			return true;
	}
	return false;
}

enum aovpn_defect_age aovpn_history_age(const struct aovpn_attempt *attempt,
					const struct aovpn_prediction *p)
{
	const struct aovpn_history *history = &attempt->history;
	struct aovpn_defect now;

	if (history->shown_at == 0)
		return AOVPN_DEFECT_UNDATED;
	describe(attempt, p, &now);
	if (was_there(history, &now)) {
		if (p->depth > 0 ||
		    strcmp(history->thumbprint,
			   certificate_of(attempt, p)->thumbprint) == 0)
			return AOVPN_DEFECT_STOOD;
		return AOVPN_DEFECT_STOOD_BEFORE;
	}
	if ((is_about_an_answer(p) && !history->asked) ||
	    (is_about_the_path(p) && !history->verified))
		return AOVPN_DEFECT_UNDATED;
	return AOVPN_DEFECT_NEW;
}

const char *aovpn_history_date(const struct aovpn_attempt *attempt, time_t at,
			       char *out)
{
	struct tm tm;

	out[0] = '\0';
	if (at != 0 && at <= attempt->started_at && gmtime_r(&at, &tm))
		strftime(out, 16, " on %Y-%m-%d", &tm);
	return out;
}
