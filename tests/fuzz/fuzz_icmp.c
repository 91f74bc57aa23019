/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_icmp.c - ICMP and ICMPv6 messages, from the IP header on. */
#include <errno.h>

#include "client/aovpnd/icmp.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aovpn_observation o;
	char *copy = fuzz_string(data, size);
	int r = icmp_parse((const uint8_t *)copy, size, &o);

	free(copy);
	PROMISE(r == 0 || r == -ENOENT);
	if (r == 0) {
		PROMISE(o.kind == AOVPN_OBS_ICMP_ERROR);
		PROMISE(o.flow.family == AF_INET || o.flow.family == AF_INET6);
	}
	return 0;
}
