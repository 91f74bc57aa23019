/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - what earlier dials of the same connection have proven.
 *
 * A defect of the chain that was there when a gateway last let a certificate
 * of the same issuer in explains nothing now; what has changed since does.
 * Pure values and functions: the daemon keeps them between dials and hands them
 * in with the attempt.
 */
#ifndef AOVPN_HISTORY_H
#define AOVPN_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "observation.h"

#define AOVPN_DEFECTS_MAX 24

struct aovpn_attempt;
struct aovpn_prediction;

/* A defect of a chain as prediction.h names it, and enough to know it again. */
struct aovpn_defect {
	char cause[AOVPN_NAME_MAX];   /* slug */
	uint32_t depth;               /* of the certificate, 0: leaf */
	uint32_t confidence;          /* enum aovpn_confidence */
	char subject[AOVPN_TEXT_MAX]; /* of a CA; "" for the leaf, which is
					 renewed */
	uint32_t revocation; /* enum aovpn_revocation_state, where it is about
				an answer; else 0 */
};

struct aovpn_history {
	time_t success_at; /* the last success with a certificate of the same
			      issuer at the same gateway; 0: none is known */
	uint8_t family;    /* the gateway's address then; 0: unknown */
	uint8_t address[16];

	/* The last of these in which the certificate was shown. A resumed TLS
	 * session asks nobody about it (RFC 5246 7.3, RFC 8446 2.2), so what
	 * follows is of then. 0: none is known */
	time_t shown_at;
	char thumbprint[41]; /* of the certificate that was shown */
	bool verified;       /* the chain's path had been validated */
	bool asked;          /* and its revocation been asked for */
	struct aovpn_defect defect[AOVPN_DEFECTS_MAX];
	uint32_t defect_count;
};

/* A defect of now against the last success. */
enum aovpn_defect_age {
	AOVPN_DEFECT_UNDATED,      /* nothing is known of it */
	AOVPN_DEFECT_NEW,          /* it has come since */
	AOVPN_DEFECT_STOOD,        /* it was there, and did no harm */
	AOVPN_DEFECT_STOOD_BEFORE, /* in the leaf that this one replaces */
};

/*
 * Note in attempt->history that the attempt connected at that time. resumed: by
 * the TLS session of an earlier dial, so that nothing was proven about the
 * certificate.
 */
void aovpn_history_note(struct aovpn_attempt *attempt, bool resumed, time_t at);

/* How old is a defect of attempt->chain? */
enum aovpn_defect_age aovpn_history_age(const struct aovpn_attempt *attempt,
					const struct aovpn_prediction *defect);

/* " on 2026-11-25" of a success, for sentences; "" where the clock says that it
 * is yet to come, or it is not known. out: 16 bytes. Returns out. */
const char *aovpn_history_date(const struct aovpn_attempt *attempt, time_t at,
			       char *out);

#endif
