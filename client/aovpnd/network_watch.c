/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_watch.c - see network_watch.h. Every change of a route, an address or
 * a link only says that something has changed. What there is then is asked
 * anew, and reduced to one number that is the same as long as the routes are.
 */
#include "network_watch.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

/* What the kernel sends of a dump at a time (rtnetlink's own limit). */
#define DUMP_SIZE 32768
/* sd-event's own is a quarter of a second. */
#define NETWORK_SLACK_US 10000

/* What the routes are: order does not matter, for each is added. */
struct picture {
	uint64_t sum;
	unsigned int ways_out;
};

struct network_watch {
	sd_event *event;
	network_changed_t changed;
	void *userdata;
	struct mnl_socket *socket;
	sd_event_source *source;
	sd_event_source *settle;
	struct picture picture;
};

/* --- one route -------------------------------------------------------------
 */

/* FNV-1a. */
static uint64_t hash(uint64_t sum, const void *data, size_t size)
{
	const uint8_t *byte = data;

	while (size-- > 0)
		sum = (sum ^ *byte++) * 0x100000001b3ull;
	return sum;
}

/* A tunnel's own device: of this client, or of charon where the kernel has no
 * ESP. */
static bool is_tunnel(uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	return if_indextoname(ifindex, name) &&
	       (strncmp(name, "aovpn", 5) == 0 ||
		strncmp(name, "ipsec", 5) == 0);
}

static bool is_link_local(const struct rtmsg *route, const uint8_t *destination)
{
	return route->rtm_family == AF_INET6 && destination &&
	       route->rtm_dst_len >= 10 && destination[0] == 0xfe &&
	       (destination[1] & 0xc0) == 0x80;
}

struct route {
	const uint8_t *destination;
	uint32_t table;
	uint32_t device; /* 0: several, or none */
	uint64_t sum;
};

static int on_attribute(const struct nlattr *attribute, void *userdata)
{
	const void *value = mnl_attr_get_payload(attribute);
	const uint16_t size = mnl_attr_get_payload_len(attribute);
	struct route *route = userdata;

	switch (mnl_attr_get_type(attribute)) {
	case RTA_DST:
		route->destination = size >= 4 ? value : NULL;
		break;
	case RTA_OIF:
		route->device = size == 4 ? mnl_attr_get_u32(attribute) : 0;
		break;
	case RTA_TABLE:
		route->table = size == 4 ? mnl_attr_get_u32(attribute) : 0;
		return MNL_CB_OK;
	case RTA_GATEWAY:
	case RTA_PREFSRC:
	case RTA_PRIORITY:
	case RTA_MULTIPATH:
		break;
	default: /* counters and ages, which change by themselves */
		return MNL_CB_OK;
	}
	route->sum = hash(route->sum, attribute, sizeof(*attribute));
	route->sum = hash(route->sum, value, size);
	return MNL_CB_OK;
}

static bool leads_out(const struct rtmsg *message, const struct route *route)
{
	return message->rtm_type == RTN_UNICAST &&
	       route->table == RT_TABLE_MAIN &&
	       !(message->rtm_flags &
		 (RTM_F_CLONED | RTNH_F_DEAD | RTNH_F_LINKDOWN)) &&
	       !is_link_local(message, route->destination) &&
	       !is_tunnel(route->device);
}

static int on_route(const struct nlmsghdr *header, void *userdata)
{
	const struct rtmsg *message = mnl_nlmsg_get_payload(header);
	struct picture *picture = userdata;
	struct route route = {.table = message->rtm_table,
			      .sum = 0xcbf29ce484222325ull};

	if (header->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*message) ||
	    mnl_attr_parse(header, sizeof(*message), on_attribute, &route) < 0)
		return MNL_CB_OK;
	if (!leads_out(message, &route))
		return MNL_CB_OK;
	picture->sum += hash(route.sum, &message->rtm_dst_len, 1);
	picture->ways_out++;
	return MNL_CB_OK;
}

/* --- all of them -----------------------------------------------------------
 */

static int read_answers(struct mnl_socket *socket, uint32_t sequence,
			struct picture *picture)
{
	const unsigned int port = mnl_socket_get_portid(socket);
	_Alignas(struct nlmsghdr) char answer[DUMP_SIZE];
	ssize_t n;
	int r = MNL_CB_OK;

