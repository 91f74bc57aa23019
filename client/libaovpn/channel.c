/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.c - the codec of channel.h. Both directions are driven by field
 * tables, so that a field is named once and lengths are checked in one place.
 */
#include "channel.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define MAGIC       "AOVP"
#define HEADER_SIZE 16
#define TAG_KIND    0x7fff /* of an observation, the first field */

#define FIELD(tag_, type_, member)                                         \
	{                                                                  \
		.name = #member, .tag = tag_, .type = AOVPN_FIELD_##type_, \
		.offset = offsetof(struct aovpn_message, u.member),        \
		.size = sizeof(((struct aovpn_message *)0)->u.member)      \
	}
#define END              \
	{                \
		.tag = 0 \
	}

static const struct aovpn_field hello_fields[] = {
	FIELD(1, BYTES, hello.charon),        FIELD(2, U32, hello.pid),
	FIELD(3, TEXT, hello.plugin_version), FIELD(4, TEXT, hello.strongswan),
	FIELD(5, U64, hello.netns_cookie),    END,
};

static const struct aovpn_field welcome_fields[] = {END};

static const struct aovpn_field policy_fields[] = {
	FIELD(1, TEXT, policy.connection),
	FIELD(2, U32, policy.generation),
	FIELD(3, TEXT, policy.gateway_name),
	FIELD(4, TEXT, policy.nps_names),
	FIELD(5, U32, policy.tls_min),
	FIELD(6, U32, policy.tls_max),
	FIELD(7, U32, policy.fragment_size),
	FIELD(20, U8, policy.nps_revocation_hard),
	FIELD(24, U8, policy.key_held),
	FIELD(25, U8, policy.no_pss),
	END,
};

static const struct aovpn_field registered_fields[] = {
	FIELD(1, TEXT, registered.connection),
	FIELD(2, U32, registered.generation),
	FIELD(3, I32, registered.error),
	FIELD(4, TEXT, registered.text),
	END,
};

static const struct aovpn_field sign_fields[] = {
	FIELD(1, TEXT, sign.connection),
	FIELD(2, U32, sign.generation),
	FIELD(3, U32, sign.id),
	FIELD(4, U32, sign.scheme),
	FIELD(5, U32, sign.digest_size),
	FIELD(6, BYTES, sign.digest),
	END,
};

static const struct aovpn_field signed_fields[] = {
	FIELD(1, U32, signature.id),          FIELD(2, I32, signature.error),
	FIELD(3, TEXT, signature.text),       FIELD(4, U32, signature.size),
	FIELD(5, BYTES, signature.signature), END,
};

/* The table of a message other than OBSERVATION; NULL for an unknown type. */
static const struct aovpn_field *message_fields(uint8_t type)
{
	switch (type) {
	case AOVPN_MESSAGE_HELLO:
		return hello_fields;
	case AOVPN_MESSAGE_WELCOME:
		return welcome_fields;
	case AOVPN_MESSAGE_REGISTER:
	case AOVPN_MESSAGE_UNREGISTER:
		return policy_fields;
	case AOVPN_MESSAGE_REGISTERED:
		return registered_fields;
	case AOVPN_MESSAGE_SIGN:
		return sign_fields;
	case AOVPN_MESSAGE_SIGNED:
		return signed_fields;
	}
	return NULL;
}

struct writer {
	uint8_t *at;
	size_t left;
};

static int put(struct writer *w, const void *bytes, size_t size)
{
	if (size > w->left)
		return -EMSGSIZE;
	memcpy(w->at, bytes, size);
	w->at += size;
	w->left -= size;
	return 0;
}

static int put_u16(struct writer *w, uint16_t value)
{
	uint16_t be = htobe16(value);

	return put(w, &be, sizeof(be));
}

static int put_u32(struct writer *w, uint32_t value)
{
	uint32_t be = htobe32(value);

	return put(w, &be, sizeof(be));
}

