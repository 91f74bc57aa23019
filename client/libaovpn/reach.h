/* SPDX-License-Identifier: GPL-2.0-or-later */
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
 * Did the gateway's name resolve to an address behind which there is no other
 * machine (loopback, link-local)? Adds the cause and returns true: whoever
 * answers there is not the gateway.
 */
bool resolved_to_nowhere(const struct view *view,
			 struct aovpn_outcome *outcome);

/*
 * Add the causes for a name that resolved to an address which is in no public
 * network, where nobody answers there. Returns how many causes that were.
 */
uint32_t wrong_answer_findings(const struct view *view,
			       struct aovpn_outcome *outcome);

/*
 * Add the causes for silence in the middle of EAP, where smaller messages were
 * answered: a fragmented message of the gateway that came in without all its
 * parts, an ICMP error. Both can be forged.
 */
void reach_stalled_findings(const struct view *view,
			    struct aovpn_outcome *outcome);

/*
 * Add the cause for what charon could not send since the gateway's last answer,
 * if anything: by the errno, which the kernel gives and nobody can forge.
 * Returns whether the last transmission was refused: then silence needs no
 * other explanation.
 */
bool reach_send_failed(const struct view *view, struct aovpn_outcome *outcome);

/*
 * One line about that for people into line (size bytes), "" if there is nothing
 * to tell.
 */
void reach_send_failed_text(const struct view *view, char *line, size_t size);

#endif
