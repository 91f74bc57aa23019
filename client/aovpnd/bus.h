/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus.h - aovpnd's D-Bus interface: peer to peer on a private socket, which
 * needs no bus daemon, and as org.aovpn on the system bus where there is one.
 *
 *	path       /org/aovpn/Manager
 *	interface  org.aovpn.Manager1
 *	Dial(s connection) -> s attempt_id
 *	DialWithPassword(s connection, h memfd) -> s attempt_id
 *	Hangup(s connection)
 *	Status() -> s json
 *		on the system bus without what is not the caller's
 *		(status_view.h)
 *	OpenEvents() -> a(ht)
 *		the JSON lines, read-only: their files, the oldest first, each
 *		with its size at this moment
 *	OpenAttempt(s id) -> h
 *		the recording of an attempt, by its id or the beginning of it
 *		(attempts.h), read-only
 *	OpenTrace(s connection, s peer, s kinds) -> h
 *		what the sources see, live (trace.h); each "" for no limit
 *	signal Event(s json)
 *		every record as it is made; not on the system bus
 *	signal Progress(s attempt_id, s stage, t milliseconds)
 *
 * The system bus has an object for each connection, too (bus_objects.h).
 * Errors: org.aovpn.Error.* with a sentence. Only root and the daemon's own
 * user may connect to the private socket; who may do what on the system bus is
 * authorize.h's.
 */
#ifndef AOVPN_BUS_H
#define AOVPN_BUS_H

#include <jansson.h>

#include "bus_names.h"
#include "daemon.h"

int bus_open(struct daemon *daemon, const char *path, struct bus **ret,
	     struct aovpn_error *error);
struct bus *bus_close(struct bus *bus);

/* Send a signal to every client. bus may be NULL (nothing happens). Where there
 * is no memory for it, or no record (NULL), every client is disconnected:
 * nobody waits for what will not come. */
void bus_broadcast_event(struct bus *bus, const json_t *record);
void bus_broadcast_progress(struct bus *bus, const char *attempt_id,
			    const char *stage, uint64_t milliseconds);

#endif
