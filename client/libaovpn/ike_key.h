/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_key.h - public values of key exchange for IKE (RFC 7296 3.4), made by
 * OpenSSL. Their private parts are thrown away: nothing is ever agreed.
 */
#ifndef AOVPN_IKE_KEY_H
#define AOVPN_IKE_KEY_H

#include <stddef.h>
#include <stdint.h>

#define IKE_KEY_MAX 1024 /* bytes; of modp8192 */

/* Bytes of the public value of a group, 0: not known here. */
size_t ike_key_size(uint16_t group);

/*
 * Make a public value of the group: out (IKE_KEY_MAX bytes) gets
 * ike_key_size(group) of them, and that is returned. Errors: -ENOTSUP (not
 * known here, or not to OpenSSL), -EIO (OpenSSL cannot). Leaves nothing on
 * OpenSSL's error queue.
 */
int ike_key_make(uint16_t group, uint8_t *out);

#endif
