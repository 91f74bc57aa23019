/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * EAP-TLS packets and fragments; see aovpn_eap_packet.h.
 */

#include "aovpn_eap_packet.h"

#include <stdlib.h>
#include <string.h>

/**
 * EAP code and types of RFC 3748 4.1, 5.2 and RFC 5216 3.1.
 */
#define CODE_REQUEST      1
#define CODE_RESPONSE     2
#define TYPE_NOTIFICATION 2
#define TYPE_TLS          13

/**
 * Flags of RFC 5216 3.1. The other bits are reserved and to be ignored.
 */
#define FLAG_LENGTH 0x80
#define FLAG_MORE   0x40
#define FLAG_START  0x20

/**
 * Code, identifier, length; then the type; then flags.
 */
#define EAP_HEADER_LEN  4
#define TYPE_HEADER_LEN 5
#define TLS_HEADER_LEN  6

/**
 * TLS Message Length.
 */
#define LENGTH_LEN 4

/**
 * A parsed EAP-TLS request.
 */
typedef struct {

	/** flags of RFC 5216 3.1 */
	uint8_t flags;

	/** TLS Message Length, if FLAG_LENGTH is set */
	uint32_t length;

	/** TLS data */
	const uint8_t *data;

	/** bytes of it, may be 0 */
	size_t len;

} request_t;

/**
 * Refuse a request.
 */
static aovpn_eap_step_t broken(aovpn_eap_packets_t *this,
							   enum aovpn_eap_error error, const char *text)
{
	aovpn_eap_packets_clear(this);
	this->error = error;
	this->text = text;
	return AOVPN_EAP_BROKEN;
}

/**
 * Same, for what is not as RFC 5216 has it.
 */
static aovpn_eap_step_t malformed(aovpn_eap_packets_t *this, const char *text)
{
	return broken(this, AOVPN_EAP_MALFORMED, text);
}

/**
 * Parse what follows the type. FALSE if it is too short.
 */
static bool parse_tls(const uint8_t *packet, size_t len, request_t *request)
{
	const uint8_t *at = packet + TLS_HEADER_LEN;

	if (len < TLS_HEADER_LEN)
	{
		return false;
	}
	*request = (request_t){
		.flags = packet[TLS_HEADER_LEN - 1],
		.data = at,
		.len = len - TLS_HEADER_LEN,
	};
	if (request->flags & FLAG_LENGTH)
	{
		if (request->len < LENGTH_LEN)
		{
			return false;
		}
		request->length = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
						  (uint32_t)at[2] << 8 | at[3];
		request->data += LENGTH_LEN;
		request->len -= LENGTH_LEN;
	}
	return true;
}

/**
 * Forget what came of the server's flight.
 */
static void clear_in(aovpn_eap_packets_t *this)
{
	free(this->in);
	this->in = NULL;
	this->in_len = 0;
	this->announced = false;
	this->announced_len = 0;
}

/**
 * Forget our flight, handed out or not. It went over the network as it is:
 * nothing to wipe.
 */
static void clear_out(aovpn_eap_packets_t *this)
{
	free(this->out);
	this->out = NULL;
	this->out_len = 0;
	this->sent = 0;
}

/**
 * Check a fragment's length field. Some servers repeat it in each fragment.
 */
static bool check_length(aovpn_eap_packets_t *this, const request_t *request)
{
	if (!(request->flags & FLAG_LENGTH))
	{
		return true;
	}
	if (this->in_len &&
		(!this->announced || request->length != this->announced_len))
	{
		return false;
	}
	this->announced = true;
	this->announced_len = request->length;
	return true;
}

/**
 * Append to the server's flight.
 */
static bool append(aovpn_eap_packets_t *this, const request_t *request)
{
	uint8_t *more;

	if (!request->len)
	{
		return true;
	}
	more = realloc(this->in, this->in_len + request->len);
	if (!more)
	{
		return false;
	}
	memcpy(more + this->in_len, request->data, request->len);
	this->in = more;
	this->in_len += request->len;
	return true;
}

/**
 * Add a fragment to the server's flight.
 */
static aovpn_eap_step_t reassemble(aovpn_eap_packets_t *this,
								   const request_t *request)
{
	bool more = request->flags & FLAG_MORE;

	if (!check_length(this, request))
	{
		return malformed(this, "EAP-TLS length field changes between fragments");
	}
	if (this->in_len + request->len > AOVPN_EAP_FLIGHT_MAX ||
		(this->announced && this->announced_len > AOVPN_EAP_FLIGHT_MAX))
	{
		return broken(this, AOVPN_EAP_TOO_LONG,
					  "EAP-TLS message of more than 64 KiB");
	}
	if (more && !request->len)
	{
		return malformed(this, "empty EAP-TLS fragment");
	}
	if (!append(this, request))
	{
		return broken(this, AOVPN_EAP_NO_MEMORY,
					  "no memory for the server's EAP-TLS message");
	}
	if (this->announced && (more ? this->in_len >= this->announced_len :
								   this->in_len != this->announced_len))
	{
		return malformed(this, "EAP-TLS message is not as long as announced");
	}
	return more ? AOVPN_EAP_PART : AOVPN_EAP_FLIGHT;
}

