/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_list.h - what several questions to charon over vici have in common.
 * Source: libvici.h and README.md of strongSwan's vici plugin.
 */
#ifndef AOVPN_VICI_LIST_H
#define AOVPN_VICI_LIST_H

#include <stddef.h>
/* libvici.h wants stddef.h before it. */
#include <libvici.h>

/* libvici takes char* that it does not change: text as one. */
char *vici_text(const char *text);

/*
 * A list command: charon sends an event for each item, for which on_item(user,
 * ...) is called, in this thread. ike: the only connection that is asked for;
 * NULL: all. Errors: -errno of connecting, -ECONNRESET (charon went away).
 */
int vici_list(const char *uri, const char *command, const char *event,
	      const char *ike, vici_event_cb_t on_item, void *user);

#endif
