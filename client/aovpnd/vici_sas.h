/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_sas.h - which IKE_SAs charon has, by vici's list-sas. Blocking, as
 * vici.h.
 */
#ifndef AOVPN_VICI_SAS_H
#define AOVPN_VICI_SAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "observation.h"

#define VICI_SAS_MAX 128 /* more are not looked at */

struct vici_sa {
	char name[AOVPN_NAME_MAX]; /* of its connection */
	uint32_t id;               /* charon's unique id */
	uint64_t spi_i;            /* the initiator's */
	bool established;
	bool child_installed; /* at least one */
};

struct vici_sas {
	struct vici_sa sa[VICI_SAS_MAX];
	size_t count;
};

/* Errors: -errno of connecting, -ECONNRESET (charon closed the connection). */
int vici_sas_list(const char *uri, struct vici_sas *ret);

#endif
