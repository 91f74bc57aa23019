/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_fragments.c - fragment_parse on fragments as hosts send them and as none
 * may, and the packet sockets on a loopback interface whose MTU makes the
 * kernel cut what is sent. Each parsed packet lies in a heap block of exactly
 * its size.
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
#include "client/aovpnd/fragments.h"
#include "raw_sockets.h"

static const uint8_t gateway4[4] = {198, 51, 100, 9};
static const uint8_t local4[4] = {192, 0, 2, 7};
static const uint8_t gateway6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};
static const uint8_t local6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};

#define MORE 1

/* The header of a fragment with data bytes behind it. */
static void put_fragment4(struct builder *packet, uint8_t protocol, int more,
			  uint16_t offset, uint16_t data)
{
	put_u16(packet, 0x4500);
	put_u16(packet, (uint16_t)(20 + data));
	put_u16(packet, 0x1234);
	put_u16(packet, (uint16_t)(more << 13 | offset / 8));
	put_u8(packet, 64);
	put_u8(packet, protocol);
	put_u16(packet, 0);
	put(packet, gateway4, 4);
	put(packet, local4, 4);
}

static void put_fragment6(struct builder *packet, uint8_t protocol, int more,
			  uint16_t offset, uint16_t data)
{
	put_u32(packet, 0x60000000);
	put_u16(packet, (uint16_t)(8 + data));
	put_u8(packet, IPPROTO_FRAGMENT);
	put_u8(packet, 64);
	put(packet, gateway6, 16);
	put(packet, local6, 16);
	put_u8(packet, protocol);
	put_u8(packet, 0);
	put_u16(packet, (uint16_t)(offset | more));
	put_u32(packet, 0x56781234);
}

static void fill_up(struct builder *packet, size_t length)
{
	while (packet->length < length)
		put_u8(packet, 0xee);
}

static int parse(const struct builder *packet, size_t length,
		 struct aovpn_observation *ret)
{
	uint8_t *exact = malloc(length ? length : 1);
	int code;

	CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
	memcpy(exact, packet->bytes, length);
	code = fragment_parse(exact, length, ret);
	free(exact);
	return code;
}

static int parse_all(const struct builder *packet,
		     struct aovpn_observation *ret)
{
	return parse(packet, packet->length, ret);
}

/* The first fragment of an answer on port 4500, as much as is kept of it. */
static void put_first4(struct builder *packet)
{
	put_fragment4(packet, IPPROTO_UDP, MORE, 0, 1480);
	put_udp(packet, 4500, 4500, 2326);
	put_u32(packet, 0);
	put_ike(packet);
	fill_up(packet, RAW_FRAGMENT_BYTES);
}

static void the_first_fragment_says_whose_it_is(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_first4(&packet);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.kind, AOVPN_OBS_FRAGMENT);
	CU_ASSERT_EQUAL(got.source, AOVPN_SOURCE_FRAGMENTS);
	CU_ASSERT_EQUAL(got.flow.family, AF_INET);
	CU_ASSERT_EQUAL(memcmp(got.flow.remote, gateway4, 4), 0);
	CU_ASSERT_EQUAL(memcmp(got.flow.local, local4, 4), 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 4500);
	CU_ASSERT_EQUAL(got.flow.local_port, 4500);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.spi_r, SPI_R);
	CU_ASSERT_EQUAL(got.u.fragment.protocol, IPPROTO_UDP);
	CU_ASSERT_EQUAL(got.u.fragment.more, 1);
	CU_ASSERT_EQUAL(got.u.fragment.id, 0x1234);
	CU_ASSERT_EQUAL(got.u.fragment.offset, 0);
	CU_ASSERT_EQUAL(got.u.fragment.length, 1480);
	CU_ASSERT_EQUAL(got.u.fragment.whole, 2334);
	CU_ASSERT_EQUAL(got.u.fragment.exchange, 34);
}

static void ports_are_seen_from_here(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_fragment4(&packet, IPPROTO_UDP, MORE, 0, 1480);
	put_udp(&packet, 500, 54321, 2000);
	put_ike(&packet);
	fill_up(&packet, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 500);
	CU_ASSERT_EQUAL(got.flow.local_port, 54321);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
}

