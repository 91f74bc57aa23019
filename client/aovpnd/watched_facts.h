/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched_facts.h - what diagnosis wants to know of a watched attempt beside
 * what was seen of it: the client's certificate chain, out of charon, and
 * whether a name that charon could not resolve can be resolved here.
 */
#ifndef AOVPN_WATCHED_FACTS_H
#define AOVPN_WATCHED_FACTS_H

#include <limits.h>

#include "certificate.h"
#include "observation.h"

struct watched_facts {
	/* Input; "" where it is not wanted. */
	char vici[PATH_MAX];
	char subject[AOVPN_TEXT_MAX]; /* of the client's certificate */
	char name[AOVPN_TEXT_MAX];    /* to be resolved */
	void *owner;                  /* for the one who takes the result */
	uint32_t serial;

	/* Output. */
	struct aovpn_chain_facts chain;    /* count 0: not known */
	struct aovpn_observation resolved; /* kind 0: not tried */
};

/* worker_run_t. Blocks as long as the resolver does. */
void watched_facts_run(void *facts);

#endif
