/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_icmp.c - icmp_parse on packets as routers send them, and on every
 * shorter piece of those. Each packet lies in a heap block of exactly its
 * size, so that a sanitizer sees any read beyond it.
 */
#include <CUnit/CUnit.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build_packet.h"
#include "client/aovpnd/icmp.h"
#include "raw_sockets.h"

/* Local 192.0.2.7 sent to gateway 198.51.100.9, router 203.0.113.1 answered. */
static const uint8_t local4[4] = {192, 0, 2, 7};
static const uint8_t remote4[4] = {198, 51, 100, 9};
static const uint8_t router4[4] = {203, 0, 113, 1};
static const uint8_t local6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};
static const uint8_t remote6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};
static const uint8_t router6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};

static void put_ip4(struct builder *builder, uint8_t protocol,
		    const uint8_t *from, const uint8_t *to, size_t options)
{
	put_u8(builder, (uint8_t)(0x45 + options / 4));
	put_u8(builder, 0);
	put_u16(builder, 200);
	put_u32(builder, 0x12344000); /* id, DF, first fragment */
	put_u8(builder, 64);
	put_u8(builder, protocol);
	put_u16(builder, 0);
	put(builder, from, 4);
	put(builder, to, 4);
	while (options-- > 0)
		put_u8(builder, 1); /* no operation */
}

static void put_ip6(struct builder *builder, uint8_t next, const uint8_t *from,
		    const uint8_t *to)
{
	put_u32(builder, 0x60000000);
	put_u16(builder, 160);
	put_u8(builder, next);
	put_u8(builder, 64);
	put(builder, from, 16);
	put(builder, to, 16);
}

/* Type, code, checksum (not looked at), and the field that follows. */
static void put_icmp(struct builder *builder, uint8_t type, uint8_t code,
		     uint32_t rest)
{
	put_u8(builder, type);
	put_u8(builder, code);
	put_u16(builder, 0);
	put_u32(builder, rest);
}

/* Outer IPv4 header and ICMP header, then the quoted IPv4 header. */
static void put_error4(struct builder *builder, uint8_t type, uint8_t code,
		       uint8_t inner_protocol, size_t options)
{
	put_ip4(builder, IPPROTO_ICMP, router4, local4, 0);
	put_icmp(builder, type, code, 0);
	put_ip4(builder, inner_protocol, local4, remote4, options);
}

/* The same of IPv6. */
static void put_error6(struct builder *builder, uint8_t type, uint8_t code,
		       uint32_t rest, uint8_t inner_next)
{
	put_ip6(builder, IPPROTO_ICMPV6, router6, local6);
	put_icmp(builder, type, code, rest);
	put_ip6(builder, inner_next, local6, remote6);
}

static int parse(const struct builder *builder, size_t length,
		 struct aovpn_observation *ret)
{
	uint8_t *exact = malloc(length ? length : 1);
	int code;

	CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
	memcpy(exact, builder->bytes, length);
	code = icmp_parse(exact, length, ret);
	free(exact);
	return code;
}

static int parse_all(const struct builder *builder,
		     struct aovpn_observation *ret)
{
	return parse(builder, builder->length, ret);
}

/* An answer for each length; what is refused leaves the result alone. */
static void check_every_length(const struct builder *builder, size_t enough)
{
	for (size_t length = 0; length <= builder->length; length++) {
		struct aovpn_observation got = {.kind = 12345};
		int code = parse(builder, length, &got);

		CU_ASSERT_EQUAL(code, length < enough ? -ENOENT : 0);
		CU_ASSERT_EQUAL(got.kind, length < enough
						  ? 12345U
						  : AOVPN_OBS_ICMP_ERROR);
	}
}

static void port_unreachable_quotes_ike(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 3, IPPROTO_UDP, 0);
	put_udp(&packet, 500, 500, 172);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.kind, AOVPN_OBS_ICMP_ERROR);
	CU_ASSERT_EQUAL(got.source, AOVPN_SOURCE_ICMP);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.spi_r, SPI_R);
	CU_ASSERT_EQUAL(got.flow.family, AF_INET);
	CU_ASSERT_EQUAL(memcmp(got.flow.local, local4, 4), 0);
	CU_ASSERT_EQUAL(memcmp(got.flow.remote, remote4, 4), 0);
	CU_ASSERT_EQUAL(got.flow.local_port, 500);
	CU_ASSERT_EQUAL(got.flow.remote_port, 500);
	CU_ASSERT_EQUAL(got.u.icmp.type, 3);
	CU_ASSERT_EQUAL(got.u.icmp.code, 3);
	CU_ASSERT_EQUAL(got.u.icmp.from_family, AF_INET);
	CU_ASSERT_EQUAL(memcmp(got.u.icmp.from, router4, 4), 0);
	CU_ASSERT_EQUAL(got.u.icmp.mtu, 0);
	CU_ASSERT_EQUAL(got.u.icmp.esp_spi, 0);
}

