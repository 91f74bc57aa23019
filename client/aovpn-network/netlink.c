/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.c - see netlink.h. */
#include "netlink.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

/* As a Windows client sets it for IKEv2: what ESP in UDP adds fits into 1500.
 */
#define LINK_MTU 1400
#define KIND     "xfrm"

struct netlink {
	struct mnl_socket *socket;
	uint32_t sequence;
	char buffer[8192]; /* one request, then its answer */
};

int netlink_open(struct netlink **ret)
{
	struct netlink *netlink = calloc(1, sizeof(*netlink));
	int r = -ENOMEM;

	if (!netlink)
		return r;
	netlink->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (netlink->socket &&
	    mnl_socket_bind(netlink->socket, 0, MNL_SOCKET_AUTOPID) == 0) {
		*ret = netlink;
		return 0;
	}
	r = -errno;
	netlink_close(netlink);
	return r;
}

struct netlink *netlink_close(struct netlink *netlink)
{
	if (netlink && netlink->socket)
		mnl_socket_close(netlink->socket);
	free(netlink);
	return NULL;
}

/* --- one request ------------------------------------------------------------
 */

static struct nlmsghdr *begin(struct netlink *netlink, uint16_t type,
			      uint16_t flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(netlink->buffer);

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	header->nlmsg_seq = ++netlink->sequence;
	return header;
}

/* Send it and read until the kernel's acknowledgement: 0 or its -errno. */
static int talk(struct netlink *netlink, struct nlmsghdr *header, mnl_cb_t each,
		void *userdata)
{
	const unsigned int port = mnl_socket_get_portid(netlink->socket);
	ssize_t n;
	int r;

	if (mnl_socket_sendto(netlink->socket, header, header->nlmsg_len) < 0)
		return -errno;
	do {
		n = mnl_socket_recvfrom(netlink->socket, netlink->buffer,
					sizeof(netlink->buffer));
		if (n < 0)
			return -errno;
		r = mnl_cb_run(netlink->buffer, (size_t)n, netlink->sequence,
			       port, each, userdata);
	} while (r > 0);
	return r < 0 ? -errno : 0;
}

/* --- links ------------------------------------------------------------------
 */

