/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_mapping.c - see cert_mapping.h. */
#include "cert_mapping.h"

#include <stddef.h>
#include <string.h>

#define ENFORCED 1739232000 /* 2025-02-11, by default */
#define NO_OUT   1757376000 /* 2025-09-09, without a way out */

const char *cert_mapping_sid(const struct aovpn_certificate_facts *leaf)
{
	if (leaf->sid_extension_state == AOVPN_SID_VALID)
		return leaf->sid_extension;
	return leaf->sid_uri_state == AOVPN_SID_VALID ? leaf->sid_uri : NULL;
}

bool cert_mapping_conflicts(const struct aovpn_certificate_facts *leaf)
{
	return leaf->sid_extension_state == AOVPN_SID_VALID &&
	       leaf->sid_uri_state == AOVPN_SID_VALID &&
	       strcmp(leaf->sid_extension, leaf->sid_uri) != 0;
}

bool cert_mapping_cloud_only(const struct aovpn_certificate_facts *leaf)
{
	const char *sid = cert_mapping_sid(leaf);

	return sid && strncmp(sid, "S-1-12-1-", 9) == 0;
}

/* What domain controllers find a SID in. */
enum reach { REACH_NONE, REACH_2019, REACH_ALL };

static enum reach reach_of(const struct aovpn_certificate_facts *leaf)
{
	if (cert_mapping_cloud_only(leaf))
		return REACH_NONE;
	if (leaf->sid_extension_state == AOVPN_SID_VALID)
		return REACH_ALL;
	return leaf->sid_uri_state == AOVPN_SID_VALID ? REACH_2019 : REACH_NONE;
}

const char *cert_mapping_reach(const struct aovpn_certificate_facts *leaf)
{
	switch (reach_of(leaf)) {
	case REACH_ALL:
		return "every domain controller reads the extension";
	case REACH_2019:
		return "domain controllers of Server 2019 and newer read the "
		       "URI; those of 2016 and older look for the extension "
		       "only";
	case REACH_NONE:
		break;
	}
	return "no domain controller can map it strongly by itself; an "
	       "explicit strong mapping in altSecurityIdentities of the "
	       "account would do";
}

const char *cert_mapping_reach_name(const struct aovpn_certificate_facts *leaf)
{
	switch (reach_of(leaf)) {
	case REACH_ALL:
		return "all";
	case REACH_2019:
		return "server-2019-and-newer";
	case REACH_NONE:
		break;
	}
	return "none";
}

const char *cert_mapping_dates(const struct aovpn_certificate_facts *leaf)
{
	if (leaf->not_before < ENFORCED)
		return "enforced by default since 11 February 2025, without a "
		       "way out since September 2025; this certificate is "
		       "older: a policy that was changed since changes only "
		       "new ones, so renew it";
	if (leaf->not_before < NO_OUT)
		return "enforced by default since 11 February 2025, before "
		       "this certificate; without a way out since September "
		       "2025";
	return "enforced without a way out since September 2025, before this "
	       "certificate";
}

const char *cert_mapping_state(uint32_t state)
{
	switch ((enum aovpn_sid_state)state) {
	case AOVPN_SID_ABSENT:
		return "absent";
	case AOVPN_SID_VALID:
		return "valid";
	case AOVPN_SID_MALFORMED:
		break;
	}
	return "malformed";
}
