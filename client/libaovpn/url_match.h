/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * url_match.h - whose URL is that: looks at the host and path of a URL that
 * stands in a certificate, without being taken in by user@host and the like
 * (RFC 3986 3.2).
 */
#ifndef AOVPN_URL_MATCH_H
#define AOVPN_URL_MATCH_H

#include <stdbool.h>

#define AOVPN_HOST_MAX 256 /* RFC 1035 2.3.4, with NUL */

struct aovpn_url_parts {
	char host[AOVPN_HOST_MAX]; /* in lower case, a name with dots */
	char path[512];            /* begins with "/" */
};

/* Take an http or https URL of a host with a name apart. False for any other
 * one, for one with user information, and for what is no URL. */
bool aovpn_url_take_apart(const char *url, struct aovpn_url_parts *ret);

/* Is host a name below domain ("example.com"), not domain itself? */
bool aovpn_host_is_below(const char *host, const char *domain);

/* Does path match the extended regular expression (POSIX), all of it? */
bool aovpn_path_matches(const char *path, const char *expression);

#endif
