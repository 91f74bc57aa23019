/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_channel.c - messages between plugin and daemon. What is decoded can be
 * encoded, and decoding that gives the same.
 */
#include "channel.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aovpn_message first, second;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	if (aovpn_message_decode(data, size, &first) < 0)
		return 0;
	n = aovpn_message_encode(&first, buffer, sizeof(buffer));
	PROMISE(n > 0);
	PROMISE(aovpn_message_decode(buffer, (size_t)n, &second) == 0);
	PROMISE(memcmp(&first, &second, sizeof(first)) == 0);
	return 0;
}
