/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_watch.h - what of a connection's certificate will end soon: the
 * certificates of its chain, and the CRLs on its path; for warnings of the
 * daemon and for monitoring by `aovpn cert watch`.
 */
#ifndef AOVPN_CERTIFICATE_WATCH_H
#define AOVPN_CERTIFICATE_WATCH_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "certificate_check.h"
#include "expiry.h"
#include "profile.h"

enum aovpn_watched_kind {
	AOVPN_WATCHED_CERTIFICATE = 1,
	AOVPN_WATCHED_CRL,
};

/* One thing with an end, near or not. */
struct aovpn_watched {
	enum aovpn_watched_kind kind;
	struct aovpn_term term;
	uint32_t depth; /* the certificate, or the one that the CRL is about */
	char subject[AOVPN_TEXT_MAX]; /* of that certificate; escaped */
	char id[AOVPN_URL_MAX];       /* its SHA-256, or the CRL's URL */
};

#define AOVPN_WATCHED_MAX (AOVPN_CHAIN_MAX * (1 + AOVPN_POINTS_MAX))

struct aovpn_watch {
	char file[PATH_MAX]; /* or URI, that the leaf is in */
	struct aovpn_watched list[AOVPN_WATCHED_MAX];
	size_t count;
	/* What could not be found out, one sentence without full stop; or "" */
	char unknown[AOVPN_TEXT_MAX];
};

/* List what check has found; a pure function. */
void aovpn_watch_list(const struct aovpn_check *check, struct aovpn_watch *ret);

/*
 * Look at the certificate that the profile would show (look.h) and ask the
 * network about its path; takes as long as the fetcher (NULL: ask nobody).
 * Errors, with a text: those of aovpn_look_at_profile and aovpn_check_run.
 */
int aovpn_watch_profile(const struct aovpn_profile *profile,
			const struct aovpn_fetcher *fetcher, time_t now,
			struct aovpn_watch *ret, struct aovpn_error *error);

/* A sentence without full stop about something whose end is near or past. */
void aovpn_watched_text(const struct aovpn_watched *watched, time_t now,
			char *out, size_t size);

#endif
