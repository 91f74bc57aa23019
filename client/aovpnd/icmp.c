/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmp.c - see icmp.h.
 *
 * An ICMP error quotes the packet that it is about: its IP header and at least
 * 8 bytes (RFC 792), so the ports; as much as fits into 576 bytes by RFC 1812
 * 4.3.2.3, and into 1280 by RFC 4443 3, so mostly the IKE SPIs too (RFC 7296
 * 3.1), which on port 4500 stand behind the non-ESP marker (RFC 3948 2.2).
 * Anybody can send such a message: nothing in it is believed without a length
 * check, and what is built on it must weigh it accordingly.
 */
#include "icmp.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "packet_tap.h"
#include "raw_sockets.h"

#define ICMP_HEADER_BYTES  8
#define IP6_EXTENSIONS_MAX 8

struct icmp_listener {
	struct packet_tap *tap;
	observation_sink_t sink;
	void *userdata;
};

/* Step over the quoted IPv4 header. Fills flow's addresses. */
static bool parse_quoted_ip4(struct cursor *quote, struct aovpn_flow *flow,
			     uint8_t *ret_protocol)
{
	size_t bytes = packet_ip4_header(quote);
	const uint8_t *ip = quote->at;

	if (bytes == 0)
		return false;
	/* Later fragments carry no ports. */
	if (read_be16(ip + offsetof(struct iphdr, frag_off)) & IP_OFFMASK)
		return false;
	flow->family = AF_INET;
	memcpy(flow->local, ip + offsetof(struct iphdr, saddr), 4);
	memcpy(flow->remote, ip + offsetof(struct iphdr, daddr), 4);
	*ret_protocol = ip[offsetof(struct iphdr, protocol)];
	return cursor_skip(quote, bytes);
}

/*
 * Step over one extension header of type *protocol (RFC 8200 4). -ENOENT: it is
 * no extension header; -EBADMSG: it does not fit or is a later fragment.
 */
static int skip_extension(struct cursor *quote, uint8_t *protocol)
{
	size_t bytes = sizeof(struct ip6_frag);
	uint8_t next;

	if (*protocol != IPPROTO_HOPOPTS && *protocol != IPPROTO_ROUTING &&
	    *protocol != IPPROTO_DSTOPTS && *protocol != IPPROTO_FRAGMENT)
		return -ENOENT;
	if (quote->left < sizeof(struct ip6_frag))
		return -EBADMSG;
	if (*protocol != IPPROTO_FRAGMENT)
		bytes = (quote->at[1] + 1U) * 8;
	else if (read_be16(quote->at + 2) & 0xfff8)
		return -EBADMSG;
	next = quote->at[0];
	if (!cursor_skip(quote, bytes))
		return -EBADMSG;
	*protocol = next;
	return 0;
}

/* As parse_quoted_ip4. */
static bool parse_quoted_ip6(struct cursor *quote, struct aovpn_flow *flow,
			     uint8_t *ret_protocol)
{
	const uint8_t *ip = quote->at;
	uint8_t protocol;
	int code = 0;

	if (quote->left < sizeof(struct ip6_hdr) || ip[0] >> 4 != 6)
		return false;
	flow->family = AF_INET6;
	memcpy(flow->local, ip + offsetof(struct ip6_hdr, ip6_src), 16);
	memcpy(flow->remote, ip + offsetof(struct ip6_hdr, ip6_dst), 16);
	protocol = ip[offsetof(struct ip6_hdr, ip6_nxt)];
	cursor_skip(quote, sizeof(struct ip6_hdr));
	for (int i = 0; i < IP6_EXTENSIONS_MAX && code == 0; i++)
		code = skip_extension(quote, &protocol);
	*ret_protocol = protocol;
	return code == -ENOENT;
}

/* False: no UDP header of an IKE port. */
static bool parse_quoted_udp(struct cursor *quote,
			     struct aovpn_observation *observation)
{
	struct packet_udp udp;

	if (!packet_read_udp(quote, false, observation, &udp) ||
	    !packet_is_ike(&observation->flow))
		return false;
	observation->u.icmp.esp_spi = udp.esp_spi;
	return true;
}

/* Step over the outer IPv4 header, which names the sender. */
static bool parse_outer_ip4(struct cursor *packet,
			    struct aovpn_observation *observation)
{
	size_t bytes = packet_ip4_header(packet);

	if (bytes == 0 ||
	    packet->at[offsetof(struct iphdr, protocol)] != IPPROTO_ICMP)
		return false;
	observation->u.icmp.from_family = AF_INET;
	memcpy(observation->u.icmp.from,
	       packet->at + offsetof(struct iphdr, saddr), 4);
	return cursor_skip(packet, bytes);
}

/* As parse_outer_ip4. An error has no extension headers before it. */
static bool parse_outer_ip6(struct cursor *packet,
			    struct aovpn_observation *observation)
{
	const uint8_t *ip = packet->at;

