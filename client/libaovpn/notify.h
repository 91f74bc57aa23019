/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - names of IKEv2 notify types (RFC 7296 3.10.1, RFC 4555, RFC 5685,
 * RFC 7383, RFC 7427; MS-IKEE 2.2.7), those that a client meets.
 */
#ifndef AOVPN_NOTIFY_H
#define AOVPN_NOTIFY_H

#include <stdint.h>

/* The name of a type, a constant; NULL for one that is not known. */
const char *aovpn_notify_name(int64_t type);

#endif
