/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_route.c - see doctor_route.h. */
#include "doctor_route.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int on_metric(const struct nlattr *attribute, void *data)
{
	struct doctor_route *route = data;

	if (mnl_attr_get_type(attribute) == RTAX_MTU &&
	    mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
		route->mtu = mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

static bool take_address(const struct nlattr *attribute, uint8_t out[16])
{
	const uint16_t size = mnl_attr_get_payload_len(attribute);

	if (size != 4 && size != 16)
		return false;
	memcpy(out, mnl_attr_get_payload(attribute), size);
	return true;
}

static int on_attribute(const struct nlattr *attribute, void *data)
{
	struct doctor_route *route = data;

	switch (mnl_attr_get_type(attribute)) {
	case RTA_OIF:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
			if_indextoname(mnl_attr_get_u32(attribute),
				       route->device);
		break;
	case RTA_PREFSRC:
		route->has_source = take_address(attribute, route->source);
		break;
	case RTA_GATEWAY:
		route->has_gateway = take_address(attribute, route->gateway);
		break;
	case RTA_METRICS:
		mnl_attr_parse_nested(attribute, on_metric, route);
		break;
	}
	return MNL_CB_OK;
}

static int on_route(const struct nlmsghdr *message, void *data)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	struct doctor_route *route = data;

	if (message->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*header))
		return MNL_CB_OK;
	route->type = header->rtm_type;
	mnl_attr_parse(message, sizeof(*header), on_attribute, route);
	return MNL_CB_STOP;
}

static int ask(struct mnl_socket *socket, uint8_t family,
	       const uint8_t *address, struct doctor_route *ret)
{
	char buffer[8192];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	const uint16_t bytes = family == AF_INET6 ? 16 : 4;
	struct rtmsg *header;
	ssize_t size;

	message->nlmsg_type = RTM_GETROUTE;
	message->nlmsg_flags = NLM_F_REQUEST;
	message->nlmsg_seq = 1;
	header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
	header->rtm_family = family;
	header->rtm_dst_len = (unsigned char)(8 * bytes);
	mnl_attr_put(message, RTA_DST, bytes, address);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	size = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (size < 0 ||
	    mnl_cb_run(buffer, (size_t)size, 1, mnl_socket_get_portid(socket),
		       on_route, ret) < 0)
		return -errno;
	return 0;
}

static void look_at_device(struct doctor_route *route)
{
	struct ifreq request = {.ifr_ifindex = 0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	memcpy(request.ifr_name, route->device, sizeof(request.ifr_name));
	if (ioctl(fd, SIOCGIFFLAGS, &request) == 0)
		route->point_to_point = request.ifr_flags & IFF_POINTOPOINT;
	if (route->mtu == 0 && ioctl(fd, SIOCGIFMTU, &request) == 0)
		route->mtu = (uint32_t)request.ifr_mtu;
	close(fd);
}

int doctor_route_get(uint8_t family, const uint8_t *address,
		     struct doctor_route *ret)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	int r;

	memset(ret, 0, sizeof(*ret));
	if (!socket)
		return -errno;
	r = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0
		    ? -errno
		    : ask(socket, family, address, ret);
	mnl_socket_close(socket);
	if (r == 0 && ret->device[0] != '\0')
		look_at_device(ret);
	return r;
}
