/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_event.h - the tracer's pure part: from an event of the ring buffer to
 * an observation.
 */
#ifndef AOVPN_TRACER_EVENT_H
#define AOVPN_TRACER_EVENT_H

#include "observation.h"

struct drop_reasons;

/* A name of loader_reply.drop_reasons. */
typedef char drop_reason_name[48];

/*
 * Keep a copy of the names of the running kernel's enum skb_drop_reason, by
 * number. A kernel without reasons (before 5.17) has none of them. Errors:
 * -ENOMEM.
 */
int drop_reasons_new(const drop_reason_name *names, uint32_t count,
		     struct drop_reasons **ret);

/* NULL is allowed. Returns NULL. */
struct drop_reasons *drop_reasons_free(struct drop_reasons *reasons);

/*
 * Translate a record of the ring buffer, size bytes, into *ret. -ENOENT: it
 * says nothing about the connection (a copy freed with its socket, a sniffer's
 * copy). -EBADMSG: it is shorter than its kind.
 */
int tracer_event_observe(const void *record, size_t size,
			 const struct drop_reasons *reasons,
			 struct aovpn_observation *ret);

#endif
