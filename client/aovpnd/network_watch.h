/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_watch.h - tells when the network of this machine has changed: the
 * routes by which it reaches others (rtnetlink(7)), apart from those of
 * tunnels. For who keeps connections up.
 */
#ifndef AOVPN_NETWORK_WATCH_H
#define AOVPN_NETWORK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

struct network_watch;

/* Routes are other ones than at the last call, and have been so for
 * NETWORK_SETTLE_US: a link that comes up changes several things in a row. */
typedef void (*network_changed_t)(bool online, void *userdata);

#define NETWORK_SETTLE_US 200000ull

/*
 * Watch the network namespace of this process. Errors: -errno of the netlink
 * sockets.
 */
int network_watch_new(sd_event *event, network_changed_t changed,
		      void *userdata, struct network_watch **ret);
/* NULL is allowed. Returns NULL. */
struct network_watch *network_watch_free(struct network_watch *watch);

/* Is there a way out: a unicast route of the main table that is not down, not
 * link-local, and leads neither to this machine itself nor into a tunnel?
 * Without a watch it is assumed. */
bool network_watch_online(const struct network_watch *watch);

#endif
