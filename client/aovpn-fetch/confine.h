/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine.h - the rights that aovpn-fetch gives up before it does anything.
 */
#ifndef AOVPN_FETCH_CONFINE_H
#define AOVPN_FETCH_CONFINE_H

#include "error.h"

/*
 * Become a process that can read the CA store and the resolver's configuration,
 * talk to the network, and nothing else: another user than root, no capability,
 * no new process or program, nothing written, memory and time bounded. Landlock
 * (kernel 5.13) is used as far as this kernel has it; all else must succeed.
 * Errors, with a text: -errno of what did not.
 */
int confine(struct aovpn_error *error);

#endif
