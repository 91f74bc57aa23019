/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain_findings.c - what the client's own certificates say about why an NPS
 * server refused them: the predictions of prediction.c as causes, in the light
 * of what was so at the last success (history.h). NPS gives its reason only in
 * its own event 6273, so nothing here is certain.
 */
#include "view.h"

#include <stdio.h>
#include <string.h>

#include "prediction.h"

static void add(const struct view *view, const struct aovpn_prediction *p,
		struct aovpn_outcome *outcome)
{
	const struct aovpn_attempt *attempt = view->attempt;
	enum aovpn_confidence confidence = AOVPN_LIKELY;
	char since[AOVPN_TEXT_MAX] = "", date[16];

	aovpn_history_date(attempt, attempt->history.shown_at, date);
	switch (aovpn_history_age(attempt, p)) {
	case AOVPN_DEFECT_STOOD:
		return;
	case AOVPN_DEFECT_STOOD_BEFORE:
		confidence = AOVPN_POSSIBLE;
		snprintf(since, sizeof(since),
			 "it was so with the certificate before this one at "
			 "the last success%s, too",
			 date);
		break;
	case AOVPN_DEFECT_NEW:
		snprintf(since, sizeof(since),
			 "it was not so at the last success%s: this has "
			 "changed",
			 date);
		break;
	case AOVPN_DEFECT_UNDATED:
		if (p->confidence < confidence)
			confidence = p->confidence;
		break;
	}
	finding_add(outcome, p->cause->slug, confidence, p->evidence[0], since,
		    p->evidence[1], p->evidence[2], p->evidence[3], NULL);
}

/* A note is true of many a certificate that NPS takes: it explains nothing.
 * slug: only this cause; NULL: all. */
static void add_all(const struct view *view, const char *slug,
		    struct aovpn_outcome *outcome)
{
	const struct aovpn_attempt *attempt = view->attempt;
	struct aovpn_predictions predictions;
	const struct aovpn_prediction *p;
	uint32_t i;

	aovpn_predict(&attempt->chain, attempt->started_at, &predictions);
	for (i = 0; i < predictions.count; i++) {
		p = &predictions.list[i];
		if (!p->note && (!slug || strcmp(p->cause->slug, slug) == 0))
			add(view, p, outcome);
	}
}

void chain_findings(const struct view *view, struct aovpn_outcome *outcome)
{
	add_all(view, NULL, outcome);
}

void chain_findings_of(const struct view *view, const char *slug,
		       struct aovpn_outcome *outcome)
{
	add_all(view, slug, outcome);
}

/* The likeliest cause that has room for another line. */
static const struct aovpn_finding *
with_room(const struct aovpn_outcome *outcome)
{
	uint32_t i;

	for (i = 0; i < outcome->count; i++)
		if (outcome->finding[i].evidence_count < AOVPN_EVIDENCE_MAX)
			return &outcome->finding[i];
	return NULL;
}

void chain_findings_excused(const struct view *view,
			    struct aovpn_outcome *outcome)
{
	const struct aovpn_attempt *attempt = view->attempt;
	const struct aovpn_finding *finding = with_room(outcome);
	struct aovpn_predictions predictions;
	char line[AOVPN_TEXT_MAX], date[16];
	uint32_t i;

	aovpn_predict(&attempt->chain, attempt->started_at, &predictions);
	aovpn_history_date(attempt, attempt->history.shown_at, date);
	for (i = 0; i < predictions.count && finding; i++) {
		if (predictions.list[i].note ||
		    aovpn_history_age(attempt, &predictions.list[i]) !=
			    AOVPN_DEFECT_STOOD)
			continue;
		snprintf(line, sizeof(line),
			 "%.130s: it was so at the last success%s, too, so it "
			 "explains nothing now",
			 predictions.list[i].evidence[0], date);
		finding_add(outcome, finding->cause->slug, finding->confidence,
			    line, NULL);
		finding = with_room(outcome);
	}
}
