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

#include <stdint.h>
#include <time.h>

#include "certificate.h"
#include "codes.h"

#define AOVPN_PREDICTIONS_MAX         24
#define AOVPN_PREDICTION_EVIDENCE_MAX 4

struct aovpn_prediction {
	const struct aovpn_cause *cause;
	/* LIKELY or CERTAIN: NPS refuses by default. POSSIBLE: it depends on
	 * what cannot be seen from here. */
	enum aovpn_confidence confidence;
	uint16_t nps_reason; /* the first that would follow */
	int32_t ras_code;
	uint32_t depth; /* the certificate that it is about, 0: leaf */
	char evidence[AOVPN_PREDICTION_EVIDENCE_MAX][AOVPN_TEXT_MAX];
	uint32_t evidence_count;
	const char *fix; /* the cause's */
};

struct aovpn_predictions {
	struct aovpn_prediction list[AOVPN_PREDICTIONS_MAX]; /* the surest
				first, of one confidence in NPS's order */
	uint32_t count;
};

/* Judge chain as of the time now. chain->count 0 gives none. */
void aovpn_predict(const struct aovpn_chain_facts *chain, time_t now,
		   struct aovpn_predictions *ret);

#endif
