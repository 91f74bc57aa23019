/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragments.h - IP fragments of the gateway's answers as a source.
 *
 * Where client and gateway did not agree on IKE fragmentation (RFC 7383), a
 * large answer travels as IP fragments. If one is lost, the kernel throws the
 * others away without a word to anybody. A packet socket sees each of them.
 * Source: RFC 791 3.2, RFC 8200 4.5.
 */
#ifndef AOVPN_FRAGMENTS_H
#define AOVPN_FRAGMENTS_H

#include "error.h"
#include "tracer.h"

/* Fragments that are reported within one second; more are left out. */
#define FRAGMENTS_A_SECOND 32

struct fragments;

/*
 * Take over the sockets RAW_FRAGMENTS4 and RAW_FRAGMENTS6 of raw_sockets.h,
 * also on failure. A negative errno stands for one that could not be made, and
 * is the error. Nothing is delivered until fragments_watch. sink is called from
 * fragments_drain only. Errors: -EPERM and others, with a text.
 */
int fragments_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
		   struct fragments **ret, struct aovpn_error *error);

/* Have the kernel deliver fragments or not, as packet_tap_watch. */
void fragments_watch(struct fragments *fragments, bool on);

/* A descriptor (epoll) that is readable while a fragment waits. */
int fragments_fd(const struct fragments *fragments);

/* Read all that waits. Returns the number of observations or -errno. */
int fragments_drain(struct fragments *fragments);

/* Fragments lost since fragments_open because nobody read them in time. */
uint64_t fragments_lost(const struct fragments *fragments);

/* Fragments that were read and left out because there were too many. */
uint64_t fragments_suppressed(const struct fragments *fragments);

/* NULL is allowed. Returns NULL. */
struct fragments *fragments_close(struct fragments *fragments);

/*
 * Parse one received fragment from its IP header on into *ret, of which at most
 * RAW_FRAGMENT_BYTES were kept. Exposed for tests. Returns 0, or -ENOENT if it
 * is no fragment of UDP or ESP or one that no host may send: empty, beyond
 * 65535 bytes, not the last and no multiple of 8 long, or a first one without a
 * whole UDP header.
 */
int fragment_parse(const uint8_t *packet, size_t length,
		   struct aovpn_observation *ret);

#endif
