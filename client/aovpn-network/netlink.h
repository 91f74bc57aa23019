/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.h - links, addresses, routes and rules by rtnetlink (rtnetlink(7)),
 * each set or taken back by one call that waits for the kernel's answer.
 */
#ifndef AOVPN_NETWORK_NETLINK_H
#define AOVPN_NETWORK_NETLINK_H

#include "network_plan.h"

struct netlink;

/* 0 or -errno of the socket. The caller ends *ret with netlink_close. */
int netlink_open(struct netlink **ret);
struct netlink *netlink_close(struct netlink *netlink);

struct netlink_link {
	uint32_t index;
	char kind[16];         /* "xfrm", "tun", "" */
	uint32_t interface_id; /* of kind xfrm */
};

/* Errors: -ENODEV, others of the kernel. */
int netlink_link_get(struct netlink *netlink, const char *name,
		     struct netlink_link *ret);

/* Make an XFRM interface. -EEXIST: there is a link of that name or with that
 * id; -EOPNOTSUPP: this kernel knows none. */
int netlink_link_make(struct netlink *netlink, const char *name,
		      uint32_t interface_id);
int netlink_link_up(struct netlink *netlink, uint32_t index);
int netlink_link_delete(struct netlink *netlink, uint32_t index);

int netlink_address_add(struct netlink *netlink, uint32_t index,
			const struct network_prefix *address);

/* A step of kind ROUTE (out of the link with that index), THROW or NOWHERE;
 * on: set it (-EEXIST), else take it back (-ESRCH where it is not there as it
 * was set). */
int netlink_route(struct netlink *netlink, const struct network_step *step,
		  uint32_t index, bool on);

/* A step of kind RULE; -ENOENT where it is not there. */
int netlink_rule(struct netlink *netlink, const struct network_step *step,
		 bool on);

#endif
