/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_attempt_json.c - recorded attempts of strangers. What is read must be
 * fit for diagnosis, and come back as it was when written and read again.
 */
#include <errno.h>

#include "attempt_json.h"
#include "diagnosis.h"
#include "fuzz.h"
#include "record.h"

/* What the promise of the reader's header is: it is one that could be. */
static void check_bounds(const struct aovpn_attempt *a)
{
	PROMISE(aovpn_attempt_id_valid(a->id));
	PROMISE(a->count <= AOVPN_ATTEMPT_OBSERVATIONS_MAX);
	PROMISE(a->candidate_count <= AOVPN_CANDIDATES_MAX);
	PROMISE(a->chain.count <= AOVPN_CHAIN_MAX);
	PROMISE(a->history.defect_count <= AOVPN_DEFECTS_MAX);
}

static bool same(const struct aovpn_attempt *a, const struct aovpn_attempt *b)
{
	return a->count == b->count &&
	       a->candidate_count == b->candidate_count &&
	       memcmp(&a->chain, &b->chain, sizeof(a->chain)) == 0 &&
	       (a->count == 0 ||
		memcmp(a->observations, b->observations,
		       a->count * sizeof(*a->observations)) == 0);
}

static void check_again(const struct aovpn_attempt *a,
			const struct recorded_outcome *outcome)
{
	struct recorded_outcome again_outcome;
	struct aovpn_attempt again;
	struct aovpn_error error;
	json_t *object = attempt_json(a, outcome);
	char *text;

	PROMISE(object);
	text = json_dumps(object, JSON_COMPACT);
	PROMISE(text);
	PROMISE(attempt_json_read(text, strlen(text), &again, &again_outcome,
				  &error) == 0);
	PROMISE(same(a, &again));
	aovpn_attempt_clear(&again);
	free(text);
	json_decref(object);
}

static void check_outcome(const struct aovpn_attempt *a)
{
	struct aovpn_outcome outcome;
	json_t *record;

	aovpn_diagnose(a, &outcome);
	PROMISE(outcome.count <= AOVPN_FINDINGS_MAX);
	record = record_new(a, &outcome, a->started_ns);
	PROMISE(record);
	json_decref(record);
	aovpn_diagnose_end(a, false, &outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recorded_outcome outcome;
	struct aovpn_attempt attempt;
	struct aovpn_error error = {""};
	int r;

	r = attempt_json_read((const char *)data, size, &attempt, &outcome,
			      &error);
	PROMISE(r == 0 || r == -EBADMSG);
	if (r < 0) {
		PROMISE(error.text[0] != '\0');
		PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
		return 0;
	}
	check_bounds(&attempt);
	check_again(&attempt, &outcome);
	check_outcome(&attempt);
	aovpn_attempt_clear(&attempt);
	return 0;
}
