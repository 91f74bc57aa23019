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
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define IKE_PORT             500
#define IKE_NATT_PORT        4500
#define NON_ESP_MARKER_BYTES 4
#define SPI_BYTES            8
#define ICMP_HEADER_BYTES    8
#define IP6_EXTENSIONS_MAX   8
/* The quote as far as it is read: IP header with options, UDP, marker, SPIs. */
#define PACKET_MAX 512
/* One drain ends, however fast new packets come in. */
#define DRAIN_MAX 1024
/* <linux/icmp.h> has it, but clashes with <netinet/ip_icmp.h>. */
#define RAW_ICMP_FILTER 1

enum { SOCKET_V4, SOCKET_V6, SOCKET_COUNT };

struct icmp_listener {
	int epoll;
	int sockets[SOCKET_COUNT]; /* -1: none */
	observation_sink_t sink;
	void *userdata;
};

/* Bytes not yet read. */
struct cursor {
	const uint8_t *at;
	size_t left;
};

static uint16_t read_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read_be32(const uint8_t *at)
{
	return (uint32_t)read_be16(at) << 16 | read_be16(at + 2);
}

static uint64_t read_be64(const uint8_t *at)
{
	return (uint64_t)read_be32(at) << 32 | read_be32(at + 4);
}

static bool skip(struct cursor *cursor, size_t bytes)
{
	if (cursor->left < bytes)
		return false;
	cursor->at += bytes;
	cursor->left -= bytes;
	return true;
}

static bool is_ike_port(uint16_t port)
{
	return port == IKE_PORT || port == IKE_NATT_PORT;
}

/* The length that an IPv4 header gives itself, 0: it is none. The part without
 * options is there to be read; skip() tells whether the rest is too. */
static size_t ip4_header_bytes(const struct cursor *packet)
{
	size_t bytes;

	if (packet->left < sizeof(struct iphdr) || packet->at[0] >> 4 != 4)
		return 0;
	bytes = (packet->at[0] & 0x0f) * 4U;
	return bytes < sizeof(struct iphdr) ? 0 : bytes;
}

/* Step over the quoted IPv4 header. Fills flow's addresses. */
static bool parse_quoted_ip4(struct cursor *quote, struct aovpn_flow *flow,
			     uint8_t *ret_protocol)
{
	size_t bytes = ip4_header_bytes(quote);
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
	return skip(quote, bytes);
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
	if (!skip(quote, bytes))
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
	skip(quote, sizeof(struct ip6_hdr));
	for (int i = 0; i < IP6_EXTENSIONS_MAX && code == 0; i++)
		code = skip_extension(quote, &protocol);
	*ret_protocol = protocol;
	return code == -ENOENT;
}

/*
 * The SPIs of an IKE header, where they are quoted. bytes: the UDP payload as
 * its own header says; what is quoted beyond is padding (RFC 4884 5.1).
 */
static void parse_quoted_ike(struct cursor *quote, size_t bytes,
			     struct aovpn_observation *observation)
{
	const struct aovpn_flow *flow = &observation->flow;

	if (quote->left > bytes)
		quote->left = bytes;
	/* Between other ports than 500, IKE has the marker and ESP has not. */
	if (flow->local_port != IKE_PORT && flow->remote_port != IKE_PORT) {
		if (quote->left < NON_ESP_MARKER_BYTES ||
		    read_be32(quote->at) != 0)
			return;
		skip(quote, NON_ESP_MARKER_BYTES);
	}
	if (quote->left >= SPI_BYTES)
		observation->spi_i = read_be64(quote->at);
	if (quote->left >= 2 * SPI_BYTES)
		observation->spi_r = read_be64(quote->at + SPI_BYTES);
}

/* False: no UDP header of an IKE port. */
static bool parse_quoted_udp(struct cursor *quote,
			     struct aovpn_observation *observation)
{
	struct aovpn_flow *flow = &observation->flow;
	size_t bytes;

	if (quote->left < sizeof(struct udphdr))
		return false;
	flow->local_port = read_be16(quote->at);
	flow->remote_port = read_be16(quote->at + 2);
	bytes = read_be16(quote->at + 4);
	if (!is_ike_port(flow->local_port) && !is_ike_port(flow->remote_port))
		return false;
	skip(quote, sizeof(struct udphdr));
	if (bytes > sizeof(struct udphdr))
		parse_quoted_ike(quote, bytes - sizeof(struct udphdr),
				 observation);
	return true;
}

/* Step over the outer IPv4 header, which names the sender. */
static bool parse_outer_ip4(struct cursor *packet,
			    struct aovpn_observation *observation)
{
	size_t bytes = ip4_header_bytes(packet);

	if (bytes == 0 ||
	    packet->at[offsetof(struct iphdr, protocol)] != IPPROTO_ICMP)
		return false;
	observation->u.icmp.from_family = AF_INET;
	memcpy(observation->u.icmp.from,
	       packet->at + offsetof(struct iphdr, saddr), 4);
	return skip(packet, bytes);
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
	return transport == IPPROTO_ESP && quote->left >= 8;
}

