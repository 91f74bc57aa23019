/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prediction.h - what an NPS server with Windows' default settings would do
 * with a client certificate, and why: each defect as a cause of the vocabulary
 * with the reason of NPS's event 6273 and the code that RasClient would show.
 *
 * A pure function of what is known of the chain; diagnosis ranks the causes of
 * a refused dial by it, `aovpn cert check` shows it before one.
 */
#ifndef AOVPN_PREDICTION_H
#define AOVPN_PREDICTION_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "certificate.h"
#include "codes.h"

#define AOVPN_PREDICTIONS_MAX         24
#define AOVPN_PREDICTION_EVIDENCE_MAX 4

struct aovpn_prediction {
	const struct aovpn_cause *cause;
	/* CERTAIN: NPS refuses unless somebody has switched the check off as a
	 * whole. LIKELY: it refuses by default, and a setting or a mapping that
	 * is in use here and there changes it. POSSIBLE: it depends on what
	 * cannot be seen from here. */
	enum aovpn_confidence confidence;
	/* True of many a sound certificate: for showing, and no ground for a
	 * verdict or a diagnosis. Always POSSIBLE. */
	bool note;
	uint16_t nps_reason; /* the first that would follow, 0: not known */
	int32_t ras_code;    /* the cause's usual one */
	uint32_t depth;      /* the certificate that it is about, 0: leaf */
	char evidence[AOVPN_PREDICTION_EVIDENCE_MAX][AOVPN_TEXT_MAX];
	uint32_t evidence_count;
	const char *fix; /* the cause's */
};

struct aovpn_predictions {
	struct aovpn_prediction list[AOVPN_PREDICTIONS_MAX]; /* the surest
				first, of one confidence in NPS's order */
	uint32_t count;
};

/*
 * Judge chain as of the time now (KB5014754 came into force by dates). What
 * chain does not know is not held against it: a revocation that is NOT_CHECKED,
 * a path that was not verified. chain->count 0 gives none. Where there are more
 * than AOVPN_PREDICTIONS_MAX, the least sure are left out.
 */
void aovpn_predict(const struct aovpn_chain_facts *chain, time_t now,
		   struct aovpn_predictions *ret);

#endif
