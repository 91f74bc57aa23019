/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Gateway roots for the current IKE_SA only; see aovpn_creds.h.
 */

#include "aovpn_creds.h"

#include <daemon.h>

typedef struct private_aovpn_creds_t private_aovpn_creds_t;

/**
 * Private data of an aovpn_creds_t object.
 */
struct private_aovpn_creds_t {

	/**
	 * Public interface.
	 */
	aovpn_creds_t public;

	/**
	 * Connections of ours.
	 */
	aovpn_registry_t *registry;
};

METHOD(credential_set_t, create_cert_enumerator, enumerator_t*,
	private_aovpn_creds_t *this, certificate_type_t cert, key_type_t key,
	identification_t *id, bool trusted)
{
	aovpn_connection_t *connection;
	credential_set_t *set;

	connection = this->registry->get(this->registry,
									 charon->bus->get_sa(charon->bus));
	if (!connection)
	{
		return NULL;
	}
	set = &connection->gateway_creds->set;
	return enumerator_create_cleaner(
				set->create_cert_enumerator(set, cert, key, id, trusted),
				(void*)connection->destroy, connection);
}

METHOD(aovpn_creds_t, destroy, void,
	private_aovpn_creds_t *this)
{
	free(this);
}

/*
 * Described in header
 */
aovpn_creds_t *aovpn_creds_create(aovpn_registry_t *registry)
{
	private_aovpn_creds_t *this;

	INIT(this,
		.public = {
			.set = {
				.create_private_enumerator = (void*)return_null,
				.create_cert_enumerator = _create_cert_enumerator,
				.create_shared_enumerator = (void*)return_null,
				.create_cdp_enumerator = (void*)return_null,
				.cache_cert = (void*)nop,
			},
			.destroy = _destroy,
		},
		.registry = registry,
	);
	return &this->public;
}
