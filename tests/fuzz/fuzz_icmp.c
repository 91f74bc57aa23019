/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_icmp.c - ICMP (input begins with a byte below 128) and ICMPv6 messages.
 */
#include <errno.h>
#include <netinet/in.h>

#include "client/aovpnd/icmp.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aovpn_observation o;
	int protocol, r;
	char *copy;

	if (size < 1)
		return 0;
	protocol = data[0] < 128 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	copy = fuzz_string(data + 1, size - 1);
	r = icmp_parse(protocol, (const uint8_t *)copy, size - 1, &o);
	free(copy);
	PROMISE(r == 0 || r == -ENOENT);
	if (r == 0) {
		PROMISE(o.kind == AOVPN_OBS_ICMP_ERROR);
		PROMISE(o.flow.family == AF_INET || o.flow.family == AF_INET6);
	}
	return 0;
}