static void later_fragments_have_addresses_only(void)
{
	struct builder packet = {.length = 0}, v6 = {.length = 0};
	struct aovpn_observation got;

	put_fragment4(&packet, IPPROTO_UDP, 0, 1480, 854);
	put_udp(&packet, 4500, 4500, 2326); /* looks like one, and is data */
	fill_up(&packet, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 0);
	CU_ASSERT_EQUAL(got.spi_i, 0);
	CU_ASSERT_EQUAL(got.u.fragment.more, 0);
	CU_ASSERT_EQUAL(got.u.fragment.offset, 1480);
	CU_ASSERT_EQUAL(got.u.fragment.length, 854);
	CU_ASSERT_EQUAL(got.u.fragment.whole, 0);
	CU_ASSERT_EQUAL(got.u.fragment.exchange, 0);
	put_fragment6(&v6, IPPROTO_UDP, 0, 1448, 886);
	fill_up(&v6, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&v6, &got), 0);
	CU_ASSERT_EQUAL(got.u.fragment.offset, 1448);
	CU_ASSERT_EQUAL(got.u.fragment.length, 886);
	CU_ASSERT_EQUAL(got.flow.remote_port, 0);
}

static void ipv6_says_the_same(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_fragment6(&packet, IPPROTO_UDP, MORE, 0, 1448);
	put_udp(&packet, 500, 500, 2326);
	put_ike(&packet);
	fill_up(&packet, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.flow.family, AF_INET6);
	CU_ASSERT_EQUAL(memcmp(got.flow.remote, gateway6, 16), 0);
	CU_ASSERT_EQUAL(memcmp(got.flow.local, local6, 16), 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 500);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.u.fragment.id, 0x56781234);
	CU_ASSERT_EQUAL(got.u.fragment.length, 1448);
	CU_ASSERT_EQUAL(got.u.fragment.more, 1);
}

static void esp_has_neither_ports_nor_spis(void)
{
	struct builder esp = {.length = 0}, in_udp = {.length = 0};
	struct aovpn_observation got;

	put_fragment4(&esp, IPPROTO_ESP, MORE, 0, 1480);
	put_udp(&esp, 4500, 4500, 2326);
	fill_up(&esp, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&esp, &got), 0);
	CU_ASSERT_EQUAL(got.u.fragment.protocol, IPPROTO_ESP);
	CU_ASSERT_EQUAL(got.flow.remote_port, 0);
	put_fragment4(&in_udp, IPPROTO_UDP, MORE, 0, 1480);
	put_udp(&in_udp, 4500, 4500, 2326);
	put_u32(&in_udp, 0xc1c2c3c4);
	put_ike(&in_udp);
	fill_up(&in_udp, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&in_udp, &got), 0);
	CU_ASSERT_EQUAL(got.flow.remote_port, 4500);
	CU_ASSERT_EQUAL(got.spi_i, 0);
}

/* Protocol, more, offset, bytes of data: what no host may send, or is no
 * fragment of ours. */
static void what_no_host_may_send_is_refused(void)
{
	static const struct {
		uint8_t protocol;
		int more;
		uint16_t offset, data;
		int code;
	} table[] = {
		{IPPROTO_UDP, 0, 0, 200, -ENOENT},     /* not cut */
		{IPPROTO_UDP, MORE, 1480, 0, -ENOENT}, /* nothing in it */
		{IPPROTO_UDP, 0, 1480, 0, -ENOENT},
		{IPPROTO_UDP, MORE, 8, 201, -ENOENT}, /* leaves a gap */
		{IPPROTO_UDP, 0, 8, 201, 0},
		{IPPROTO_UDP, MORE, 8, 208, 0},
		{IPPROTO_UDP, 0, 65528, 7, 0}, /* 65535 bytes */
		{IPPROTO_UDP, 0, 65528, 8, -ENOENT},
		{IPPROTO_TCP, 0, 8, 201, -ENOENT},
		{IPPROTO_ICMP, MORE, 0, 208, -ENOENT},
	};
	struct aovpn_observation got;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct builder v4 = {.length = 0}, v6 = {.length = 0};

		put_fragment4(&v4, table[i].protocol, table[i].more,
			      table[i].offset, table[i].data);
		fill_up(&v4, RAW_FRAGMENT_BYTES);
		CU_ASSERT_EQUAL(parse_all(&v4, &got), table[i].code);
		put_fragment6(&v6, table[i].protocol, table[i].more,
			      table[i].offset, table[i].data);
		fill_up(&v6, RAW_FRAGMENT_BYTES);
		CU_ASSERT_EQUAL(parse_all(&v6, &got), table[i].code);
	}
}

