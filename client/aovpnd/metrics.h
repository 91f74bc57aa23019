/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics.h - what a monitoring system counts, as text for Prometheus (the
 * exposition format 0.0.4, as node_exporter's textfile collector reads it).
 *
 * Sets of labels are bounded: codes and causes are those of the vocabulary
 * (others count as "other"), connections are at most METRICS_CONNECTIONS_MAX,
 * and how many found no room is a metric of its own.
 */
#ifndef AOVPN_METRICS_H
#define AOVPN_METRICS_H

#include <stdint.h>
#include <time.h>

#include <jansson.h>

#include "cert_watch.h"
#include "daemon.h"

#define METRICS_CONNECTIONS_MAX 512

struct metrics;

/* What counters do not know: how it is now. */
struct metrics_now {
	json_t *connections; /* connections_status and watched_status */
	struct daemon_losses losses;
	uint64_t unwritten; /* records */
	const struct cert_watch_known *known;
	size_t known_count;
};

/* started_at: the daemon's start. NULL without memory. */
struct metrics *metrics_new(time_t started_at);
struct metrics *metrics_free(struct metrics *metrics);

/* Count an event of a dial; now is the wall clock. Returns whether it was one
 * that counts: connected, terminated, failed. */
bool metrics_count(struct metrics *metrics, const json_t *record, time_t now);

/* All as text; the caller frees it. NULL without memory. */
char *metrics_text(struct metrics *metrics, const struct metrics_now *now);

#endif
