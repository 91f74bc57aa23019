/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_answer.c - reads a response to an IKE_SA_INIT request, which anybody may
 * have sent. RFC 7296 3.1 to 3.4, 3.9, 3.10, 3.12, and 2.5 for what is not
 * known.
 */
#include "ike_probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ike_payload.h"
#include "notify.h"
#include "packet.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What was read, and what is asked about it behind the last payload. */
struct reading {
	const struct ike_probe *probe;
	struct ike_answer *answer;
	struct aovpn_error *error;
	bool has_sa, has_key, has_nonce;
	uint16_t group; /* of the key */
	uint32_t sources, destinations;
	uint8_t source[IKE_HASHES_MAX][IKE_HASH_BYTES];
	uint8_t destination[IKE_HASHES_MAX][IKE_HASH_BYTES];
};

static int broken(struct reading *r, const char *what)
{
	return aovpn_error_set(r->error, -EBADMSG, "%s", what);
}

/* --- the SA payload ---------------------------------------------------------
 */

/* The only attribute that there is (RFC 7296 3.3.5). */
static int read_attribute(struct reading *r, struct cursor *at,
			  struct ike_transform *ret)
{
	if (at->left == 0)
		return 0;
	if (at->left != IKE_ATTRIBUTE_BYTES ||
	    read_be16(at->at) != IKE_KEY_LENGTH)
		return broken(r, "a transform of it has attributes other than "
				 "a key length");
	ret->key_bits = read_be16(at->at + 2);
	return 0;
}

static int read_transform(struct reading *r, struct cursor *at, bool last,
			  struct ike_proposal *ret)
{
	struct ike_transform *one = &ret->transform[ret->count];
	struct cursor body = *at;
	uint16_t length;

	if (at->left < IKE_TRANSFORM_BYTES)
		return broken(r, "a transform of it is cut off");
	length = read_be16(at->at + 2);
	if (length < IKE_TRANSFORM_BYTES || length > at->left)
		return broken(r, "a transform of it has a wrong length");
	if (at->at[0] != (last ? 0 : IKE_MORE_TRANSFORMS))
		return broken(r, "its number of transforms is wrong");
	*one = (struct ike_transform){.type = at->at[4],
				      .id = read_be16(at->at + 6)};
	ret->count++;
	body.left = length;
	cursor_skip(&body, IKE_TRANSFORM_BYTES);
	cursor_skip(at, length);
	return read_attribute(r, &body, one);
}

static int read_transforms(struct reading *r, struct cursor *at, uint32_t count)
{
	struct ike_proposal *chosen = &r->answer->chosen;
	int result = 0;
	uint32_t i;

	if (count > IKE_TRANSFORMS_MAX)
		return broken(r, "it has more transforms than were offered");
	for (i = 0; result == 0 && i < count; i++)
		result = read_transform(r, at, i + 1 == count, chosen);
	if (result == 0 && at->left > 0)
		return broken(r, "something follows its last transform");
	return result;
}

/* Just one proposal, of IKE, without an SPI (RFC 7296 2.7, 3.3.1). */
static int read_sa(struct reading *r, struct cursor *at)
{
	uint32_t count;

	if (r->has_sa)
		return broken(r, "it has two SA payloads");
	r->has_sa = true;
	if (at->left < IKE_PROPOSAL_BYTES || read_be16(at->at + 2) != at->left)
		return broken(r, "its proposal has a wrong length");
	if (at->at[0] != 0)
		return broken(r, "it chooses more than one proposal");
	if (at->at[5] != IKE_PROTOCOL || at->at[6] != 0)
		return broken(r, "its proposal is not one of IKE");
	count = at->at[7];
	cursor_skip(at, IKE_PROPOSAL_BYTES);
	return read_transforms(r, at, count);
}

/* --- the other payloads -----------------------------------------------------
 */

static int read_key(struct reading *r, struct cursor *at)
{
	if (r->has_key)
		return broken(r, "it has two KE payloads");
	r->has_key = true;
	if (at->left < IKE_KEY_HEADER_BYTES)
		return broken(r, "its KE payload is cut off");
	r->group = read_be16(at->at);
	if (at->left - IKE_KEY_HEADER_BYTES != ike_key_size(r->group))
		return broken(r, "its KE payload has not the length of its "
				 "group");
	return 0;
}

static int read_nonce(struct reading *r, struct cursor *at)
{
	if (r->has_nonce)
		return broken(r, "it has two nonces");
	r->has_nonce = true;
	if (at->left < IKE_NONCE_BYTES_MIN || at->left > IKE_NONCE_BYTES_MAX)
		return broken(r, "its nonce has a length that is not allowed");
	return 0;
}