static void a_first_fragment_too_small_for_udp_is_refused(void)
{
	struct aovpn_observation got;

	for (uint16_t data = 0; data <= 16; data = (uint16_t)(data + 8)) {
		struct builder packet = {.length = 0};

		put_fragment4(&packet, IPPROTO_UDP, MORE, 0, data);
		put_udp(&packet, 4500, 4500, 2326);
		put_u32(&packet, 0);
		/* Padding of the link is no SPI. */
		fill_up(&packet, 60);
		CU_ASSERT_EQUAL(parse_all(&packet, &got), data ? 0 : -ENOENT);
		if (data)
			CU_ASSERT_EQUAL(got.spi_i, 0);
	}
}

/* What is not there although its header says so is refused, unless it is the
 * socket that has cut it. */
static void every_truncation_is_safe(void)
{
	struct builder v4 = {.length = 0}, v6 = {.length = 0};
	struct aovpn_observation got;
	size_t length;

	put_first4(&v4);
	put_fragment6(&v6, IPPROTO_UDP, MORE, 0, 1448);
	put_udp(&v6, 500, 500, 2326);
	put_ike(&v6);
	fill_up(&v6, RAW_FRAGMENT_BYTES);
	for (length = 0; length < RAW_FRAGMENT_BYTES; length++) {
		got.kind = 12345;
		CU_ASSERT_EQUAL(parse(&v4, length, &got), -ENOENT);
		CU_ASSERT_EQUAL(parse(&v6, length, &got), -ENOENT);
		CU_ASSERT_EQUAL(got.kind, 12345);
	}
	CU_ASSERT_EQUAL(parse(&v4, length, &got), 0);
	CU_ASSERT_EQUAL(parse(&v6, length, &got), 0);
}

/* Whatever two bytes of it say. */
static void every_changed_byte_is_safe(void)
{
	struct builder v4 = {.length = 0};
	struct aovpn_observation got;
	int refused = 0, taken = 0;

	put_first4(&v4);
	for (size_t i = 0; i < 64; i++) {
		uint8_t kept = v4.bytes[i];

		for (int value = 0; value < 256; value++) {
			v4.bytes[i] = (uint8_t)value;
			if (parse_all(&v4, &got) < 0) {
				refused++;
				continue;
			}
			taken++;
			CU_ASSERT(got.u.fragment.offset +
					  got.u.fragment.length <=
				  65535);
		}
		v4.bytes[i] = kept;
	}
	CU_ASSERT(refused > 0 && taken > 0);
}

static void ip_options_are_stepped_over(void)
{
	struct builder packet = {.length = 0};
	struct aovpn_observation got;

	put_fragment4(&packet, IPPROTO_UDP, MORE, 0, 1480);
	for (int i = 0; i < 40; i++)
		put_u8(&packet, 1); /* no operation */
	packet.bytes[0] = 0x4f;
	put_udp(&packet, 4500, 4500, 2326);
	put_u32(&packet, 0);
	put_ike(&packet);
	fill_up(&packet, RAW_FRAGMENT_BYTES);
	CU_ASSERT_EQUAL_FATAL(parse_all(&packet, &got), 0);
	CU_ASSERT_EQUAL(got.spi_i, SPI_I);
	CU_ASSERT_EQUAL(got.u.fragment.length, 1440);
}

/* --- with real sockets ---------------------------------------------------- */

#define MTU 1500

struct heard {
	unsigned int count;
	struct aovpn_observation first, last;
};

