/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build_packet.c - see build_packet.h. */
#include "build_packet.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

void put(struct builder *builder, const void *bytes, size_t length)
{
	memcpy(builder->bytes + builder->length, bytes, length);
	builder->length += length;
}

void put_u8(struct builder *builder, uint8_t value)
{
	put(builder, &value, 1);
}

void put_u16(struct builder *builder, uint16_t value)
{
	value = htons(value);
	put(builder, &value, 2);
}

void put_u32(struct builder *builder, uint32_t value)
{
	value = htonl(value);
	put(builder, &value, 4);
}

void put_udp(struct builder *builder, uint16_t from, uint16_t to,
	     uint16_t payload)
{
	put_u16(builder, from);
	put_u16(builder, to);
	put_u16(builder, (uint16_t)(8 + payload));
	put_u16(builder, 0);
}

void put_ike(struct builder *builder)
{
	put_u32(builder, SPI_I >> 32);
	put_u32(builder, (uint32_t)SPI_I);
	put_u32(builder, SPI_R >> 32);
	put_u32(builder, (uint32_t)SPI_R);
	put_u32(builder, 0x21202208); /* SA, 2.0, IKE_SA_INIT, initiator */
	put_u32(builder, 0);
	put_u32(builder, 172);
}

bool enter_empty_network(int mtu)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	request.ifr_mtu = mtu;
	if (fd < 0 || (mtu > 0 && ioctl(fd, SIOCSIFMTU, &request) < 0))
		return false;
	request.ifr_flags = IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &request) == 0 && close(fd) == 0;
}

bool wait_for_protocol(int fd, uint16_t protocol)
{
	struct sockaddr_ll address;
	int i;

	for (i = 0; i < 500; i++) {
		socklen_t length = sizeof(address);

		if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
			return false;
		if (address.sll_protocol == htons(protocol))
			return true;
		usleep(10000);
	}
	return false;
}
