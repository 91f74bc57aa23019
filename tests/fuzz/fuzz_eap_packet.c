/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_eap_packet.c - EAP-TLS requests, as the plugin takes them.
 *
 * Input: a byte for the fragment size, then requests, each a length of two
 * bytes and the packet. Where the server's flight is complete, a flight of ours
 * as long as it is sent.
 */
#include "plugins/aovpn/aovpn_eap_packet.h"

#include "fuzz.h"

static void answer(aovpn_eap_packets_t *packets)
{
	size_t size = 0;
	bool last = false;
	uint8_t *response;

	response = aovpn_eap_packets_respond(packets, &size, &last);
	PROMISE(response);
	PROMISE(size >= 5 && size <= packets->fragment_size + 10);
	PROMISE(((size_t)response[2] << 8 | response[3]) == size);
	PROMISE(response[0] == 2 && response[1] == packets->identifier);
	PROMISE(!last || packets->out_len == 0);
	free(response);
}

static void send_as_long(aovpn_eap_packets_t *packets)
{
	size_t size = packets->in_len;
	uint8_t *out = size ? calloc(1, size) : NULL;

	PROMISE(out || !size);
	aovpn_eap_packets_send(packets, out, size);
}

static void take(aovpn_eap_packets_t *packets, const uint8_t *packet,
		 size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	PROMISE(copy);
	memcpy(copy, packet, size);
	packets->text = NULL;
	switch (aovpn_eap_packets_take(packets, copy, size)) {
	case AOVPN_EAP_BROKEN:
		PROMISE(packets->text && packets->error);
		PROMISE(!packets->in && !packets->out);
		break;
	case AOVPN_EAP_FLIGHT:
		PROMISE(packets->started);
		PROMISE(!packets->announced ||
			packets->in_len == packets->announced_len);
		send_as_long(packets);
		break;
	case AOVPN_EAP_NEXT:
		PROMISE(packets->sent < packets->out_len);
		break;
	case AOVPN_EAP_PART:
	case AOVPN_EAP_NOTIFIED:
		break;
	}
	PROMISE(packets->in_len <= AOVPN_EAP_FLIGHT_MAX);
	free(copy);
	answer(packets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	aovpn_eap_packets_t packets = {0};
	size_t at = 1, length;

	if (size < 1)
		return 0;
	packets.fragment_size = 100u + data[0] * 15u;
	while (at + 2 <= size) {
		length = (size_t)data[at] << 8 | data[at + 1];
		at += 2;
		if (length > size - at)
			length = size - at;
		take(&packets, data + at, length);
		at += length;
	}
	aovpn_eap_packets_clear(&packets);
	return 0;
}
