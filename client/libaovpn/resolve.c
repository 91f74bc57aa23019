/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolve.c - see resolve.h. */
#include "resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "fetch_helper.h"
#include "fetch_protocol.h"

/* --- here -------------------------------------------------------------------
 */

static bool take_literal(const char *name, struct aovpn_resolved *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, name, ret->address[0].address) == 1)
		ret->address[0].family = AF_INET;
	else if (inet_pton(AF_INET6, name, ret->address[0].address) == 1)
		ret->address[0].family = AF_INET6;
	else
		return false;
	ret->count = 1;
	return true;
}

static void take_address(const struct sockaddr *address,
			 struct aovpn_resolved *ret)
{
	uint8_t family;

	if (ret->count == AOVPN_ADDRESSES_MAX)
		return;
	aovpn_address_from_sockaddr(address, &family,
				    ret->address[ret->count].address, NULL);
	if (family == 0)
		return;
	ret->address[ret->count++].family = family;
}

static void note_error(struct aovpn_resolved *ret, int gai_error, int error)
{
	ret->gai_error = gai_error;
	ret->error = gai_error == EAI_SYSTEM ? error : 0;
	aovpn_escape_string(gai_error == EAI_SYSTEM ? strerror(error)
						    : gai_strerror(gai_error),
			    ret->text, sizeof(ret->text));
}

void aovpn_resolve_here(const char *name, struct aovpn_resolved *ret)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
				       .ai_socktype = SOCK_DGRAM,
				       .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *list = NULL, *one;
	int gai_error;

	if (take_literal(name, ret))
		return;
	gai_error = getaddrinfo(name, NULL, &hints, &list);
	if (gai_error != 0) {
		note_error(ret, gai_error, errno);
		return;
	}
	for (one = list; one; one = one->ai_next)
		take_address(one->ai_addr, ret);
	freeaddrinfo(list);
	if (ret->count == 0)
		note_error(ret, EAI_NODATA, 0);
}

bool aovpn_resolved_is_final(const struct aovpn_resolved *resolved)
{
	return resolved->gai_error == 0 || resolved->gai_error == EAI_NONAME ||
	       resolved->gai_error == EAI_NODATA ||
	       resolved->gai_error == EAI_ADDRFAMILY;
}

/* --- in the helper
 * ------------------------------------------------------------ */

static int make_request(const char *name, uint32_t timeout_ms,
			struct fetch_request_message *request)
{
	memset(request, 0, sizeof(*request));
	request->version = FETCH_VERSION;
	request->kind = FETCH_KIND_ADDRESSES;
	request->timeout_ms = timeout_ms;
	return snprintf(request->url, sizeof(request->url), "%s", name) >=
			       (int)sizeof(request->url)
		       ? -E2BIG
		       : 0;
}

/* The messages are too large for a thread's stack. */
struct exchange {
	struct fetch_request_message request;
	struct fetch_reply_message reply;
};

static int ask(const char *runtime, uint32_t timeout_ms,
	       struct exchange *exchange, struct aovpn_resolved *ret,
	       struct aovpn_error *error)
{
	struct fetch_helper_place *place = NULL;
	int r = fetch_helper_place_open(runtime, &place);

	if (r == 0)
		r = fetch_helper_ask(place, &exchange->request, timeout_ms,
				     &exchange->reply, error);
	else
		aovpn_error_set(error, r, "%s", strerror(-r));
	fetch_helper_place_close(place);
	if (r < 0)
		return r;
	r = fetch_addresses_check(&exchange->reply, ret);
	return r < 0 ? aovpn_error_set(error, r,
				       "aovpn-fetch gave an answer that makes "
				       "no sense")
		     : 0;
}

int aovpn_resolve(const char *runtime, const char *name, uint32_t timeout_ms,
		  struct aovpn_resolved *ret, struct aovpn_error *error)
{
	struct exchange *exchange;
	int r;

	if (take_literal(name, ret))
		return 0;
	exchange = malloc(sizeof(*exchange));
	if (!exchange)
		return aovpn_error_set(error, -ENOMEM, "%s", strerror(ENOMEM));
	r = make_request(name, timeout_ms, &exchange->request);
	if (r < 0)
		aovpn_error_set(error, r, "the name is too long");
	else
		r = ask(runtime, timeout_ms, exchange, ret, error);
	free(exchange);
	return r;
}
