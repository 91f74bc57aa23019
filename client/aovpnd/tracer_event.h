/*
 * tracer_event.h - the tracer's pure part: from an event of the ring buffer to
 * an observation.
 */
#ifndef AOVPN_TRACER_EVENT_H
#define AOVPN_TRACER_EVENT_H

#include "observation.h"

struct aovpn_event;
struct btf;
struct drop_reasons;

/*
 * The names of enum skb_drop_reason in the running kernel's types: the numbers
 * differ from kernel to kernel, the names do not. A kernel without reasons
 * (before 5.17) gives an empty table. Errors: -ENOMEM.
 */
int drop_reasons_new(const struct btf *kernel, struct drop_reasons **ret);

/* NULL is allowed. Returns NULL. */
struct drop_reasons *drop_reasons_free(struct drop_reasons *reasons);

/*
 * Translate event into *ret. -ENOENT: it says nothing about the connection (a
 * copy freed with its socket, a sniffer's copy).
 */
int tracer_event_observe(const struct aovpn_event *event,
			 const struct drop_reasons *reasons,
			 struct aovpn_observation *ret);

#endif
