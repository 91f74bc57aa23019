/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attempt.h - one dial: everything that was seen of it, in one bounded place.
 *
 * An attempt corresponds to one IKE_SA of one charon (or to a dial that ended
 * before there was one). The daemon's tracker decides which observation
 * belongs to which attempt (aovpn_attempt_matches); diagnosis reads attempts
 * and never changes them.
 */
#ifndef AOVPN_ATTEMPT_H
#define AOVPN_ATTEMPT_H

#include <time.h>

#include "certificate.h"
#include "history.h"
#include "observation.h"
#include "selection.h"

#define AOVPN_ATTEMPT_OBSERVATIONS_MAX 512
#define AOVPN_ID_MAX                   37 /* a UUID as text with its NUL */

struct aovpn_attempt {
	char id[AOVPN_ID_MAX];
	char connection[AOVPN_NAME_MAX];  /* as the user calls it */
	char charon_name[AOVPN_NAME_MAX]; /* as charon calls it */
	char user[AOVPN_TEXT_MAX];        /* who dialled */
	char server[AOVPN_TEXT_MAX];      /* as dialled */
	time_t started_at;                /* UTC */
	uint64_t started_ns;              /* CLOCK_BOOTTIME */

	/* Somebody else dialled it with charon: what is known of it is what
	 * charon's own messages say (AOVPN_SOURCE_CHARON), and the kernel. */
	bool watched;

	/* Learnt from the first observation that carries them; 0 unknown. */
	uint32_t ike_sa_id;
	uint64_t spi_i;
	struct aovpn_flow flow;

	/* Which sources could have spoken, and what they lost meanwhile. */
	bool live[AOVPN_SOURCE_COUNT];
	bool sees_egress; /* the kernel source shows packets that left */
	uint64_t lost[AOVPN_SOURCE_COUNT];
	uint64_t suppressed; /* events that the tracer's limits kept back */

	/* The profile refuses a gateway whose revocation cannot be checked. */
	bool gateway_revocation_hard;

	/* This is the second try of the dial: in the first the server refused
	 * us on the strength of a TLS session that we had offered. */
	bool resumption_refused;

	struct aovpn_chain_facts chain; /* of our certificate; count 0: none */
	struct aovpn_verdict *candidates; /* what was there to choose from */
	uint32_t candidate_count;
	bool password_wanted; /* a password that nobody has given */

	struct aovpn_history history; /* of dials before this one */

	struct aovpn_observation *observations; /* in order of time */
	uint32_t count;
	uint32_t room;      /* allocated, at most the maximum */
	uint32_t discarded; /* made way for later ones */
};

/*
 * Does this observation belong to the attempt? By charon's unique id or the
 * initiator SPI where the observation has one (exact), by connection name
 * where the attempt knows no IKE_SA yet, else by the flow's remote address.
 * What charon does beside its IKE_SAs (fetching a CRL, asking for a name) and
 * what happens on the link is everybody's who is dialling.
 */
bool aovpn_attempt_matches(const struct aovpn_attempt *attempt,
			   const struct aovpn_observation *observation);

/*
 * Keep a copy of the observation in its place by time, and learn from it what
 * identifies the attempt. Beyond the maximum a block of older ones makes way,
 * but none of the first half, and packets that passed before all others.
 * Returns 0 or -ENOMEM (then the observation counts as discarded).
 */
int aovpn_attempt_add(struct aovpn_attempt *attempt,
		      const struct aovpn_observation *observation);

/*
 * When the last thing came in by the wire (CLOCK_BOOTTIME), if that is what
 * decided the attempt; 0 where silence did, or nothing came in.
 */
uint64_t aovpn_attempt_decided_ns(const struct aovpn_attempt *attempt);

/*
 * Forget all observations and what they taught, to try once more; what was
 * known before the dial stays, and what was tried already.
 */
void aovpn_attempt_restart(struct aovpn_attempt *attempt);

/* Is this an attempt's id: a UUID in lower case, and so fit for the name of a
 * file? */
bool aovpn_attempt_id_valid(const char *id);

/* Free what the attempt holds; the structure itself is the caller's. */
void aovpn_attempt_clear(struct aovpn_attempt *attempt);

#endif
