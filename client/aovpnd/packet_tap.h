/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_tap.h - two packet sockets of raw_sockets.h, one of IPv4 and one of
 * IPv6, that cost the host nothing while nobody watches them.
 */
#ifndef AOVPN_PACKET_TAP_H
#define AOVPN_PACKET_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet_tap;

/*
 * Take over the two sockets, also on failure. A negative errno stands for one
 * that could not be made, and is the error. Nothing is delivered until
 * packet_tap_watch. Errors: that, -ENOMEM, those of epoll and threads.
 */
int packet_tap_open(int fd4, int fd6, struct packet_tap **ret);

/*
 * Have the kernel deliver packets (on) or not, as it is in the beginning. Who
 * turns it on turns it off again; it stays on until the last one has. The
 * change itself waits for the kernel in a thread, so it takes some milliseconds
 * and no time of the caller's.
 */
void packet_tap_watch(struct packet_tap *tap, bool on);

/* A descriptor (epoll) that is readable while a packet waits. */
int packet_tap_fd(const struct packet_tap *tap);

/* Told of one packet, from its IP header on, cut to RAW_PACKET_BYTES. Returns
 * how many observations it made of it. */
typedef int (*packet_tap_reader_t)(const uint8_t *packet, size_t length,
				   void *userdata);

/*
 * Read all that waits; reader is told of it where somebody watches, else it is
 * nobody's. Returns the sum of what reader returned, or -errno.
 */
int packet_tap_drain(struct packet_tap *tap, packet_tap_reader_t reader,
		     void *userdata);

/* Packets lost since packet_tap_open because nobody read them in time. */
uint64_t packet_tap_lost(const struct packet_tap *tap);

/* NULL is allowed. Returns NULL. */
struct packet_tap *packet_tap_close(struct packet_tap *tap);

#endif