int icmp_parse(int protocol, const uint8_t *packet, size_t length,
	       struct aovpn_observation *ret)
{
	struct cursor cursor = {.at = packet, .left = length};
	struct aovpn_observation observation = {
		.kind = AOVPN_OBS_ICMP_ERROR,
		.source = AOVPN_SOURCE_ICMP,
	};

	if (protocol == IPPROTO_ICMP && !parse_outer_ip4(&cursor, &observation))
		return -ENOENT;
	if (cursor.left < ICMP_HEADER_BYTES ||
	    !is_error(protocol, cursor.at, &observation.u.icmp.mtu))
		return -ENOENT;
	observation.u.icmp.type = cursor.at[0];
	observation.u.icmp.code = cursor.at[1];
	skip(&cursor, ICMP_HEADER_BYTES);
	if (!parse_quote(protocol, &cursor, &observation))
		return -ENOENT;
	*ret = observation;
	return 0;
}

/* --- the sockets ---------------------------------------------------------- */

/* Let through only the errors. ICMP source quench (4) is obsolete (RFC 6633).
 */
static int set_filter(int fd, int family)
{
	struct icmp6_filter filter6;
	uint32_t blocked;

	if (family == AF_INET) {
		blocked = ~(1U << ICMP_DEST_UNREACH | 1U << ICMP_TIME_EXCEEDED |
			    1U << ICMP_PARAMETERPROB);
		return setsockopt(fd, SOL_RAW, RAW_ICMP_FILTER, &blocked,
				  sizeof(blocked));
	}
	ICMP6_FILTER_SETBLOCKALL(&filter6);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter6);
	ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &filter6);
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter6);
	ICMP6_FILTER_SETPASS(ICMP6_PARAM_PROB, &filter6);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6,
			  sizeof(filter6));
}

/* Open one raw socket and have the epoll descriptor watch it. */
static int open_socket(struct icmp_listener *listener, int index, int family,
		       int protocol)
{
	struct epoll_event event = {.events = EPOLLIN};
	int fd;

	fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	listener->sockets[index] = fd;
	if (set_filter(fd, family) < 0 ||
	    epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	return 0;
}

static int open_all(struct icmp_listener *listener, struct aovpn_error *error)
{
	int code;

	listener->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (listener->epoll < 0)
		return aovpn_error_set(error, -errno, "epoll: %m");
	code = open_socket(listener, SOCKET_V4, AF_INET, IPPROTO_ICMP);
	if (code < 0)
		return aovpn_error_set(error, code, "raw ICMP socket: %s",
				       strerror(-code));
	code = open_socket(listener, SOCKET_V6, AF_INET6, IPPROTO_ICMPV6);
	if (code < 0 && code != -EAFNOSUPPORT)
		return aovpn_error_set(error, code, "raw ICMPv6 socket: %s",
				       strerror(-code));
	return 0;
}

int icmp_open(observation_sink_t sink, void *userdata,
	      struct icmp_listener **ret, struct aovpn_error *error)
{
	struct icmp_listener *listener;
	int code;

	listener = calloc(1, sizeof(*listener));
	if (!listener)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	listener->sink = sink;
	listener->userdata = userdata;
	listener->epoll = -1;
	listener->sockets[SOCKET_V4] = -1;
	listener->sockets[SOCKET_V6] = -1;
	code = open_all(listener, error);
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
		   const uint8_t *packet, size_t length,
		   const struct sockaddr *from)
{
	struct aovpn_observation observation;

	if (icmp_parse(protocol, packet, length, &observation) < 0)
		return 0;
	observation.time_ns = aovpn_boottime_ns();
	aovpn_address_from_sockaddr(from, &observation.u.icmp.from_family,
				    observation.u.icmp.from, NULL);
	listener->sink(&observation, listener->userdata);
	return 1;
}

static int drain_socket(struct icmp_listener *listener, int fd, int protocol)
{
	int count = 0;

	for (int i = 0; i < DRAIN_MAX; i++) {
		struct sockaddr_storage from = {0};
		socklen_t from_length = sizeof(from);
		uint8_t packet[PACKET_MAX];
		ssize_t length;

		length = recvfrom(fd, packet, sizeof(packet), 0,
				  (struct sockaddr *)&from, &from_length);
		if (length < 0 && errno == EAGAIN)
			break;
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		count += observe(listener, protocol, packet, (size_t)length,
				 (struct sockaddr *)&from);
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

struct icmp_listener *icmp_close(struct icmp_listener *listener)
{
	if (!listener)
		return NULL;
	for (int i = 0; i < SOCKET_COUNT; i++)
		if (listener->sockets[i] >= 0)
			close(listener->sockets[i]);
	if (listener->epoll >= 0)
		close(listener->epoll);
	free(listener);
	return NULL;
}
