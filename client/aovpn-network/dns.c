/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns.c - see dns.h. */
#include "dns.h"

#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>

#include "resolvconf.h"
#include "resolved.h"

static bool has_address(const struct network_request *request,
			const struct ifaddrs *link)
{
	uint8_t family = 0, address[16];
	uint32_t i;

	if (link->ifa_addr)
		aovpn_address_from_sockaddr(link->ifa_addr, &family, address,
					    NULL);
	for (i = 0; family != 0 && i < request->address_count; i++)
		if (request->addresses[i].family == family &&
		    memcmp(request->addresses[i].address, address,
			   family == AF_INET ? 4 : 16) == 0)
			return true;
	return false;
}

/* The TUN device that has one of the virtual addresses, or "". */
static void find_tun(struct netlink *netlink,
		     const struct network_request *request, char *device)
{
	struct netlink_link found;
	struct ifaddrs *list = NULL, *link;

	device[0] = '\0';
	if (getifaddrs(&list) < 0)
		return;
	for (link = list; link && device[0] == '\0'; link = link->ifa_next)
		if (has_address(request, link) &&
		    netlink_link_get(netlink, link->ifa_name, &found) == 0 &&
		    strcmp(found.kind, "tun") == 0)
			snprintf(device, IFNAMSIZ, "%s", link->ifa_name);
	freeifaddrs(list);
}

void dns_find_link(struct netlink *netlink, struct network_request *request,
		   struct network_reply *reply)
{
	find_tun(netlink, request, reply->link);
	if (reply->link[0] != '\0')
		request->own_link = 0;
	else if (request->own_link)
		network_link_name(request->name, request->slot, reply->link);
	reply->own_link = request->own_link;
}

static int plan_resolved(struct netlink *netlink,
			 const struct network_reply *reply,
			 struct network_step *ret, struct aovpn_error *error)
{
	struct netlink_link link;
	int r;

	if (reply->link[0] == '\0')
		return aovpn_error_set(error, -EOPNOTSUPP,
				       "systemd-resolved keeps servers by "
				       "link, and this tunnel has none");
	r = netlink_link_get(netlink, reply->link, &link);
	if (r < 0)
		return aovpn_error_set(error, r, "link %s: %s", reply->link,
				       strerror(-r));
	ret->kind = NETWORK_STEP_RESOLVED;
	ret->number = link.index;
	memcpy(ret->device, reply->link, sizeof(ret->device));
	return 0;
}

int dns_plan(struct netlink *netlink, const struct network_request *request,
	     struct network_reply *reply, struct network_step *ret,
	     struct aovpn_error *error)
{
	memset(ret, 0, sizeof(*ret));
	reply->resolver = NETWORK_RESOLVER_RESOLVED;
	if (resolved_is_there())
		return plan_resolved(netlink, reply, ret, error);
	reply->resolver = resolvconf_find();
	if (reply->resolver == NETWORK_RESOLVER_NONE)
		return aovpn_error_set(error, -EOPNOTSUPP,
				       "neither systemd-resolved runs nor is "
				       "there a resolvconf");
	ret->kind = NETWORK_STEP_RESOLVCONF;
	network_record_name(request->name, ret->record);
	return 0;
}

int dns_set(const struct network_step *step,
	    const struct network_request *request, struct network_reply *reply,
	    struct aovpn_error *error)
{
	if (step->kind == NETWORK_STEP_RESOLVED)
		return resolved_set(step->number, request, error);
	return resolvconf_add(reply->resolver, step->record, request,
			      reply->dns_text, sizeof(reply->dns_text), error);
}