static void quoted_options_are_stepped_over(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 11, 0, IPPROTO_UDP, 40);
	put_udp(&packet, 500, 500, 172);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.flow.remote_port, 500);
}

static void marker_is_stepped_over_on_4500(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 13, IPPROTO_UDP, 0);
	put_udp(&packet, 54321, 4500, 176);
	put_u32(&packet, 0);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.spi_r, SPI_R);
	CU_ASSERT_EQUAL(got.flow.local_port, 54321);
	CU_ASSERT_EQUAL(got.flow.remote_port, 4500);
}

static void esp_in_udp_has_no_ike_spi(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 1, IPPROTO_UDP, 0);
	put_udp(&packet, 4500, 4500, 176);
	put_u32(&packet, 0xc1c2c3c4);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, 0);
	CU_ASSERT_EQUAL(got.u.icmp.esp_spi, 0xc1c2c3c4);
	CU_ASSERT_EQUAL(got.flow.remote_port, 4500);
}

static void eight_quoted_bytes_give_the_flow(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 3, IPPROTO_UDP, 0);
	put_udp(&packet, 500, 500, 172);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, 0);
	CU_ASSERT_EQUAL(got.flow.local_port, 500);
}

static void padding_behind_a_short_packet_is_no_spi(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 3, IPPROTO_UDP, 0);
	put_udp(&packet, 500, 500, 8);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.spi_r, 0);
}

static void esp_has_no_ports(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 2, IPPROTO_ESP, 0);
	put_u32(&packet, 0xc1c2c3c4);
	put_u32(&packet, 1);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.u.icmp.esp_spi, 0xc1c2c3c4);
	CU_ASSERT_EQUAL(got.spi_i, 0);
	CU_ASSERT_EQUAL(got.flow.local_port, 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 0);
	CU_ASSERT_EQUAL(memcmp(got.flow.remote, remote4, 4), 0);
}

static void fragmentation_needed_tells_the_mtu(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error4(&packet, 3, 4, IPPROTO_UDP, 0);
	put_udp(&packet, 4500, 4500, 1400);
	packet.bytes[26] = 0x05; /* RFC 1191: next-hop MTU 1412 */
	packet.bytes[27] = 0x84;
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.u.icmp.mtu, 1412);
}

static void ipv6_packet_too_big_tells_the_mtu(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error6(&packet, 2, 0, 1280, IPPROTO_UDP);
	put_udp(&packet, 500, 500, 172);
	put_ike(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.u.icmp.mtu, 1280);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.flow.family, AF_INET6);
	CU_ASSERT_EQUAL(memcmp(got.flow.local, local6, 16), 0);
	CU_ASSERT_EQUAL(memcmp(got.flow.remote, remote6, 16), 0);
	CU_ASSERT_EQUAL(got.u.icmp.from_family, AF_INET6);
	CU_ASSERT_EQUAL(memcmp(got.u.icmp.from, router6, 16), 0);
}

/* Destination options of 16 bytes, then the header of a fragment. */
static void put_extended6(struct builder *packet, uint16_t fragment)
{
	put_error6(packet, 1, 4, 0, IPPROTO_DSTOPTS);
	put_u32(packet, (uint32_t)IPPROTO_FRAGMENT << 24 | 1 << 16);
	put_u32(packet, 0);
	put_u32(packet, 0);
	put_u32(packet, 0);
	put_u16(packet, IPPROTO_UDP << 8);
	put_u16(packet, fragment);
	put_u32(packet, 0x1234);
	put_udp(packet, 500, 500, 172);
	put_ike(packet);
}

