/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_probe.h - one IKE_SA_INIT request (RFC 7296 1.2), made without charon,
 * and what a gateway answers to it: for finding out what a gateway is and takes
 * without dialling. Pure: nothing is sent here.
 *
 * A request that is accepted leaves a half-open IKE_SA at the gateway for some
 * seconds. One that asks without that (ike_probe.key_group) is answered by
 * INVALID_KE_PAYLOAD in place of an IKE_SA.
 */
#ifndef AOVPN_IKE_PROBE_H
#define AOVPN_IKE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "ike_key.h"
#include "ike_offer.h"
#include "observation.h"

#define IKE_PROBE_MAX    4096 /* bytes of a request, its marker included */
#define IKE_COOKIE_MAX   64   /* RFC 7296 2.6 */
#define IKE_NONCE_BYTES  32
#define IKE_HASH_BYTES   20 /* of NAT detection, SHA-1 */
#define IKE_MARKER_BYTES 4  /* non-ESP marker, RFC 3948 2.2 */

/* RFC 7296 3.10.1 and RFC 7383. */
enum ike_notify {
	IKE_INVALID_SYNTAX = 7,
	IKE_NO_PROPOSAL_CHOSEN = 14,
	IKE_INVALID_KE_PAYLOAD = 17,
	IKE_TEMPORARY_FAILURE = 43,
	IKE_NAT_DETECTION_SOURCE_IP = 16388,
	IKE_NAT_DETECTION_DESTINATION_IP = 16389,
	IKE_COOKIE = 16390,
	IKE_FRAGMENTATION_SUPPORTED = 16430,
};

struct ike_probe {
	uint64_t spi; /* the initiator's, not 0 */
	struct ike_offer offer;
	uint16_t key_group; /* of the public value; its group is in the offer
			       (RFC 7296 3.4) */
	uint8_t key[IKE_KEY_MAX];
	uint8_t nonce[IKE_NONCE_BYTES];
	uint8_t cookie[IKE_COOKIE_MAX]; /* which the gateway has sent */
	uint32_t cookie_size;           /* 0: none */
	struct aovpn_flow flow; /* for NAT detection; port 4500 on the remote
				   side: the marker goes before it */
	uint32_t size; /* bytes of the UDP payload to which it is filled up by
			  a vendor ID; 0, or too few: it is not */
};

/*
 * Make a probe: random SPI and nonce, a public value of key_group. Without
 * cookie, flow and size. Errors: -EIO (no random numbers), those of
 * ike_key_make.
 */
int ike_probe_make(const struct ike_offer *offer, uint16_t key_group,
		   struct ike_probe *ret);

/*
 * The request as bytes into out (IKE_PROBE_MAX). Returns how many, or -E2BIG.
 */
int ike_probe_encode(const struct ike_probe *probe, uint8_t *out);

#define IKE_VENDORS_MAX      16
#define IKE_VENDOR_BYTES_MAX 32 /* of one, that are kept */
#define IKE_HASHES_MAX       8

/* A response. One of error, cookie_size and accepted is set. */
struct ike_answer {
	uint16_t error;     /* the first notify below 16384, enum ike_notify */
	uint16_t key_group; /* of INVALID_KE_PAYLOAD: the one that it wants */
	uint8_t cookie[IKE_COOKIE_MAX];
	uint32_t cookie_size;
	bool accepted;
	struct ike_proposal chosen; /* where accepted */

	bool fragmentation; /* RFC 7383 */
	uint64_t spi_r;
	/* NAT detection (RFC 7296 2.23): is there a hash, and does one fit? */
	bool has_source, has_destination;
	bool source_fits; /* the gateway's address is as we know it */
	bool destination_fits;
	uint32_t vendor_count;
	struct {
		uint16_t size; /* as sent; IKE_VENDOR_BYTES_MAX are kept */
		uint8_t data[IKE_VENDOR_BYTES_MAX];
	} vendor[IKE_VENDORS_MAX];
};

/*
 * Read what came to the socket of probe's flow (with the marker, where it has
 * one). Nothing is believed: every length is checked, and what was not offered
 * cannot be accepted. Errors, with a text: -ENOENT (nothing of this exchange:
 * another SPI, a request; wait on), -EBADMSG (broken).
 */
int ike_answer_decode(const struct ike_probe *probe, const uint8_t *data,
		      size_t size, struct ike_answer *ret,
		      struct aovpn_error *error);

/* "NO_PROPOSAL_CHOSEN", or the number into out. Returns out. */
const char *ike_notify_text(uint16_t type, char *out, size_t size);

/*
 * The hash of NAT detection over SPIs, an address and a port (RFC 7296 2.23).
 * Returns 0 or -EIO: this machine has no SHA-1.
 */
int ike_nat_hash(uint64_t spi_i, uint64_t spi_r, uint8_t family,
		 const uint8_t *address, uint16_t port,
		 uint8_t ret[IKE_HASH_BYTES]);

#endif
