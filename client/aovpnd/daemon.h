/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - what the parts of aovpnd share: one structure, one event loop.
 */
#ifndef AOVPN_DAEMON_H
#define AOVPN_DAEMON_H

#include <systemd/sd-event.h>

#include "channel.h"
#include "fragments.h"
#include "history_store.h"
#include "icmp.h"
#include "paths.h"
#include "recorder.h"
#include "refused_pins.h"
#include "tracer.h"

struct always_on;
struct bus;
struct cert_watch;
struct charon_source;
struct connections;
struct kernel_watch;
struct network;
struct metrics_writer;
struct plugin_server;
struct system_bus;
struct traces;
struct watched;

/* How long after the end of a failed dial facts may still come in: an ICMP
 * message or a drop of the last packet, and what a check of the certificates
 * finds, which on a busy machine takes that long. */
#define DAEMON_LATE_FACTS_US 200000ull

/* Events that the sources lost so far, and those kept back by limits. */
struct daemon_losses {
	uint64_t lost[AOVPN_SOURCE_COUNT];
	uint64_t suppressed;
};

struct daemon {
	struct aovpn_paths paths;
	sd_event *event;
	int lock_fd; /* held for the life of the process */

	/* Sources. All but the plugin's may be NULL: the daemon works without,
	 * and says so. */
	struct plugin_server *plugin;
	struct tracer *tracer;
	struct icmp_listener *icmp;
	struct fragments *fragments;
	struct kernel_watch *watch; /* never NULL, also without a tracer */
	uint64_t watched_netns;     /* whose the last three are: its cookie */
	sd_event_source *tracer_source;
	sd_event_source *icmp_source;
	sd_event_source *fragments_source;
	struct aovpn_error tracer_error; /* why tracer is NULL */
	struct aovpn_error icmp_error;
	struct aovpn_error fragments_error;
	struct daemon_losses past_losses; /* of the last three's predecessors */

	struct aovpn_refused_pins *refused; /* NULL: nothing is remembered */
	struct history_store *history;      /* the same */
	struct connections *connections;
	struct watched *watched;         /* attempts that others dial */
	struct charon_source *charon;    /* what charon says of those */
	struct charon_source *charon_nm; /* and NetworkManager's, charon-nm */
	struct network *network;
	struct system_bus *system_bus;
	struct always_on *always_on; /* NULL at the start and the end */
	struct recorder recorder;
	struct metrics_writer *metrics; /* NULL: no file of metrics */
	struct bus *bus;
	struct traces *traces;
	struct cert_watch *certificates; /* NULL: not watched */
};

/* Hand one observation of any source to whom it belongs. */
void daemon_observe(struct daemon *daemon,
		    const struct aovpn_observation *observation);

/* Read everything that the sources hold now, so that nothing which has
 * happened already is missing from a record. */
void daemon_drain(struct daemon *daemon);

/* Of all sources, since the start. */
struct daemon_losses daemon_losses(const struct daemon *daemon);

#endif