/* The value of a field in network order into out; returns its length. */
static size_t value_to_wire(const struct aovpn_field *field,
			    const uint8_t *value, uint8_t *out)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	size_t i;

	switch ((enum aovpn_field_type)field->type) {
	case AOVPN_FIELD_U16:
	case AOVPN_FIELD_U16S:
		for (i = 0; i < field->size; i += sizeof(u16)) {
			memcpy(&u16, value + i, sizeof(u16));
			u16 = htobe16(u16);
			memcpy(out + i, &u16, sizeof(u16));
		}
		return field->size;
	case AOVPN_FIELD_U32:
	case AOVPN_FIELD_I32:
		memcpy(&u32, value, sizeof(u32));
		u32 = htobe32(u32);
		memcpy(out, &u32, sizeof(u32));
		return sizeof(u32);
	case AOVPN_FIELD_U64:
		memcpy(&u64, value, sizeof(u64));
		u64 = htobe64(u64);
		memcpy(out, &u64, sizeof(u64));
		return sizeof(u64);
	case AOVPN_FIELD_TEXT:
		i = strnlen((const char *)value, field->size - 1u);
		memcpy(out, value, i);
		return i;
	case AOVPN_FIELD_U8:
	case AOVPN_FIELD_BYTES:
		memcpy(out, value, field->size);
		return field->size;
	}
	return 0;
}

static int put_fields(struct writer *w, const struct aovpn_field *field,
		      const void *base)
{
	uint8_t wire[AOVPN_SERVER_NAMES_MAX];
	const uint8_t *value;
	size_t length;
	int r;

	for (; field->tag != 0; field++) {
		value = (const uint8_t *)base + field->offset;
		length = value_to_wire(field, value, wire);
		r = put_u16(w, field->tag);
		if (r == 0)
			r = put_u16(w, (uint16_t)length);
		if (r == 0)
			r = put(w, wire, length);
		if (r < 0)
			return r;
	}
	return 0;
}

static int put_observation(struct writer *w,
			   const struct aovpn_observation *observation)
{
	const struct aovpn_field *fields;
	int r;

	fields = aovpn_observation_kind_fields(observation->kind);
	if (!fields)
		return -EINVAL;
	r = put_u16(w, TAG_KIND);
	if (r == 0)
		r = put_u16(w, sizeof(uint32_t));
	if (r == 0)
		r = put_u32(w, observation->kind);
	if (r == 0)
		r = put_fields(w, aovpn_observation_fields, observation);
	if (r == 0)
		r = put_fields(w, fields, observation);
	return r;
}

int aovpn_message_encode(const struct aovpn_message *message, uint8_t *buffer,
			 size_t size)
{
	const uint8_t version_type[4] = {AOVPN_CHANNEL_VERSION, message->type};
	struct writer w = {buffer, size};
	const struct aovpn_field *fields;
	int r;

	r = put(&w, MAGIC, 4);
	if (r == 0)
		r = put(&w, version_type, sizeof(version_type));
	if (r == 0)
		r = put_u32(&w, message->sequence);
	if (r == 0)
		r = put_u32(&w, message->dropped);
	if (r < 0)
		return r;
	if (message->type == AOVPN_MESSAGE_OBSERVATION) {
		r = put_observation(&w, &message->u.observation);
	} else {
		fields = message_fields(message->type);
		r = fields ? put_fields(&w, fields, message) : -EINVAL;
	}
	return r < 0 ? r : (int)(size - w.left);
}

static uint16_t get_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get_u32(const uint8_t *at)
{
	return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

/* Store a field's value from the wire. A length that the type does not allow
 * is an error; a longer text is cut. */
static int value_from_wire(const struct aovpn_field *field, const uint8_t *wire,
			   size_t length, uint8_t *value)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	size_t i;

	if (field->type == AOVPN_FIELD_TEXT) {
		length = strnlen((const char *)wire, length);
		if (length > field->size - 1u)
			length = field->size - 1u;
		memcpy(value, wire, length);
		memset(value + length, 0, field->size - length);
		return 0;
	}
	if (length != field->size)
		return -EBADMSG;
	switch ((enum aovpn_field_type)field->type) {
	case AOVPN_FIELD_U16:
	case AOVPN_FIELD_U16S:
		for (i = 0; i < length; i += sizeof(u16)) {
			u16 = get_u16(wire + i);
			memcpy(value + i, &u16, sizeof(u16));
		}
		break;
	case AOVPN_FIELD_U32:
	case AOVPN_FIELD_I32:
		u32 = get_u32(wire);
		memcpy(value, &u32, sizeof(u32));
		break;
	case AOVPN_FIELD_U64:
		u64 = (uint64_t)get_u32(wire) << 32 | get_u32(wire + 4);
		memcpy(value, &u64, sizeof(u64));
		break;
	case AOVPN_FIELD_U8:
	case AOVPN_FIELD_BYTES:
		memcpy(value, wire, length);
		break;
	case AOVPN_FIELD_TEXT:
		break;
	}
	return 0;
}

