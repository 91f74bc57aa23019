/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched.h - attempts that aovpnd did not dial: IKE_SAs of a charon that
 * somebody else loaded and initiates (swanctl with stock eap-tls), by what
 * charon itself says (charon_log.h) and what the kernel shows. They get records
 * like ours, with "watched": true.
 *
 * Ours, which the plugin reports, never become one of these: charon knows them
 * by a name that begins with "aovpn-" (charon_name.h).
 */
#ifndef AOVPN_WATCHED_H
#define AOVPN_WATCHED_H

#include <jansson.h>

#include "charon_log.h"
#include "daemon.h"

struct watched;

/* Errors: -ENOMEM. */
int watched_new(struct daemon *daemon, struct watched **ret);

/* NULL is allowed. Returns NULL. */
struct watched *watched_free(struct watched *watched);

/* From that charon. */
void watched_event(struct watched *watched, struct charon_source *charon,
		   const struct charon_event *event);

/* That charon has ended, and its IKE_SAs with it. */
void watched_charon_gone(struct watched *watched,
			 const struct charon_source *charon);

/* From any other source. */
void watched_observe(struct watched *watched,
		     const struct aovpn_observation *observation);

/* Add the names of those to which the observation belongs to a list. */
void watched_concerned(const struct watched *watched,
		       const struct aovpn_observation *observation,
		       json_t *names);

/* Is one of that name being set up or up? */
bool watched_has(const struct watched *watched, const char *name);

/* Add those that are being set up or are up to the list of "aovpn status". */
void watched_status(const struct watched *watched, json_t *list);

#endif
