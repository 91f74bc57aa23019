/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_vendor.h - who is behind an IKE vendor ID (RFC 7296 3.12). Nobody signs
 * them: they tell what a gateway says that it is.
 */
#ifndef AOVPN_IKE_VENDOR_H
#define AOVPN_IKE_VENDOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The name of a vendor ID into out: "MS NT5 ISAKMPOAKLEY 9", "strongSwan"; one
 * that is not known as its bytes in hexadecimal. Returns out.
 */
const char *ike_vendor_text(const uint8_t *data, size_t length, char *out,
			    size_t size);

/* Is it the one that every Windows sends (MS-IKEE, note 6)? *ret_version is
 * what follows it, 9: Windows 8, Server 2012 and all later; 0 where nothing
 * does. */
bool ike_vendor_is_windows(const uint8_t *data, size_t length,
			   uint32_t *ret_version);

#endif
