/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - live traces: every observation as it comes, as JSON lines on a
 * socket of each client that asked (OpenTrace, bus.h).
 *
 *	{"kind":"begin","time":...,"sources":{"kernel":"live",...}}
 *	{"kind":"packet_dropped",...,"connections":["corp"]}
 *	{"kind":"lost","time":...,"lost":{"kernel":3},"unread":{"plugin":9},
 *	 "suppressed":0}
 *	{"kind":"end","time":...,"shown":41,"lost":{...},"unread":{...},
 *	 "suppressed":0}
 *
 * observation_json.h has the lines between, in the order in which the daemon
 * learns of them, so their times may not be in order. "connections" are those,
 * being dialled or up, that it concerns. lost: what a source lost itself;
 * unread: what this client did not take in time; suppressed: what the tracer's
 * limits kept back. A "lost" line has what is new since the one before and
 * comes before the next event; "end" has the sums. lost and suppressed count
 * all events, also those that the filter would not let through.
 *
 * A client asks for the end by shutting down its side for writing; the sources
 * are then drained, and after "end" comes the end of file. A client that does
 * not read costs TRACE_QUEUE_MAX bytes, and events; never the daemon's time.
 */
#ifndef AOVPN_TRACE_H
#define AOVPN_TRACE_H

#include "daemon.h"
#include "trace_filter.h"

#define TRACES_MAX      8
#define TRACE_QUEUE_MAX (256 * 1024)

struct traces;

/* Returns 0 or -ENOMEM. */
int traces_new(struct daemon *daemon, struct traces **ret);

/* Tell every client the end, as far as its socket takes it, and free. NULL is
 * allowed. Returns NULL. */
struct traces *traces_free(struct traces *traces);

/*
 * Begin a trace. *ret_fd, the client's end of a stream socket, is the caller's
 * to close. Errors: -EMFILE (TRACES_MAX are open) and others, with a text.
 */
int traces_open(struct traces *traces, const struct aovpn_trace_filter *filter,
		int *ret_fd, struct aovpn_error *error);

/* Show the observation to whom it concerns. Costs nothing while no trace is
 * open; traces may be NULL. */
void traces_observe(struct traces *traces,
		    const struct aovpn_observation *observation);

#endif
