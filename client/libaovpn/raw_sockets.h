/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw_sockets.h - the sockets that need CAP_NET_RAW to be made, and nothing to
 * be used: so that who makes them need not be who reads from them.
 *
 * ICMP errors come in by a raw socket (raw(7)), which takes nothing but errors.
 * IP fragments come in by a packet socket (packet(7)), from which they can be
 * had before the kernel puts them together. That one is made without a
 * protocol, so that no packet passes through it until raw_fragments_bind; its
 * filter takes UDP and ESP fragments only, cut to RAW_FRAGMENT_BYTES, and is
 * locked: the holder of the descriptor cannot widen it.
 */
#ifndef AOVPN_RAW_SOCKETS_H
#define AOVPN_RAW_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* IP header with options, UDP, marker, SPIs and a little more. */
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
 * says why there is none: -EPERM, -EAFNOSUPPORT (no such family in this
 * kernel), and others.
 */
void raw_sockets_open(int fds[RAW_SOCKET_COUNT]);

/* Close it where it is a descriptor. */
void raw_socket_close(int fd);

/*
 * Have a packet socket deliver (on) or not. The kernel does not take a protocol
 * away again (0 leaves it as it is), so off binds to one that is reserved and
 * never on a wire. Blocks for a grace period of the kernel, some milliseconds,
 * where the socket was bound before; needs no privilege. index: RAW_FRAGMENTS4
 * or 6, whose descriptor fd is. Returns 0 or -errno.
 */
int raw_fragments_bind(enum raw_socket index, int fd, bool on);

/*
 * Packets that fd has lost so far, because nobody read them in time. ICMPv6
 * counts those with a wrong checksum, too. fd may be negative: 0.
 */
uint64_t raw_socket_lost(int fd);

#endif
