/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - an outcome as the JSON object that every recorder and client
 * gets. Field names are fixed (schema 1); more may be added.
 */
#ifndef AOVPN_RECORD_H
#define AOVPN_RECORD_H

#include <jansson.h>
#include <time.h>

#include "diagnosis.h"

#define RECORD_SCHEMA 1

/*
 * Build the record of an event of an attempt. now_ns: CLOCK_BOOTTIME, for
 * duration_ms; the time of the record is the wall clock. Returns a new
 * reference, NULL only without memory.
 */
json_t *record_new(const struct aovpn_attempt *attempt,
		   const struct aovpn_outcome *outcome, uint64_t now_ns);

/* Text of any origin as a JSON string: escaped, so always valid UTF-8. */
json_t *record_string(const char *value);

/* A time of the wall clock: RFC 3339 with milliseconds. */
json_t *record_time(const struct timespec *when);

/* The same to the second; null for 0 and for what RFC 3339 cannot say. */
json_t *record_date(time_t when);

/* What makes a certificate doubtful (enum aovpn_doubt): a list of sentences. */
json_t *record_doubts(uint32_t doubts);

/* One line of JSON without a newline; the caller frees it. NULL: no memory. */
char *record_line(const json_t *record);

#endif