static int on_data(const struct nlattr *attribute, void *userdata)
{
	struct netlink_link *link = userdata;

	if (mnl_attr_get_type(attribute) == IFLA_XFRM_IF_ID &&
	    mnl_attr_get_payload_len(attribute) >= sizeof(uint32_t))
		link->interface_id = mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

static int on_info(const struct nlattr *attribute, void *userdata)
{
	struct netlink_link *link = userdata;

	if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
		strncpy(link->kind, mnl_attr_get_str(attribute),
			sizeof(link->kind) - 1);
	/* The kernel puts the kind first. */
	else if (mnl_attr_get_type(attribute) == IFLA_INFO_DATA &&
		 strcmp(link->kind, KIND) == 0)
		return mnl_attr_parse_nested(attribute, on_data, link);
	return MNL_CB_OK;
}

static int on_link_attribute(const struct nlattr *attribute, void *userdata)
{
	if (mnl_attr_get_type(attribute) == IFLA_LINKINFO)
		return mnl_attr_parse_nested(attribute, on_info, userdata);
	return MNL_CB_OK;
}

static int on_link(const struct nlmsghdr *header, void *userdata)
{
	const struct ifinfomsg *message = mnl_nlmsg_get_payload(header);
	struct netlink_link *link = userdata;

	link->index = (uint32_t)message->ifi_index;
	return mnl_attr_parse(header, sizeof(*message), on_link_attribute,
			      link);
}

int netlink_link_get(struct netlink *netlink, const char *name,
		     struct netlink_link *ret)
{
	struct nlmsghdr *header = begin(netlink, RTM_GETLINK, 0);
	int r;

	memset(ret, 0, sizeof(*ret));
	mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	r = talk(netlink, header, on_link, ret);
	return r == 0 && ret->index == 0 ? -ENODEV : r;
}

int netlink_link_make(struct netlink *netlink, const char *name,
		      uint32_t interface_id)
{
	struct nlmsghdr *header =
		begin(netlink, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data;

	mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	mnl_attr_put_u32(header, IFLA_MTU, LINK_MTU);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_str(header, IFLA_INFO_KIND, KIND);
	data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
	mnl_attr_put_u32(header, IFLA_XFRM_IF_ID, interface_id);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	return talk(netlink, header, NULL, NULL);
}

static int change_link(struct netlink *netlink, uint16_t type, uint32_t index,
		       unsigned int flags)
{
	struct nlmsghdr *header = begin(netlink, type, 0);
	struct ifinfomsg *message =
		mnl_nlmsg_put_extra_header(header, sizeof(*message));

	message->ifi_index = (int)index;
	message->ifi_flags = flags;
	message->ifi_change = flags;
	return talk(netlink, header, NULL, NULL);
}

int netlink_link_up(struct netlink *netlink, uint32_t index)
{
	return change_link(netlink, RTM_NEWLINK, index, IFF_UP);
}

int netlink_link_delete(struct netlink *netlink, uint32_t index)
{
	return change_link(netlink, RTM_DELLINK, index, 0);
}

/* --- addresses --------------------------------------------------------------
 */

static size_t bytes_of(uint8_t family)
{
	return family == AF_INET ? 4 : 16;
}

static void put_address(struct nlmsghdr *header, uint16_t type,
			const struct network_prefix *prefix)
{
	mnl_attr_put(header, type, bytes_of(prefix->family), prefix->address);
}

int netlink_address_add(struct netlink *netlink, uint32_t index,
			const struct network_prefix *address)
{
	struct nlmsghdr *header =
		begin(netlink, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *message =
		mnl_nlmsg_put_extra_header(header, sizeof(*message));

	message->ifa_family = address->family;
	message->ifa_prefixlen = address->length;
	message->ifa_flags = IFA_F_NODAD;
	message->ifa_index = index;
	put_address(header, IFA_LOCAL, address);
	put_address(header, IFA_ADDRESS, address);
	return talk(netlink, header, NULL, NULL);
}

/* --- routes and rules -------------------------------------------------------
 */

static uint8_t route_type(const struct network_step *step)
{
	if (step->kind == NETWORK_STEP_THROW)
		return RTN_THROW;
	return step->kind == NETWORK_STEP_NOWHERE ? RTN_UNREACHABLE
						  : RTN_UNICAST;
}

int netlink_route(struct netlink *netlink, const struct network_step *step,
		  uint32_t index, bool on)
{
	struct nlmsghdr *header =
		begin(netlink, on ? RTM_NEWROUTE : RTM_DELROUTE,
		      on ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct rtmsg *message =
		mnl_nlmsg_put_extra_header(header, sizeof(*message));

	message->rtm_family = step->prefix.family;
	message->rtm_dst_len = step->prefix.length;
	message->rtm_protocol = NETWORK_PROTOCOL;
	message->rtm_type = route_type(step);
	message->rtm_scope = message->rtm_type == RTN_UNICAST &&
					     step->prefix.family == AF_INET
				     ? RT_SCOPE_LINK
				     : RT_SCOPE_UNIVERSE;
	put_address(header, RTA_DST, &step->prefix);
	mnl_attr_put_u32(header, RTA_TABLE, step->table);
	if (step->metric != 0)
		mnl_attr_put_u32(header, RTA_PRIORITY, step->metric);
	if (index != 0)
		mnl_attr_put_u32(header, RTA_OIF, index);
	if (step->source.family == step->prefix.family)
		put_address(header, RTA_PREFSRC, &step->source);
	return talk(netlink, header, NULL, NULL);
}

int netlink_rule(struct netlink *netlink, const struct network_step *step,
		 bool on)
{
	struct nlmsghdr *header = begin(netlink, on ? RTM_NEWRULE : RTM_DELRULE,
					on ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct fib_rule_hdr *message =
		mnl_nlmsg_put_extra_header(header, sizeof(*message));

	message->family = step->prefix.family;
	message->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(header, FRA_TABLE, step->table);
	mnl_attr_put_u32(header, FRA_PRIORITY, step->metric);
	mnl_attr_put_u8(header, FRA_PROTOCOL, NETWORK_PROTOCOL);
	if (step->more_than < 128)
		mnl_attr_put_u32(header, FRA_SUPPRESS_PREFIXLEN,
				 step->more_than);
	return talk(netlink, header, NULL, NULL);
}
