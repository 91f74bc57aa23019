/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_sas.h - which IKE_SAs of ours charon has, by vici's list-sas. Blocking,
 * as vici.h.
 */
#ifndef AOVPN_VICI_SAS_H
#define AOVPN_VICI_SAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "observation.h"

#define VICI_SAS_MAX 256 /* as many as there are connections */

struct vici_sa {
	char name[AOVPN_NAME_MAX]; /* of its connection */
	uint32_t id;               /* charon's unique id */
	uint64_t spi_i;            /* the initiator's */
	bool established;
	bool child_installed; /* at least one */
	/* Of all its CHILD_SAs since each was installed, which is anew at each
	 * renewal of keys. */
	uint64_t bytes_in, bytes_out;
	uint64_t packets_in, packets_out;
	/* Seconds until keys are renewed; 0: not by us. */
	uint32_t rekey_s;       /* the IKE_SA's */
	uint32_t child_rekey_s; /* the CHILD_SA's that is due first */
};

struct vici_sas {
	struct vici_sa sa[VICI_SAS_MAX];
	size_t count;
};

/* The one of that name that is established, or NULL. sas may be NULL. */
const struct vici_sa *vici_sas_find(const struct vici_sas *sas,
				    const char *name);

/*
 * Those of our connection name, charon's name of it; NULL: of all of ours.
 * charon has less to say then, where others have many. Errors: -errno of
 * connecting, -ECONNRESET (charon closed the connection).
 */
int vici_sas_list(const char *uri, const char *name, struct vici_sas *ret);

#endif
