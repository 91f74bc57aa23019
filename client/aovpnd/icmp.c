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
#include <sys/epoll.h>
#include <unistd.h>

#include "packet.h"
#include "raw_sockets.h"

#define ICMP_HEADER_BYTES  8
#define IP6_EXTENSIONS_MAX 8
/* One drain ends, however fast new packets come in. */
#define DRAIN_MAX 1024

enum { SOCKET_V4, SOCKET_V6, SOCKET_COUNT };

struct icmp_listener {
	int epoll;
	int sockets[SOCKET_COUNT]; /* negative: none */
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

/* The same of IPv6. An error follows it at once. */
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

static bool parse_outer(int protocol, struct cursor *packet,
			struct aovpn_observation *observation)
{
	return protocol == IPPROTO_ICMP ? parse_outer_ip4(packet, observation)
					: parse_outer_ip6(packet, observation);
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

int icmp_parse(int protocol, const uint8_t *packet, size_t length,
	       struct aovpn_observation *ret)
{
	struct cursor cursor = {.at = packet, .left = length};
	struct aovpn_observation observation = {
		.kind = AOVPN_OBS_ICMP_ERROR,
		.source = AOVPN_SOURCE_ICMP,
	};

	if (!parse_outer(protocol, &cursor, &observation) ||
	    cursor.left < ICMP_HEADER_BYTES ||
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

/* Have the epoll descriptor watch a socket. */
static int watch_socket(const struct icmp_listener *listener, int index)
{
	struct epoll_event event = {.events = EPOLLIN};
	int fd = listener->sockets[index];

	if (fd < 0)
		return fd;
	return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0
		       ? -errno
		       : 0;
}

static int watch_all(struct icmp_listener *listener, struct aovpn_error *error)
{
	int code;

	listener->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (listener->epoll < 0)
		return aovpn_error_set(error, -errno, "epoll: %m");
	code = watch_socket(listener, SOCKET_V4);
	if (code < 0)
		return aovpn_error_set(error, code, "socket for ICMP: %s",
				       strerror(-code));
	code = watch_socket(listener, SOCKET_V6);
	if (code < 0)
		return aovpn_error_set(error, code, "socket for ICMPv6: %s",
				       strerror(-code));
	return 0;
}

int icmp_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
	      struct icmp_listener **ret, struct aovpn_error *error)
{
	struct icmp_listener *listener;
	int code;

	listener = calloc(1, sizeof(*listener));
	if (!listener) {
		raw_socket_close(fd4);
		raw_socket_close(fd6);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	listener->sink = sink;
	listener->userdata = userdata;
	listener->epoll = -1;
	listener->sockets[SOCKET_V4] = fd4;
	listener->sockets[SOCKET_V6] = fd6;
	code = watch_all(listener, error);
	if (code < 0) {
		icmp_close(listener);
		return code;
	}
	*ret = listener;
	return 0;
}

int icmp_fd(const struct icmp_listener *listener)
{
	return listener->epoll;
}

/* Hand on what one received packet says. Returns the observations: 0 or 1. */
static int observe(struct icmp_listener *listener, int protocol,
		   const uint8_t *packet, size_t length)
{
	struct aovpn_observation observation;

	if (icmp_parse(protocol, packet, length, &observation) < 0)
		return 0;
	observation.time_ns = aovpn_boottime_ns();
	listener->sink(&observation, listener->userdata);
	return 1;
}

static int drain_socket(struct icmp_listener *listener, int fd, int protocol)
{
	int count = 0;

	for (int i = 0; i < DRAIN_MAX; i++) {
		uint8_t packet[RAW_ICMP_BYTES];
		ssize_t length = recv(fd, packet, sizeof(packet), 0);

		if (length < 0 && errno == EAGAIN)
			break;
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		count += observe(listener, protocol, packet, (size_t)length);
	}
	return count;
}

int icmp_drain(struct icmp_listener *listener)
{
	static const int protocols[SOCKET_COUNT] = {
		[SOCKET_V4] = IPPROTO_ICMP,
		[SOCKET_V6] = IPPROTO_ICMPV6,
	};
	int count, sum = 0;

	for (int i = 0; i < SOCKET_COUNT; i++) {
		if (listener->sockets[i] < 0)
			continue;
		count = drain_socket(listener, listener->sockets[i],
				     protocols[i]);
		if (count < 0)
			return count;
		sum += count;
	}
	return sum;
}

uint64_t icmp_lost(const struct icmp_listener *listener)
{
	return raw_socket_lost(listener->sockets[SOCKET_V4]) +
	       raw_socket_lost(listener->sockets[SOCKET_V6]);
}

struct icmp_listener *icmp_close(struct icmp_listener *listener)
{
	if (!listener)
		return NULL;
	for (int i = 0; i < SOCKET_COUNT; i++)
		raw_socket_close(listener->sockets[i]);
	if (listener->epoll >= 0)
		close(listener->epoll);
	free(listener);
	return NULL;
}
