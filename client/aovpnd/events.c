/* events.c - see events.h. */
#include "events.h"

#include <string.h>
#include <time.h>

#include "attempts.h"
#include "bus.h"
#include "log.h"
#include "record.h"
#include "recorder.h"

json_t *events_emit(struct daemon *daemon, const struct aovpn_attempt *attempt,
		    const struct aovpn_outcome *outcome)
{
	struct aovpn_error error;
	json_t *record = record_new(attempt, outcome, aovpn_boottime_ns());
	int r;

	if (!record) {
		log_error("no memory for the record of \"%s\"",
			  attempt->connection);
		return NULL;
	}
	if (recorder_append(daemon->paths.events, record, &error) < 0)
		log_error("%s", error.text);
	r = recorder_journal(record);
	if (r < 0)
		log_warning("the journal did not take a record: %s",
			    strerror(-r));
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
