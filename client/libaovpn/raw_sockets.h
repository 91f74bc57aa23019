/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw_sockets.h - the sockets that need CAP_NET_RAW to be made, and nothing to
 * be used: so that who makes them need not be who reads from them.
 *
 * All are packet sockets (packet(7)), which see what comes in for this host as
 * the network layer does, before a packet filter here. A raw socket (raw(7))
 * would do for ICMP, and costs other packets nothing; but it keeps the cgroup
 * in which it was made, so that a service that may not talk to anybody
 * (IPAddressDeny=) could not make it. Each has a filter, which is locked: the
 * holder of the descriptor cannot widen it. Those of ICMP take errors only, cut
 * to RAW_ICMP_BYTES. Those of fragments take UDP and ESP fragments only, before
 * the kernel puts them together, cut to RAW_FRAGMENT_BYTES, and nothing passes
 * through them until raw_fragments_bind.
 */
#ifndef AOVPN_RAW_SOCKETS_H
#define AOVPN_RAW_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* Both IP headers with options or extensions, ICMP, UDP, marker, SPIs. */
#define RAW_ICMP_BYTES 512
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
 * says why there is none: -EPERM, and others.
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
 * Packets that fd has lost so far, because nobody read them in time. fd may be
 * negative: 0.
 */
uint64_t raw_socket_lost(int fd);

#endif