static void ipv6_extension_headers_are_stepped_over(void)
{
	struct builder first = {.length = 0}, later = {.length = 0};
	struct aovpn_observation got;

	put_extended6(&first, 1); /* more fragments, offset 0 */
	CU_ASSERT_EQUAL_FATAL(parse_all(&first, &got), 0);
	CU_ASSERT_EQUAL(got.spi_r, SPI_R);
	put_extended6(&later, 8);
	CU_ASSERT_EQUAL(parse_all(&later, &got), -ENOENT);
}

static void endless_extension_headers_are_refused(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error6(&packet, 1, 4, 0, IPPROTO_DSTOPTS);
	for (int i = 0; i < 20; i++) {
		put_u32(&packet, (uint32_t)IPPROTO_DSTOPTS << 24);
		put_u32(&packet, 0);
	}
	put_udp(&packet, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&packet, &got), -ENOENT);
}

static void every_truncation_is_safe(void)
{
	struct builder v4 = {.length = 0}, v6 = {.length = 0};
	struct builder esp = {.length = 0};

	put_error4(&v4, 3, 3, IPPROTO_UDP, 8);
	put_udp(&v4, 4500, 4500, 176);
	put_u32(&v4, 0);
	put_ike(&v4);
	check_every_length(&v4, 20 + 8 + 28 + 8);
	put_extended6(&v6, 0);
	check_every_length(&v6, 40 + 8 + 40 + 16 + 8 + 8);
	put_error4(&esp, 3, 2, IPPROTO_ESP, 0);
	put_u32(&esp, 0xc1c2c3c4);
	put_u32(&esp, 1);
	check_every_length(&esp, 20 + 8 + 20 + 8);
}

/* No byte of a header, whatever its value, leads out of the packet. */
static void every_changed_byte_is_safe(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;
	int refused = 0;

	put_error4(&packet, 3, 3, IPPROTO_UDP, 8);
	put_udp(&packet, 500, 500, 172);
	for (size_t i = 0; i < packet.length; i++) {
		uint8_t kept = packet.bytes[i];

		for (int value = 0; value < 256; value++) {
			packet.bytes[i] = (uint8_t)value;
			refused += parse_all(&packet, &got) < 0;
		}
		packet.bytes[i] = kept;
	}
	CU_ASSERT_TRUE(refused > 0);
}

static void other_traffic_is_refused(void)
{
	struct builder tcp = {.length = 0}, dns = {.length = 0};
	struct builder echo = {.length = 0}, igmp = {.length = 0};
	struct builder later = {.length = 0}, no_icmp6 = {.length = 0};
	struct aovpn_observation got;

	put_error4(&tcp, 3, 3, IPPROTO_TCP, 0);
	put_udp(&tcp, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&tcp, &got), -ENOENT);
	put_error4(&dns, 3, 3, IPPROTO_UDP, 0);
	put_udp(&dns, 54321, 53, 172);
	CU_ASSERT_EQUAL(parse_all(&dns, &got), -ENOENT);
	put_error4(&echo, 0, 0, IPPROTO_UDP, 0);
	put_udp(&echo, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&echo, &got), -ENOENT);
	put_ip4(&igmp, IPPROTO_IGMP, router4, local4, 0);
	put_icmp(&igmp, 3, 3, 0);
	put_ip4(&igmp, IPPROTO_UDP, local4, remote4, 0);
	put_udp(&igmp, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&igmp, &got), -ENOENT);
	put_error4(&later, 11, 1, IPPROTO_UDP, 0);
	put_udp(&later, 500, 500, 172);
	later.bytes[28 + 7] = 185; /* fragment offset */
	CU_ASSERT_EQUAL(parse_all(&later, &got), -ENOENT);
	put_error6(&no_icmp6, 1, 4, 0, IPPROTO_UDP);
	put_udp(&no_icmp6, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&no_icmp6, &got), 0);
	no_icmp6.bytes[6] = IPPROTO_ICMP;
	CU_ASSERT_EQUAL(parse_all(&no_icmp6, &got), -ENOENT);
}

/* Where the header's length were believed, the address would be the ports. */
static void header_shorter_than_itself_is_refused(void)
{
	static const uint8_t as_ports[4] = {1, 244, 1, 244};
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_ip4(&packet, IPPROTO_ICMP, router4, local4, 0);
	put_icmp(&packet, 3, 3, 0);
	put_ip4(&packet, IPPROTO_UDP, local4, as_ports, 0);
	put_udp(&packet, 500, 500, 172);
	CU_ASSERT_EQUAL(parse_all(&packet, &got), 0);
	packet.bytes[28] = 0x44;
	CU_ASSERT_EQUAL(parse_all(&packet, &got), -ENOENT);
}

