/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Asks gateways for DNS servers; see aovpn_dns.h.
 */

#include "aovpn_dns.h"

#include <daemon.h>
#include <networking/host.h>
#include <plugins/plugin_feature.h>

typedef struct private_aovpn_dns_t private_aovpn_dns_t;

/**
 * Private data of an aovpn_dns_t object.
 */
struct private_aovpn_dns_t {

	/**
	 * Public interface.
	 */
	aovpn_dns_t public;

	/**
	 * Connections, not owned.
	 */
	aovpn_registry_t *registry;
};

/**
 * What is still to be asked for.
 */
typedef struct {

	/**
	 * Implements enumerator_t.
	 */
	enumerator_t public;

	/**
	 * INTERNAL_IP4_DNS?
	 */
	bool v4;

	/**
	 * INTERNAL_IP6_DNS?
	 */
	bool v6;

} request_t;

/**
 * Is it an IKE_SA of ours, and does nobody else do it?
 */
static bool is_wanted(private_aovpn_dns_t *this, ike_sa_t *ike_sa)
{
	plugin_feature_t resolve = PLUGIN_PROVIDE(CUSTOM, "resolve");
	aovpn_connection_t *connection;

	if (lib->plugins->has_feature(lib->plugins, resolve))
	{
		return FALSE;
	}
	connection = this->registry->get(this->registry, ike_sa);
	if (!connection)
	{
		return FALSE;
	}
	connection->destroy(connection);
	return TRUE;
}

METHOD(attribute_handler_t, handle, bool,
	private_aovpn_dns_t *this, ike_sa_t *ike_sa,
	configuration_attribute_type_t type, chunk_t data)
{
	/* the IKE_SA keeps it, the listener reports it, the daemon sets it */
	return (type == INTERNAL_IP4_DNS || type == INTERNAL_IP6_DNS) &&
			is_wanted(this, ike_sa);
}

METHOD(attribute_handler_t, release, void,
	private_aovpn_dns_t *this, ike_sa_t *ike_sa,
	configuration_attribute_type_t type, chunk_t data)
{
}

METHOD(enumerator_t, enumerate, bool,
	request_t *this, va_list args)
{
	configuration_attribute_type_t *type;
	chunk_t *data;

	VA_ARGS_VGET(args, type, data);
	if (!this->v4 && !this->v6)
	{
		return FALSE;
	}
	*type = this->v4 ? INTERNAL_IP4_DNS : INTERNAL_IP6_DNS;
	*data = chunk_empty;
	if (this->v4)
	{
		this->v4 = FALSE;
	}
	else
	{
		this->v6 = FALSE;
	}
	return TRUE;
}

/**
 * Is an address of that family asked for?
 */
static bool has_family(linked_list_t *vips, int family)
{
	enumerator_t *enumerator;
	host_t *host;
	bool found = FALSE;

	enumerator = vips->create_enumerator(vips);
	while (!found && enumerator->enumerate(enumerator, &host))
	{
		found = host->get_family(host) == family;
	}
	enumerator->destroy(enumerator);
	return found;
}

METHOD(attribute_handler_t, create_attribute_enumerator, enumerator_t*,
	private_aovpn_dns_t *this, ike_sa_t *ike_sa, linked_list_t *vips)
{
	request_t *request;

	if (!is_wanted(this, ike_sa))
	{
		return enumerator_create_empty();
	}
	INIT(request,
		.public = {
			.enumerate = enumerator_enumerate_default,
			.venumerate = _enumerate,
			.destroy = (void*)free,
		},
		.v4 = has_family(vips, AF_INET),
		.v6 = has_family(vips, AF_INET6),
	);
	return &request->public;
}

METHOD(aovpn_dns_t, destroy, void,
	private_aovpn_dns_t *this)
{
	free(this);
}

/*
 * see header file
 */
aovpn_dns_t *aovpn_dns_create(aovpn_registry_t *registry)
{
	private_aovpn_dns_t *this;

	INIT(this,
		.public = {
			.handler = {
				.handle = _handle,
				.release = _release,
				.create_attribute_enumerator = _create_attribute_enumerator,
			},
			.destroy = _destroy,
		},
		.registry = registry,
	);
	return &this->public;
}
