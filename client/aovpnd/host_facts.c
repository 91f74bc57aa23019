/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host_facts.c - see host_facts.h. */
#include "host_facts.h"

#include <ifaddrs.h>
#include <string.h>

static bool same_address(const struct sockaddr *sa,
			 const struct aovpn_flow *flow)
{
	uint8_t family, address[16];

	if (!sa)
		return false;
	aovpn_address_from_sockaddr(sa, &family, address, NULL);
	return family == flow->family &&
	       memcmp(address, flow->local, sizeof(address)) == 0;
}

bool host_has_address(const struct aovpn_flow *flow)
{
	struct ifaddrs *all, *i;
	bool found = false;

	if (flow->family == 0 || getifaddrs(&all) < 0)
		return false;
	for (i = all; i && !found; i = i->ifa_next)
		found = same_address(i->ifa_addr, flow);
	freeifaddrs(all);
	return found;
}
