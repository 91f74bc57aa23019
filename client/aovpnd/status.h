/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.h - what "aovpn status" shows: sources and connections as JSON.
 */
#ifndef AOVPN_STATUS_H
#define AOVPN_STATUS_H

#include <jansson.h>
#include <systemd/sd-bus.h>

#include "daemon.h"
#include "vici_sas.h"

/* sas: what charon has, for traffic and keys of the tunnels; NULL: not asked.
 * Returns a new reference; NULL without memory. */
json_t *status_new(const struct daemon *daemon, const struct vici_sas *sas);

/*
 * Answer the method call with the status as a string: at once where no tunnel
 * is up, else when charon has been asked. Only one call at a time asks; to
 * others, and where charon has not answered within a second, the traffic is
 * left out. user: who asks on the system bus, and sees what is his
 * (status_view.h); NULL: who sees all. Returns 0 or -errno.
 */
int status_answer(struct daemon *daemon, sd_bus_message *call,
		  const char *user);

#endif
