/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_conn.h - a connection that somebody loaded into charon: whom it dials,
 * and by which certificate.
 */
#ifndef AOVPN_VICI_CONN_H
#define AOVPN_VICI_CONN_H

#include "observation.h"

struct vici_conn {
	char server[AOVPN_TEXT_MAX]; /* remote_addrs; "": none, or several */
	/* Subject of the certificate that it names for itself, as charon prints
	 * it; "": it names none, or several. */
	char certificate[AOVPN_TEXT_MAX];
};

/*
 * Ask charon for the connection of that name. Blocks. Errors: -errno of
 * connecting, -ECONNRESET, -ENOENT where charon has none, as charon-nm, whose
 * connections are NetworkManager's.
 */
int vici_conn_find(const char *uri, const char *name, struct vici_conn *ret);

#endif
