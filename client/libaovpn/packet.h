/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - reading IP packets that anybody may have made: a cursor that never
 * leaves the bytes there are, and the UDP and IKE headers behind an IP header.
 * Source: RFC 768, RFC 7296 3.1, RFC 3948 2.2.
 */
#ifndef AOVPN_PACKET_H
#define AOVPN_PACKET_H

#include "observation.h"

#define IKE_PORT      500
#define IKE_NATT_PORT 4500

/* Bytes not yet read. */
struct cursor {
	const uint8_t *at;
	size_t left;
};

/* What a UDP datagram of IKE's ports says beside flow and SPIs. */
struct packet_udp {
	uint16_t bytes;   /* with its header, as that says */
	uint32_t esp_spi; /* ESP in UDP; 0: IKE, or not in sight */
	uint8_t exchange; /* of IKE; 0: not in sight */
};

/* Big-endian numbers; the caller has checked that they are there. */
uint16_t read_be16(const uint8_t *at);
uint32_t read_be32(const uint8_t *at);
uint64_t read_be64(const uint8_t *at);

/* Step over bytes; false, and nothing is done, where there are fewer. */
bool cursor_skip(struct cursor *cursor, size_t bytes);

/* Does either side of the flow use UDP 500 or 4500? */
bool packet_is_ike(const struct aovpn_flow *flow);

/*
 * The length that the IPv4 header at the cursor gives itself, 0: it is none.
 * The part without options is there to be read; cursor_skip() tells whether the
 * rest is too.
 */
size_t packet_ip4_header(const struct cursor *packet);

/*
 * Step over the UDP header at the cursor. Fills in the ports of the
 * observation's flow (incoming: the source is the remote one) and, where the
 * ports are IKE's and they are in sight, the SPIs. False: there is no whole UDP
 * header.
 */
bool packet_read_udp(struct cursor *cursor, bool incoming,
		     struct aovpn_observation *observation,
		     struct packet_udp *ret);

#endif
