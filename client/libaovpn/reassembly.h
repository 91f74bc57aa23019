/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reassembly.h - which IP packets of the gateway came in whole, by the
 * fragments that were seen of them. Private to libaovpn. Source: RFC 791 3.2,
 * RFC 8200 4.5.
 */
#ifndef AOVPN_REASSEMBLY_H
#define AOVPN_REASSEMBLY_H

#include "attempt.h"

/* One fragmented packet of IKE. Bytes are those of its data, UDP's header with
 * them. */
struct reassembly {
	const struct aovpn_observation *first; /* with the ports; NULL: none */
	uint32_t came;    /* all from the beginning up to here */
	uint32_t resumes; /* what came beyond begins here; 0: nothing did */
	uint32_t end;     /* of the whole packet; 0: not known */
	bool complete;
};

struct reassembly_summary {
	uint32_t complete; /* IKE_AUTH messages of which every byte came */
	uint32_t holed;    /* those whose first fragment came and another not */
	uint32_t headless; /* packets of UDP whose first one did not come */
	struct reassembly whole; /* the first of the complete ones */
	struct reassembly hole;  /* the first of the holed ones */
};

/*
 * Sum up the fragments that the attempt holds of after since_ns. A fragment
 * belongs to the packet of the same addresses, protocol and id; the order in
 * which they came does not matter. Takes no memory but *ret.
 */
void reassembly_read(const struct aovpn_attempt *attempt, uint64_t since_ns,
		     struct reassembly_summary *ret);

#endif
