/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observation_json.h - an observation as a JSON object: one line of a trace.
 *
 *	kind, source         names
 *	time, time_ns        RFC 3339, and CLOCK_BOOTTIME in nanoseconds
 *	connection           charon's name of it     \
 *	ike_sa_id            charon's unique id       | left out where the
 *	spi_i, spi_r         16 hexadecimal digits    | source does not know
 *	local, local_port    addresses as text        |
 *	remote, remote_port                          /
 *	...                  the fields of the kind, all of them
 *
 * The fields are those of the description tables in observation.c. What is an
 * enum there is always a string here: its name, or the number where it has
 * none; "" stands for nothing (exchange 0, error 0). Texts are escaped so that
 * they can be read back (exact_text.h). More may be added.
 */
#ifndef AOVPN_OBSERVATION_JSON_H
#define AOVPN_OBSERVATION_JSON_H

#include <jansson.h>

#include "form.h"
#include "observation.h"

/*
 * wall_ns: what CLOCK_REALTIME is ahead of CLOCK_BOOTTIME, nanoseconds. Returns
 * a new reference, NULL without memory or for a number that is no kind.
 */
json_t *observation_json(const struct aovpn_observation *observation,
			 int64_t wall_ns);

/* That difference now. */
int64_t observation_json_wall_ns(void);

/* The same without "time": what observation_json_read takes. */
json_t *observation_json_exact(const struct aovpn_observation *observation);

/*
 * The inverse (form.h says how far), for hostile input. Errors: -EBADMSG with a
 * text that names place and value; *ret is then undefined.
 */
int observation_json_read(const json_t *object, struct aovpn_observation *ret,
			  const struct form_place *place,
			  struct aovpn_error *error);

#endif
