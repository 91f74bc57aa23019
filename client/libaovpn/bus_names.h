/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus_names.h - the names of aovpnd's D-Bus interface, for daemon and clients.
 * The interface is documented in client/aovpnd/bus.h.
 */
#ifndef AOVPN_BUS_NAMES_H
#define AOVPN_BUS_NAMES_H

#include <errno.h>

#define BUS_PATH      "/org/aovpn/Manager"
#define BUS_INTERFACE "org.aovpn.Manager1"

/* On the system bus only: its name there, and an object a connection. */
#define BUS_NAME                 "org.aovpn"
#define BUS_CONNECTION_PATH      "/org/aovpn/connection"
#define BUS_CONNECTION_INTERFACE "org.aovpn.Connection1"

/* What a hang-up fails with, by connections_hangup's error. */
static inline const char *bus_hangup_error(int error)
{
	return error == -EAGAIN ? "org.aovpn.Error.Busy"
				: "org.aovpn.Error.NotConnected";
}

#endif
