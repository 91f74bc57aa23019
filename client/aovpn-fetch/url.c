/* SPDX-License-Identifier: GPL-2.0-or-later */
/* url.c - see url.h; RFC 3986 3 and 5.2. */
#include "url.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/http.h>

/* Lower-case scheme, %20 for spaces; so OpenSSL's parser takes it. */
static int normalize(const char *text, char out[URL_MAX])
{
	bool in_scheme = true;
	size_t used = 0;

	for (; *text; text++) {
		if (used + 4 > URL_MAX)
			return -E2BIG;
		if (*text < ' ' || *text > '~')
			return -EINVAL;
		in_scheme = in_scheme && *text != ':';
		if (*text == ' ')
			used += (size_t)sprintf(out + used, "%%20");
		else
			out[used++] = in_scheme ? (char)tolower(*text) : *text;
	}
	out[used] = '\0';
	return 0;
}

/* Copy without brackets. False: it is empty or does not fit. */
static bool copy_host(const char *host, char out[URL_HOST_MAX])
{
	size_t length = strlen(host);

	if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
		host++;
		length -= 2;
	}
	if (length == 0 || length >= URL_HOST_MAX)
		return false;
	memcpy(out, host, length);
	out[length] = '\0';
	return true;
}

/* Path and query, without the fragment (RFC 3986 3.5). False: too long. */
static bool copy_target(const char *path, char out[URL_MAX])
{
	int length = (int)strcspn(path, "#");

	return snprintf(out, URL_MAX, "%s%.*s", path[0] == '/' ? "" : "/",
			length, path) < URL_MAX;
}

/* OpenSSL gets scheme and authority only: it would look for the port in the
 * path, too, where a colon may stand (RFC 3986 3.3). */
static int take_apart(char text[URL_MAX], struct url *ret)
{
	char *authority = strstr(text, "://") + 3;
	char *path = authority + strcspn(authority, "/?#");
	char *host = NULL;
	int tls, number, code = -EINVAL;

	if (!copy_target(path, ret->target))
		return -E2BIG;
	*path = '\0';
	if (OSSL_HTTP_parse_url(text, &tls, NULL, &host, NULL, &number, NULL,
				NULL, NULL)) {
		ret->tls = tls;
		snprintf(ret->port, sizeof(ret->port), "%d", number);
		snprintf(ret->authority, sizeof(ret->authority),
			 number == (tls ? 443 : 80) ? "%s" : "%s:%d", host,
			 number);
		if (number > 0 && copy_host(host, ret->host))
			code = 0;
	}
	ERR_clear_error();
	OPENSSL_free(host);
	return code;
}

int url_parse(const char *text, struct url *ret)
{
	char normal[URL_MAX];
	int code;

	if (strncasecmp(text, "http://", 7) != 0 &&
	    strncasecmp(text, "https://", 8) != 0)
		return -EPROTONOSUPPORT;
	code = normalize(text, normal);
	return code < 0 ? code : take_apart(normal, ret);
}

static bool is_absolute(const char *location)
{
	size_t scheme = strspn(location, "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789+-.");

	return scheme > 0 && location[scheme] == ':';
}

/* How much of base stays before location. */
static size_t kept(const char *base, const char *location)
{
	const char *authority = strstr(base, "://");
	size_t scheme = authority ? (size_t)(authority - base) + 1 : 0;
	size_t host = scheme ? scheme + 2 : 0, path, end;

	if (is_absolute(location))
		return 0;
	if (strncmp(location, "//", 2) == 0)
		return scheme;
	path = host + strcspn(base + host, "/?#");
	if (location[0] == '/')
		return path;
	end = path + strcspn(base + path, "?#");
	while (end > path && base[end - 1] != '/')
		end--;
	return end;
}

int url_resolve(const char *base, const char *location, char ret[URL_MAX])
{
	size_t length = kept(base, location);
	const char *slash = "";

	if (length > 0 && location[0] != '/' && base[length - 1] != '/')
		slash = "/"; /* http://host and next.crl */
	if (snprintf(ret, URL_MAX, "%.*s%s%s", (int)length, base, slash,
		     location) >= URL_MAX)
		return -E2BIG;
	return 0;
}
