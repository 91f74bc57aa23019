/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_filter.h - which observations a live trace shows: those of one
 * connection, one peer, some kinds. Read by the CLI, to refuse what is
 * misspelt, and by the daemon, which filters.
 */
#ifndef AOVPN_TRACE_FILTER_H
#define AOVPN_TRACE_FILTER_H

#include "error.h"
#include "observation.h"

struct aovpn_trace_filter {
	char connection[AOVPN_NAME_MAX]; /* of a profile; "": all */
	uint8_t peer_family;             /* AF_INET, AF_INET6; 0: all */
	uint8_t peer[16];
	uint64_t kinds; /* bit N: kind N; 0: all */
};

/*
 * Read what a person typed; "" stands for no limit. connection: a profile's
 * name, of which only the length is checked; peer: an IPv4 or IPv6 address;
 * kinds: names of aovpn_observation_kind_name and of groups ("drops"),
 * separated by commas. Returns 0 and sets *ret, or -EINVAL with a text that
 * quotes the value and says what would do.
 */
int aovpn_trace_filter_parse(const char *connection, const char *peer,
			     const char *kinds, struct aovpn_trace_filter *ret,
			     struct aovpn_error *error);

/*
 * Is the observation of one of the kinds and, where a peer is asked for, about
 * a flow with it or an ICMP error from it? Whose it is the caller must know:
 * connection is not looked at.
 */
bool aovpn_trace_filter_takes(const struct aovpn_trace_filter *filter,
			      const struct aovpn_observation *observation);

#endif