static void hear(const struct aovpn_observation *observation, void *userdata)
{
	struct heard *heard = userdata;

	if (heard->count++ == 0)
		heard->first = *observation;
	heard->last = *observation;
}

/* Send an IKE message of so many bytes from port 500 to nobody's. */
static bool send_ike(int family, size_t bytes)
{
	static const uint8_t message[4000] = {0x11, 0x22, 0x33, 0x44,
					      0x55, 0x66, 0x77, 0x88};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr *from = (struct sockaddr *)&v4;
	socklen_t length = sizeof(v4);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), one = 1;
	bool sent;

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr = in6addr_loopback;
	v4.sin_port = v6.sin6_port = htons(500);
	if (family == AF_INET6) {
		from = (struct sockaddr *)&v6;
		length = sizeof(v6);
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	sent = bind(fd, from, length) == 0;
	v4.sin_port = v6.sin6_port = htons(4501);
	sent = sent && sendto(fd, message, bytes, 0, from, length) > 0;
	close(fd);
	return sent;
}

static bool has_waiting(const struct fragments *fragments)
{
	struct pollfd waiting = {.fd = fragments_fd(fragments),
				 .events = POLLIN};

	return poll(&waiting, 1, 200) == 1;
}

struct stage {
	struct fragments *fragments;
	struct heard heard;
	int fds[RAW_SOCKET_COUNT];
};

/* An empty network and the sockets. */
static int set(struct stage *stage)
{
	if (!enter_empty_network(MTU))
		return 1;
	raw_sockets_open(stage->fds);
	if (fragments_open(hear, &stage->heard, stage->fds[RAW_FRAGMENTS4],
			   stage->fds[RAW_FRAGMENTS6], &stage->fragments,
			   NULL) < 0)
		return 2;
	return 0;
}

static bool watch(struct stage *stage, bool on)
{
	fragments_watch(stage->fragments, on);
	return wait_for_protocol(stage->fds[RAW_FRAGMENTS4],
				 on ? 0x0800 : 0xffff) &&
	       wait_for_protocol(stage->fds[RAW_FRAGMENTS6],
				 on ? 0x86dd : 0xffff);
}

/* Of 3000 bytes there are three fragments. */
static bool hears(struct stage *stage, int family)
{
	struct heard *heard = &stage->heard;

	heard->count = 0;
	return send_ike(family, 3000) && has_waiting(stage->fragments) &&
	       fragments_drain(stage->fragments) == 3 && heard->count == 3 &&
	       heard->first.flow.family == family &&
	       heard->first.flow.remote_port == 500 &&
	       heard->first.flow.local_port == 4501 &&
	       heard->first.spi_i == SPI_I && heard->first.time_ns != 0 &&
	       heard->first.u.fragment.whole == 3008 &&
	       heard->last.u.fragment.id == heard->first.u.fragment.id &&
	       !heard->last.u.fragment.more &&
	       heard->last.u.fragment.offset + heard->last.u.fragment.length ==
		       3008;
}

static bool hears_nothing(struct stage *stage, size_t bytes)
{
	return send_ike(AF_INET, bytes) && send_ike(AF_INET6, bytes) &&
	       !has_waiting(stage->fragments) &&
	       fragments_drain(stage->fragments) == 0;
}

/* Become nobody, who may use port 500 here and make no packet socket. */
static bool drop_privileges(void)
{
	int fd =
		open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_WRONLY);

	return fd >= 0 && write(fd, "0", 1) == 1 && close(fd) == 0 &&
	       setresgid(65534, 65534, 65534) == 0 &&
	       setresuid(65534, 65534, 65534) == 0 &&
	       socket(AF_PACKET, SOCK_DGRAM, 0) < 0 && errno == EPERM;
}

/* Returns 0, or the number of the step that failed, as all below. */
static int watch_without_privileges(void)
{
	struct stage stage = {0};
	int code = set(&stage);

	if (code != 0)
		return code;
	if (!drop_privileges())
		return 3;
	if (!hears_nothing(&stage, 3000))
		return 4;
	if (!watch(&stage, true) || !hears(&stage, AF_INET))
		return 5;
	if (!hears(&stage, AF_INET6))
		return 6;
	if (!hears_nothing(&stage, 1000)) /* not cut */
		return 7;
	if (!watch(&stage, false) || !hears_nothing(&stage, 3000))
		return 8;
	if (!watch(&stage, true) || !hears(&stage, AF_INET))
		return 9;
	return fragments_close(stage.fragments) ? 10 : 0;
}

