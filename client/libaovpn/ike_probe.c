/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_probe.c - makes the request of ike_probe.h. RFC 7296 3.1 to 3.4, 3.9,
 * 3.10, 3.12; RFC 7383 2.3 for the notify of fragmentation.
 */
#include "ike_probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "ike_payload.h"
#include "packet.h"

/* Bytes so far. */
struct writer {
	uint8_t *out;
	size_t used;
	size_t next_at; /* where the type of the next payload goes */
	bool overflow;
};

/* --- numbers ----------------------------------------------------------------
 */

static void put_bytes(struct writer *w, const void *data, size_t size)
{
	if (w->used + size > IKE_PROBE_MAX)
		w->overflow = true;
	if (w->overflow || size == 0)
		return;
	memcpy(w->out + w->used, data, size);
	w->used += size;
}

static void put8(struct writer *w, unsigned int value)
{
	const uint8_t byte = (uint8_t)value;

	put_bytes(w, &byte, 1);
}

static void put16(struct writer *w, unsigned int value)
{
	put8(w, value >> 8);
	put8(w, value);
}

static void put32(struct writer *w, uint32_t value)
{
	put16(w, value >> 16);
	put16(w, value);
}

static void put64(struct writer *w, uint64_t value)
{
	put32(w, (uint32_t)(value >> 32));
	put32(w, (uint32_t)value);
}

/* Write the distance from begin to here at that place. */
static void patch16(struct writer *w, size_t at, size_t begin)
{
	if (w->overflow)
		return;
	w->out[at] = (uint8_t)((w->used - begin) >> 8);
	w->out[at + 1] = (uint8_t)(w->used - begin);
}

/* --- payloads ---------------------------------------------------------------
 */

/* Begin a payload; end_payload() takes what this returns. */
static size_t begin_payload(struct writer *w, enum ike_payload type)
{
	const size_t begin = w->used;

	if (!w->overflow)
		w->out[w->next_at] = (uint8_t)type;
	w->next_at = begin;
	put32(w, 0);
	return begin;
}

static void end_payload(struct writer *w, size_t begin)
{
	patch16(w, begin + 2, begin);
}

static void put_notify(struct writer *w, enum ike_notify type, const void *data,
		       size_t size)
{
	const size_t begin = begin_payload(w, IKE_PAYLOAD_NOTIFY);

	put16(w, 0); /* of no SA */
	put16(w, type);
	put_bytes(w, data, size);
	end_payload(w, begin);
}

static void put_transform(struct writer *w, const struct ike_transform *one,
			  bool last)
{
	const size_t begin = w->used;

	put16(w, last ? 0 : IKE_MORE_TRANSFORMS << 8);
	put16(w, 0);
	put16(w, one->type << 8);
	put16(w, one->id);
	if (one->key_bits != 0) {
		put16(w, IKE_KEY_LENGTH);
		put16(w, one->key_bits);
	}
	patch16(w, begin + 2, begin);
}

static void put_proposal(struct writer *w, const struct ike_proposal *proposal,
			 uint32_t number, bool last)
{
	const size_t begin = w->used;
	uint32_t i;

	put16(w, last ? 0 : IKE_MORE_PROPOSALS << 8);
	put16(w, 0);
	put8(w, number);
	put8(w, IKE_PROTOCOL);
	put8(w, 0); /* no SPI: it is in the header */
	put8(w, proposal->count);
	for (i = 0; i < proposal->count; i++)
		put_transform(w, &proposal->transform[i],
			      i + 1 == proposal->count);
	patch16(w, begin + 2, begin);
}

static void put_sa(struct writer *w, const struct ike_offer *offer)
{
	const size_t begin = begin_payload(w, IKE_PAYLOAD_SA);
	uint32_t i;

	for (i = 0; i < offer->count; i++)
		put_proposal(w, &offer->proposal[i], i + 1,
			     i + 1 == offer->count);
	end_payload(w, begin);
}

static void put_key(struct writer *w, const struct ike_probe *probe)
{
	const size_t begin = begin_payload(w, IKE_PAYLOAD_KE);

	put16(w, probe->key_group);
	put16(w, 0);
	put_bytes(w, probe->key, ike_key_size(probe->key_group));
	end_payload(w, begin);
}

