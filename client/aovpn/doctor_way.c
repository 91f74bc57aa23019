/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_way.c - aovpn doctor: the route to an address of the gateway, and
 * whether networks of the profile stand in its way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_server.h"

#define MTU_LEAST 1280 /* RFC 8200 5 */

/* --- prefixes ---------------------------------------------------------------
 */

struct prefix {
	uint8_t family;
	uint8_t bits;
	uint8_t address[16];
};

/* "10.0.0.0/8", length bytes of it. */
static bool read_prefix(const char *text, size_t length, struct prefix *ret)
{
	char copy[INET6_ADDRSTRLEN + 4], *slash;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (!slash)
		return false;
	*slash = '\0';
	ret->bits = (uint8_t)atoi(slash + 1);
	ret->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	return inet_pton(ret->family, copy, ret->address) == 1;
}

static bool share(const struct prefix *a, const struct prefix *b)
{
	const uint8_t bits = a->bits < b->bits ? a->bits : b->bits;
	const uint8_t rest = bits % 8, mask = (uint8_t)(0xff00u >> rest);

	if (a->family != b->family ||
	    memcmp(a->address, b->address, bits / 8) != 0)
		return false;
	return rest == 0 ||
	       ((a->address[bits / 8] ^ b->address[bits / 8]) & mask) == 0;
}

/* Does one of the profile's networks share addresses with the prefix? Its text
 * into out. A force tunnel's are all, and that is meant. */
static bool find_shared(const struct aovpn_profile *profile,
			const struct prefix *prefix, char *out, size_t size)
{
	const char *text = profile->routes;
	struct prefix one;
	size_t length;

	if (profile->tunnel == AOVPN_TUNNEL_FORCE)
		return false;
	for (; *text != '\0'; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		if (read_prefix(text, length, &one) && one.bits > 0 &&
		    share(&one, prefix)) {
			snprintf(out, size, "%.*s", (int)length, text);
			return true;
		}
	}
	return false;
}

static uint8_t count_bits(const uint8_t *mask, size_t bytes)
{
	uint8_t bits = 0;
	size_t i;

	for (i = 0; i < bytes; i++)
		bits += (uint8_t)__builtin_popcount(mask[i]);
	return bits;
}

/* The network that an interface is in; false: it is a host's only, or one of a
 * tunnel. */
static bool local_prefix(const struct ifaddrs *one, struct prefix *ret)
{
	uint8_t mask[16] = {0}, family;
	size_t bytes;

	if (!one->ifa_addr || !one->ifa_netmask ||
	    one->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT) ||
	    !(one->ifa_flags & IFF_UP))
		return false;
	aovpn_address_from_sockaddr(one->ifa_addr, &ret->family, ret->address,
				    NULL);
	aovpn_address_from_sockaddr(one->ifa_netmask, &family, mask, NULL);
	bytes = ret->family == AF_INET6 ? 16 : 4;
	ret->bits = count_bits(mask, bytes);
	return ret->family != 0 && ret->bits < 8 * bytes;
}

/* --- conflicts --------------------------------------------------------------
 */

static void tell_conflict(struct doctor_target *target, const char *network,
			  const struct ifaddrs *local)
{
	json_t *line = target_tell(
		target, DOCTOR_WARNING, "networks",
		"%s of the profile shares addresses with the network of %s "
		"here: what is meant for one goes to the other",
		network, local->ifa_name);

	doctor_cause(line, "route-conflict");
}

/* Once for all addresses of all servers would do: it is told of each. */
static bool tell_local_networks(struct doctor_target *target)
{
	struct ifaddrs *list, *one;
	struct prefix prefix;
	char network[64];
	bool found = false;

	if (getifaddrs(&list) < 0)
		return false;
	for (one = list; one && !found; one = one->ifa_next)
		if (local_prefix(one, &prefix) &&
		    find_shared(&target->part->doctor->profile, &prefix,
				network, sizeof(network))) {
			tell_conflict(target, network, one);
			found = true;
		}
	freeifaddrs(list);
	return found;
}

static void tell_networks(struct doctor_target *target)
{
	struct prefix own = {.family = target->family,
			     .bits = target->family == AF_INET6 ? 128 : 32};
	char network[64];
	json_t *line;

	memcpy(own.address, target->address, sizeof(own.address));
	if (find_shared(&target->part->doctor->profile, &own, network,
			sizeof(network))) {
		line = target_tell(target, DOCTOR_WARNING, "networks",
				   "%s of the profile contains the gateway "
				   "itself, whose packets cannot go through "
				   "the tunnel that they carry",
				   network);
		doctor_cause(line, "route-conflict");
		return;
	}
	if (!tell_local_networks(target))
		target_tell(target, DOCTOR_OK, "networks",
			    "those of the profile are in nobody's way here");
}

/* --- the route --------------------------------------------------------------
 */

static void tell_route(struct doctor_target *target)
{
	const struct doctor_route *route = &target->route;
	char source[INET6_ADDRSTRLEN] = "?", gateway[INET6_ADDRSTRLEN] = "";
	json_t *line;

	if (route->has_source)
		aovpn_address_text(target->family, route->source, source,
				   sizeof(source));
	if (route->has_gateway)
		aovpn_address_text(target->family, route->gateway, gateway,
				   sizeof(gateway));
	line = target_tell(
		target,
		route->point_to_point || route->mtu < MTU_LEAST ? DOCTOR_WARNING
								: DOCTOR_OK,
		"route", "by %s%s%s from %s, MTU %u%s", route->device,
		gateway[0] != '\0' ? " and " : "", gateway, source, route->mtu,
		route->point_to_point ? ": a link from point to point, as that "
					"of another VPN"
				      : "");
	doctor_fact_text(line, "device", route->device);
	doctor_fact_text(line, "source", source);
	doctor_fact(line, "mtu", json_integer(route->mtu));
	if (route->point_to_point)
		doctor_fix(line, "If that VPN is not wanted, end it; else let "
				 "it leave the gateway out.");
	else
		doctor_cause(route->mtu < MTU_LEAST ? line : NULL, "path-mtu");
}

bool target_route(struct doctor_target *target)
{
	int r = doctor_route_get(target->family, target->address,
				 &target->route);
	json_t *line;

	if (r < 0) {
		line = target_tell(target, DOCTOR_FAULT, "route",
				   "there is none: %s", strerror(-r));
		doctor_cause(line, "no-route");
		return false;
	}
	if (target->route.type == RTN_LOCAL)
		target_tell(target, DOCTOR_WARNING, "route",
			    "it is an address of this machine itself");
	else
		tell_route(target);
	tell_networks(target);
	return true;
}
