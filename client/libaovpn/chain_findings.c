/*
 * chain_findings.c - what the client's own certificates say about why an NPS
 * server refuses them. Ranked as local inspection can: a defect that Windows
 * refuses by default first, an open question last. NPS gives its reason only
 * in its own event 6273, so nothing here is certain.
 */
#include "view.h"

#include <stdio.h>
#include <string.h>

struct inspection {
	const struct view *view;
	const struct aovpn_chain_facts *chain;
	const struct aovpn_certificate_facts *leaf;
	struct aovpn_outcome *outcome;
};

static void check_dates(const struct inspection *in)
{
	const struct aovpn_attempt *attempt = in->view->attempt;
	char line[AOVPN_TEXT_MAX], date[32];
	struct tm tm;

	gmtime_r(&in->leaf->not_after, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (in->leaf->not_after < attempt->started_at) {
		snprintf(line, sizeof(line),
			 "the client certificate expired on %s", date);
		finding_add(in->outcome, "client-cert-expired", AOVPN_LIKELY,
			    line, NULL);
	}
	if (in->leaf->not_before > attempt->started_at)
		finding_add(in->outcome, "client-cert-not-yet-valid",
			    AOVPN_LIKELY,
			    "the client certificate is not valid yet by this "
			    "machine's clock",
			    NULL);
}

static void check_eku(const struct inspection *in)
{
	const struct aovpn_certificate_facts *c;
	char line[AOVPN_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < in->chain->count; i++) {
		c = &in->chain->certificate[i];
		if (c->eku_client_auth)
			continue;
		snprintf(line, sizeof(line),
			 "the extended key usage of \"%.150s\" does not "
			 "include clientAuth",
			 c->subject);
		finding_add(in->outcome, "client-cert-no-client-auth",
			    AOVPN_LIKELY, line, NULL);
	}
}

/* NPS checks every certificate below the root; a self-issued one is a root and
 * needs no distribution point. OCSP would do instead. */
static void check_revocation_information(const struct inspection *in)
{
	const struct aovpn_certificate_facts *c;
	char line[AOVPN_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < in->chain->count; i++) {
		c = &in->chain->certificate[i];
		if (c->self_issued || c->has_cdp || c->has_ocsp)
			continue;
		snprintf(line, sizeof(line),
			 "%s \"%.150s\" has no CRL distribution point",
			 c->is_ca ? "the CA certificate" : "the certificate",
			 c->subject);
		finding_add(in->outcome, "client-cert-revocation-unknown",
			    AOVPN_LIKELY, line,
			    "NPS checks revocation of every certificate below "
			    "the root unless told otherwise",
			    NULL);
	}
}

static void check_sid(const struct inspection *in)
{
	const struct aovpn_certificate_facts *leaf = in->leaf;
	const char *sid =
		leaf->sid_extension[0] ? leaf->sid_extension : leaf->sid_uri;
	char line[AOVPN_TEXT_MAX];

	if (sid[0] == '\0') {
		finding_add(in->outcome, "client-cert-no-sid", AOVPN_LIKELY,
			    "neither extension 1.3.6.1.4.1.311.25.2 nor a SAN "
			    "URI tag:microsoft.com,2022-09-14:sid: is in the "
			    "certificate",
			    NULL);
		return;
	}
	snprintf(line, sizeof(line), "the certificate's SID is %.180s", sid);
	if (strncmp(sid, "S-1-12-1-", 9) == 0)
		finding_add(in->outcome, "client-cert-cloud-only-sid",
			    AOVPN_LIKELY, line, NULL);
	if (leaf->sid_extension[0] && leaf->sid_uri[0] &&
	    strcmp(leaf->sid_extension, leaf->sid_uri) != 0) {
		snprintf(line, sizeof(line),
			 "the extension says %.100s, the SAN URI says %.100s",
			 leaf->sid_extension, leaf->sid_uri);
		finding_add(in->outcome, "client-cert-sid-mismatch",
			    AOVPN_LIKELY, line, NULL);
	}
}

static void check_account_name(const struct inspection *in)
{
	if (in->leaf->upn[0] == '\0' && in->leaf->dns[0] == '\0')
		finding_add(in->outcome, "client-cert-no-upn", AOVPN_LIKELY,
			    "the certificate's SAN has neither UPN nor DNS "
			    "name",
			    NULL);
}

static void check_chain(const struct inspection *in)
{
	if (in->chain->count == 1 && !in->chain->complete)
		finding_add(in->outcome, "client-chain-incomplete",
			    AOVPN_POSSIBLE,
			    "only the leaf is known here: no issuing CA "
			    "certificate was sent with it",
			    NULL);
}

void chain_findings(const struct view *view, struct aovpn_outcome *outcome)
{
	const struct inspection in = {
		.view = view,
		.chain = &view->attempt->chain,
		.leaf = &view->attempt->chain.certificate[0],
		.outcome = outcome,
	};

	if (in.chain->count == 0)
		return;
	check_dates(&in);
	check_eku(&in);
	check_revocation_information(&in);
	check_sid(&in);
	check_account_name(&in);
	check_chain(&in);
}
