/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * What libcurl says when it fails; see aovpn_curl_error.h.
 */

#include "aovpn_curl_error.h"

#include <string.h>

#include "escape.h"

/*
 * Described in header
 */
bool aovpn_curl_error_name(int code, const char *text, char *ret, size_t size)
{
	/* numbers of curl/curl.h; the same words in all of libcurl 7 and 8. Some
	 * resolvers say why behind the name: "NAME (why)". */
	static const struct {
		int code;
		const char *words;
	} failures[] = {
		{ 5, "Could not resolve proxy: " },
		{ 6, "Could not resolve host: " },
	};
	const char *name;
	size_t i, len;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
	{
		len = strlen(failures[i].words);
		if (code == failures[i].code &&
			strncmp(text, failures[i].words, len) == 0)
		{
			name = text + len;
			len = strcspn(name, " ");
			aovpn_escape(name, len, ret, size);
			return len != 0;
		}
	}
	return false;
}
