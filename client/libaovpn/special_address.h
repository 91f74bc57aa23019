/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * special_address.h - addresses that no gateway on the Internet has: of the
 * IANA registries of special-purpose addresses (RFC 6890).
 */
#ifndef AOVPN_SPECIAL_ADDRESS_H
#define AOVPN_SPECIAL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What an address (family AF_INET or AF_INET6) is for: "this machine itself",
 * "private networks (RFC 1918)"; NULL: for any host. *ret_here, where not NULL:
 * no other machine at all has it.
 */
const char *aovpn_special_address(uint8_t family, const uint8_t *address,
				  bool *ret_here);

#endif
