/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragments.c - see fragments.h.
 *
 * Anybody can send a fragment with the gateway's address: nothing in it is
 * believed without a length check, and however many there are, only some are
 * handed on, so that they cannot crowd out what else is known of a dial.
 */
#include "fragments.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "packet_tap.h"
#include "raw_sockets.h"

#define IP_BYTES_MAX 65535
#define SECOND_NS    1000000000ull

struct fragments {
	struct packet_tap *tap;
	observation_sink_t sink;
	void *userdata;

	uint64_t second_ns;  /* when the current second began */
	unsigned int handed; /* within it */
	uint64_t suppressed;
};

/* --- parsing -------------------------------------------------------------- */

/* One fragment between its IP header and its data. */
struct piece {
	uint8_t protocol;
	bool more;
	uint32_t id;
	size_t offset, length; /* of its data */
};

/* Step over the IPv4 header. */
static bool read_ip4(struct cursor *packet, struct aovpn_flow *flow,
		     struct piece *ret)
{
	const uint8_t *ip = packet->at;
	size_t header = packet_ip4_header(packet), total;
	uint16_t bits;

	if (header == 0)
		return false;
	total = read_be16(ip + offsetof(struct iphdr, tot_len));
	bits = read_be16(ip + offsetof(struct iphdr, frag_off));
	if (total < header || !cursor_skip(packet, header))
		return false;
	flow->family = AF_INET;
	memcpy(flow->remote, ip + offsetof(struct iphdr, saddr), 4);
	memcpy(flow->local, ip + offsetof(struct iphdr, daddr), 4);
	ret->protocol = ip[offsetof(struct iphdr, protocol)];
	ret->more = bits & IP_MF;
	ret->id = read_be16(ip + offsetof(struct iphdr, id));
	ret->offset = (bits & IP_OFFMASK) * 8U;
	ret->length = total - header;
	return true;
}

/* Step over the IPv6 header and that of the fragment. */
static bool read_ip6(struct cursor *packet, struct aovpn_flow *flow,
		     struct piece *ret)
{
	const uint8_t *ip = packet->at, *fragment = ip + sizeof(struct ip6_hdr);
	const size_t headers = sizeof(struct ip6_hdr) + sizeof(struct ip6_frag);
	uint16_t bits, payload;

	if (packet->left < headers || ip[0] >> 4 != 6 ||
	    ip[offsetof(struct ip6_hdr, ip6_nxt)] != IPPROTO_FRAGMENT)
		return false;
	payload = read_be16(ip + offsetof(struct ip6_hdr, ip6_plen));
	if (payload < sizeof(struct ip6_frag))
		return false;
	flow->family = AF_INET6;
	memcpy(flow->remote, ip + offsetof(struct ip6_hdr, ip6_src), 16);
	memcpy(flow->local, ip + offsetof(struct ip6_hdr, ip6_dst), 16);
	bits = read_be16(fragment + 2);
	ret->protocol = fragment[0];
	ret->more = bits & 1;
	ret->id = read_be32(fragment + 4);
	ret->offset = bits & 0xfff8;
	ret->length = payload - sizeof(struct ip6_frag);
	return cursor_skip(packet, headers);
}

/* May a host send such a fragment, and are the bytes here that it has? */
static bool is_sound(const struct piece *piece, const struct cursor *data,
		     size_t captured)
{
	if (piece->protocol != IPPROTO_UDP && piece->protocol != IPPROTO_ESP)
		return false;
	if (!piece->more && piece->offset == 0)
		return false; /* a whole packet */
	if (piece->length == 0 || (piece->more && piece->length % 8 != 0) ||
	    piece->offset + piece->length > IP_BYTES_MAX)
		return false;
	return captured >= RAW_FRAGMENT_BYTES || data->left >= piece->length;
}

/* What only the first one carries. */
static bool read_first(struct cursor *data, const struct piece *piece,
		       struct aovpn_observation *observation)
{
	struct packet_udp udp;

	if (piece->protocol != IPPROTO_UDP || piece->offset != 0)
		return true;
	if (data->left > piece->length) /* padding of the link */
		data->left = piece->length;
	if (!packet_read_udp(data, true, observation, &udp))
		return false;
	observation->u.fragment.whole = udp.bytes;
	observation->u.fragment.exchange = udp.exchange;
	return true;
}

int fragment_parse(const uint8_t *packet, size_t length,
		   struct aovpn_observation *ret)
{
	struct cursor cursor = {.at = packet, .left = length};
	struct piece piece;
	struct aovpn_observation observation = {
		.kind = AOVPN_OBS_FRAGMENT,
		.source = AOVPN_SOURCE_FRAGMENTS,
	};

	if (!read_ip4(&cursor, &observation.flow, &piece) &&
	    !read_ip6(&cursor, &observation.flow, &piece))
		return -ENOENT;
	if (!is_sound(&piece, &cursor, length) ||
	    !read_first(&cursor, &piece, &observation))
		return -ENOENT;
	observation.u.fragment.protocol = piece.protocol;
	observation.u.fragment.more = piece.more;
	observation.u.fragment.id = piece.id;
	observation.u.fragment.offset = (uint32_t)piece.offset;
	observation.u.fragment.length = (uint32_t)piece.length;
	*ret = observation;
	return 0;
}

/* --- open, drain, close --------------------------------------------------- */

int fragments_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
		   struct fragments **ret, struct aovpn_error *error)
{
	struct fragments *fragments = calloc(1, sizeof(*fragments));
	int code;

	if (!fragments) {
		raw_socket_close(fd4);
		raw_socket_close(fd6);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	fragments->sink = sink;
	fragments->userdata = userdata;
	code = packet_tap_open(fd4, fd6, &fragments->tap);
	if (code < 0) {
		fragments_close(fragments);
		return aovpn_error_set(error, code,
				       "packet socket for fragments: %s",
				       strerror(-code));
	}
	*ret = fragments;
	return 0;
}

void fragments_watch(struct fragments *fragments, bool on)
{
	packet_tap_watch(fragments->tap, on);
}

int fragments_fd(const struct fragments *fragments)
{
	return packet_tap_fd(fragments->tap);
}

/* Is there room for one more in this second? */
static bool is_within_limit(struct fragments *fragments, uint64_t now_ns)
{
	if (now_ns - fragments->second_ns >= SECOND_NS) {
		fragments->second_ns = now_ns;
		fragments->handed = 0;
	}
	if (fragments->handed < FRAGMENTS_A_SECOND) {
		fragments->handed++;
		return true;
	}
	fragments->suppressed++;
	return false;
}

/* Hand on what one fragment says. Returns the observations: 0 or 1. */
static int observe(const uint8_t *packet, size_t length, void *userdata)
{
	struct fragments *fragments = userdata;
	struct aovpn_observation observation;

	if (fragment_parse(packet, length, &observation) < 0)
		return 0;
	observation.time_ns = aovpn_boottime_ns();
	if (!is_within_limit(fragments, observation.time_ns))
		return 0;
	fragments->sink(&observation, fragments->userdata);
	return 1;
}

int fragments_drain(struct fragments *fragments)
{
	return packet_tap_drain(fragments->tap, observe, fragments);
}

uint64_t fragments_lost(const struct fragments *fragments)
{
	return packet_tap_lost(fragments->tap);
}

uint64_t fragments_suppressed(const struct fragments *fragments)
{
	return fragments->suppressed;
}

struct fragments *fragments_close(struct fragments *fragments)
{
	if (!fragments)
		return NULL;
	packet_tap_close(fragments->tap);
	free(fragments);
	return NULL;
}
