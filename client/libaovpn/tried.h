/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tried.h - a dial that goes through several addresses one after the other:
 * which failure lets it go on to the next one, and whose failure is the dial's
 * when all have failed. The attempt holds what was seen at one address at a
 * time, and all that were tried before (AOVPN_OBS_TRIED).
 */
#ifndef AOVPN_TRIED_H
#define AOVPN_TRIED_H

#include "attempt.h"

/* What was seen at an address that was left for another one. */
struct aovpn_seen {
	unsigned int weight; /* how much it says */
	char server[AOVPN_TEXT_MAX];
	struct aovpn_history history;
	uint32_t ike_sa_id;
	uint64_t spi_i;
	struct aovpn_flow flow;
	struct aovpn_observation *observations; /* NULL: nothing is kept */
	uint32_t count, room, discarded;
};

/*
 * May another address be tried after this failure? Only where this one could
 * not be reached or has too much to do: what a gateway has answered, the next
 * one would answer, too, and what is wrong on this machine stays so.
 */
bool aovpn_tried_may_go_on(const struct aovpn_attempt *attempt);

/*
 * Leave an address that has failed: the attempt begins anew, and what was seen
 * is kept in *best if it says as much as what is there already. *best: all zero
 * at first; to be freed by aovpn_seen_clear.
 */
void aovpn_tried_leave(struct aovpn_attempt *attempt, struct aovpn_seen *best);

/*
 * All have failed: the attempt becomes that of the address in *best if that
 * says more. In that order: a gateway that answered; one in whose place the
 * network answered (ICMP); silence; nothing that could be sent; a name that did
 * not resolve. Of equals the later stays. Clears *best.
 */
void aovpn_tried_settle(struct aovpn_attempt *attempt, struct aovpn_seen *best);

/* Free what is kept. */
void aovpn_seen_clear(struct aovpn_seen *seen);

#endif
