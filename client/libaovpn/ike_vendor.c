/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ike_vendor.c - see ike_vendor.h. Source: MS-IKEE, appendix, note 6. */
#include "ike_vendor.h"

#include <stdio.h>
#include <string.h>

#include "packet.h"

#define VENDOR_BYTES 16
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const uint8_t windows[VENDOR_BYTES] = {
	0x1e, 0x2b, 0x51, 0x69, 0x05, 0x99, 0x1c, 0x7d,
	0x7c, 0x96, 0xfc, 0xbf, 0xb5, 0x87, 0xe4, 0x61};

/* What a vendor ID begins with. */
static const struct {
	uint8_t prefix[VENDOR_BYTES];
	const char *name;
} vendors[] = {
	{{0xfb, 0x1d, 0xe3, 0xcd, 0xf3, 0x41, 0xb7, 0xea, 0x16, 0xb7, 0xe5,
	  0xbe, 0x08, 0x55, 0xf1, 0x20},
	 "MS-Negotiation Discovery Capable"},
	{{0x26, 0x24, 0x4d, 0x38, 0xed, 0xdb, 0x61, 0xb3, 0x17, 0x2a, 0x36,
	  0xe3, 0xd0, 0xcf, 0xb8, 0x19},
	 "Vid-Initial-Contact"},
	{{0x01, 0x52, 0x8b, 0xbb, 0xc0, 0x06, 0x96, 0x12, 0x18, 0x49, 0xab,
	  0x9a, 0x1c, 0x5b, 0x2a, 0x51},
	 "MS KEY_MODS"},
	{{0x40, 0x48, 0xb7, 0xd5, 0x6e, 0xbc, 0xe8, 0x85, 0x25, 0xe7, 0xde,
	  0x7f, 0x00, 0xd6, 0xc2, 0xd3},
	 "FRAGMENTATION"},
	{{0x68, 0x6a, 0x8c, 0xbd, 0xfe, 0x63, 0x4b, 0x40, 0x51, 0x46, 0xfb,
	  0x2b, 0xaf, 0x33, 0xe9, 0xe8},
	 "MSFT IPsec Security Realm Id"},
	{{0x88, 0x2f, 0xe5, 0x6d, 0x6f, 0xd2, 0x0d, 0xbc, 0x22, 0x51, 0x61,
	  0x3b, 0x2e, 0xbe, 0x5b, 0xeb},
	 "strongSwan"},
};

bool ike_vendor_is_windows(const uint8_t *data, size_t length,
			   uint32_t *ret_version)
{
	if (length < VENDOR_BYTES || memcmp(data, windows, VENDOR_BYTES) != 0)
		return false;
	*ret_version =
		length >= VENDOR_BYTES + 4 ? read_be32(data + VENDOR_BYTES) : 0;
	return true;
}

static void put_hexadecimal(const uint8_t *data, size_t length, char *out,
			    size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < length && 2 * i + 2 < size; i++)
		snprintf(out + 2 * i, size - 2 * i, "%02x", data[i]);
}

const char *ike_vendor_text(const uint8_t *data, size_t length, char *out,
			    size_t size)
{
	uint32_t version;
	size_t i;

	if (ike_vendor_is_windows(data, length, &version)) {
		snprintf(out, size, "MS NT5 ISAKMPOAKLEY %u", version);
		return out;
	}
	for (i = 0; i < COUNT(vendors); i++)
		if (length >= VENDOR_BYTES &&
		    memcmp(data, vendors[i].prefix, VENDOR_BYTES) == 0) {
			snprintf(out, size, "%s", vendors[i].name);
			return out;
		}
	put_hexadecimal(data, length, out, size);
	return out;
}
