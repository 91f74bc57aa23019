/*
 * reach.h - why packets to the gateway got no answer (code 809). Private to
 * libaovpn.
 */
#ifndef AOVPN_REACH_H
#define AOVPN_REACH_H

#include "view.h"

/*
 * Add the causes for silence: what this machine's kernel did to the packets is
 * certain, what an ICMP message says can be forged and is at most likely, and
 * plain silence is what remains.
 */
void reach_findings(const struct view *view, struct aovpn_outcome *outcome);

/*
 * Add the causes for silence in the middle of EAP, where smaller messages were
 * answered: a fragmented message of the gateway that came in without all its
 * parts, an ICMP error. Both can be forged.
 */
void reach_stalled_findings(const struct view *view,
			    struct aovpn_outcome *outcome);

#endif
