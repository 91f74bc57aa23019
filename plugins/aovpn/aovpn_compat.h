/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * What strongSwan's releases call differently. STRONGSWAN_RELEASE comes from
 * plugins/detect-abi, 50908 for 5.9.8.
 */

#ifndef AOVPN_COMPAT_H_
#define AOVPN_COMPAT_H_

#include <library.h>
#include <pen/pen.h>

/**
 * Vendor of an expanded EAP type (RFC 3748 5.7).
 */
#if STRONGSWAN_RELEASE < 50908
typedef uint32_t aovpn_vendor_t;
#else
typedef pen_t aovpn_vendor_t;
#endif

#endif /** AOVPN_COMPAT_H_ */
