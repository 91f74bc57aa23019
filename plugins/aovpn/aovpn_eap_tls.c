/**
 * EAP-TLS packets (RFC 5216 3.1) and fragments (RFC 5216 2.1.5) of the peer;
 * see aovpn_eap_tls.h.
 */

#include "aovpn_eap_tls.h"

#include <daemon.h>
#include <encoding/payloads/eap_payload.h>

#include "aovpn_compat.h"
#include "aovpn_tls.h"

typedef struct private_aovpn_eap_tls_t private_aovpn_eap_tls_t;

/**
 * Flags of RFC 5216 3.1.
 */
#define FLAG_LENGTH 0x80
#define FLAG_MORE   0x40
#define FLAG_START  0x20

/**
 * EAP header (4), type, flags.
 */
#define HEADER_LEN 6

/**
 * TLS Message Length.
 */
#define LENGTH_LEN 4

/**
 * Limit of one reassembled flight of the server, bytes: several times what a
 * chain with its list of acceptable CAs takes (RFC 5216 2.1.5 asks for one).
 */
#define FLIGHT_MAX (64 * 1024)

/**
 * Limit of requests, lest a server keep us busy for ever.
 */
#define MESSAGES_MAX 256

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
	 * TLS session, NULL if it could not be made.
	 */
	aovpn_tls_t *tls;

	/**
	 * TLS bytes in one packet, at most.
	 */
	size_t fragment_size;

	/**
	 * Identifier of the request that is being answered.
	 */
	uint8_t identifier;

	/**
	 * Requests so far.
	 */
	int messages;

	/**
	 * The server's flight, as far as it came.
	 */
	chunk_t in;

	/**
	 * Length the server announced for it, 0 if none.
	 */
	uint32_t announced;

	/**
	 * Our flight.
	 */
	chunk_t out;

	/**
	 * Bytes of it handed out.
	 */
	size_t sent;
};

/**
 * A parsed request.
 */
typedef struct {

	/** flags of RFC 5216 3.1 */
	uint8_t flags;

	/** TLS Message Length, if FLAG_LENGTH is set */
	uint32_t length;

	/** TLS data, may be empty */
	chunk_t data;

} request_t;

/**
 * Connections, for the constructor.
 */
static aovpn_registry_t *registry;

/**
 * Reports, for the constructor.
 */
static aovpn_channel_t *channel;

/**
 * Parse an EAP-TLS request.
 */
static bool parse(chunk_t packet, request_t *request)
{
	if (packet.len < HEADER_LEN)
	{
		return FALSE;
	}
	memset(request, 0, sizeof(*request));
	request->flags = packet.ptr[HEADER_LEN - 1];
	request->data = chunk_skip(packet, HEADER_LEN);
	if (request->flags & FLAG_LENGTH)
	{
		if (request->data.len < LENGTH_LEN)
		{
			return FALSE;
		}
		request->length = untoh32(request->data.ptr);
		request->data = chunk_skip(request->data, LENGTH_LEN);
	}
	return TRUE;
}

/**
 * Forget what came of the server's flight.
 */
static void clear_in(private_aovpn_eap_tls_t *this)
{
	chunk_free(&this->in);
	this->announced = 0;
}

/**
 * Forget our flight, handed out or not.
 */
static void clear_out(private_aovpn_eap_tls_t *this)
{
	chunk_clear(&this->out);
	this->sent = 0;
}

/**
 * Check a fragment's length field. Some servers repeat it in each fragment.
 */
static bool check_length(private_aovpn_eap_tls_t *this, request_t *request)
{
	if (request->flags & FLAG_LENGTH)
	{
		if (this->in.len && request->length != this->announced)
		{
			return FALSE;
		}
		this->announced = request->length;
	}
	return this->announced <= FLIGHT_MAX;
}

/**
 * Add a fragment to the server's flight.
 *
 * @return			what is wrong with it, or NULL
 */
static const char *reassemble(private_aovpn_eap_tls_t *this,
							  request_t *request)
{
	if (!check_length(this, request))
	{
		return "EAP-TLS length field is wrong";
	}
	if (this->in.len + request->data.len > FLIGHT_MAX)
	{
		return "EAP-TLS message is too long";
	}
	if ((request->flags & FLAG_MORE) && !request->data.len)
	{
		return "empty EAP-TLS fragment";
	}
	this->in = chunk_cat("mc", this->in, request->data);
	if (!(request->flags & FLAG_MORE) && this->announced &&
		this->announced != this->in.len)
	{
		return "EAP-TLS message is not as long as announced";
	}
	return NULL;
}

