/* SPDX-License-Identifier: GPL-2.0-or-later */
/* url_match.c - see url_match.h. Parsing is OpenSSL's. */
#include "url_match.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/http.h>

static bool take_host(const char *host, char *out)
{
	size_t length = strlen(host), i;

	if (length == 0 || length >= AOVPN_HOST_MAX)
		return false;
	for (i = 0; i < length; i++) {
		if (!isalnum((unsigned char)host[i]) && host[i] != '-' &&
		    host[i] != '.')
			return false;
		out[i] = (char)tolower((unsigned char)host[i]);
	}
	out[length] = '\0';
	return true;
}

static bool take_parts(const char *scheme, const char *host, const char *path,
		       struct aovpn_url_parts *ret)
{
	if (strcasecmp(scheme, "http") != 0 && strcasecmp(scheme, "https") != 0)
		return false;
	if (strlen(path) >= sizeof(ret->path))
		return false;
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	return take_host(host, ret->host);
}

bool aovpn_url_take_apart(const char *url, struct aovpn_url_parts *ret)
{
	char *scheme, *host, *path, *query, *fragment;
	bool taken;

	/* Releases of OpenSSL differ in how far they look for its user. */
	if (strchr(url, '@'))
		return false;
	/* Query and fragment stay in the path of who does not ask for them. */
	if (!OSSL_parse_url(url, &scheme, NULL, &host, NULL, NULL, &path,
			    &query, &fragment)) {
		ERR_clear_error();
		return false;
	}
	taken = take_parts(scheme, host, path, ret);
	OPENSSL_free(scheme);
	OPENSSL_free(host);
	OPENSSL_free(path);
	OPENSSL_free(query);
	OPENSSL_free(fragment);
	return taken;
}

bool aovpn_host_is_below(const char *host, const char *domain)
{
	size_t length = strlen(host), tail = strlen(domain);

	return length > tail + 1 && host[length - tail - 1] == '.' &&
	       host[length - tail - 2] != '.' &&
	       strcmp(host + length - tail, domain) == 0;
}

bool aovpn_path_matches(const char *path, const char *expression)
{
	regmatch_t match;
	regex_t regex;
	bool matches;

	if (regcomp(&regex, expression, REG_EXTENDED | REG_ICASE) != 0)
		return false;
	matches = regexec(&regex, path, 1, &match, 0) == 0 &&
		  match.rm_so == 0 && path[match.rm_eo] == '\0';
	regfree(&regex);
	return matches;
}
