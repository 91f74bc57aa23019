/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * authorize.h - who on the system bus may do what. Root may do all; a caller
 * whom AllowedUsers= or AllowedGroups= of the profile names may dial and hang
 * it up; everybody else is what polkit says
 * (org.freedesktop.PolicyKit1.Authority), and without polkit is refused.
 */
#ifndef AOVPN_AUTHORIZE_H
#define AOVPN_AUTHORIZE_H

#include <pwd.h>
#include <stdbool.h>
#include <systemd/sd-bus.h>

enum authorize_action {
	AUTHORIZE_LOOK,   /* everybody may */
	AUTHORIZE_DIAL,   /* org.aovpn.dial */
	AUTHORIZE_MANAGE, /* org.aovpn.manage */
};

/* How many callers may wait for an answer at a time. */
#define AUTHORIZE_PENDING_MAX 32
/* A person may have to type a password. */
#define AUTHORIZE_POLKIT_US 120000000ull

/* The caller may: do it, and answer call. user: its name, or its number. */
typedef void (*authorize_done_t)(sd_bus_message *call, const char *user,
				 void *userdata);

/*
 * Find out whether the sender of call may do that with the connection of that
 * name ("" where there is none; it is hostile still), whose profile is looked
 * for in profiles, a search path. Calls done later, or answers call with
 * org.aovpn.Error.NotAuthorized, or neither where the sender has left the bus
 * while a person was asked. profiles and userdata must stay as long as the
 * daemon.
 * Errors, with call not answered: -ENOMEM, -EBUSY (too many wait), -errno.
 */
int authorize(sd_bus_message *call, enum authorize_action action,
	      const char *profiles, const char *connection,
	      authorize_done_t done, void *userdata);

/*
 * Do AllowedUsers= or AllowedGroups= of that connection's profile name that
 * user? entry may be NULL: nobody. Reads the profile.
 */
bool authorize_by_profile(const char *profiles, const char *connection,
			  const struct passwd *entry);

/* Forget who still waits, without an answer: the daemon ends. */
void authorize_end(void);

#endif
