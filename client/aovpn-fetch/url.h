/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * url.h - URLs of http and https (RFC 3986), as certificates and redirects name
 * them.
 */
#ifndef AOVPN_FETCH_URL_H
#define AOVPN_FETCH_URL_H

#include <stdbool.h>
#include <stddef.h>

#define URL_MAX      2048 /* of one, with its NUL; redirects are long */
#define URL_HOST_MAX 256

struct url {
	bool tls;
	char host[URL_HOST_MAX]; /* without the brackets of an IPv6 address */
	char port[8];
	char authority[URL_HOST_MAX + 12]; /* for the header Host */
	char target[URL_MAX];              /* path and query */
};

/*
 * Take a URL apart. Spaces, which some certificates have in their paths, become
 * %20. Errors: -EPROTONOSUPPORT (neither http nor https), -EINVAL (none, or
 * with other characters than printable ASCII), -E2BIG.
 */
int url_parse(const char *text, struct url *ret);

/*
 * What location, absolute or not, means in an answer from base, which
 * url_parse took. Errors: -E2BIG.
 */
int url_resolve(const char *base, const char *location, char ret[URL_MAX]);

#endif
