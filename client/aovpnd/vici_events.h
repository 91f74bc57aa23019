/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_events.h - what charon tells over vici without being asked: its log, the
 * IKE_SAs and CHILD_SAs that come and go, from strongSwan 6.0.3 on its alerts.
 * The other file than vici.c that knows libvici.
 */
#ifndef AOVPN_VICI_EVENTS_H
#define AOVPN_VICI_EVENTS_H

#include "charon_log.h"
#include "error.h"

struct vici_events;

/* Called by a thread of libvici: it must not block. */
typedef void (*charon_event_sink_t)(const struct charon_event *event,
				    void *userdata);

/*
 * Connect and register for the events. Blocks until charon has answered: call
 * from a thread of its own, after vici_start(). sink may be called before this
 * returns. Errors, with a text: -errno of connecting, -ECONNREFUSED where
 * charon knows no log events.
 */
int vici_events_open(const char *uri, charon_event_sink_t sink, void *userdata,
		     struct vici_events **ret, struct aovpn_error *error);

/* Disconnect; sink is not called any more. NULL is allowed. Returns NULL. */
struct vici_events *vici_events_close(struct vici_events *events);

#endif
