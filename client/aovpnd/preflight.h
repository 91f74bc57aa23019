/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preflight.h - choosing a certificate and proving its key (candidates.h) as a
 * job for a worker, because a token may take its time.
 */
#ifndef AOVPN_PREFLIGHT_H
#define AOVPN_PREFLIGHT_H

#include "candidates.h"
#include "daemon.h"

struct connection;

struct preflight_job {
	struct connection *owner; /* only for whoever started it */
	struct aovpn_profile profile;
	struct aovpn_candidates_secrets secrets;
	time_t now;

	/* What came of it. */
	int result; /* of aovpn_candidates_choose */
	struct aovpn_candidates_choice choice;
	struct aovpn_error error;
};

/* password is copied; NULL: none. Returns NULL without memory. */
struct preflight_job *preflight_new(const struct daemon *daemon,
				    const struct aovpn_profile *profile,
				    const struct aovpn_password *password,
				    time_t now);

/* worker_run_t: choose, wipe the password, and wait until the kernel's hooks
 * are attached, so that no packet of the dial is missed. */
void preflight_run(void *job);

/* What is left in the choice goes too. NULL is allowed. Returns NULL. */
struct preflight_job *preflight_free(struct preflight_job *job);

#endif