/* RFC 792, RFC 1812 5.2.7.1 and RFC 4443 3: all codes of each error, and the
 * types before, between and behind. */
static void every_kind_of_error_is_taken(void)
{
	static const uint8_t errors4[] = {3, 11, 12}, errors6[] = {1, 2, 3, 4};
	struct aovpn_observation got;

	for (int type = 0; type < 256; type++) {
		bool is4 = memchr(errors4, type, sizeof(errors4)) != NULL;
		bool is6 = memchr(errors6, type, sizeof(errors6)) != NULL;

		for (int code = 0; code < 17; code++) {
			struct builder v4 = {.length = 0}, v6 = {.length = 0};

			put_error4(&v4, (uint8_t)type, (uint8_t)code,
				   IPPROTO_UDP, 12);
			put_udp(&v4, 500, 500, 172);
			CU_ASSERT_EQUAL(parse_all(&v4, &got),
					is4 ? 0 : -ENOENT);
			if (is4)
				CU_ASSERT(got.u.icmp.type == type &&
					  got.u.icmp.code == code);
			put_error6(&v6, (uint8_t)type, (uint8_t)code, 0,
				   IPPROTO_UDP);
			put_udp(&v6, 500, 500, 172);
			CU_ASSERT_EQUAL(parse_all(&v6, &got),
					is6 ? 0 : -ENOENT);
			if (is6)
				CU_ASSERT(got.u.icmp.type == type &&
					  got.u.icmp.code == code);
		}
	}
}

/* Hop-by-hop, routing and destination options (RFC 8200 4.1), then ESP. */
static void esp_behind_extension_headers(void)
{
	static const uint8_t chain[] = {IPPROTO_ROUTING, IPPROTO_DSTOPTS,
					IPPROTO_ESP};
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_error6(&packet, 4, 1, 40, IPPROTO_HOPOPTS);
	for (size_t i = 0; i < sizeof(chain); i++) {
		put_u32(&packet, (uint32_t)chain[i] << 24);
		put_u32(&packet, 0);
	}
	put_u32(&packet, 0xc1c2c3c4);
	put_u32(&packet, 1);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.u.icmp.esp_spi, 0xc1c2c3c4);
	CU_ASSERT_EQUAL(got.flow.remote_port, 0);
	check_every_length(&packet, packet.length);
}

/* --- with real sockets ---------------------------------------------------- */

struct heard {
	int count;
	struct aovpn_observation last;
};

static void hear(const struct aovpn_observation *observation, void *userdata)
{
	struct heard *heard = userdata;

	heard->count++;
	heard->last = *observation;
}

/* Send one packet to a closed port: the kernel answers with an ICMP error. */
static bool provoke(const struct sockaddr *to, socklen_t to_length)
{
	static const uint8_t message[28] = {0x11, 0x22, 0x33, 0x44,
					    0x55, 0x66, 0x77, 0x88};
	int fd = socket(to->sa_family, SOCK_DGRAM, 0);

	return fd >= 0 &&
	       sendto(fd, message, sizeof(message), 0, to, to_length) > 0;
}

/* One error must be heard of, and the descriptor must have said so. */
static bool hears(struct icmp_listener *listener, struct heard *heard,
		  int family, uint8_t type)
{
	struct pollfd waiting = {.fd = icmp_fd(listener), .events = POLLIN};

	heard->count = 0;
	return poll(&waiting, 1, 2000) == 1 && icmp_drain(listener) == 1 &&
	       heard->count == 1 && heard->last.spi_i == SPI_I &&
	       heard->last.time_ns != 0 &&
	       heard->last.u.icmp.from_family == family &&
	       heard->last.u.icmp.type == type;
}

struct stage {
	struct icmp_listener *listener;
	struct heard heard;
	int fds[RAW_SOCKET_COUNT];
};

/* An empty network and the sockets. Returns 0, or the number of the step that
 * failed, as all below. */
static int set(struct stage *stage)
{
	if (!enter_empty_network(0))
		return 1;
	raw_sockets_open(stage->fds);
	return icmp_open(hear, &stage->heard, stage->fds[RAW_ICMP4],
			 stage->fds[RAW_ICMP6], &stage->listener, NULL) < 0
		       ? 2
		       : 0;
}

