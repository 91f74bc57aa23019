/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Shows charon the gateway roots of a profile, while it is busy with an IKE_SA
 * of that profile and at no other time.
 */

#ifndef AOVPN_CREDS_H_
#define AOVPN_CREDS_H_

#include <credentials/credential_set.h>

#include "aovpn_registry.h"

typedef struct aovpn_creds_t aovpn_creds_t;

/**
 * Credential set with the roots of the current IKE_SA's connection.
 *
 * charon's credential manager is one for all connections; roots that were added
 * to it plainly would be trusted by all of them. So this set looks at the
 * IKE_SA that the asking thread works on (bus_t.get_sa) and has nothing to
 * offer to others.
 *
 * No cache needs to be flushed when a policy changes: cert_cache_t keeps which
 * certificate signed which, never that one is trusted, and offers nothing when
 * asked for trusted certificates. (5.9.8 and 6.0; a flush would have to wait
 * for threads that fetch a CRL.)
 */
struct aovpn_creds_t {

	/**
	 * Implements credential_set_t.
	 */
	credential_set_t set;

	/**
	 * Destroy the set.
	 */
	void (*destroy)(aovpn_creds_t *this);
};

/**
 * Create the set.
 *
 * @param registry		connections, not owned
 */
aovpn_creds_t *aovpn_creds_create(aovpn_registry_t *registry);

#endif /** AOVPN_CREDS_H_ */
