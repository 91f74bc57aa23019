/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_json.h - what aovpn cert finds as JSON. The object of a check is
 * described by cert-check.schema.json, schema 1: fields may be added.
 */
#ifndef AOVPN_CERT_JSON_H
#define AOVPN_CERT_JSON_H

#include <jansson.h>
#include <time.h>

#include "certificate_check.h"
#include "record.h"
#include "selection.h"

#define CERT_JSON_SCHEMA 1

struct cert_subject;

/* All of these return a new reference. */

/* Text of any origin, escaped; null where it is "". */
json_t *cert_json_text(const char *text);

/* A candidate, as records have it ("candidates"). */
json_t *cert_json_verdict(const struct aovpn_verdict *verdict);

/* A whole check made at the time now. */
json_t *cert_json_check(const struct cert_subject *subject,
			const struct aovpn_check *check, time_t now);

#endif