static int watch_as_long_as_anybody(void)
{
	struct stage stage = {0};
	int code = set(&stage);

	if (code != 0)
		return code;
	if (!watch(&stage, true) || !watch(&stage, true))
		return 3;
	fragments_watch(stage.fragments, false);
	usleep(100000);
	if (!hears(&stage, AF_INET))
		return 4;
	if (!send_ike(AF_INET, 3000) || !has_waiting(stage.fragments))
		return 5;
	/* What is still there when the last one ends is nobody's. */
	if (!watch(&stage, false) || fragments_drain(stage.fragments) != 0)
		return 6;
	/* Quicker than the thread can follow. */
	for (int i = 0; i < 100; i++)
		fragments_watch(stage.fragments, i % 2 == 0);
	fragments_close(stage.fragments);
	return 0;
}

/* The holder of the descriptor cannot widen what it gives. */
static int widen(void)
{
	struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, 65535)};
	struct sock_fprog program = {.len = 1, .filter = all};
	int fds[RAW_SOCKET_COUNT], zero = 0, i;

	raw_sockets_open(fds);
	for (i = RAW_FRAGMENTS4; i <= RAW_FRAGMENTS6; i++) {
		if (fds[i] < 0)
			return 1;
		if (setsockopt(fds[i], SOL_SOCKET, SO_ATTACH_FILTER, &program,
			       sizeof(program)) == 0 ||
		    errno != EPERM)
			return 2;
		if (setsockopt(fds[i], SOL_SOCKET, SO_DETACH_FILTER, &zero,
			       sizeof(zero)) == 0 ||
		    errno != EPERM)
			return 3;
		if (setsockopt(fds[i], SOL_SOCKET, SO_LOCK_FILTER, &zero,
			       sizeof(zero)) == 0 ||
		    errno != EPERM)
			return 4;
		if (!(fcntl(fds[i], F_GETFD) & FD_CLOEXEC))
			return 5;
	}
	return 0;
}

/* No more than so many bytes of each, and nothing but fragments. */
static int read_bare(void)
{
	uint8_t packet[4096];
	int fds[RAW_SOCKET_COUNT], i;

	if (!enter_empty_network(MTU))
		return 1;
	raw_sockets_open(fds);
	if (raw_socket_bind(AF_INET, fds[RAW_FRAGMENTS4], true) < 0 ||
	    raw_socket_bind(AF_INET6, fds[RAW_FRAGMENTS6], true) < 0)
		return 2;
	if (!send_ike(AF_INET, 1000) || !send_ike(AF_INET6, 1000) ||
	    !send_ike(AF_INET, 3000) || !send_ike(AF_INET6, 3000))
		return 3;
	for (i = 0; i < 3; i++)
		if (recv(fds[RAW_FRAGMENTS4], packet, sizeof(packet), 0) !=
			    (i < 2 ? RAW_FRAGMENT_BYTES : 20 + 48) ||
		    recv(fds[RAW_FRAGMENTS6], packet, sizeof(packet), 0) !=
			    RAW_FRAGMENT_BYTES)
			return 4 + i;
	return recv(fds[RAW_FRAGMENTS4], packet, sizeof(packet), 0) < 0 &&
			       recv(fds[RAW_FRAGMENTS6], packet, sizeof(packet),
				    0) < 0
		       ? 0
		       : 7;
}

/* Odd, and more than any receive buffer holds. */
#define FLOOD 1001

/* Nobody reads while they come in: what is read then, what is left out and what
 * is lost is all. */
