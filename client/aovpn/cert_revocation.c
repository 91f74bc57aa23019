/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_revocation.c - see cert_revocation.h. */
#include "cert_revocation.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *meaning;
} states[] = {
	[AOVPN_REVOCATION_NOT_CHECKED] = {"not-checked", "not checked"},
	[AOVPN_REVOCATION_NOT_NEEDED] = {"not-needed",
					 "a root, nothing to check"},
	[AOVPN_REVOCATION_GOOD] = {"good", "good"},
	[AOVPN_REVOCATION_REVOKED] = {"revoked", "REVOKED"},
	[AOVPN_REVOCATION_NO_POINT] =
		{"no-point", "it names no CRL and no OCSP responder that "
			     "Windows would ask"},
	[AOVPN_REVOCATION_OFFLINE] = {"offline",
				      "nothing that it names could be fetched"},
	[AOVPN_REVOCATION_STALE] = {"stale", "what was fetched is stale"},
	[AOVPN_REVOCATION_INVALID] = {"invalid",
				      "what was fetched is not its issuer's"},
};

#define STATE_COUNT (sizeof(states) / sizeof(states[0]))

const char *cert_revocation_name(uint32_t state)
{
	return states[state < STATE_COUNT ? state : 0].name;
}

const char *cert_revocation_meaning(uint32_t state)
{
	return states[state < STATE_COUNT ? state : 0].meaning;
}

void cert_revocation_leaf(const struct aovpn_check *check,
			  char out[CERT_REVOCATION_TEXT_MAX])
{
	const struct aovpn_revocation_facts *facts =
		&check->chain.certificate[0].revocation;

	switch ((enum aovpn_revocation_state)facts->state) {
	case AOVPN_REVOCATION_GOOD:
		snprintf(out, CERT_REVOCATION_TEXT_MAX,
			 "leaf: revocation was checked, and it is not revoked");
		return;
	case AOVPN_REVOCATION_REVOKED:
		snprintf(out, CERT_REVOCATION_TEXT_MAX,
			 "leaf: it is revoked%s%s",
			 facts->reason[0] ? ", for " : "", facts->reason);
		return;
	case AOVPN_REVOCATION_NOT_NEEDED:
	case AOVPN_REVOCATION_NOT_CHECKED:
	case AOVPN_REVOCATION_NO_POINT:
	case AOVPN_REVOCATION_OFFLINE:
	case AOVPN_REVOCATION_STALE:
	case AOVPN_REVOCATION_INVALID:
		break;
	}
	snprintf(out, CERT_REVOCATION_TEXT_MAX,
		 "leaf: revocation could not be checked: %s%s%s",
		 cert_revocation_meaning(facts->state),
		 facts->text[0] ? ": " : "", facts->text);
}

/* Append one CA that has no answer. */
static void append(const struct aovpn_check *check, uint32_t depth,
		   char out[CERT_REVOCATION_TEXT_MAX])
{
	const struct aovpn_certificate_facts *facts =
		&check->chain.certificate[depth];
	size_t used = strlen(out);

	snprintf(out + used, CERT_REVOCATION_TEXT_MAX - used,
		 "%s[%u] \"%.120s\": %s", used > 0 ? "; " : "CAs: ", depth,
		 facts->subject,
		 cert_revocation_meaning(facts->revocation.state));
}

void cert_revocation_chain(const struct aovpn_check *check,
			   char out[CERT_REVOCATION_TEXT_MAX])
{
	uint32_t i, state;

	out[0] = '\0';
	for (i = 1; i < check->chain.count; i++) {
		state = check->chain.certificate[i].revocation.state;
		if (state != AOVPN_REVOCATION_GOOD &&
		    state != AOVPN_REVOCATION_NOT_NEEDED)
			append(check, i, out);
	}
	if (out[0] == '\0')
		snprintf(out, CERT_REVOCATION_TEXT_MAX, "%s",
			 check->chain.complete
				 ? "CAs: each one below the root was checked, "
				   "and none is revoked"
				 : "CAs: each one that is known was checked; "
				   "the chain is not complete");
}