/**
 * The first EAP-TLS request: Start, without anything else.
 */
static aovpn_eap_step_t start(aovpn_eap_packets_t *this,
							  const request_t *request)
{
	if (!(request->flags & FLAG_START))
	{
		return malformed(this, "EAP-TLS without Start");
	}
	if ((request->flags & FLAG_MORE) || request->len)
	{
		return malformed(this, "EAP-TLS Start with data");
	}
	this->started = true;
	return AOVPN_EAP_FLIGHT;
}

/**
 * Work on an EAP-TLS request.
 */
static aovpn_eap_step_t take_tls(aovpn_eap_packets_t *this,
								 const request_t *request)
{
	if (!this->started)
	{
		return start(this, request);
	}
	if (request->flags & FLAG_START)
	{
		return malformed(this, "EAP-TLS Start in mid-handshake");
	}
	if (!this->out_len)
	{
		return reassemble(this, request);
	}
	if (request->len || (request->flags & (FLAG_LENGTH | FLAG_MORE)))
	{
		return malformed(this, "EAP-TLS fragment was not acknowledged");
	}
	return AOVPN_EAP_NEXT;
}

/*
 * Described in header
 */
aovpn_eap_step_t aovpn_eap_packets_take(aovpn_eap_packets_t *this,
										const uint8_t *packet, size_t len)
{
	request_t request;

	this->type = TYPE_TLS;
	if (len < TYPE_HEADER_LEN || packet[0] != CODE_REQUEST ||
		((size_t)packet[2] << 8 | packet[3]) != len)
	{
		return malformed(this, "EAP packet is too short");
	}
	this->identifier = packet[1];
	if (++this->requests > AOVPN_EAP_REQUESTS_MAX)
	{
		return broken(this, AOVPN_EAP_TOO_MANY, "too many EAP requests");
	}
	if (packet[EAP_HEADER_LEN] == TYPE_NOTIFICATION)
	{
		this->type = TYPE_NOTIFICATION;
		return AOVPN_EAP_NOTIFIED;
	}
	if (packet[EAP_HEADER_LEN] != TYPE_TLS)
	{
		/* RFC 3748 2.1 forbids it */
		return broken(this, AOVPN_EAP_OTHER_TYPE,
					  "another EAP type in the middle of EAP-TLS");
	}
	if (!parse_tls(packet, len, &request))
	{
		return malformed(this, "EAP-TLS packet is too short");
	}
	return take_tls(this, &request);
}

/*
 * Described in header
 */
void aovpn_eap_packets_send(aovpn_eap_packets_t *this, uint8_t *out,
							size_t len)
{
	aovpn_eap_packets_clear(this);
	this->out = out;
	this->out_len = len;
}

/**
 * Write the headers of a response. first: with the length of our flight.
 */
static void write_headers(const aovpn_eap_packets_t *this, uint8_t *packet,
						  size_t len, bool first, bool more)
{
	packet[0] = CODE_RESPONSE;
	packet[1] = this->identifier;
	packet[2] = len >> 8;
	packet[3] = len;
	packet[4] = this->type;
	if (this->type != TYPE_TLS)
	{
		return;
	}
	packet[5] = (first ? FLAG_LENGTH : 0) | (more ? FLAG_MORE : 0);
	if (first)
	{
		packet[6] = this->out_len >> 24;
		packet[7] = this->out_len >> 16;
		packet[8] = this->out_len >> 8;
		packet[9] = this->out_len;
	}
}

/*
 * Described in header
 */
uint8_t *aovpn_eap_packets_respond(aovpn_eap_packets_t *this,
								   size_t *ret_len, bool *ret_last)
{
	bool tls = this->type == TYPE_TLS;
	size_t left = tls ? this->out_len - this->sent : 0;
	size_t take = left < this->fragment_size ? left : this->fragment_size;
	bool more = take < left, first = more && this->sent == 0;
	size_t head = tls ? TLS_HEADER_LEN : TYPE_HEADER_LEN;
	uint8_t *packet;

	head += first ? LENGTH_LEN : 0;
	packet = malloc(head + take);
	if (!packet)
	{
		return NULL;
	}
	write_headers(this, packet, head + take, first, more);
	if (take)
	{
		memcpy(packet + head, this->out + this->sent, take);
	}
	this->sent += take;
	*ret_len = head + take;
	*ret_last = left && !more;
	if (*ret_last)
	{
		clear_out(this);
	}
	return packet;
}

/*
 * Described in header
 */
void aovpn_eap_packets_clear(aovpn_eap_packets_t *this)
{
	clear_in(this);
	clear_out(this);
}
