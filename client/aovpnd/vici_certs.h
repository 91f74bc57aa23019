/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_certs.h - the certificates that charon holds, asked for over vici. With
 * vici_events.h and vici.h all that knows libvici.
 */
#ifndef AOVPN_VICI_CERTS_H
#define AOVPN_VICI_CERTS_H

#include "credential.h"
#include "error.h"

/*
 * Find the certificate of that subject, as charon prints it, for which it has a
 * private key, and all CA certificates it knows. *ret gets both and no key; the
 * caller frees it with aovpn_credential_free. Blocks. Errors, with a text:
 * -errno of connecting, -ECONNRESET, -ENOENT (no such certificate), -ENOMEM.
 */
int vici_certs_find(const char *uri, const char *subject,
		    struct aovpn_credential **ret, struct aovpn_error *error);

/*
 * Find a certificate of that subject, as charon prints it, whatever it is for.
 * The caller frees it. NULL: charon has none, or does not answer. Blocks.
 */
X509 *vici_certs_find_any(const char *uri, const char *subject);

#endif
