/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_aia.h - the certificates that a caIssuers URI of the authority
 * information access leads to (RFC 5280 4.2.2.1).
 */
#ifndef AOVPN_FETCH_AIA_H
#define AOVPN_FETCH_AIA_H

#include <stddef.h>

#include "fetch.h"
#include "fetch_protocol.h"

/*
 * Take data as one certificate in DER, as PEM, or as a "certs-only" CMS message
 * (PKCS #7), and put into reply those whose subject is certificate's issuer, at
 * most FETCH_FOUND_MAX and as many as there is room for. Sets state and text of
 * reply->fetched: OK, FORMAT, or SCOPE where none has that name.
 */
void fetch_aia_read(const unsigned char *data, size_t size, X509 *certificate,
		    struct fetch_reply_message *reply);

#endif
