/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch.c - see fetch.h. */
#include "fetch.h"

const char *aovpn_fetch_state_name(uint32_t state)
{
	static const char *const names[] = {
		[AOVPN_FETCH_OK] = "ok",
		[AOVPN_FETCH_SCHEME] = "scheme",
		[AOVPN_FETCH_NAME] = "name",
		[AOVPN_FETCH_CONNECT] = "connect",
		[AOVPN_FETCH_TIMEOUT] = "timeout",
		[AOVPN_FETCH_TLS] = "tls",
		[AOVPN_FETCH_HTTP] = "http",
		[AOVPN_FETCH_REDIRECTS] = "redirects",
		[AOVPN_FETCH_TOO_BIG] = "too-big",
		[AOVPN_FETCH_FORMAT] = "format",
		[AOVPN_FETCH_SIGNATURE] = "signature",
		[AOVPN_FETCH_SCOPE] = "scope",
		[AOVPN_FETCH_OFFLINE] = "offline",
		[AOVPN_FETCH_LOCAL] = "local",
		[AOVPN_FETCH_RESPONDER] = "responder",
	};

	if (state >= sizeof(names) / sizeof(names[0]) || !names[state])
		return "unknown";
	return names[state];
}

void aovpn_fetched_clear(struct aovpn_fetched *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		X509_free(results[i].found);
		results[i].found = NULL;
	}
}
