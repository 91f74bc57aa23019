/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolvconf.h - DNS by resolvconf(8), of which there are two programs: Roy
 * Marples' openresolv and Debian's own.
 *
 * The program is AOVPN_RESOLVCONF, else /sbin/resolvconf, /usr/sbin/resolvconf
 * or /usr/bin/resolvconf, the first that there is.
 */
#ifndef AOVPN_NETWORK_RESOLVCONF_H
#define AOVPN_NETWORK_RESOLVCONF_H

#include "network_request.h"

/* Which of the two is there; NETWORK_RESOLVER_NONE: none, or only the name of
 * it that belongs to systemd-resolved. */
enum network_resolver resolvconf_find(void);

/*
 * Add the servers and domains as that record. note (size bytes) gets what is
 * not possible with it, or "". Errors, with a text: -ENOENT, -ETIMEDOUT, -EIO
 * (it failed).
 */
int resolvconf_add(enum network_resolver kind, const char *record,
		   const struct network_request *request, char *note,
		   size_t size, struct aovpn_error *error);

/* Take the record out. One that is not there, or no such program, is no
 * error. */
int resolvconf_delete(const char *record);

#endif