static void put_nonce(struct writer *w, const struct ike_probe *probe)
{
	const size_t begin = begin_payload(w, IKE_PAYLOAD_NONCE);

	put_bytes(w, probe->nonce, sizeof(probe->nonce));
	end_payload(w, begin);
}

static void put_nat(struct writer *w, const struct ike_probe *probe)
{
	const struct aovpn_flow *flow = &probe->flow;
	uint8_t hash[IKE_HASH_BYTES];

	if (ike_nat_hash(probe->spi, 0, flow->family, flow->local,
			 flow->local_port, hash) == 0)
		put_notify(w, IKE_NAT_DETECTION_SOURCE_IP, hash, sizeof(hash));
	if (ike_nat_hash(probe->spi, 0, flow->family, flow->remote,
			 flow->remote_port, hash) == 0)
		put_notify(w, IKE_NAT_DETECTION_DESTINATION_IP, hash,
			   sizeof(hash));
}

/* A vendor ID that means nothing to anybody, and so is passed over. */
static void put_padding(struct writer *w, uint32_t size)
{
	static const char text[] = "aovpn doctor: this only fills a packet. ";
	size_t begin;

	if (w->used + IKE_PAYLOAD_BYTES + sizeof(text) > size)
		return;
	begin = begin_payload(w, IKE_PAYLOAD_VENDOR);
	while (w->used < size && !w->overflow)
		put8(w,
		     (unsigned char)text[(w->used - begin - IKE_PAYLOAD_BYTES) %
					 (sizeof(text) - 1)]);
	end_payload(w, begin);
}

/* --- the whole --------------------------------------------------------------
 */

static void put_header(struct writer *w, const struct ike_probe *probe)
{
	put64(w, probe->spi);
	put64(w, 0);
	w->next_at = w->used;
	put8(w, IKE_PAYLOAD_NONE);
	put8(w, IKE_VERSION);
	put8(w, IKE_SA_INIT);
	put8(w, IKE_FLAG_INITIATOR);
	put32(w, 0); /* message id */
	put32(w, 0); /* length: patched */
}

int ike_probe_encode(const struct ike_probe *probe, uint8_t *out)
{
	struct writer w = {.out = out};
	size_t begin;

	if (probe->flow.remote_port == IKE_NATT_PORT)
		put32(&w, 0);
	begin = w.used;
	put_header(&w, probe);
	/* First of all (RFC 7296 2.6). */
	if (probe->cookie_size > 0)
		put_notify(&w, IKE_COOKIE, probe->cookie, probe->cookie_size);
	put_sa(&w, &probe->offer);
	put_key(&w, probe);
	put_nonce(&w, probe);
	put_nat(&w, probe);
	put_notify(&w, IKE_FRAGMENTATION_SUPPORTED, NULL, 0);
	put_padding(&w, probe->size);
	patch16(&w, begin + IKE_HEADER_BYTES - 2, begin);
	return w.overflow ? -E2BIG : (int)w.used;
}

int ike_probe_make(const struct ike_offer *offer, uint16_t key_group,
		   struct ike_probe *ret)
{
	int r;

	memset(ret, 0, sizeof(*ret));
	ret->offer = *offer;
	ret->key_group = key_group;
	if (RAND_bytes((unsigned char *)&ret->spi, sizeof(ret->spi)) != 1 ||
	    RAND_bytes(ret->nonce, sizeof(ret->nonce)) != 1)
		return -EIO;
	ret->spi |= 1; /* never 0 */
	r = ike_key_make(key_group, ret->key);
	return r < 0 ? r : 0;
}

int ike_nat_hash(uint64_t spi_i, uint64_t spi_r, uint8_t family,
		 const uint8_t *address, uint16_t port,
		 uint8_t ret[IKE_HASH_BYTES])
{
	uint8_t input[2 * sizeof(uint64_t) + 16 + 2];
	struct writer w = {.out = input};
	unsigned int size = 0;

	put64(&w, spi_i);
	put64(&w, spi_r);
	put_bytes(&w, address, family == AF_INET6 ? 16 : 4);
	put16(&w, port);
	if (EVP_Digest(input, w.used, ret, &size, EVP_sha1(), NULL) != 1 ||
	    size != IKE_HASH_BYTES)
		return -EIO;
	return 0;
}