	if (packet->left < sizeof(struct ip6_hdr) || ip[0] >> 4 != 6 ||
	    ip[offsetof(struct ip6_hdr, ip6_nxt)] != IPPROTO_ICMPV6)
		return false;
	observation->u.icmp.from_family = AF_INET6;
	memcpy(observation->u.icmp.from, ip + offsetof(struct ip6_hdr, ip6_src),
	       16);
	return cursor_skip(packet, sizeof(struct ip6_hdr));
}

/* Step over the outer IP header. *ret_protocol: of which ICMP is it? */
static bool parse_outer(struct cursor *packet,
			struct aovpn_observation *observation,
			int *ret_protocol)
{
	if (parse_outer_ip4(packet, observation))
		*ret_protocol = IPPROTO_ICMP;
	else if (parse_outer_ip6(packet, observation))
		*ret_protocol = IPPROTO_ICMPV6;
	else
		return false;
	return true;
}

/* Is it one of the errors (RFC 792, RFC 4443 3)? Fills in *ret_mtu if it has
 * one (RFC 1191 4, RFC 4443 3.2). */
static bool is_error(int protocol, const uint8_t *header, uint32_t *ret_mtu)
{
	uint8_t type = header[0], code = header[1];

	if (protocol == IPPROTO_ICMPV6) {
		if (type == ICMP6_PACKET_TOO_BIG)
			*ret_mtu = read_be32(header + 4);
		return type >= ICMP6_DST_UNREACH && type <= ICMP6_PARAM_PROB;
	}
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		*ret_mtu = read_be16(header + 6);
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB;
}

/* The quoted packet, from its IP header on. */
static bool parse_quote(int protocol, struct cursor *quote,
			struct aovpn_observation *observation)
{
	struct aovpn_flow *flow = &observation->flow;
	uint8_t transport;

	if (protocol == IPPROTO_ICMP) {
		if (!parse_quoted_ip4(quote, flow, &transport))
			return false;
	} else if (!parse_quoted_ip6(quote, flow, &transport)) {
		return false;
	}
	if (transport == IPPROTO_UDP)
		return parse_quoted_udp(quote, observation);
	/* The SPI and sequence number of ESP are what RFC 792 promises. */
	if (transport != IPPROTO_ESP || quote->left < 8)
		return false;
	observation->u.icmp.esp_spi = read_be32(quote->at);
	return true;
}

int icmp_parse(const uint8_t *packet, size_t length,
	       struct aovpn_observation *ret)
{
	struct cursor cursor = {.at = packet, .left = length};
	struct aovpn_observation observation = {
		.kind = AOVPN_OBS_ICMP_ERROR,
		.source = AOVPN_SOURCE_ICMP,
	};
	int protocol;

	if (!parse_outer(&cursor, &observation, &protocol))
		return -ENOENT;
	if (cursor.left < ICMP_HEADER_BYTES ||
	    !is_error(protocol, cursor.at, &observation.u.icmp.mtu))
		return -ENOENT;
	observation.u.icmp.type = cursor.at[0];
	observation.u.icmp.code = cursor.at[1];
	cursor_skip(&cursor, ICMP_HEADER_BYTES);
	if (!parse_quote(protocol, &cursor, &observation))
		return -ENOENT;
	*ret = observation;
	return 0;
}

/* --- the sockets ---------------------------------------------------------- */

int icmp_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
	      struct icmp_listener **ret, struct aovpn_error *error)
{
	struct icmp_listener *listener = calloc(1, sizeof(*listener));
	int code;

	if (!listener) {
		raw_socket_close(fd4);
		raw_socket_close(fd6);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	listener->sink = sink;
	listener->userdata = userdata;
	code = packet_tap_open(fd4, fd6, &listener->tap);
	if (code < 0) {
		icmp_close(listener);
		return aovpn_error_set(error, code,
				       "packet socket for ICMP: %s",
				       strerror(-code));
	}
	*ret = listener;
	return 0;
}

void icmp_watch(struct icmp_listener *listener, bool on)
{
	packet_tap_watch(listener->tap, on);
}

int icmp_fd(const struct icmp_listener *listener)
{
	return packet_tap_fd(listener->tap);
}

/* Hand on what one received packet says. Returns the observations: 0 or 1. */
static int observe(const uint8_t *packet, size_t length, void *userdata)
{
	struct icmp_listener *listener = userdata;
	struct aovpn_observation observation;

	if (icmp_parse(packet, length, &observation) < 0)
		return 0;
	observation.time_ns = aovpn_boottime_ns();
	listener->sink(&observation, listener->userdata);
	return 1;
}

int icmp_drain(struct icmp_listener *listener)
{
	return packet_tap_drain(listener->tap, observe, listener);
}

uint64_t icmp_lost(const struct icmp_listener *listener)
{
	return packet_tap_lost(listener->tap);
}

struct icmp_listener *icmp_close(struct icmp_listener *listener)
{
	if (!listener)
		return NULL;
	packet_tap_close(listener->tap);
	free(listener);
	return NULL;
}
