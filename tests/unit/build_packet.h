/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_packet.h - makes packets byte by byte, and a network to send them in.
 */
#ifndef BUILD_PACKET_H
#define BUILD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPI_I 0x1122334455667788ULL
#define SPI_R 0x99aabbccddeeff00ULL

/* A packet under construction. */
struct builder {
	uint8_t bytes[512];
	size_t length;
};

void put(struct builder *builder, const void *bytes, size_t length);
void put_u8(struct builder *builder, uint8_t value);
void put_u16(struct builder *builder, uint16_t value);
void put_u32(struct builder *builder, uint32_t value);
/* A UDP header; payload: the bytes behind it. */
void put_udp(struct builder *builder, uint16_t from, uint16_t to,
	     uint16_t payload);
/* An IKE header of IKE_SA_INIT with SPI_I and SPI_R. */
void put_ike(struct builder *builder);

/*
 * For a child: enter a network namespace of its own with nothing in it but a
 * loopback interface of this MTU (0: the kernel's). False: it may not.
 */
bool enter_empty_network(int mtu);

/*
 * Wait until a packet socket delivers this EtherType, for another thread binds
 * it. False: it did not within five seconds.
 */
bool wait_for_protocol(int fd, uint16_t protocol);

#endif
