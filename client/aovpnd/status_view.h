/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status_view.h - what of the status somebody on the system bus sees.
 *
 * Of every connection: its state, since when, how far it is, its traffic, the
 * next dial; of its last record the event, time, code, sentence and causes with
 * what to do. Names and addresses of servers, certificates and networks, and
 * what was seen (evidence), are seen by root, by whom the profile lets dial,
 * and by who dialled last.
 */
#ifndef AOVPN_STATUS_VIEW_H
#define AOVPN_STATUS_VIEW_H

#include <jansson.h>

/*
 * Take out of status what that user (a name, or a number without one) shall not
 * see; a connection of which something was taken out says "restricted": true.
 * profiles is the search path. Reads a profile a connection.
 */
void status_view(json_t *status, const char *profiles, const char *user);

#endif
