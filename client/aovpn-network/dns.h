/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dns.h - who is to be told of a tunnel's DNS servers, and how.
 */
#ifndef AOVPN_NETWORK_DNS_H
#define AOVPN_NETWORK_DNS_H

#include "netlink.h"
#include "network_plan.h"

/*
 * Find the tunnel's own link, into reply: that of an XFRM interface, or
 * charon's TUN device, which has the virtual address; then request->own_link
 * goes, for charon does ESP by itself and interface ids mean nothing to it.
 */
void dns_find_link(struct netlink *netlink, struct network_request *request,
		   struct network_reply *reply);

/*
 * The step that sets the servers, and in reply who will have them.
 * Errors, with a text that says what was tried: -EOPNOTSUPP (nobody is there).
 */
int dns_plan(struct netlink *netlink, const struct network_request *request,
	     struct network_reply *reply, struct network_step *ret,
	     struct aovpn_error *error);

/* Take that step; reply gets what is not possible. Errors, with a text. */
int dns_set(const struct network_step *step,
	    const struct network_request *request, struct network_reply *reply,
	    struct aovpn_error *error);

#endif