static int lose_a_flood(void)
{
	struct stage stage = {0};
	int code = set(&stage), i;
	uint64_t sum;

	if (code != 0)
		return code;
	if (!watch(&stage, true) || fragments_lost(stage.fragments) != 0)
		return 3;
	for (i = 0; i < FLOOD; i++)
		if (!send_ike(i % 2 ? AF_INET : AF_INET6, 3000))
			return 4;
	while (has_waiting(stage.fragments))
		if (fragments_drain(stage.fragments) < 0)
			return 5;
	if (stage.heard.count < FRAGMENTS_A_SECOND ||
	    fragments_lost(stage.fragments) == 0 ||
	    fragments_suppressed(stage.fragments) == 0)
		return 6;
	sum = stage.heard.count + fragments_lost(stage.fragments) +
	      fragments_suppressed(stage.fragments);
	return sum == 3 * FLOOD ? 0 : 7;
}

/* What a second may bring comes again in the next. */
static int limit_a_second(void)
{
	struct stage stage = {0};
	int code = set(&stage), i;

	if (code != 0)
		return code;
	if (!watch(&stage, true))
		return 3;
	for (i = 0; i < 20; i++)
		send_ike(AF_INET, 3000);
	if (fragments_drain(stage.fragments) != FRAGMENTS_A_SECOND ||
	    fragments_suppressed(stage.fragments) != 60 - FRAGMENTS_A_SECOND)
		return 4;
	usleep(1100000);
	return hears(&stage, AF_INET) ? 0 : 5;
}

static int refuse_missing_sockets(void)
{
	struct fragments *fragments = NULL;
	struct aovpn_error error = {""};
	int fds[RAW_SOCKET_COUNT];

	raw_sockets_open(fds);
	if (fragments_open(hear, NULL, fds[RAW_FRAGMENTS4], -EPERM, &fragments,
			   &error) != -EPERM ||
	    !strstr(error.text, "packet socket"))
		return 1;
	if (fragments_open(hear, NULL, -EAFNOSUPPORT, fds[RAW_FRAGMENTS6],
			   &fragments, &error) != -EAFNOSUPPORT)
		return 2;
	/* Taken over, so closed. */
	return fcntl(fds[RAW_FRAGMENTS4], F_GETFD) < 0 &&
			       fcntl(fds[RAW_FRAGMENTS6], F_GETFD) < 0
		       ? 0
		       : 3;
}

/* In a child: it leaves the network and its privileges. */
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

static void fragments_are_heard_of_while_watched(void)
{
	expect_zero(watch_without_privileges);
}

static void the_last_watcher_turns_it_off(void)
{
	expect_zero(watch_as_long_as_anybody);
}

static void the_filter_is_locked(void)
{
	expect_zero(widen);
}

static void the_filter_passes_the_heads_of_fragments(void)
{
	expect_zero(read_bare);
}

static void every_lost_fragment_is_counted(void)
{
	expect_zero(lose_a_flood);
}

static void a_second_has_a_limit(void)
{
	expect_zero(limit_a_second);
}

static void without_sockets_it_says_why(void)
{
	expect_zero(refuse_missing_sockets);
}

CU_TestInfo fragments_tests[] = {
	{"the first fragment says whose it is",
	 the_first_fragment_says_whose_it_is},
	{"ports are seen from here", ports_are_seen_from_here},
	{"later fragments have addresses only",
	 later_fragments_have_addresses_only},
	{"IPv6 says the same", ipv6_says_the_same},
	{"ESP has neither ports nor SPIs", esp_has_neither_ports_nor_spis},
	{"what no host may send is refused", what_no_host_may_send_is_refused},
	{"a first fragment too small for UDP is refused",
	 a_first_fragment_too_small_for_udp_is_refused},
	{"every truncation is safe", every_truncation_is_safe},
	{"every changed byte is safe", every_changed_byte_is_safe},
	{"IP options are stepped over", ip_options_are_stepped_over},
	{"fragments are heard of while watched, without privileges",
	 fragments_are_heard_of_while_watched},
	{"the last watcher turns it off", the_last_watcher_turns_it_off},
	{"the filter is locked", the_filter_is_locked},
	{"the filter passes the heads of fragments only",
	 the_filter_passes_the_heads_of_fragments},
	{"every lost fragment is counted", every_lost_fragment_is_counted},
	{"a second has a limit", a_second_has_a_limit},
	{"without sockets it says why", without_sockets_it_says_why},
	CU_TEST_INFO_NULL,
};
