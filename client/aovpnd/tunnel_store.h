/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel_store.h - the tunnels that are up, one recording of its dial each
 * (attempt_json.h), as DIRECTORY/NAME.json: what a daemon that was killed knew
 * of them, for the one after it.
 */
#ifndef AOVPN_TUNNEL_STORE_H
#define AOVPN_TUNNEL_STORE_H

#include "attempt_json.h"

/* The directory is made (mode 0700) where it is missing. Errors, with a text:
 * -errno; of what cannot be saved nothing stays. */
int tunnel_store_save(const char *directory,
		      const struct aovpn_attempt *attempt,
		      const struct recorded_outcome *outcome,
		      struct aovpn_error *error);

/* The tunnel of that name is down. */
void tunnel_store_forget(const char *directory, const char *name);

/*
 * Read the tunnel of that name; the caller ends *ret with aovpn_attempt_clear.
 * Errors, with a text: -ENOENT, -errno, those of attempt_json_read, -EBADMSG (a
 * recording of another connection).
 */
int tunnel_store_read(const char *directory, const char *name,
		      struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error);

#endif