	while (r > MNL_CB_STOP) {
		n = mnl_socket_recvfrom(socket, answer, sizeof(answer));
		if (n < 0)
			return -errno;
		r = mnl_cb_run(answer, (size_t)n, sequence, port, on_route,
			       picture);
	}
	return r < 0 ? -errno : 0;
}

static int ask(struct mnl_socket *socket, uint8_t family, uint32_t sequence,
	       struct picture *picture)
{
	_Alignas(struct nlmsghdr) char request[MNL_NLMSG_HDRLEN + 64];
	struct nlmsghdr *header = mnl_nlmsg_put_header(request);
	struct rtmsg *message;

	header->nlmsg_type = RTM_GETROUTE;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = sequence;
	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->rtm_family = family;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return -errno;
	return read_answers(socket, sequence, picture);
}

static struct mnl_socket *open_socket(unsigned int groups, int flags, int *r)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, flags);

	if (!socket) {
		*r = -errno;
		return NULL;
	}
	if (mnl_socket_bind(socket, groups, MNL_SOCKET_AUTOPID) == 0) {
		*r = 0;
		return socket;
	}
	*r = -errno;
	mnl_socket_close(socket);
	return NULL;
}

/* On a socket of its own: what changes meanwhile stays in the other's queue. */
static int look(struct picture *ret)
{
	struct picture picture = {0};
	struct mnl_socket *socket;
	int r;

	socket = open_socket(0, SOCK_CLOEXEC, &r);
	if (!socket)
		return r;
	r = ask(socket, AF_INET, 1, &picture);
	if (r == 0)
		r = ask(socket, AF_INET6, 2, &picture);
	mnl_socket_close(socket);
	if (r == 0)
		*ret = picture;
	return r;
}

/* --- changes ---------------------------------------------------------------
 */

static int on_settled(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct network_watch *watch = userdata;
	const struct picture before = watch->picture;

	(void)usec;
	/* A dump is torn where routes change under it: ask again. */
	if (look(&watch->picture) < 0) {
		sd_event_source_set_time_relative(source, NETWORK_SETTLE_US);
		return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	if (watch->picture.sum != before.sum ||
	    watch->picture.ways_out != before.ways_out)
		watch->changed(watch->picture.ways_out > 0, watch->userdata);
	return 0;
}

static int on_change(sd_event_source *source, int fd, uint32_t events,
		     void *userdata)
{
	struct network_watch *watch = userdata;
	char discarded[4096];

	(void)source;
	(void)events;
	/* ENOBUFS, where too much has changed, means no more than a change. */
	while (recv(fd, discarded, sizeof(discarded), MSG_DONTWAIT) >= 0 ||
	       errno == ENOBUFS)
		;
	/* Not put off by more changes: a network that flaps all the time must
	 * not keep us waiting for ever. */
	if (sd_event_source_get_enabled(watch->settle, NULL) > 0)
		return 0;
	sd_event_source_set_time_relative(watch->settle, NETWORK_SETTLE_US);
	return sd_event_source_set_enabled(watch->settle, SD_EVENT_ONESHOT);
}

static int start(struct network_watch *watch)
{
	int r;

	watch->socket = open_socket(
		RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE |
			RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
		SOCK_CLOEXEC | SOCK_NONBLOCK, &r);
	if (!watch->socket)
		return r;
	r = sd_event_add_io(watch->event, &watch->source,
			    mnl_socket_get_fd(watch->socket), EPOLLIN,
			    on_change, watch);
	if (r >= 0)
		r = sd_event_add_time_relative(
			watch->event, &watch->settle, CLOCK_MONOTONIC,
			NETWORK_SETTLE_US, NETWORK_SLACK_US, on_settled, watch);
	if (r >= 0)
		r = sd_event_source_set_enabled(watch->settle, SD_EVENT_OFF);
	return r < 0 ? r : look(&watch->picture);
}

int network_watch_new(sd_event *event, network_changed_t changed,
		      void *userdata, struct network_watch **ret)
{
	struct network_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->event = event;
	watch->changed = changed;
	watch->userdata = userdata;
	r = start(watch);
	if (r < 0) {
		network_watch_free(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

struct network_watch *network_watch_free(struct network_watch *watch)
{
	if (!watch)
		return NULL;
	sd_event_source_disable_unref(watch->settle);
	sd_event_source_disable_unref(watch->source);
	if (watch->socket)
		mnl_socket_close(watch->socket);
	free(watch);
	return NULL;
}

bool network_watch_online(const struct network_watch *watch)
{
	return !watch || watch->picture.ways_out > 0;
}
