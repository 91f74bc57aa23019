/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redial.h - when a connection that is to be always on is dialled again after
 * it could not be made, or was lost: pure functions.
 */
#ifndef AOVPN_REDIAL_H
#define AOVPN_REDIAL_H

#include <stdint.h>

#include "diagnosis.h"

enum aovpn_redial {
	AOVPN_REDIAL_LATER,       /* after aovpn_redial_delay_us() */
	AOVPN_REDIAL_ON_NETWORK,  /* the same, or when the network changes */
	AOVPN_REDIAL_ON_CHANGE,   /* when a person has changed something here */
	AOVPN_REDIAL_ON_CHARON,   /* when charon is there; or later */
	AOVPN_REDIAL_IMMEDIATELY, /* it was up, and was lost */
};

/*
 * What to wait for after this outcome of a dial or a tunnel. Only what this
 * machine itself has found out before it sent anything stops redialling: what
 * the gateway or NPS refused may be mended there while nobody is here.
 */
enum aovpn_redial aovpn_redial_rule(const struct aovpn_outcome *outcome);

/*
 * How long to wait before the next dial, in microseconds: 1 s after the first
 * failure, twice as long after each, up to a minute where nobody answered and
 * ten where somebody refused; a quarter more or less by random, so that the
 * clients of a gateway that comes back do not all come at once. failures: since
 * the last success or change of the network, from 1.
 */
uint64_t aovpn_redial_delay_us(const struct aovpn_outcome *outcome,
			       unsigned int failures, uint32_t random);

/* "the network changes" etc., what is waited for; NULL: only time. */
const char *aovpn_redial_waits_for(enum aovpn_redial rule);

#endif
