/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus_objects.h - the connections as objects of the system bus, one for each
 * profile and for each connection that was dialled.
 *
 *	path       /org/aovpn/connection/NAME, as sd_bus_path_encode(3) has it
 *	interface  org.aovpn.Connection1
 *	Name s, State s, AlwaysOn b
 *	Since s      RFC 3339, "" while it is not up
 *	LastCode i   of the last record, 0 before the first
 *	LastCause s  the slug of its likeliest cause, or ""
 *	Dial() -> s attempt_id, Hangup()
 *	signal Outcome(i code, s cause, s message)
 *		it is up, failed, ended, or there is something to warn of
 */
#ifndef AOVPN_BUS_OBJECTS_H
#define AOVPN_BUS_OBJECTS_H

#include <jansson.h>
#include <systemd/sd-bus.h>

#include "daemon.h"

struct bus_objects;

int bus_objects_new(struct daemon *daemon, struct bus_objects **ret);
/* NULL is allowed. Returns NULL. */
struct bus_objects *bus_objects_free(struct bus_objects *objects);

/* Serve them on a new connection. Errors: those of sd-bus. */
int bus_objects_put(struct bus_objects *objects, sd_bus *connection);

/* Tell of a record: its outcome, and that properties have changed. objects may
 * be NULL (nothing happens). */
void bus_objects_event(struct bus_objects *objects, const json_t *record);

#endif
