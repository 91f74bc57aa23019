/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * candidates.h - the preflight of a dial: load every certificate that a profile
 * offers, prove its key, and choose one (selection.h) before anything is sent.
 */
#ifndef AOVPN_CANDIDATES_H
#define AOVPN_CANDIDATES_H

#include <stddef.h>
#include <time.h>

#include "credential.h"
#include "profile.h"
#include "selection.h"

struct aovpn_candidates_choice {
	struct aovpn_credential *credential; /* NULL: none can be used */
	struct aovpn_chain_facts chain;      /* of the chosen one, else of the
						nearest miss; count 0: none loaded */
	struct aovpn_verdict *verdicts;      /* one for each candidate */
	size_t count;
	/* Where none can be used: the nearest miss, for looking at; NULL where
	 * it could not be loaded. */
	struct aovpn_credential *miss;
	char identity[AOVPN_TEXT_MAX]; /* for EAP, of the chosen one */

	/* Where none can be used: a cause of the vocabulary, and a sentence. */
	const char *cause;
	char text[AOVPN_TEXT_MAX];
	/* A password or PIN would help, and the profile names none. */
	bool password_wanted;
};

/* Where passwords and PINs come from, beside the profile. */
struct aovpn_candidates_secrets {
	/* Given by a person for this dial; not given: the profile's count. */
	struct aovpn_password password;
	struct aovpn_refused_pins *refused; /* or NULL */
	uint64_t stamp; /* of the profile: another one, another try */
	/* Only look: no PIN is used, and a key for which a dial would ask a
	 * person is left untried. */
	bool look;
};

/*
 * Load what Certificate= or CertificateDirectory= names and choose at the time
 * now; may take seconds where a token is asked. secrets: NULL for none. A
 * directory is read without what begins with ".", ends in ".password" or
 * is no regular file, in the order of names. The caller ends *ret with
 * aovpn_candidates_clear. Errors, with *ret cleared: -ENOMEM; of a directory:
 * -errno of reading it, -E2BIG (more than AOVPN_CANDIDATES_MAX files), with a
 * text.
 */
int aovpn_candidates_choose(const struct aovpn_profile *profile,
			    const struct aovpn_candidates_secrets *secrets,
			    time_t now, struct aovpn_candidates_choice *ret,
			    struct aovpn_error *error);

void aovpn_candidates_clear(struct aovpn_candidates_choice *choice);

#endif