static bool watch(struct stage *stage, bool on)
{
	icmp_watch(stage->listener, on);
	return wait_for_protocol(stage->fds[RAW_ICMP4], on ? 0x0800 : 0xffff) &&
	       wait_for_protocol(stage->fds[RAW_ICMP6], on ? 0x86dd : 0xffff);
}

static bool provoke4(uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET,
				 .sin_port = htons(port)};

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return provoke((struct sockaddr *)&v4, sizeof(v4));
}

static bool provoke6(uint16_t port)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
				  .sin6_port = htons(port)};

	v6.sin6_addr = in6addr_loopback;
	return provoke((struct sockaddr *)&v6, sizeof(v6));
}

static int listen_on_loopback(void)
{
	struct stage stage = {0};
	int code = set(&stage);

	if (code != 0)
		return code;
	if (!provoke4(500) || !provoke6(500) || icmp_drain(stage.listener) != 0)
		return 3;
	if (!watch(&stage, true))
		return 4;
	if (!provoke4(500) || !hears(stage.listener, &stage.heard, AF_INET, 3))
		return 5;
	if (!provoke6(500) || !hears(stage.listener, &stage.heard, AF_INET6, 1))
		return 6;
	if (!provoke4(53) || icmp_drain(stage.listener) != 0)
		return 7;
	if (!watch(&stage, false) || !provoke4(500) || !provoke6(500) ||
	    icmp_drain(stage.listener) != 0)
		return 8;
	return icmp_close(stage.listener) ? 9 : 0;
}

/* --- what the filters take, of what is on the wire ------------------------ */

/* Such a message, sent as it is by this host to itself. */
static bool send_icmp(int family, uint8_t type)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	uint8_t message[1024] = {type, 1};
	bool is4 = family == AF_INET;
	int fd = socket(family, SOCK_RAW, is4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	ssize_t sent;

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr = in6addr_loopback;
	sent = is4 ? sendto(fd, message, sizeof(message), 0,
			    (struct sockaddr *)&v4, sizeof(v4))
		   : sendto(fd, message, sizeof(message), 0,
			    (struct sockaddr *)&v6, sizeof(v6));
	close(fd);
	return sent == sizeof(message);
}

/* Each type once: what came in, in order, is the errors, each of them cut. */
static bool takes_only(int family, int fd, const uint8_t *errors, size_t count)
{
	uint8_t packet[2048];

	for (int type = 0; type < 256; type++)
		if (!send_icmp(family, (uint8_t)type))
			return false;
	for (size_t i = 0; i < count; i++)
		if (recv(fd, packet, sizeof(packet), 0) != RAW_PACKET_BYTES ||
		    packet[family == AF_INET ? 20 : 40] != errors[i])
			return false;
	return recv(fd, packet, sizeof(packet), 0) < 0 && errno == EAGAIN;
}

static int filter_all_types(void)
{
	static const uint8_t errors4[] = {3, 11, 12}, errors6[] = {1, 2, 3, 4};
	struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, 65535)};
	struct sock_fprog program = {.len = 1, .filter = all};
	int fds[RAW_SOCKET_COUNT];

	if (!enter_empty_network(0))
		return 1;
	raw_sockets_open(fds);
	if (raw_socket_bind(AF_INET, fds[RAW_ICMP4], true) < 0 ||
	    raw_socket_bind(AF_INET6, fds[RAW_ICMP6], true) < 0)
		return 2;
	if (!takes_only(AF_INET, fds[RAW_ICMP4], errors4, sizeof(errors4)))
		return 3;
	if (!takes_only(AF_INET6, fds[RAW_ICMP6], errors6, sizeof(errors6)))
		return 4;
	/* The holder of the descriptor cannot widen it. */
	return setsockopt(fds[RAW_ICMP4], SOL_SOCKET, SO_ATTACH_FILTER,
			  &program, sizeof(program)) < 0 &&
			       setsockopt(fds[RAW_ICMP6], SOL_SOCKET,
					  SO_ATTACH_FILTER, &program,
					  sizeof(program)) < 0
		       ? 0
		       : 5;
}

/* Odd, and more than any receive buffer holds. */
#define FLOOD 3001

