/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_reading.h - how the messages of charon are read, for charon_log.c: one
 * table for each part of a dial, and what the readers share.
 *
 * All texts stand so in strongSwan 5.9.5, 5.9.8, 5.9.14, 6.0.1 and 6.0.6, but
 * where said.
 */
#ifndef AOVPN_CHARON_READING_H
#define AOVPN_CHARON_READING_H

#include "charon_log.h"
#include "charon_match.h"

/* Returns 0 with kind and contents of *o set, -ENOENT where it is no
 * observation; *log may have learnt from it all the same. */
typedef int (*charon_reader_t)(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o);

/* A message: its group as debug.c names it, its pattern (charon_match.h). */
struct charon_reading {
	const char *group; /* NULL: the table's end */
	const char *text;
	charon_reader_t read;
};

extern const struct charon_reading charon_ike_readings[];
extern const struct charon_reading charon_cert_readings[];
extern const struct charon_reading charon_tls_readings[];

/* What a reader returns. The first is -ENOENT, the others are 0. */
int charon_nothing(const struct aovpn_observation *o);
int charon_observe(struct aovpn_observation *o, uint32_t kind);
int charon_observe_alert(struct aovpn_observation *o, enum aovpn_alert alert,
			 const char *text);
int charon_observe_state(struct aovpn_observation *o,
			 enum aovpn_ike_state state);

/* That a certificate was refused; *log knows which. */
int charon_observe_refused(struct charon_log *log, struct aovpn_observation *o,
			   enum aovpn_cert_role role, int error);

/* Another certificate is at hand now. */
void charon_forget_refused(struct charon_log *log);

/* A packet that carries EAP-TLS was sent, of log->length bytes: what does it
 * show? As a reader returns. */
int charon_tls_sent(struct charon_log *log, struct aovpn_observation *o);

#endif
