/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_watch.h - warns in the log, once each, 30, 14, 7 and 1 days before a
 * certificate of a connection's chain expires and when it has, and when a CRL
 * on its path is about to go stale or has.
 *
 * These are no events of a dial, so there is no record of them: whoever wants
 * to be told by a monitoring system asks `aovpn cert watch`.
 */
#ifndef AOVPN_CERT_WATCH_H
#define AOVPN_CERT_WATCH_H

#include <stdbool.h>

#include "certificate_watch.h"
#include "daemon.h"

struct cert_watch;

/*
 * Look a minute from now and every six hours from then on, at all profiles that
 * there are then; AOVPN_WATCH_INTERVAL of the environment is another interval
 * in seconds, 0 for never. *ret is NULL for never. Errors: -errno; -EINVAL (not
 * such a number) with a text.
 */
int cert_watch_new(const struct daemon *daemon, struct cert_watch **ret,
		   struct aovpn_error *error);

/* Is a worker asking the network now? NULL is allowed. */
bool cert_watch_busy(const struct cert_watch *watch);

struct cert_watch_known {
	char connection[AOVPN_NAME_MAX];
	struct aovpn_watched watched;
};

/* What the last look has found, those of one connection behind each other;
 * returns how many. It stays until the next look. NULL is allowed. */
size_t cert_watch_known(const struct cert_watch *watch,
			const struct cert_watch_known **ret);

/* NULL is allowed. Returns NULL. Where a worker is busy, its part stays. */
struct cert_watch *cert_watch_free(struct cert_watch *watch);

#define CERT_WATCH_TOLD_MAX 256

/* What was warned of already. */
struct cert_watch_told {
	struct {
		char key[AOVPN_NAME_MAX + AOVPN_URL_MAX];
		enum aovpn_urgency urgency;
	} list[CERT_WATCH_TOLD_MAX];
	size_t count;
	size_t next; /* to be forgotten where there is no more room */
};

/* Is a warning due about something of a connection? Remembers that it was
 * given. */
bool cert_watch_due(struct cert_watch_told *told, const char *connection,
		    const struct aovpn_watched *watched, time_t now);

#endif
