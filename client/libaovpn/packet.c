/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet.c - see packet.h. */
#include "packet.h"

#include <netinet/ip.h>
#include <netinet/udp.h>

#define NON_ESP_MARKER_BYTES 4
#define SPI_BYTES            8
#define IKE_EXCHANGE         18

uint16_t read_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

uint32_t read_be32(const uint8_t *at)
{
	return (uint32_t)read_be16(at) << 16 | read_be16(at + 2);
}

uint64_t read_be64(const uint8_t *at)
{
	return (uint64_t)read_be32(at) << 32 | read_be32(at + 4);
}

bool cursor_skip(struct cursor *cursor, size_t bytes)
{
	if (cursor->left < bytes)
		return false;
	cursor->at += bytes;
	cursor->left -= bytes;
	return true;
}

static bool is_ike_port(uint16_t port)
{
	return port == IKE_PORT || port == IKE_NATT_PORT;
}

bool packet_is_ike(const struct aovpn_flow *flow)
{
	return is_ike_port(flow->local_port) || is_ike_port(flow->remote_port);
}

size_t packet_ip4_header(const struct cursor *packet)
{
	size_t bytes;

	if (packet->left < sizeof(struct iphdr) || packet->at[0] >> 4 != 4)
		return 0;
	bytes = (packet->at[0] & 0x0f) * 4U;
	return bytes < sizeof(struct iphdr) ? 0 : bytes;
}

/*
 * The SPIs of an IKE header. Between other ports than 500, IKE has the marker
 * of zeros before it, and ESP has its SPI there.
 */
static void read_ike(struct cursor *payload,
		     struct aovpn_observation *observation,
		     struct packet_udp *ret)
{
	const struct aovpn_flow *flow = &observation->flow;

	if (flow->local_port != IKE_PORT && flow->remote_port != IKE_PORT) {
		if (payload->left < NON_ESP_MARKER_BYTES)
			return;
		ret->esp_spi = read_be32(payload->at);
		if (ret->esp_spi != 0)
			return;
		cursor_skip(payload, NON_ESP_MARKER_BYTES);
	}
	if (payload->left >= SPI_BYTES)
		observation->spi_i = read_be64(payload->at);
	if (payload->left >= 2 * SPI_BYTES)
		observation->spi_r = read_be64(payload->at + SPI_BYTES);
	if (payload->left > IKE_EXCHANGE)
		ret->exchange = payload->at[IKE_EXCHANGE];
}

bool packet_read_udp(struct cursor *cursor, bool incoming,
		     struct aovpn_observation *observation,
		     struct packet_udp *ret)
{
	struct aovpn_flow *flow = &observation->flow;
	size_t payload;

	if (cursor->left < sizeof(struct udphdr))
		return false;
	flow->local_port = read_be16(cursor->at + (incoming ? 2 : 0));
	flow->remote_port = read_be16(cursor->at + (incoming ? 0 : 2));
	*ret = (struct packet_udp){.bytes = read_be16(cursor->at + 4)};
	cursor_skip(cursor, sizeof(struct udphdr));
	if (ret->bytes <= sizeof(struct udphdr) || !packet_is_ike(flow))
		return true;
	/* What lies beyond UDP's own length is padding (RFC 4884 5.1). */
	payload = ret->bytes - sizeof(struct udphdr);
	if (cursor->left > payload)
		cursor->left = payload;
	read_ike(cursor, observation, ret);
	return true;
}
