/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_message.h - the parts of charon's messages: what it prints of an IKE
 * message, of a packet, an address, a TLS alert, an errno.
 */
#ifndef AOVPN_CHARON_MESSAGE_H
#define AOVPN_CHARON_MESSAGE_H

#include "observation.h"

/*
 * "IKE_AUTH response 1 [ IDr AUTH N(MS_STATUS(691)) EAP/REQ/ID ]" as an
 * observation of kind IKE_MESSAGE; ret's other fields stay. What a peer can
 * choose in it are numbers only. Errors: -ENOENT for a piece of a fragmented
 * message (RFC 7383), for requests of the peer and exchanges that are of no
 * interest, and for what is not of this form.
 */
int charon_message_read(const char *text, bool incoming,
			struct aovpn_observation *ret);

/* "192.0.2.7[500] to 198.51.100.9[500] (464 bytes)", the first being this
 * machine. 0 or -EINVAL. */
int charon_packet_read(const char *text, struct aovpn_flow *ret_flow,
		       uint32_t *ret_length);

/* An address, with a port behind it or not. Its family, 0: none. */
uint8_t charon_address_read(const char *text, uint8_t ret[16]);

/* The number (RFC 8446 6) of a TLS alert's name in libtls; 255: none. */
uint8_t charon_tls_alert(const char *name, size_t length);

/* The errno of strerror's text in the C locale; 0: none that a send gives. */
int charon_errno(const char *text);

#endif
