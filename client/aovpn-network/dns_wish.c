/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns_wish.c - see dns_wish.h. */
#include "dns_wish.h"

#include <string.h>

enum dns_wish dns_wish(const struct network_request *request)
{
	bool some = false;
	uint32_t i;

	for (i = 0; i < request->domain_count; i++) {
		if (strcmp(request->domains[i].name, ".") == 0)
			return DNS_WISH_ONLY;
		some |= !request->domains[i].search;
	}
	if (some)
		return DNS_WISH_SPLIT;
	return request->force ? DNS_WISH_ONLY : DNS_WISH_TOO;
}
