/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * look.h - the certificate that a connection would show to NPS, for looking at
 * and not for a dial: no PIN is used and nobody is asked for a password.
 */
#ifndef AOVPN_LOOK_H
#define AOVPN_LOOK_H

#include <limits.h>
#include <stdbool.h>
#include <time.h>

#include <openssl/x509.h>

#include "error.h"
#include "material.h"
#include "observation.h"
#include "profile.h"

struct aovpn_look {
	char file[PATH_MAX]; /* or URI, that it is in */
	/* Why a dial would not use it, one clause, or "" */
	char remark[AOVPN_TEXT_MAX];
	X509 *leaf;
	STACK_OF(X509) *chain; /* what is at hand above it; owned, as are
				  those on it */
};

/*
 * Choose as a dial at the time now would (candidates.h); where nothing can be
 * used, take what came nearest. Beside what comes with the certificate, the
 * profile's NPS roots are put on the chain, to complete it: what NPS itself
 * trusts they do not say. password: one that somebody has given, or NULL. The
 * caller ends *ret with aovpn_look_clear. Errors, with a text: those of
 * aovpn_candidates_choose, -ENODATA (there is none that can be read),
 * -EKEYREJECTED (none, but a password would help).
 */
int aovpn_look_at_profile(const struct aovpn_profile *profile,
			  const struct aovpn_password *password, time_t now,
			  struct aovpn_look *ret, struct aovpn_error *error);

/* An empty chain for *ret of file, for whoever fills it. -ENOMEM. */
int aovpn_look_new(const char *file, struct aovpn_look *ret);

/* Put a new reference to each of from but skip (or NULL) on to. -ENOMEM. */
int aovpn_look_add(STACK_OF(X509) *to, STACK_OF(X509) *from, const X509 *skip);

void aovpn_look_clear(struct aovpn_look *look);

#endif
