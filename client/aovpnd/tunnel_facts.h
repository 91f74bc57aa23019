/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel_facts.h - what the addresses, networks and DNS servers of a tunnel
 * have to do with those of this machine: pure functions of texts.
 */
#ifndef AOVPN_TUNNEL_FACTS_H
#define AOVPN_TUNNEL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is the address one of the list's (", ")? */
bool tunnel_in_list(const char *list, const char *address);

/*
 * The first of networks (CIDR, ", ") that shares addresses with a link's own
 * network given by an address of it and its prefix length. Those that are
 * everything (0.0.0.0/0, ::/0) never do. "" into out: none.
 */
void tunnel_overlap(const char *networks, uint8_t family,
		    const uint8_t address[16], unsigned int prefix, char *out,
		    size_t size);

/*
 * Those of servers (", ") that no "nameserver" line of resolv_conf, a whole
 * resolv.conf(5), has. "" into out: none, or names are asked of a local stub
 * (127.0.0.0/8, ::1), behind which one cannot see.
 */
void tunnel_dns_missing(const char *servers, const char *resolv_conf, char *out,
			size_t size);

#endif
