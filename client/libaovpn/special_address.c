/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * special_address.c - see special_address.h.
 */
#include "special_address.h"

#include <string.h>
#include <sys/socket.h>

struct range {
	uint8_t family;
	uint8_t bits; /* of the prefix */
	bool here;    /* no other machine at all */
	uint8_t prefix[16];
	const char *meaning;
};

static const struct range ranges[] = {
	{AF_INET, 8, true, {127}, "this machine itself"},
	{AF_INET, 8, true, {0}, "no machine at all"},
	{AF_INET, 16, true, {169, 254}, "the local link only"},
	{AF_INET, 4, true, {224}, "groups of receivers (multicast)"},
	{AF_INET, 4, true, {240}, "no machine at all (RFC 1112)"},
	{AF_INET, 8, false, {10}, "private networks (RFC 1918)"},
	{AF_INET, 12, false, {172, 16}, "private networks (RFC 1918)"},
	{AF_INET, 16, false, {192, 168}, "private networks (RFC 1918)"},
	{AF_INET, 10, false, {100, 64}, "a provider's own network (RFC 6598)"},
	{AF_INET6, 128, true, {[15] = 1}, "this machine itself"},
	{AF_INET6, 128, true, {0}, "no machine at all"},
	{AF_INET6, 10, true, {0xfe, 0x80}, "the local link only"},
	{AF_INET6, 8, true, {0xff}, "groups of receivers (multicast)"},
	{AF_INET6, 7, false, {0xfc}, "private networks (RFC 4193)"},
};

static bool is_in(const struct range *range, uint8_t family,
		  const uint8_t *address)
{
	const uint32_t bytes = range->bits / 8, rest = range->bits % 8;
	const uint8_t mask = (uint8_t)(0xff00u >> rest);

	if (range->family != family ||
	    memcmp(range->prefix, address, bytes) != 0)
		return false;
	return rest == 0 ||
	       (range->prefix[bytes] & mask) == (address[bytes] & mask);
}

const char *aovpn_special_address(uint8_t family, const uint8_t *address,
				  bool *ret_here)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (is_in(&ranges[i], family, address)) {
			if (ret_here)
				*ret_here = ranges[i].here;
			return ranges[i].meaning;
		}
	return NULL;
}
