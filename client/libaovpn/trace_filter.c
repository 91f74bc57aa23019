/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_filter.c - see trace_filter.h. */
#include "trace_filter.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BIT(kind) ((uint64_t)1 << AOVPN_OBS_##kind)

static_assert(AOVPN_OBS_KIND_END <= 64, "a kind is a bit of a number");

/* What one asks for without knowing the kinds by heart. */
static const struct {
	const char *name;
	uint64_t kinds;
} groups[] = {
	{"ike", BIT(IKE_STATE) | BIT(IKE_MESSAGE) | BIT(RETRANSMIT) |
			BIT(ALERT) | BIT(CHILD_UP) | BIT(CHILD_DOWN)},
	{"tls",
	 BIT(TLS_STATE) | BIT(TLS_ALERT) | BIT(CERT_REFUSED) | BIT(CA_LIST)},
	{"packets", BIT(PACKET) | BIT(SEND) | BIT(FRAGMENT)},
	{"drops", BIT(PACKET_DROPPED) | BIT(SEND_FAILED) | BIT(XFRM_ERROR)},
	{"icmp", BIT(ICMP_ERROR)},
	{"names", BIT(RESOLVED) | BIT(NAME_FAILED)},
};

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

/* The bits of one name; 0: there is no such name. */
static uint64_t kinds_of(const char *name, size_t length)
{
	const char *kind;
	uint32_t i;

	for (i = 0; i < GROUP_COUNT; i++)
		if (strlen(groups[i].name) == length &&
		    memcmp(groups[i].name, name, length) == 0)
			return groups[i].kinds;
	for (i = 0; i < AOVPN_OBS_KIND_END; i++) {
		kind = aovpn_observation_kind_name(i);
		if (kind && strlen(kind) == length &&
		    memcmp(kind, name, length) == 0)
			return (uint64_t)1 << i;
	}
	return 0;
}

static int unknown_kind(const char *name, size_t length,
			struct aovpn_error *error)
{
	char list[400] = "";
	const char *kind;
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < AOVPN_OBS_KIND_END && used < sizeof(list); i++) {
		kind = aovpn_observation_kind_name(i);
		if (kind)
			used += (size_t)snprintf(
				list + used, sizeof(list) - used, "%s ", kind);
	}
	for (i = 0; i < GROUP_COUNT && used < sizeof(list); i++)
		used += (size_t)snprintf(
			list + used, sizeof(list) - used, "%s%s",
			i == 0 ? "and the groups " : " ", groups[i].name);
	return aovpn_error_set(error, -EINVAL,
			       "\"%.*s\" is no kind of event; there are: %s",
			       length < 32 ? (int)length : 32, name, list);
}

static int parse_kinds(const char *text, uint64_t *ret,
		       struct aovpn_error *error)
{
	uint64_t kinds = 0, more;
	size_t length;

	while (*text != '\0') {
		length = strcspn(text, ",");
		more = kinds_of(text, length);
		if (more == 0)
			return unknown_kind(text, length, error);
		kinds |= more;
		text += length;
		/* A comma at the end is a name that is missing. */
		if (*text == ',' && *++text == '\0')
			return unknown_kind(text, 0, error);
	}
	*ret = kinds;
	return 0;
}

static int parse_peer(const char *text, struct aovpn_trace_filter *filter,
		      struct aovpn_error *error)
{
	if (text[0] == '\0')
		return 0;
	if (inet_pton(AF_INET, text, filter->peer) == 1)
		filter->peer_family = AF_INET;
	else if (inet_pton(AF_INET6, text, filter->peer) == 1)
		filter->peer_family = AF_INET6;
	else
		return aovpn_error_set(error, -EINVAL,
				       "\"%.64s\" is neither an IPv4 nor an "
				       "IPv6 address",
				       text);
	return 0;
}

int aovpn_trace_filter_parse(const char *connection, const char *peer,
			     const char *kinds, struct aovpn_trace_filter *ret,
			     struct aovpn_error *error)
{
	struct aovpn_trace_filter filter = {.kinds = 0};
	int r;

	if (strlen(connection) >= sizeof(filter.connection))
		return aovpn_error_set(error, -EINVAL,
				       "\"%.64s...\" is too long for a "
				       "connection's name",
				       connection);
	r = parse_peer(peer, &filter, error);
	if (r == 0)
		r = parse_kinds(kinds, &filter.kinds, error);
	if (r < 0)
		return r;
	snprintf(filter.connection, sizeof(filter.connection), "%s",
		 connection);
	*ret = filter;
	return 0;
}

static bool is_peer(const struct aovpn_trace_filter *filter, uint8_t family,
		    const uint8_t *address)
{
	return family == filter->peer_family &&
	       memcmp(address, filter->peer, family == AF_INET ? 4 : 16) == 0;
}

bool aovpn_trace_filter_takes(const struct aovpn_trace_filter *filter,
			      const struct aovpn_observation *o)
{
	if (filter->kinds != 0 && (o->kind >= AOVPN_OBS_KIND_END ||
				   (filter->kinds >> o->kind & 1) == 0))
		return false;
	if (filter->peer_family == 0 ||
	    is_peer(filter, o->flow.family, o->flow.remote))
		return true;
	return o->kind == AOVPN_OBS_ICMP_ERROR &&
	       is_peer(filter, o->u.icmp.from_family, o->u.icmp.from);
}
