/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_route.h - which way the kernel would send a packet (rtnetlink(7),
 * RTM_GETROUTE).
 */
#ifndef AOVPN_DOCTOR_ROUTE_H
#define AOVPN_DOCTOR_ROUTE_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct doctor_route {
	uint32_t type; /* RTN_* */
	char device[IF_NAMESIZE];
	uint32_t mtu;        /* of the route, else of the device; 0: unknown */
	bool point_to_point; /* a tunnel's device, as a VPN has */
	uint8_t source[16];  /* its family is that of the address */
	uint8_t gateway[16];
	bool has_source, has_gateway;
};

/*
 * Ask for the route to an address (family AF_INET or AF_INET6). Errors: those
 * of the kernel, such as -ENETUNREACH, -EHOSTUNREACH, -EACCES (prohibit) and
 * -EINVAL (blackhole).
 */
int doctor_route_get(uint8_t family, const uint8_t *address,
		     struct doctor_route *ret);

#endif
