/* SPDX-License-Identifier: GPL-2.0-or-later */
/* raw_sockets.c - see raw_sockets.h. */
#include "raw_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

/* "Reserved" in the IANA list of EtherTypes: on no wire. */
#define NO_PROTOCOL 0xffff

/* Offsets and bits of RFC 791 3.1 and RFC 8200 3 and 4.5. */
enum {
	IP4_FRAGMENT = 6,
	IP4_PROTOCOL = 9,
	IP4_FRAGMENT_BITS = 0x3fff, /* more to come, or not the first */
	IP4_OFFSET_BITS = 0x1fff,   /* not the first */
	IP6_NEXT_HEADER = 6,
	IP6_FRAGMENT_NEXT = 40,
	IP6_FRAGMENT_OFFSET = 42,
	IP6_FRAGMENT_BITS = 0xfff9,
	IP6_HEADER_BYTES = 40,
};

#define LOAD_BYTE(at) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (unsigned)(at))
#define LOAD_16(at)   BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (unsigned)(at))
/* Behind the options of the IPv4 header. */
#define LOAD_BEHIND_IP4(at)                     \
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), \
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, (unsigned)(at))
#define IF_IS(value, t, f)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, t, f)
#define IF_ANY(value, t, f) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, t, f)
#define IF_MIN(value, t, f) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, t, f)
#define TAKE(bytes)         BPF_STMT(BPF_RET | BPF_K, bytes)

/* Packets for this host that are fragments of UDP or ESP. */
static const struct sock_filter fragments4[] = {
	LOAD_BYTE(SKF_AD_OFF + SKF_AD_PKTTYPE),
	IF_IS(PACKET_HOST, 0, 6),
	LOAD_16(IP4_FRAGMENT),
	IF_ANY(IP4_FRAGMENT_BITS, 0, 4),
	LOAD_BYTE(IP4_PROTOCOL),
	IF_IS(IPPROTO_UDP, 1, 0),
	IF_IS(IPPROTO_ESP, 0, 1),
	TAKE(RAW_FRAGMENT_BYTES),
	TAKE(0),
};

static const struct sock_filter fragments6[] = {
	LOAD_BYTE(SKF_AD_OFF + SKF_AD_PKTTYPE),
	IF_IS(PACKET_HOST, 0, 8),
	LOAD_BYTE(IP6_NEXT_HEADER),
	IF_IS(IPPROTO_FRAGMENT, 0, 6),
	LOAD_16(IP6_FRAGMENT_OFFSET),
	IF_ANY(IP6_FRAGMENT_BITS, 0, 4),
	LOAD_BYTE(IP6_FRAGMENT_NEXT),
	IF_IS(IPPROTO_UDP, 1, 0),
	IF_IS(IPPROTO_ESP, 0, 1),
	TAKE(RAW_FRAGMENT_BYTES),
	TAKE(0),
};

/* ICMP errors for this host; source quench (4) is obsolete (RFC 6633). */
static const struct sock_filter icmp4[] = {
	LOAD_BYTE(SKF_AD_OFF + SKF_AD_PKTTYPE),
	IF_IS(PACKET_HOST, 0, 10),
	LOAD_BYTE(IP4_PROTOCOL),
	IF_IS(IPPROTO_ICMP, 0, 8),
	LOAD_16(IP4_FRAGMENT),
	IF_ANY(IP4_OFFSET_BITS, 6, 0),
	LOAD_BEHIND_IP4(0),
	IF_IS(ICMP_DEST_UNREACH, 2, 0),
	IF_IS(ICMP_TIME_EXCEEDED, 1, 0),
	IF_IS(ICMP_PARAMETERPROB, 0, 1),
	TAKE(RAW_PACKET_BYTES),
	TAKE(0),
};

/* The types of errors are 1 to 4 (RFC 4443 3); none has extension headers. */
static const struct sock_filter icmp6[] = {
	LOAD_BYTE(SKF_AD_OFF + SKF_AD_PKTTYPE),
	IF_IS(PACKET_HOST, 0, 6),
	LOAD_BYTE(IP6_NEXT_HEADER),
	IF_IS(IPPROTO_ICMPV6, 0, 4),
	LOAD_BYTE(IP6_HEADER_BYTES),
	IF_MIN(ICMP6_DST_UNREACH, 0, 2),
	IF_MIN(ICMP6_PARAM_PROB + 1, 1, 0),
	TAKE(RAW_PACKET_BYTES),
	TAKE(0),
};

/* Attach the program and lock it. */
static int attach(int fd, const struct sock_filter *code, size_t count)
{
	struct sock_fprog program = {
		.len = (unsigned short)count,
		.filter = (struct sock_filter *)code,
	};
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		       sizeof(program)) < 0)
		return -1;
	return setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &one, sizeof(one));
}

#define PROGRAM(code)                                  \
	{                                              \
		code, sizeof(code) / sizeof((code)[0]) \
	}

static const struct {
	const struct sock_filter *code;
	size_t count;
} filters[RAW_SOCKET_COUNT] = {
	[RAW_ICMP4] = PROGRAM(icmp4),
	[RAW_ICMP6] = PROGRAM(icmp6),
	[RAW_FRAGMENTS4] = PROGRAM(fragments4),
	[RAW_FRAGMENTS6] = PROGRAM(fragments6),
};

/* Without a protocol: nothing passes before the filter is there. */
static int open_one(enum raw_socket index)
{
	int fd, code;

	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (attach(fd, filters[index].code, filters[index].count) < 0) {
		code = -errno;
		close(fd);
		return code;
	}
	return fd;
}

void raw_sockets_open(int fds[RAW_SOCKET_COUNT])
{
	for (int i = 0; i < RAW_SOCKET_COUNT; i++)
		fds[i] = open_one((enum raw_socket)i);
}

void raw_socket_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int raw_socket_bind(int family, int fd, bool on)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET};

	address.sll_protocol = htons(NO_PROTOCOL);
	if (on)
		address.sll_protocol =
			htons(family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return 0;
}

/* Unlike SO_RXQ_OVFL and PACKET_STATISTICS this needs no packet to come with
 * it and is not set back by being read. */
uint64_t raw_socket_lost(int fd)
{
	uint32_t memory[SK_MEMINFO_VARS] = {0};
	socklen_t length = sizeof(memory);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length))
		return 0;
	return memory[SK_MEMINFO_DROPS];
}
