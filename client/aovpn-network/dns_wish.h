/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dns_wish.h - which names a tunnel's DNS servers are to be asked for.
 */
#ifndef AOVPN_NETWORK_DNS_WISH_H
#define AOVPN_NETWORK_DNS_WISH_H

#include "network_request.h"

enum dns_wish {
	DNS_WISH_TOO,   /* all, beside those of other links */
	DNS_WISH_ONLY,  /* all, and no others for any: of a force tunnel, or
			   where "." is among the domains */
	DNS_WISH_SPLIT, /* those below the domains that are given, and no
			   others */
};

enum dns_wish dns_wish(const struct network_request *request);

#endif
