/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * EAP-TLS as a method of charon's: between aovpn_eap_packet.c and aovpn_tls.c;
 * see aovpn_eap_tls.h.
 */

#include "aovpn_eap_tls.h"

#include <collections/linked_list.h>
#include <daemon.h>
#include <encoding/payloads/eap_payload.h>
#include <threading/mutex.h>

#include "aovpn_compat.h"
#include "aovpn_eap_packet.h"
#include "aovpn_tls.h"

typedef struct private_aovpn_eap_tls_t private_aovpn_eap_tls_t;

/**
 * TLS bytes in one packet, at most, where the gateway does not know IKE
 * fragmentation (RFC 7383): the IKE message must fit into one IP packet, for
 * fragments of IP often get lost. It takes less than 150 bytes around them with
 * UDP encapsulation and IPv6, so that this fits the smallest MTU of IPv6, 1280.
 */
#define UNFRAGMENTED_MAX 1024

/**
 * Private data of an aovpn_eap_tls_t object.
 */
struct private_aovpn_eap_tls_t {

	/**
	 * Public interface.
	 */
	aovpn_eap_tls_t public;

	/**
	 * Unique id of the IKE_SA it was made for.
	 */
	uint32_t ike_sa_id;

	/**
	 * TLS session, NULL if it could not be made or was given up.
	 */
	aovpn_tls_t *tls;

	/**
	 * Packets and fragments.
	 */
	aovpn_eap_packets_t packets;

	/**
	 * Something went wrong: one more answer, then nothing.
	 */
	bool over;
};

/**
 * Connections, for the constructor.
 */
static aovpn_registry_t *registry;

/**
 * Reports, for the constructor.
 */
static aovpn_channel_t *channel;

/**
 * All methods (private_aovpn_eap_tls_t). charon forgets one without
 * destroying it when the server asks for the identity again.
 */
static linked_list_t *methods;

/**
 * Guards the list, not what is in it: that belongs to the thread that holds
 * the IKE_SA.
 */
static mutex_t *methods_lock;

/**
 * Destroy session, keys and flights.
 */
static void release(private_aovpn_eap_tls_t *this)
{
	DESTROY_IF(this->tls);
	this->tls = NULL;
	aovpn_eap_packets_clear(&this->packets);
}

/**
 * Release all methods of an IKE_SA. The objects themselves stay: charon may
 * still hold them.
 *
 * @return			whether there was any
 */
static bool release_all(uint32_t ike_sa_id)
{
	private_aovpn_eap_tls_t *method;
	enumerator_t *enumerator;
	linked_list_t *found;
	bool any;

	found = linked_list_create();
	methods_lock->lock(methods_lock);
	enumerator = methods->create_enumerator(methods);
	while (enumerator->enumerate(enumerator, &method))
	{
		if (method->ike_sa_id == ike_sa_id)
		{
			found->insert_last(found, method);
		}
	}
	enumerator->destroy(enumerator);
	methods_lock->unlock(methods_lock);

	any = found->get_count(found) > 0;
	while (found->remove_first(found, (void**)&method) == SUCCESS)
	{
		release(method);
	}
	found->destroy(found);
	return any;
}

/**
 * Work on the server's flight.
 */
static void handle_flight(private_aovpn_eap_tls_t *this)
{
	chunk_t out;

	this->over = !this->tls->process(this->tls,
						chunk_create(this->packets.in, this->packets.in_len));
	out = this->tls->take_output(this->tls);
	aovpn_eap_packets_send(&this->packets, out.ptr, out.len);
}

/**
 * Work on a request.
 */
static void handle(private_aovpn_eap_tls_t *this, chunk_t packet)
{
	switch (aovpn_eap_packets_take(&this->packets, packet.ptr, packet.len))
	{
		case AOVPN_EAP_BROKEN:
			this->tls->fail(this->tls, this->packets.error,
							this->packets.text);
			this->over = TRUE;
			break;
		case AOVPN_EAP_FLIGHT:
			handle_flight(this);
			break;
		case AOVPN_EAP_PART:
		case AOVPN_EAP_NEXT:
		case AOVPN_EAP_NOTIFIED:
			break;
	}
}

METHOD(eap_method_t, initiate, status_t,
	private_aovpn_eap_tls_t *this, eap_payload_t **out)
{
	return FAILED;
}

