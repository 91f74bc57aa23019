/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - takes the steps of a plan and takes them back.
 */
#ifndef AOVPN_NETWORK_STEPS_H
#define AOVPN_NETWORK_STEPS_H

#include "netlink.h"
#include "network_plan.h"

/*
 * Take the plan's steps; where one fails, those before it are taken back and
 * nothing is left. Errors, with a text that names the step: the kernel's.
 */
int steps_take(struct netlink *netlink, const struct network_plan *plan,
	       struct aovpn_error *error);

/*
 * The same over itself: what is there stays without a moment in which it is
 * not, what is missing is set. Errors, with a text: the kernel's; nothing is
 * taken back then.
 */
int steps_renew(struct netlink *netlink, const struct network_plan *plan,
		struct aovpn_error *error);

/*
 * Take the first count steps back, last first. What is not there, or is not as
 * it was set, is somebody else's and left alone. Returns 0, or the first error
 * (the others are taken back all the same).
 */
int steps_take_back(struct netlink *netlink, const struct network_plan *plan,
		    uint32_t count, struct aovpn_error *error);

#endif
