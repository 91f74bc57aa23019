/*
 * chain_findings.c - what the client's own certificates say about why an NPS
 * server refused them: the predictions of prediction.c as causes. NPS gives its
 * reason only in its own event 6273, so nothing here is certain.
 */
#include "view.h"

#include "prediction.h"

/* A note is true of many a certificate that NPS takes: it explains nothing. */
static void add(const struct aovpn_prediction *p, struct aovpn_outcome *outcome)
{
	enum aovpn_confidence confidence = p->confidence;

	if (p->note)
		return;
	if (confidence > AOVPN_LIKELY)
		confidence = AOVPN_LIKELY;
	finding_add(outcome, p->cause->slug, confidence, p->evidence[0],
		    p->evidence[1], p->evidence[2], p->evidence[3], NULL);
}

void chain_findings(const struct view *view, struct aovpn_outcome *outcome)
{
	struct aovpn_predictions predictions;
	uint32_t i;

	aovpn_predict(&view->attempt->chain, view->attempt->started_at,
		      &predictions);
	for (i = 0; i < predictions.count; i++)
		add(&predictions.list[i], outcome);
}