METHOD(eap_method_t, process, status_t,
	private_aovpn_eap_tls_t *this, eap_payload_t *in, eap_payload_t **out)
{
	chunk_t response;
	bool last;

	if (!this->tls || (this->over && !this->packets.out_len))
	{
		/* nothing to say to the server, charon ends the IKE_SA */
		return FAILED;
	}
	handle(this, in->get_data(in));
	/* Also after a failure: the response takes our alert to the server, or
	 * acknowledges its alert, and EAP-Failure follows (RFC 5216 2.1.3).
	 * charon takes any other return value of a peer for a failure. */
	response.ptr = aovpn_eap_packets_respond(&this->packets, &response.len,
											 &last);
	if (!response.ptr)
	{
		this->tls->fail(this->tls, AOVPN_EAP_NO_MEMORY,
						"no memory for our EAP-TLS packet");
		return FAILED;
	}
	if (last)
	{
		this->tls->output_sent(this->tls);
	}
	*out = eap_payload_create_data_own(response);
	return NEED_MORE;
}

METHOD(eap_method_t, get_type, eap_type_t,
	private_aovpn_eap_tls_t *this, aovpn_vendor_t *vendor)
{
	*vendor = 0;
	return EAP_TLS;
}

METHOD(eap_method_t, is_mutual, bool,
	private_aovpn_eap_tls_t *this)
{
	/* EAP-TLS is mutual, but charon asks in order to know whether it may do
	 * without the gateway's own authentication (RFC 5998), and it may not:
	 * NPS vouches for no gateway. aovpn_gateway refuses that as well. */
	return FALSE;
}

METHOD(eap_method_t, get_msk, status_t,
	private_aovpn_eap_tls_t *this, chunk_t *msk)
{
	return this->tls && this->tls->get_msk(this->tls, msk) ? SUCCESS : FAILED;
}

METHOD(eap_method_t, get_identifier, uint8_t,
	private_aovpn_eap_tls_t *this)
{
	return this->packets.identifier;
}

METHOD(eap_method_t, set_identifier, void,
	private_aovpn_eap_tls_t *this, uint8_t identifier)
{
	this->packets.identifier = identifier;
}

METHOD(eap_method_t, destroy, void,
	private_aovpn_eap_tls_t *this)
{
	methods_lock->lock(methods_lock);
	methods->remove(methods, this, NULL);
	methods_lock->unlock(methods_lock);
	release(this);
	free(this);
}

/*
 * Described in header
 */
void aovpn_eap_tls_init(aovpn_registry_t *new_registry,
						aovpn_channel_t *new_channel)
{
	registry = new_registry;
	channel = new_channel;
	if (registry)
	{
		methods = linked_list_create();
		methods_lock = mutex_create(MUTEX_TYPE_DEFAULT);
		return;
	}
	/* no IKE_SA is left: what is still here charon has forgotten */
	methods->invoke_function(methods, (void*)release);
	methods->destroy_function(methods, free);
	methods_lock->destroy(methods_lock);
}

/*
 * Described in header
 */
void aovpn_eap_tls_forget(ike_sa_t *ike_sa)
{
	release_all(ike_sa->get_unique_id(ike_sa));
}

/**
 * TLS bytes in one packet on the way to this gateway.
 */
static size_t fragment_size(aovpn_connection_t *connection, ike_sa_t *ike_sa)
{
	size_t size = connection->policy.fragment_size;

	if (ike_sa->supports_extension(ike_sa, EXT_IKE_FRAGMENTATION))
	{
		return size;
	}
	return min(size, UNFRAGMENTED_MAX);
}

/*
 * Described in header
 */
eap_method_t *aovpn_eap_tls_create(identification_t *server,
								   identification_t *peer)
{
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);
	private_aovpn_eap_tls_t *this;
	aovpn_connection_t *connection;
	bool again;

	connection = registry->get(registry, ike_sa);
	if (!connection)
	{
		return NULL;
	}
	again = release_all(ike_sa->get_unique_id(ike_sa));
	INIT(this,
		.public = {
			.method = {
				.initiate = _initiate,
				.process = _process,
				.get_type = _get_type,
				.is_mutual = _is_mutual,
				.get_msk = _get_msk,
				.get_identifier = _get_identifier,
				.set_identifier = _set_identifier,
				.destroy = _destroy,
			},
		},
		.ike_sa_id = ike_sa->get_unique_id(ike_sa),
		.tls = aovpn_tls_create(connection, channel),
		.packets = {
			.fragment_size = fragment_size(connection, ike_sa),
		},
		.over = again,
	);
	connection->destroy(connection);
	if (again && this->tls)
	{
		this->tls->fail(this->tls, AOVPN_EAP_OTHER_TYPE,
						"EAP-TLS begins for the second time");
	}
	methods_lock->lock(methods_lock);
	methods->insert_last(methods, this);
	methods_lock->unlock(methods_lock);
	return &this->public.method;
}
