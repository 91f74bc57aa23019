/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * revocation.h - what the answers of CRL distribution points (RFC 5280 5) and
 * OCSP responders (RFC 6960) together say of a certificate's revocation.
 */
#ifndef AOVPN_REVOCATION_H
#define AOVPN_REVOCATION_H

#include <stddef.h>
#include <time.h>

#include "certificate.h"
#include "fetch.h"

/*
 * Judge count (at least 1) results about one certificate, in the order of
 * preference, as of now. An answer that it is revoked beats all others, even
 * one past its nextUpdate; then a fresh good one beats all failures. Else,
 * where some point could not be asked from here, NPS may get its answer there:
 * OFFLINE, or NOT_CHECKED where none was tried at all (not in the cache, the
 * helper did not run, ldap: which a domain member can ask and this program
 * cannot). Else what was got is STALE or, wrongly signed or about something
 * else, INVALID.
 */
void aovpn_revocation_judge(const struct aovpn_fetched *points, size_t count,
			    time_t now, struct aovpn_revocation_facts *ret);

/* "not-checked", "not-needed", "good", "revoked", "no-point", "offline",
 * "stale", "invalid": for JSON, never renamed. */
const char *aovpn_revocation_state_name(uint32_t state);

#endif