static int read_vendor(struct reading *r, struct cursor *at)
{
	struct ike_answer *answer = r->answer;
	size_t kept = at->left < IKE_VENDOR_BYTES_MAX ? at->left
						      : IKE_VENDOR_BYTES_MAX;

	if (answer->vendor_count == IKE_VENDORS_MAX)
		return 0;
	answer->vendor[answer->vendor_count].size = (uint16_t)at->left;
	memcpy(answer->vendor[answer->vendor_count].data, at->at, kept);
	answer->vendor_count++;
	return 0;
}

static int read_hash(struct reading *r, const struct cursor *data,
		     uint8_t list[][IKE_HASH_BYTES], uint32_t *count)
{
	if (data->left != IKE_HASH_BYTES)
		return broken(r, "a hash of its NAT detection has a wrong "
				 "length");
	if (*count < IKE_HASHES_MAX)
		memcpy(list[(*count)++], data->at, IKE_HASH_BYTES);
	return 0;
}

static int read_cookie(struct reading *r, const struct cursor *data)
{
	if (data->left < 1 || data->left > IKE_COOKIE_MAX)
		return broken(r, "its cookie has a length that is not allowed");
	memcpy(r->answer->cookie, data->at, data->left);
	r->answer->cookie_size = (uint32_t)data->left;
	return 0;
}

static int read_error(struct reading *r, uint16_t type,
		      const struct cursor *data)
{
	if (r->answer->error != 0)
		return 0;
	if (type == 0)
		return broken(r, "it has a notify of the reserved type 0");
	if (type == IKE_INVALID_KE_PAYLOAD) {
		if (data->left != 2)
			return broken(r, "its INVALID_KE_PAYLOAD names no "
					 "group");
		r->answer->key_group = read_be16(data->at);
	}
	r->answer->error = type;
	return 0;
}

static int read_notify(struct reading *r, struct cursor *at)
{
	uint16_t type;
	uint8_t spi;

	if (at->left < IKE_NOTIFY_BYTES)
		return broken(r, "a notify of it is cut off");
	spi = at->at[1];
	type = read_be16(at->at + 2);
	cursor_skip(at, IKE_NOTIFY_BYTES);
	if (!cursor_skip(at, spi))
		return broken(r, "the SPI of a notify of it is cut off");
	if (type < IKE_NOTIFY_ERRORS_END)
		return read_error(r, type, at);
	switch (type) {
	case IKE_COOKIE:
		return read_cookie(r, at);
	case IKE_NAT_DETECTION_SOURCE_IP:
		return read_hash(r, at, r->source, &r->sources);
	case IKE_NAT_DETECTION_DESTINATION_IP:
		return read_hash(r, at, r->destination, &r->destinations);
	case IKE_FRAGMENTATION_SUPPORTED:
		r->answer->fragmentation = true;
		return 0;
	}
	return 0; /* unknown ones are ignored (RFC 7296 3.10.1) */
}

static int read_payload(struct reading *r, uint8_t type, bool critical,
			struct cursor *body)
{
	switch (type) {
	case IKE_PAYLOAD_SA:
		return read_sa(r, body);
	case IKE_PAYLOAD_KE:
		return read_key(r, body);
	case IKE_PAYLOAD_NONCE:
		return read_nonce(r, body);
	case IKE_PAYLOAD_NOTIFY:
		return read_notify(r, body);
	case IKE_PAYLOAD_VENDOR:
		return read_vendor(r, body);
	}
	if (critical && (type < IKE_PAYLOAD_SA || type > IKE_PAYLOAD_LAST))
		return broken(r, "it has a critical payload that nobody knows");
	return 0;
}

static int read_payloads(struct reading *r, uint8_t type, struct cursor *at)
{
	struct cursor body;
	uint16_t length;
	uint8_t next;
	bool critical;
	int result;

	while (type != IKE_PAYLOAD_NONE) {
		if (at->left < IKE_PAYLOAD_BYTES)
			return broken(r, "its last payload is missing");
		length = read_be16(at->at + 2);
		if (length < IKE_PAYLOAD_BYTES || length > at->left)
			return broken(r, "a payload of it has a wrong length");
		next = at->at[0];
		critical = at->at[1] & IKE_CRITICAL;
		body = (struct cursor){at->at, length};
		cursor_skip(&body, IKE_PAYLOAD_BYTES);
		cursor_skip(at, length);
		result = read_payload(r, type, critical, &body);
		if (result < 0)
			return result;
		type = next;
	}
	return at->left == 0 ? 0
			     : broken(r, "something follows its last payload");
}

