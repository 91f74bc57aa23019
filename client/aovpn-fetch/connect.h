/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connect.h - a connection to a server, by TCP or by TLS over it, straight or
 * through the proxy of the environment.
 */
#ifndef AOVPN_FETCH_CONNECT_H
#define AOVPN_FETCH_CONNECT_H

#include <openssl/bio.h>

#include "fetch.h"
#include "url.h"

/*
 * Connect to url's server. With TLS its certificate must be one of the system's
 * CAs (SSL_CERT_FILE and SSL_CERT_DIR of the environment go before) and name
 * the host. *ret_by_proxy: requests want the whole URL. Returns a BIO, which
 * the caller frees with BIO_free_all, or NULL with state, error and text of out
 * set.
 */
BIO *connect_to(const struct url *url, bool *ret_by_proxy,
		struct aovpn_fetched *out);

#endif
