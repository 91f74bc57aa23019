/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmp.h - ICMP and ICMPv6 errors about our IKE and ESP packets as a source.
 *
 * charon's UDP socket is unconnected and never hears of them; a packet socket
 * in the same network namespace does, on every kernel and without BPF, and also
 * of those that a firewall of this host drops. Source: RFC 792, RFC
 * 1812 4.3.2.3 (how much is quoted), RFC 4443 3.
 */
#ifndef AOVPN_ICMP_H
#define AOVPN_ICMP_H

#include "error.h"
#include "tracer.h"

struct icmp_listener;

/*
 * Take over the sockets RAW_ICMP4 and RAW_ICMP6 of raw_sockets.h, also on
 * failure. A negative errno stands for one that could not be made, and is the
 * error. Nothing is delivered until icmp_watch. sink is called from icmp_drain
 * only. Errors: -EPERM and others, with a text.
 */
int icmp_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
	      struct icmp_listener **ret, struct aovpn_error *error);

/* Have the kernel deliver errors or not, as packet_tap_watch. */
void icmp_watch(struct icmp_listener *listener, bool on);

/* A descriptor (epoll) that is readable while a packet waits. */
int icmp_fd(const struct icmp_listener *listener);

/* Read all that waits. Returns the number of observations or -errno. */
int icmp_drain(struct icmp_listener *listener);

/* Messages lost since icmp_open because nobody read them in time. */
uint64_t icmp_lost(const struct icmp_listener *listener);

struct icmp_listener *icmp_close(struct icmp_listener *listener);

/*
 * Parse one received ICMP or ICMPv6 message, from its IP header on, into *ret.
 * (Its checksum is not looked at: who forges one makes it right.) Exposed for
 * tests. Returns 0, or -ENOENT if it is no error about UDP 500, UDP 4500 or
 * ESP, or is too short to tell.
 */
int icmp_parse(const uint8_t *packet, size_t length,
	       struct aovpn_observation *ret);

#endif