/* --- the whole --------------------------------------------------------------
 */

/* Is it for this exchange at all? */
static int check_header(struct reading *r, struct cursor *at)
{
	const struct ike_probe *probe = r->probe;

	if (probe->flow.remote_port == IKE_NATT_PORT &&
	    (at->left < IKE_MARKER_BYTES || read_be32(at->at) != 0))
		return -ENOENT;
	if (probe->flow.remote_port == IKE_NATT_PORT)
		cursor_skip(at, IKE_MARKER_BYTES);
	if (at->left < IKE_HEADER_BYTES || read_be64(at->at) != probe->spi ||
	    at->at[18] != IKE_SA_INIT || !(at->at[19] & IKE_FLAG_RESPONSE))
		return -ENOENT;
	if (at->at[17] >> 4 != IKE_VERSION >> 4)
		return broken(r, "it is of another version of IKE");
	if (at->at[19] & IKE_FLAG_INITIATOR || read_be32(at->at + 20) != 0)
		return broken(r, "its flags or message id are not those of an "
				 "answer");
	if (read_be32(at->at + 24) != at->left)
		return broken(r, "its length is not that of the packet");
	return 0;
}

static bool any_fits(struct reading *r, const uint8_t list[][IKE_HASH_BYTES],
		     uint32_t count, bool remote)
{
	const struct aovpn_flow *flow = &r->probe->flow;
	uint8_t hash[IKE_HASH_BYTES];
	uint32_t i;

	if (ike_nat_hash(r->probe->spi, r->answer->spi_r, flow->family,
			 remote ? flow->remote : flow->local,
			 remote ? flow->remote_port : flow->local_port,
			 hash) < 0)
		return false;
	for (i = 0; i < count; i++)
		if (memcmp(list[i], hash, sizeof(hash)) == 0)
			return true;
	return false;
}

static void judge_nat(struct reading *r)
{
	struct ike_answer *answer = r->answer;

	answer->has_source = r->sources > 0;
	answer->has_destination = r->destinations > 0;
	answer->source_fits = any_fits(r, r->source, r->sources, true);
	answer->destination_fits =
		any_fits(r, r->destination, r->destinations, false);
}

/* An IKE_SA has to fit what was asked for. */
static int check_accepted(struct reading *r)
{
	const struct ike_probe *probe = r->probe;
	struct ike_answer *answer = r->answer;

	if (!r->has_sa || !r->has_key || !r->has_nonce)
		return broken(r, "it neither accepts nor refuses");
	if (answer->spi_r == 0)
		return broken(r, "it accepts without an SPI");
	if (!ike_offer_allows(&probe->offer, &answer->chosen))
		return broken(r, "it chooses what was not offered");
	if (r->group != probe->key_group ||
	    ike_proposal_group(&answer->chosen) != r->group)
		return broken(r, "its key is of another group than its "
				 "proposal");
	answer->accepted = true;
	return 0;
}

/* What a half-read answer holds is not shown to anybody. */
static int finish(struct reading *r)
{
	struct ike_answer *answer = r->answer;

	if (answer->error == 0 && answer->cookie_size == 0)
		return check_accepted(r);
	answer->chosen.count = 0;
	if (answer->error != 0)
		answer->cookie_size = 0;
	return 0;
}

int ike_answer_decode(const struct ike_probe *probe, const uint8_t *data,
		      size_t size, struct ike_answer *ret,
		      struct aovpn_error *error)
{
	struct reading r = {.probe = probe, .answer = ret, .error = error};
	struct cursor at = {data, size};
	uint8_t first;
	int result;

	memset(ret, 0, sizeof(*ret));
	aovpn_error_set(error, -ENOENT, "it belongs to another exchange");
	result = check_header(&r, &at);
	if (result < 0)
		return result;
	ret->spi_r = read_be64(at.at + 8);
	first = at.at[16];
	cursor_skip(&at, IKE_HEADER_BYTES);
	result = read_payloads(&r, first, &at);
	if (result == 0)
		result = finish(&r);
	if (result == 0)
		judge_nat(&r);
	return result;
}

const char *ike_notify_text(uint16_t type, char *out, size_t size)
{
	const char *name = aovpn_notify_name(type);

	if (name)
		snprintf(out, size, "%s", name);
	else
		snprintf(out, size, "notify %u", type);
	return out;
}
