/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolved.h - DNS of a link by systemd-resolved (org.freedesktop.resolve1(5)).
 * It is never started for this.
 */
#ifndef AOVPN_NETWORK_RESOLVED_H
#define AOVPN_NETWORK_RESOLVED_H

#include "network_request.h"

/* Does it run? */
bool resolved_is_there(void);

/*
 * Set servers, domains and whether the link's servers are asked for all other
 * names. Errors, with a text: what resolved or the bus says; then nothing of it
 * is left set.
 */
int resolved_set(uint32_t link, const struct network_request *request,
		 struct aovpn_error *error);

/* Forget all that was set for the link. Errors: -errno; 0 where it does not
 * run, or the link is gone. */
int resolved_revert(uint32_t link);

#endif
