/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system_bus.h - the connection to the system's D-Bus, where there is one: it
 * is made again after the bus was away, and whoever follows it is told.
 */
#ifndef AOVPN_SYSTEM_BUS_H
#define AOVPN_SYSTEM_BUS_H

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

struct system_bus;

/* A connection is there (again): put matches and objects on it. What it says
 * is logged by the follower; the others are told all the same. */
typedef void (*system_bus_ready_t)(sd_bus *connection, void *userdata);

#define SYSTEM_BUS_FOLLOWERS_MAX   4
#define SYSTEM_BUS_RETRY_US        10000000ull
#define SYSTEM_BUS_CALL_TIMEOUT_US 5000000ull /* of a call, by default */

/*
 * Connect, or go on trying; that there is no bus is no error. The address is
 * sd-bus's: DBUS_SYSTEM_BUS_ADDRESS of the environment, else
 * /run/dbus/system_bus_socket. Errors: -ENOMEM, -errno of the event loop.
 */
int system_bus_new(sd_event *event, struct system_bus **ret);
/* NULL is allowed. Returns NULL. */
struct system_bus *system_bus_free(struct system_bus *bus);

/* Call ready now if there is a connection, and whenever there is a new one.
 * Errors: -ENOSPC (more followers than SYSTEM_BUS_FOLLOWERS_MAX). */
int system_bus_follow(struct system_bus *bus, system_bus_ready_t ready,
		      void *userdata);

/* The connection as it is now, or NULL; not to be kept. bus may be NULL. */
sd_bus *system_bus_connection(const struct system_bus *bus);

#endif
