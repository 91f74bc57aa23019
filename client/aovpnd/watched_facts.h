/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched_facts.h - what diagnosis wants to know of a watched attempt beside
 * what was seen of it: the name that was dialled and the client's certificate
 * with its chain, both out of charon, and whether a name that charon could not
 * resolve can be resolved here.
 */
#ifndef AOVPN_WATCHED_FACTS_H
#define AOVPN_WATCHED_FACTS_H

#include <limits.h>

#include "certificate.h"
#include "charon_log.h"
#include "credential.h"
#include "observation.h"

struct watched_facts {
	/* Input; "" where it is not wanted. */
	char vici[PATH_MAX];
	char runtime[PATH_MAX];
	char connection[AOVPN_NAME_MAX]; /* whose server and certificate */
	char subject[AOVPN_TEXT_MAX];    /* of the client's certificate */
	char name[AOVPN_TEXT_MAX];       /* to be resolved */
	char ca[CHARON_CAS_MAX]
	       [AOVPN_TEXT_MAX]; /* is one of subject's chain? */
	uint32_t ca_count;
	void *owner; /* for the one who takes the result */
	uint32_t serial;

	/* Output. */
	char server[AOVPN_TEXT_MAX]; /* of the connection; "": not known */
	struct aovpn_credential *credential; /* NULL: charon has none */
	bool keyless; /* charon has the certificate, and no key of it */
	struct aovpn_chain_facts chain;    /* of it; count 0: not known */
	bool ca_is_ours;                   /* one of ca is above it */
	struct aovpn_observation resolved; /* kind 0: not tried */
};

/* worker_run_t. Blocks as long as charon and the resolver do. Where subject is
 * not given, it is set to that of the connection's. */
void watched_facts_run(void *facts);

/* NULL is allowed. */
void watched_facts_free(struct watched_facts *facts);

#endif
