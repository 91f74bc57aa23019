/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history_store.h - what dials have proven, kept from one life of the daemon to
 * the next: for each connection, gateway and issuer (history.h).
 *
 * The issuer of the leaf is known by its name and by the identifier of its key
 * (RFC 5280 4.2.1.1), which stay the same when the CA's certificate is renewed,
 * as when a CDP is added to it; with another key it is another issuer.
 *
 * The file is one JSON object {schema, entry [{connection, server, issuer,
 * issuer_key_id, history {...}}]}, the last to have connected first.
 */
#ifndef AOVPN_HISTORY_STORE_H
#define AOVPN_HISTORY_STORE_H

#include "attempt.h"
#include "error.h"

#define HISTORY_ENTRIES_MAX 32

struct history_store;

/*
 * Open the file path in directory. Returns 0, also where there is none yet, or
 * -ENOMEM. A file that cannot be read or is damaged leaves an empty store, and
 * error says why (else error->text is ""); it is overwritten by the next
 * success.
 */
int history_store_open(const char *directory, const char *path,
		       struct history_store **ret, struct aovpn_error *error);

/* NULL is allowed. Returns NULL. */
struct history_store *history_store_free(struct history_store *store);

/* Set attempt->history to what is known of its connection, gateway and issuer;
 * all 0 where that is nothing. store may be NULL. */
void history_store_find(const struct history_store *store,
			struct aovpn_attempt *attempt);

/*
 * Keep that the attempt has connected (aovpn_history_note) and write the file;
 * attempt->history itself stays as it was at the dial. Does nothing for an
 * attempt without a certificate. Errors: -errno of writing it, with a text; it
 * is kept in memory all the same. store may be NULL.
 */
int history_store_note(struct history_store *store,
		       struct aovpn_attempt *attempt, bool resumed, time_t at,
		       struct aovpn_error *error);

#endif
