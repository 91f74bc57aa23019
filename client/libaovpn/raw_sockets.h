/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw_sockets.h - the sockets that need CAP_NET_RAW to be made, and nothing to
 * be used: so that who makes them need not be who reads from them.
 *
 * Packet sockets (packet(7)), for two reasons. IP fragments can be had there
 * before the kernel puts them together. And a raw socket of IPv4 or IPv6, which
 * would do for ICMP errors, is for ever under the address rules of the cgroup
 * in which it was made: that of who makes them could then not deny all
 * addresses.
 *
 * Each is made without a protocol, so that no packet passes through it until
 * raw_socket_bind. Its filter takes ICMP errors only, or fragments of UDP and
 * ESP, and cuts them; it is locked: the holder of the descriptor cannot widen
 * it.
 */
#ifndef AOVPN_RAW_SOCKETS_H
#define AOVPN_RAW_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* IP header with options, ICMP header, and the same again as it is quoted, of
 * IPv6 with some extension headers. */
#define RAW_PACKET_BYTES 512
/* Of a fragment: IP header with options, UDP, marker, SPIs and a little more.
 */
#define RAW_FRAGMENT_BYTES 128

enum raw_socket {
	RAW_ICMP4,
	RAW_ICMP6,
	RAW_FRAGMENTS4,
	RAW_FRAGMENTS6,
	RAW_SOCKET_COUNT
};

/*
 * Make all of them in the caller's network namespace, close-on-exec and
 * non-blocking. Each of fds becomes a descriptor, or the negative errno that
 * says why there is none: -EPERM, -EAFNOSUPPORT (no packet sockets in
 * this kernel), and others.
 */
void raw_sockets_open(int fds[RAW_SOCKET_COUNT]);

/* Close it where it is a descriptor. */
void raw_socket_close(int fd);

/*
 * Have a socket deliver (on) or not. The kernel does not take a protocol
 * away again (0 leaves it as it is), so off binds to one that is reserved and
 * never on a wire. Blocks for a grace period of the kernel, some milliseconds,
 * where the socket was bound before; needs no privilege. family: AF_INET or
 * AF_INET6, of which fd was made. Returns 0 or -errno.
 */
int raw_socket_bind(int family, int fd, bool on);

/*
 * Packets that fd has lost so far, because nobody read them in time. fd may be
 * negative: 0.
 */
uint64_t raw_socket_lost(int fd);

#endif
