/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_facts.h - what this machine's network is like at this moment, for facts
 * that the daemon states at the end of a dial or of a tunnel. Of the daemon's
 * own network namespace.
 */
#ifndef AOVPN_HOST_FACTS_H
#define AOVPN_HOST_FACTS_H

#include "observation.h"

/* Is flow.local an address of this machine? False where it is not known. */
bool host_has_address(const struct aovpn_flow *flow);

#endif
