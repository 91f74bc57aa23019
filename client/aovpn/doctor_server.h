/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_server.h - one address of one server, and what is found out about it.
 * Private to aovpn doctor.
 */
#ifndef AOVPN_DOCTOR_SERVER_H
#define AOVPN_DOCTOR_SERVER_H

#include <netinet/in.h>

#include "doctor.h"
#include "doctor_exchange.h"
#include "doctor_route.h"
#include "ike_offer.h"

/* An address that is examined. */
struct doctor_target {
	struct doctor_part *part;
	uint8_t family;
	uint8_t address[16];
	/* "vpn.contoso.com 203.0.113.7": the subject of its lines */
	char subject[AOVPN_TEXT_MAX];
	struct doctor_route route;
	struct ike_offer offer; /* of the profile */
	struct exchange *list;  /* EXCHANGES_MAX */
	size_t count;
};

/* A line about it. */
json_t *target_tell(struct doctor_target *target, enum doctor_state state,
		    const char *check, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The next of target's exchanges, to port with this offer and a key of this
 * group; NULL: none is left, or it cannot be made.
 */
struct exchange *target_exchange(struct doctor_target *target, uint16_t port,
				 const struct ike_offer *offer, uint16_t group);

/*
 * One that asks whether the gateway would take the offer, and makes it no
 * IKE_SA: beside it stands a proposal that nobody takes, of whose group the key
 * is. A gateway that takes offer therefore asks for a key of its group
 * (RFC 7296 1.2, INVALID_KE_PAYLOAD). One that says nothing to that is asked
 * plainly.
 */
struct exchange *target_question(struct doctor_target *target, uint16_t port,
				 const struct ike_offer *offer);

/* Was offer taken: 1, refused: 0, or is it not known: -1? */
int exchange_verdict(const struct exchange *exchange,
		     const struct ike_offer *offer);

/* Why there is no answer: one clause into out, and the cause (slug). */
const char *exchange_failure(const struct doctor_target *target,
			     const struct exchange *exchange, char *out,
			     size_t size);

/* Forget all exchanges. */
void target_clear(struct doctor_target *target);

/* --- what is examined of it --- */

/* The way there; false: there is none. doctor_way.c */
bool target_route(struct doctor_target *target);

/* UDP 500 and 4500, who answers, and whether he takes the profile's proposals;
 * false: nobody answers on 500. doctor_ike.c */
bool target_ike(struct doctor_target *target);

/* Which proposals he would take, and which sizes of packets pass.
 * doctor_offers.c, doctor_size.c: add asks, tell shows what came. */
void target_offers_add(struct doctor_target *target);
void target_offers_tell(struct doctor_target *target);
void target_size_add(struct doctor_target *target);
void target_size_tell(struct doctor_target *target);

#endif
