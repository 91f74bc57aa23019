/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events.c - see events.h. */
#include "events.h"

#include <time.h>

#include "attempts.h"
#include "bus.h"
#include "log.h"
#include "record.h"
#include "recorder.h"
#include "metrics_writer.h"
#include "whole_json.h"

static void keep_record(struct daemon *daemon, const json_t *record)
{
	struct recorder *recorder = &daemon->recorder;
	size_t i;

	if (recorder_take(recorder, record) > 0)
		for (i = 0; i < RECORDER_SINKS; i++)
			if (recorder->sink[i].problem[0] != '\0')
				log_error("%s", recorder->sink[i].problem);
	if (recorder->mended > 0)
		log_warning("removed a torn line of %lld bytes at the end of "
			    "\"%s\"",
			    (long long)recorder->mended, recorder->path);
}

/* A whole record, or NULL. What was short of memory once may have some now, and
 * somebody waits for it. */
static json_t *make_record(const struct aovpn_attempt *attempt,
			   const struct aovpn_outcome *outcome)
{
	json_t *record = NULL;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		whole_json_begin();
		record = record_new(attempt, outcome, aovpn_boottime_ns());
		if (!whole_json_failed())
			return record;
		json_decref(record);
	}
	return NULL;
}

json_t *events_emit(struct daemon *daemon, const struct aovpn_attempt *attempt,
		    const struct aovpn_outcome *outcome)
{
	json_t *record = make_record(attempt, outcome);

	if (!record) {
		log_error("no memory for the record of \"%s\"",
			  attempt->connection);
		bus_broadcast_event(daemon->bus, NULL);
		return NULL;
	}
	keep_record(daemon, record);
	metrics_writer_take(daemon->metrics, record);
	bus_broadcast_event(daemon->bus, record);
	return record;
}

void events_progress(struct daemon *daemon, const struct aovpn_attempt *attempt,
		     enum aovpn_event_id event_id, enum aovpn_stage stage)
{
	const struct aovpn_outcome outcome = {.event_id = event_id,
					      .stage = stage};

	json_decref(events_emit(daemon, attempt, &outcome));
}

void events_keep(struct daemon *daemon, const struct aovpn_attempt *attempt,
		 const struct aovpn_outcome *outcome)
{
	struct recorded_outcome recorded;
	struct aovpn_error error;

	recorded_outcome_set(&recorded, outcome, time(NULL),
			     aovpn_boottime_ns());
	if (attempts_save(daemon->paths.attempts, attempt, &recorded, &error) <
	    0)
		log_warning("%s", error.text);
}
