/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Which connections of charon are ours, and under which policy each IKE_SA of
 * ours runs.
 */

#ifndef AOVPN_REGISTRY_H_
#define AOVPN_REGISTRY_H_

#include <sa/ike_sa.h>

#include "aovpn_connection.h"

typedef struct aovpn_registry_t aovpn_registry_t;

/**
 * Connections by name and, once an IKE_SA of theirs was seen, by its unique id.
 *
 * An IKE_SA keeps the connection it began with: what the daemon registers or
 * unregisters while it lasts does not change, and above all not lift, the
 * policy that it is held to.
 *
 * Thread safe. Nothing is called with the lock held, so it may be used inside
 * any lock of charon. IKE_SAs are passed by the thread that holds them.
 */
struct aovpn_registry_t {

	/**
	 * Add a connection, in place of one with the same name.
	 *
	 * @param connection	reference gets owned
	 * @return				FALSE (and the reference is given back) if there are
	 *						too many
	 */
	bool (*add)(aovpn_registry_t *this, aovpn_connection_t *connection);

	/**
	 * Remove a connection. IKE_SAs that run keep it.
	 *
	 * @param name			name of the connection
	 * @return				FALSE if there is none
	 */
	bool (*remove)(aovpn_registry_t *this, const char *name);

	/**
	 * Get the connection of an IKE_SA.
	 *
	 * @param ike_sa		IKE_SA, may be NULL
	 * @return				reference to give back with destroy(), NULL if the
	 *						IKE_SA is not ours
	 */
	aovpn_connection_t *(*get)(aovpn_registry_t *this, ike_sa_t *ike_sa);

	/**
	 * Let an IKE_SA that replaces another one (rekeying, reauthentication) run
	 * under the same connection, should its name be no longer registered.
	 */
	void (*inherit)(aovpn_registry_t *this, ike_sa_t *old, ike_sa_t *new);

	/**
	 * Forget an IKE_SA that is being destroyed.
	 */
	void (*forget)(aovpn_registry_t *this, ike_sa_t *ike_sa);

	/**
	 * Whose IKE packet has these SPIs? For threads that hold no IKE_SA.
	 *
	 * @param spi_i			initiator's, host order
	 * @param spi_r			responder's, 0 if it is not known yet
	 * @param ret_id		receives the IKE_SA's unique id
	 * @param name			receives the connection's name
	 * @param size			size of name
	 * @return				FALSE if it is of no IKE_SA of ours
	 */
	bool (*find_spis)(aovpn_registry_t *this, uint64_t spi_i, uint64_t spi_r,
					  uint32_t *ret_id, char *name, size_t size);

	/**
	 * Remember how often the current request was sent again.
	 *
	 * @param ike_sa		IKE_SA that get() knows
	 * @param count			retransmissions, -1 to leave it as it is
	 * @return				what is remembered now
	 */
	uint32_t (*retransmits)(aovpn_registry_t *this, ike_sa_t *ike_sa,
							int count);

	/**
	 * Destroy the registry and everything in it.
	 */
	void (*destroy)(aovpn_registry_t *this);
};

/**
 * Create an empty registry.
 */
aovpn_registry_t *aovpn_registry_create();

#endif /** AOVPN_REGISTRY_H_ */
