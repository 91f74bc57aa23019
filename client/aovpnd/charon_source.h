/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_source.h - charon's own messages over vici as a source: connects when
 * charon comes, brings events from libvici's threads into the event loop by a
 * bounded queue, and hands them to watched.h.
 */
#ifndef AOVPN_CHARON_SOURCE_H
#define AOVPN_CHARON_SOURCE_H

#include <jansson.h>
#include <sys/types.h>

#include "daemon.h"

struct charon_source;

/* Which charon. Both texts stay the caller's. */
struct charon_place {
	const char *name; /* in messages */
	const char *uri;  /* of its vici socket, "unix:///PATH" */
	bool is_rare;     /* most machines have none: be sparing */
};

/* Begin to look for a charon. Errors: -errno. */
int charon_source_new(struct daemon *daemon, const struct charon_place *place,
		      struct charon_source **ret);

/* NULL is allowed. Returns NULL. */
struct charon_source *charon_source_free(struct charon_source *source);

/* Hand on all that waits. */
void charon_source_drain(struct charon_source *source);

/* Is charon there and telling? source may be NULL. */
bool charon_source_live(const struct charon_source *source);

const char *charon_source_uri(const struct charon_source *source);

/* Its process, 0: none. */
pid_t charon_source_pid(const struct charon_source *source);

/* Events that found no room in the queue, of all charons so far. */
uint64_t charon_source_lost(const struct charon_source *source);

/* For "aovpn status": new reference; NULL for a rare one that was never there.
 */
json_t *charon_source_status(const struct charon_source *source);

#endif
