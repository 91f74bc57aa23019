/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel_look.c - see tunnel_look.h. */
#include "tunnel_look.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tunnel_facts.h"
#include "vici_traffic.h"

#define RESOLV_CONF     "/etc/resolv.conf"
#define RESOLV_CONF_MAX 4096

static unsigned int prefix_of(const struct sockaddr *mask)
{
	uint8_t bytes[16] = {0}, family;
	unsigned int bits = 0;

	aovpn_address_from_sockaddr(mask, &family, bytes, NULL);
	while (bits < 128 && (bytes[bits / 8] & (0x80 >> bits % 8)))
		bits++;
	return bits;
}

/* A link whose own network is in the tunnel, too; not the tunnel's itself. */
static void look_at_link(struct tunnel_look *look, const struct ifaddrs *link)
{
	char text[INET6_ADDRSTRLEN], network[64];
	uint8_t family = 0, address[16];
	unsigned int prefix;

	if (!link->ifa_addr || !link->ifa_netmask ||
	    (link->ifa_flags & IFF_LOOPBACK) || look->seen.u.tunnel.overlap[0])
		return;
	aovpn_address_from_sockaddr(link->ifa_addr, &family, address, NULL);
	if (family == 0)
		return;
	aovpn_address_text(family, address, text, sizeof(text));
	prefix = prefix_of(link->ifa_netmask);
	if (tunnel_in_list(look->addresses, text) ||
	    (family == AF_INET6 && address[0] == 0xfe))
		return;
	tunnel_overlap(look->networks, family, address, prefix, network,
		       sizeof(network));
	if (network[0])
		snprintf(look->seen.u.tunnel.overlap,
			 sizeof(look->seen.u.tunnel.overlap),
			 "%s of the tunnel and %s/%u of %.32s", network, text,
			 prefix, link->ifa_name);
}

static void look_at_links(struct tunnel_look *look)
{
	struct ifaddrs *list = NULL, *link;

	if (getifaddrs(&list) < 0)
		return;
	for (link = list; link; link = link->ifa_next)
		look_at_link(look, link);
	freeifaddrs(list);
}

static void look_at_dns(struct tunnel_look *look)
{
	char text[RESOLV_CONF_MAX];
	ssize_t length;
	int fd;

	fd = open(RESOLV_CONF, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length < 0)
		return;
	text[length] = '\0';
	tunnel_dns_missing(look->dns, text, look->seen.u.tunnel.dns_missing,
			   sizeof(look->seen.u.tunnel.dns_missing));
}

/* Where there is nobody to set them, charon's own plugin "resolve" may have. */
static void tell_refusal(struct tunnel_look *look)
{
	if (look->dns_code == -EOPNOTSUPP &&
	    look->seen.u.tunnel.dns_missing[0] == '\0')
		return;
	memcpy(look->seen.u.tunnel.dns_refused, look->dns_refused,
	       sizeof(look->dns_refused));
}

void tunnel_look_run(void *job)
{
	struct tunnel_look *look = job;
	struct aovpn_observation *o = &look->seen;

	o->kind = AOVPN_OBS_TUNNEL;
	o->source = AOVPN_SOURCE_DAEMON;
	look->good = vici_traffic(look->vici, look->charon_name,
				  &o->u.tunnel.packets_out,
				  &o->u.tunnel.packets_in) == 0;
	if (look->good) {
		look_at_links(look);
		look_at_dns(look);
		tell_refusal(look);
	}
	o->time_ns = aovpn_boottime_ns();
}
