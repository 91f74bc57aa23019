/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attempt_json.h - a recorded attempt: all that diagnosis reads of a dial, and
 * what came of it, as one JSON object.
 *
 *	schema        1
 *	version       of the aovpn that wrote it
 *	id, connection, charon_name, user, server
 *	started_at    seconds since 1970
 *	started_ns    the same moment by CLOCK_BOOTTIME
 *	watched       somebody else dialled it
 *	ike_sa_id, spi_i, flow {local, local_port, remote, remote_port}
 *	sources       {"kernel": {"live": true, "lost": 3}, ...}
 *	sees_egress, suppressed, discarded
 *	gateway_revocation_hard, resumption_refused, password_wanted
 *	chain         {gathered_at, complete, verified, root_given, error [...],
 *	              certificate [{subject, issuer, ...}]}, leaf first
 *	history       {success_at, address, shown_at, thumbprint, ..., defect
 *[...]} candidates    [{file, subject, thumbprint, refusal, chosen, ...}]
 *	observations  [{kind, source, time_ns, ...}] in order of time:
 *	              observation_json.h
 *	outcome       what the daemon made of it: {event_id, ras_code, causes,
 *	              ended_at, ended_ns}; left out before that
 *
 * The members of chain, history and candidates are those of the structures
 * (certificate.h, history.h, selection.h), what is 0, false or empty left out.
 * Texts: exact_text.h. Times are seconds since 1970, UTC, those with _ns
 * CLOCK_BOOTTIME in nanoseconds. There is no key and no password in it, but
 * names, addresses and certificates' subjects.
 *
 * Reader and writer are inverse of each other (form.h); the reader takes files
 * of strangers. A schema's keys may become more; a reader refuses what it does
 * not know.
 */
#ifndef AOVPN_ATTEMPT_JSON_H
#define AOVPN_ATTEMPT_JSON_H

#include <jansson.h>

#include "attempt.h"
#include "diagnosis.h"
#include "error.h"

#define ATTEMPT_JSON_SCHEMA 1
#define ATTEMPT_JSON_MAX    (8u * 1024 * 1024) /* bytes of a file */

/* What was recorded as the outcome; event_id 0: nothing. */
struct recorded_outcome {
	uint32_t event_id; /* enum aovpn_event_id */
	int32_t ras_code;
	char cause[AOVPN_FINDINGS_MAX][AOVPN_NAME_MAX]; /* likeliest first */
	uint32_t cause_count;
	time_t ended_at;
	uint64_t ended_ns; /* CLOCK_BOOTTIME */
};

/* Of an outcome that came at this time. */
void recorded_outcome_set(struct recorded_outcome *ret,
			  const struct aovpn_outcome *outcome, time_t ended_at,
			  uint64_t ended_ns);

/* Are code and causes, in their order, the same? */
bool recorded_outcome_is(const struct recorded_outcome *recorded,
			 const struct aovpn_outcome *outcome);

/* Returns a new reference, NULL without memory. */
json_t *attempt_json(const struct aovpn_attempt *attempt,
		     const struct recorded_outcome *outcome);

/*
 * Read length bytes. The caller ends *ret with aovpn_attempt_clear. Errors,
 * with a text that names place and value: -EFBIG (more than ATTEMPT_JSON_MAX),
 * -EBADMSG, -ENOMEM.
 */
int attempt_json_read(const char *text, size_t length,
		      struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error);

#endif
