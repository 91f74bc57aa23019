/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xfrm_stat.h - what the kernel's IPsec counts as errors, as a source.
 *
 * The counters are of the whole network namespace, and what they count happened
 * to any IPsec packet in it. They are read before and after, and what went up
 * is told. Source: Documentation/networking/xfrm_proc.rst of Linux.
 */
#ifndef AOVPN_XFRM_STAT_H
#define AOVPN_XFRM_STAT_H

#include "tracer.h"

#define XFRM_STAT_PATH "/proc/net/xfrm_stat"
#define XFRM_STAT_MAX  64

struct xfrm_stat {
	uint32_t count; /* 0: this kernel does not count */
	struct {
		char name[AOVPN_NAME_MAX]; /* "XfrmInNoStates" */
		uint64_t value;
	} counter[XFRM_STAT_MAX];
};

/*
 * Read the counters of the file. A line that is none is passed over; of more
 * than XFRM_STAT_MAX the first are taken. Returns 0, also where there is no
 * such file (then *ret is empty), or the -errno of open or read.
 */
int xfrm_stat_read(const char *path, struct xfrm_stat *ret);

/*
 * Tell the sink, one observation a counter, what went up between two readings.
 * A counter that only one of them has, or that went down, tells nothing.
 * Returns the number of observations.
 */
int xfrm_stat_compare(const struct xfrm_stat *before,
		      const struct xfrm_stat *now, observation_sink_t sink,
		      void *userdata);

#endif
