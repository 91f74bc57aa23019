/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - gives an event of an attempt to every recorder and client.
 */
#ifndef AOVPN_EVENTS_H
#define AOVPN_EVENTS_H

#include <jansson.h>

#include "daemon.h"
#include "diagnosis.h"

/*
 * Build the record, append it to the JSON lines, send it to the journal and to
 * the clients on the bus. A recorder that fails is logged and does not stop
 * the others. Returns the record, a new reference, or NULL without memory.
 */
json_t *events_emit(struct daemon *daemon, const struct aovpn_attempt *attempt,
		    const struct aovpn_outcome *outcome);

/* The same for an event that says only how far the dial is. */
void events_progress(struct daemon *daemon, const struct aovpn_attempt *attempt,
		     enum aovpn_event_id event_id, enum aovpn_stage stage);

/* Keep the attempt as it was at the end of the dial, so that it can be
 * diagnosed again (attempts.h). What fails is logged. */
void events_keep(struct daemon *daemon, const struct aovpn_attempt *attempt,
		 const struct aovpn_outcome *outcome);

#endif
