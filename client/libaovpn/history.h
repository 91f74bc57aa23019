/*
 * history.h - what earlier dials of the same connection have proven.
 *
 * A defect of the chain that was there when a gateway last let a certificate
 * of the same issuer in explains nothing now; what has changed since does.
 * Pure values: the daemon keeps them between dials and hands them in.
 */
#ifndef AOVPN_HISTORY_H
#define AOVPN_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "observation.h"

#define AOVPN_DEFECTS_MAX 24

/* A defect of a chain as prediction.h names it, and enough to know it again. */
struct aovpn_defect {
	char cause[AOVPN_NAME_MAX];   /* slug */
	uint32_t depth;               /* of the certificate, 0: leaf */
	char subject[AOVPN_TEXT_MAX]; /* of a CA; "" for the leaf, which is
					 renewed */
	uint32_t revocation;          /* enum aovpn_revocation_state */
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
	struct aovpn_defect defect[AOVPN_DEFECTS_MAX];
	uint32_t defect_count;
};

#endif
