/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * always_on.h - keeps up the connections whose profile says AlwaysOn=yes: dials
 * them at the start, whenever the network changes, when the machine wakes up,
 * and again after a failure or a loss, as redial.h has it. Where only a person
 * can help it waits for a change of the profile or of a file that it names.
 *
 * Who hangs up such a connection means it: it stays down until somebody dials
 * it, or the daemon starts anew.
 */
#ifndef AOVPN_ALWAYS_ON_H
#define AOVPN_ALWAYS_ON_H

#include <jansson.h>

#include "daemon.h"
#include "diagnosis.h"

struct always_on;
struct connection;

/*
 * Begin to keep up what there is to be kept up. That the network or the sleep
 * cannot be watched is logged and no error. Errors: -ENOMEM, -errno of the
 * event loop.
 */
int always_on_new(struct daemon *daemon, struct always_on **ret);
/* NULL is allowed, here and below. Returns NULL. Before the connections are
 * freed. */
struct always_on *always_on_free(struct always_on *always_on);

/* Read the profiles again, now: those that are new are dialled. */
void always_on_reload(struct always_on *always_on);

/* This came of a dial or a tunnel; what follows is decided by it, */
void always_on_note(struct always_on *always_on, struct connection *c,
		    const struct aovpn_outcome *outcome);
/* and begins now that the connection is idle. */
void always_on_idle(struct always_on *always_on, struct connection *c);

/* A person has dialled, or has hung up. */
void always_on_dialled(struct connection *c);
void always_on_hung_up(struct connection *c);

/* A charon with our plugin is there. */
void always_on_charon(struct always_on *always_on);

/* Is it idle only until the next dial? */
bool always_on_waits(const struct connection *c);

/*
 * For "aovpn status": {"always_on": bool, "paused": bool, "next_dial": RFC 3339
 * or null, "waits_for": text or null}, a new reference.
 */
json_t *always_on_status(const struct connection *c);

#endif
