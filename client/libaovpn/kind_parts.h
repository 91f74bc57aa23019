/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kind_parts.h - what kind.c and kind_remarks.c share. Nobody else includes it.
 */
#ifndef AOVPN_KIND_PARTS_H
#define AOVPN_KIND_PARTS_H

#include <stdbool.h>

#include "kind.h"

/* By which NDES issues until somebody changes its registry. */
#define AOVPN_TEMPLATE_NDES "IPSECIntermediateOffline"

/* Put those remarks into kind that belong to it and to chain. */
void aovpn_kind_remark(const struct aovpn_chain_facts *chain,
		       struct aovpn_kind *kind);

/* Has the certificate a CDP, and only such ones as ldap://? */
bool aovpn_has_only_ldap_cdp(const struct aovpn_certificate_facts *facts);

#endif
