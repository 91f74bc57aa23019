/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_traffic.h - how much went through a connection's CHILD_SAs, asked of
 * charon over vici: it knows that of the kernel's ESP and of its own.
 */
#ifndef AOVPN_VICI_TRAFFIC_H
#define AOVPN_VICI_TRAFFIC_H

#include <stdint.h>

/*
 * The packets of all CHILD_SAs of the IKE_SAs of that name. Blocks. Errors:
 * -errno of connecting, -ECONNRESET, -ENOENT (there is no such CHILD_SA).
 */
int vici_traffic(const char *uri, const char *charon_name, uint64_t *ret_out,
		 uint64_t *ret_in);

#endif
