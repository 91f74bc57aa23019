/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * EAP-TLS packets (RFC 3748 4, RFC 5216 3) and fragments (RFC 5216 2.1.5) of
 * the peer: parses requests, puts the server's flight together, cuts ours.
 *
 * Knows neither TLS nor charon, so that the plugin, the unit tests and the
 * fuzzer run the same code.
 */

#ifndef AOVPN_EAP_PACKET_H_
#define AOVPN_EAP_PACKET_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "observation.h"

/**
 * Limit of one reassembled flight of the server, bytes: several times what a
 * chain with its list of acceptable CAs takes (RFC 5216 2.1.5 asks for one).
 */
#define AOVPN_EAP_FLIGHT_MAX (64 * 1024)

/**
 * Limit of requests, lest a server keep us busy for ever.
 */
#define AOVPN_EAP_REQUESTS_MAX 256

/**
 * What a request asks for.
 */
typedef enum {
	/** it is against the protocol: error and text say how */
	AOVPN_EAP_BROKEN,
	/** a part of the server's flight: acknowledge it */
	AOVPN_EAP_PART,
	/** the server's flight is complete (none with Start): work on it */
	AOVPN_EAP_FLIGHT,
	/** the next part of our flight */
	AOVPN_EAP_NEXT,
	/** a Notification (RFC 3748 5.2), which wants no more than an answer */
	AOVPN_EAP_NOTIFIED,
} aovpn_eap_step_t;

/**
 * One EAP-TLS conversation. Members are for aovpn_eap_packet.c, but for what
 * is said to be read or set by others.
 */
typedef struct {

	/** to be set before the first request: TLS bytes in one packet of ours */
	size_t fragment_size;

	/** identifier of the request that is being answered */
	uint8_t identifier;

	/** EAP type the answer must have */
	uint8_t type;

	/** requests so far */
	unsigned int requests;

	/** Start has come */
	bool started;

	/** to be read after AOVPN_EAP_FLIGHT: the server's flight, or NULL */
	uint8_t *in;

	/** bytes of it */
	size_t in_len;

	/** the server announced the length of its flight */
	bool announced;

	/** as what */
	uint32_t announced_len;

	/** our flight, or NULL */
	uint8_t *out;

	/** bytes of it */
	size_t out_len;

	/** bytes of it handed out */
	size_t sent;

	/** to be read after AOVPN_EAP_BROKEN: what is wrong */
	enum aovpn_eap_error error;

	/** the same in English */
	const char *text;

} aovpn_eap_packets_t;

/**
 * Take an EAP-Request.
 *
 * @param this		conversation
 * @param packet	request as charon has it: EAP header and data
 * @param len		bytes of it
 * @return			what it asks for
 */
aovpn_eap_step_t aovpn_eap_packets_take(aovpn_eap_packets_t *this,
										const uint8_t *packet, size_t len);

/**
 * Have our next flight sent; forgets the server's, which it answers.
 *
 * @param this		conversation
 * @param out		flight from malloc(), gets owned; NULL for none
 * @param len		bytes of it
 */
void aovpn_eap_packets_send(aovpn_eap_packets_t *this, uint8_t *out,
							size_t len);

/**
 * Build the EAP-Response to the last request: the next part of our flight, or
 * an acknowledgement if there is nothing to send.
 *
 * @param this		conversation
 * @param ret_len	receives its length in bytes
 * @param ret_last	receives whether our flight is out with it
 * @return			response from malloc(), NULL if there is no memory
 */
uint8_t *aovpn_eap_packets_respond(aovpn_eap_packets_t *this,
								   size_t *ret_len, bool *ret_last);

/**
 * Forget both flights.
 */
void aovpn_eap_packets_clear(aovpn_eap_packets_t *this);

#endif /** AOVPN_EAP_PACKET_H_ */