/* Port unreachable from this host itself, about IKE, so often. */
static bool flood(int count)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct builder packet = {.length = 0};
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	put_icmp(&packet, 3, 3, 0);
	put_ip4(&packet, IPPROTO_UDP, local4, remote4, 0);
	put_udp(&packet, 500, 500, 172);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while (count > 0 && sendto(fd, packet.bytes, packet.length, 0,
				   (struct sockaddr *)&to, sizeof(to)) > 0)
		count--;
	close(fd);
	return count == 0;
}

/* Nobody reads while they come in: what is read then and what is lost is all.
 */
static int lose_a_flood(void)
{
	struct stage stage = {0};
	int code = set(&stage);

	if (code != 0)
		return code;
	if (!watch(&stage, true) || icmp_lost(stage.listener) != 0)
		return 3;
	if (!flood(FLOOD))
		return 4;
	while (icmp_drain(stage.listener) > 0)
		;
	if (stage.heard.count == 0 || icmp_lost(stage.listener) == 0)
		return 5;
	return (uint64_t)stage.heard.count + icmp_lost(stage.listener) == FLOOD
		       ? 0
		       : 6;
}

static int refuse_missing_sockets(void)
{
	struct icmp_listener *listener = NULL;
	struct aovpn_error error = {""};
	struct heard heard = {0};
	int fds[RAW_SOCKET_COUNT];

	raw_sockets_open(fds);
	if (icmp_open(hear, &heard, -EPERM, fds[RAW_ICMP6], &listener,
		      &error) != -EPERM ||
	    !strstr(error.text, "packet socket for ICMP"))
		return 1;
	if (icmp_open(hear, &heard, fds[RAW_ICMP4], -EAFNOSUPPORT, &listener,
		      &error) != -EAFNOSUPPORT)
		return 2;
	/* Taken over, so closed. */
	return fcntl(fds[RAW_ICMP4], F_GETFD) < 0 &&
			       fcntl(fds[RAW_ICMP6], F_GETFD) < 0
		       ? 0
		       : 3;
}

/* Run in a child: it leaves the network. */
static void expect_zero(int (*steps)(void))
{
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(steps());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

static void closed_port_is_heard_of(void)
{
	expect_zero(listen_on_loopback);
}

static void every_lost_error_is_counted(void)
{
	expect_zero(lose_a_flood);
}

static void only_errors_pass_the_filters(void)
{
	expect_zero(filter_all_types);
}

static void missing_sockets_are_refused(void)
{
	expect_zero(refuse_missing_sockets);
}

CU_TestInfo icmp_tests[] = {
	{"port unreachable quotes IKE", port_unreachable_quotes_ike},
	{"quoted IP options are stepped over", quoted_options_are_stepped_over},
	{"the non-ESP marker is stepped over on 4500",
	 marker_is_stepped_over_on_4500},
	{"ESP in UDP has no IKE SPI", esp_in_udp_has_no_ike_spi},
	{"8 quoted bytes give the flow", eight_quoted_bytes_give_the_flow},
	{"padding behind a short packet is no SPI",
	 padding_behind_a_short_packet_is_no_spi},
	{"ESP has no ports", esp_has_no_ports},
	{"fragmentation needed tells the MTU",
	 fragmentation_needed_tells_the_mtu},
	{"IPv6 packet too big tells the MTU",
	 ipv6_packet_too_big_tells_the_mtu},
	{"IPv6 extension headers are stepped over",
	 ipv6_extension_headers_are_stepped_over},
	{"endless IPv6 extension headers are refused",
	 endless_extension_headers_are_refused},
	{"every truncation is safe", every_truncation_is_safe},
	{"every changed byte is safe", every_changed_byte_is_safe},
	{"other traffic is refused", other_traffic_is_refused},
	{"an IP header shorter than itself is refused",
	 header_shorter_than_itself_is_refused},
	{"every kind of error is taken, and nothing else",
	 every_kind_of_error_is_taken},
	{"ESP by IPv6, behind extension headers", esp_behind_extension_headers},
	{"a closed port is heard of by IPv4 and IPv6", closed_port_is_heard_of},
	{"every error that was lost is counted", every_lost_error_is_counted},
	{"only errors pass the filters, cut", only_errors_pass_the_filters},
	{"missing sockets are refused", missing_sockets_are_refused},
	CU_TEST_INFO_NULL,
};