static const struct aovpn_field *find_field(const struct aovpn_field *field,
					    uint16_t tag)
{
	for (; field && field->tag != 0; field++)
		if (field->tag == tag)
			return field;
	return NULL;
}

/* Take the next tag-length-value off the buffer. */
static int next_field(const uint8_t **at, size_t *left, uint16_t *ret_tag,
		      const uint8_t **ret_value, size_t *ret_length)
{
	size_t length;

	if (*left < 4)
		return -EBADMSG;
	length = get_u16(*at + 2);
	if (length > *left - 4)
		return -EBADMSG;
	*ret_tag = get_u16(*at);
	*ret_value = *at + 4;
	*ret_length = length;
	*at += 4 + length;
	*left -= 4 + length;
	return 0;
}

static int get_fields(const uint8_t *at, size_t left,
		      const struct aovpn_field *common,
		      const struct aovpn_field *own, void *base)
{
	const struct aovpn_field *field;
	const uint8_t *value;
	size_t length;
	uint16_t tag;
	int r;

	while (left > 0) {
		r = next_field(&at, &left, &tag, &value, &length);
		if (r < 0)
			return r;
		field = find_field(common, tag);
		if (!field)
			field = find_field(own, tag);
		if (!field)
			continue;
		r = value_from_wire(field, value, length,
				    (uint8_t *)base + field->offset);
		if (r < 0)
			return r;
	}
	return 0;
}

static int get_observation(const uint8_t *at, size_t left,
			   struct aovpn_observation *ret)
{
	const struct aovpn_field *fields;
	const uint8_t *value;
	size_t length;
	uint16_t tag;
	int r;

	r = next_field(&at, &left, &tag, &value, &length);
	if (r < 0)
		return r;
	if (tag != TAG_KIND || length != sizeof(uint32_t))
		return -EBADMSG;
	ret->kind = get_u32(value);
	fields = aovpn_observation_kind_fields(ret->kind);
	if (!fields)
		return -EBADMSG;
	r = get_fields(at, left, aovpn_observation_fields, fields, ret);
	if (r < 0)
		return r;
	if (ret->kind == AOVPN_OBS_IKE_MESSAGE &&
	    ret->u.ike_message.notify_count > AOVPN_NOTIFY_MAX)
		return -EBADMSG;
	return 0;
}

/* Sizes that say how much of an array counts. */
static bool sizes_fit(const struct aovpn_message *message)
{
	switch (message->type) {
	case AOVPN_MESSAGE_SIGN:
		return message->u.sign.digest_size <= AOVPN_DIGEST_MAX;
	case AOVPN_MESSAGE_SIGNED:
		return message->u.signature.size <= AOVPN_SIGNATURE_MAX;
	default:
		return true;
	}
}

int aovpn_message_decode(const uint8_t *buffer, size_t length,
			 struct aovpn_message *ret)
{
	const struct aovpn_field *fields;

	memset(ret, 0, sizeof(*ret));
	if (length < HEADER_SIZE || length > AOVPN_CHANNEL_MAX ||
	    memcmp(buffer, MAGIC, 4) != 0)
		return -EBADMSG;
	if (buffer[4] != AOVPN_CHANNEL_VERSION)
		return -EPROTONOSUPPORT;
	ret->type = buffer[5];
	ret->sequence = get_u32(buffer + 8);
	ret->dropped = get_u32(buffer + 12);
	buffer += HEADER_SIZE;
	length -= HEADER_SIZE;
	if (ret->type == AOVPN_MESSAGE_OBSERVATION)
		return get_observation(buffer, length, &ret->u.observation);
	fields = message_fields(ret->type);
	if (!fields)
		return -EBADMSG;
	if (get_fields(buffer, length, NULL, fields, ret) < 0)
		return -EBADMSG;
	return sizes_fit(ret) ? 0 : -EBADMSG;
}
