/* SPDX-License-Identifier: GPL-2.0-or-later */
/* finding.c - causes with their evidence, see finding_add in view.h. */
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

static struct aovpn_finding *find(struct aovpn_outcome *outcome,
				  const struct aovpn_cause *cause)
{
	uint32_t i;

	for (i = 0; i < outcome->count; i++)
		if (outcome->finding[i].cause == cause)
			return &outcome->finding[i];
	return NULL;
}

/* Behind those of the same or a higher confidence: rules add causes of one
 * confidence in the order of their rank. */
static struct aovpn_finding *insert(struct aovpn_outcome *outcome,
				    const struct aovpn_cause *cause,
				    enum aovpn_confidence confidence)
{
	uint32_t at = outcome->count;

	while (at > 0 && outcome->finding[at - 1].confidence < confidence)
		at--;
	if (at >= AOVPN_FINDINGS_MAX)
		return NULL;
	if (outcome->count == AOVPN_FINDINGS_MAX)
		outcome->count--;
	memmove(&outcome->finding[at + 1], &outcome->finding[at],
		(outcome->count - at) * sizeof(outcome->finding[0]));
	memset(&outcome->finding[at], 0, sizeof(outcome->finding[0]));
	outcome->finding[at].cause = cause;
	outcome->finding[at].confidence = confidence;
	outcome->count++;
	return &outcome->finding[at];
}

void finding_add(struct aovpn_outcome *outcome, const char *slug,
		 enum aovpn_confidence confidence, ...)
{
	const struct aovpn_cause *cause = aovpn_cause_find(slug);
	struct aovpn_finding *finding;
	const char *line;
	va_list lines;

	if (!cause) {
		fprintf(stderr, "cause \"%s\" is not in the vocabulary\n",
			slug);
		abort();
	}
	finding = find(outcome, cause);
	if (!finding)
		finding = insert(outcome, cause, confidence);
	if (!finding)
		return;
	va_start(lines, confidence);
	while ((line = va_arg(lines, const char *)) != NULL) {
		if (finding->evidence_count == AOVPN_EVIDENCE_MAX)
			break;
		if (line[0] == '\0')
			continue;
		aovpn_escape_string(
			line, finding->evidence[finding->evidence_count++],
			AOVPN_TEXT_MAX);
	}
	va_end(lines);
}