/**
 * The server acknowledges our fragment: it must be empty.
 *
 * @return			what is wrong with it, or NULL
 */
static const char *acknowledged(private_aovpn_eap_tls_t *this,
								request_t *request)
{
	if (request->data.len || request->flags)
	{
		clear_out(this);
		return "EAP-TLS fragment was not acknowledged";
	}
	return NULL;
}

/**
 * Work on a request.
 *
 * @return			what is wrong with it, or NULL
 */
static const char *handle(private_aovpn_eap_tls_t *this, request_t *request)
{
	const char *wrong;

	if (((request->flags & FLAG_START) != 0) != (this->messages == 1))
	{
		return "EAP-TLS start at the wrong time";
	}
	if (this->out.len)
	{
		return acknowledged(this, request);
	}
	if (!(request->flags & FLAG_START))
	{
		wrong = reassemble(this, request);
		if (wrong || (request->flags & FLAG_MORE))
		{
			return wrong;
		}
	}
	this->tls->process(this->tls, this->in);
	clear_in(this);
	this->out = this->tls->take_output(this->tls);
	return NULL;
}

/**
 * Build the response: the next fragment of our flight, or an acknowledgement
 * if there is nothing to send.
 */
static eap_payload_t *respond(private_aovpn_eap_tls_t *this)
{
	size_t left = this->out.len - this->sent;
	size_t take = min(left, this->fragment_size);
	bool more = take < left, first = more && this->sent == 0;
	size_t head = HEADER_LEN + (first ? LENGTH_LEN : 0);
	chunk_t packet;

	packet = chunk_alloc(head + take);
	packet.ptr[0] = EAP_RESPONSE;
	packet.ptr[1] = this->identifier;
	htoun16(packet.ptr + 2, packet.len);
	packet.ptr[4] = EAP_TLS;
	packet.ptr[5] = (first ? FLAG_LENGTH : 0) | (more ? FLAG_MORE : 0);
	if (first)
	{
		htoun32(packet.ptr + HEADER_LEN, this->out.len);
	}
	if (take)
	{
		memcpy(packet.ptr + head, this->out.ptr + this->sent, take);
	}
	this->sent += take;
	if (this->out.len && !more)
	{
		clear_out(this);
		this->tls->output_sent(this->tls);
	}
	return eap_payload_create_data_own(packet);
}

METHOD(eap_method_t, initiate, status_t,
	private_aovpn_eap_tls_t *this, eap_payload_t **out)
{
	return FAILED;
}

METHOD(eap_method_t, process, status_t,
	private_aovpn_eap_tls_t *this, eap_payload_t *in, eap_payload_t **out)
{
	const char *wrong = "EAP-TLS packet is too short";
	request_t request;

	if (!this->tls)
	{
		/* nothing to say to the server, charon ends the IKE_SA */
		return FAILED;
	}
	this->identifier = in->get_identifier(in);
	if (++this->messages > MESSAGES_MAX)
	{
		this->tls->fail(this->tls, "too many EAP-TLS packets");
		return FAILED;
	}
	if (parse(in->get_data(in), &request))
	{
		wrong = handle(this, &request);
	}
	if (wrong)
	{
		clear_in(this);
		this->tls->fail(this->tls, wrong);
	}
	/* Also after a failure: the response takes our alert to the server, or
	 * acknowledges its alert, and EAP-Failure follows (RFC 5216 2.1.3).
	 * charon takes any other return value of a peer for a failure. */
	*out = respond(this);
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
	return this->identifier;
}

METHOD(eap_method_t, set_identifier, void,
	private_aovpn_eap_tls_t *this, uint8_t identifier)
{
	this->identifier = identifier;
}

METHOD(eap_method_t, destroy, void,
	private_aovpn_eap_tls_t *this)
{
	DESTROY_IF(this->tls);
	clear_in(this);
	clear_out(this);
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
	private_aovpn_eap_tls_t *this;
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);
	aovpn_connection_t *connection;

	connection = registry->get(registry, ike_sa);
	if (!connection)
	{
		return NULL;
	}
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
		.tls = aovpn_tls_create(connection, channel),
		.fragment_size = fragment_size(connection, ike_sa),
	);
	connection->destroy(connection);
	return &this->public.method;
}
