/*
 * daemon.h - what the parts of aovpnd share: one structure, one event loop.
 */
#ifndef AOVPN_DAEMON_H
#define AOVPN_DAEMON_H

#include <systemd/sd-event.h>

#include "icmp.h"
#include "paths.h"
#include "refused_pins.h"
#include "tracer.h"

struct bus;
struct connections;
struct plugin_server;
struct traces;

struct daemon {
	struct aovpn_paths paths;
	sd_event *event;
	int lock_fd; /* held for the life of the process */

	/* Sources. The last three may be NULL: the daemon works without, and
	 * says so. */
	struct plugin_server *plugin;
	struct tracer *tracer;
	struct icmp_listener *icmp;
	struct aovpn_error tracer_error; /* why tracer is NULL */
	struct aovpn_error icmp_error;

	struct aovpn_refused_pins *refused; /* NULL: nothing is remembered */
	struct connections *connections;
	struct bus *bus;
	struct traces *traces;
	unsigned int watchers; /* daemon_watch() */
};

/* Hand one observation of any source to whom it belongs. */
void daemon_observe(struct daemon *daemon,
		    const struct aovpn_observation *observation);

/* Read everything that the sources hold now, so that nothing which has
 * happened already is missing from a record. */
void daemon_drain(struct daemon *daemon);

/* Someone begins (+1) or ends (-1) to look at everything that the sources see,
 * and not only at what a dial needs. */
void daemon_watch(struct daemon *daemon, int change);

/* Events that the sources lost so far, and those kept back by limits. */
struct daemon_losses {
	uint64_t lost[AOVPN_SOURCE_COUNT];
	uint64_t suppressed;
};

struct daemon_losses daemon_losses(const struct daemon *daemon);

#endif
