/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_eap.c - where EAP ended (RFC 3748, RFC 5216), around TLS: at the
 * identity, at the type, after the handshake, or in silence. See rules.h.
 */
#include "rules.h"

#include <stdio.h>
#include <string.h>

#include "reach.h"

/* aovpnd dials once more after this, so that it is the last word only where
 * that was not possible. */
static bool rule_resumption_refused(const struct view *v,
				    struct aovpn_outcome *out)
{
	if (!view_resumption_refused(v))
		return false;
	finding_add(out, "tls-resumption-refused", AOVPN_LIKELY,
		    v->resumed ? "refused after the server had resumed the "
				 "TLS session of an earlier dial"
			       : "refused in answer to the TLS session of an "
				 "earlier dial",
		    NULL);
	return fail(out, 812);
}

static bool rule_eap_type(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->other_type_asked || v->tls_started)
		return false;
	snprintf(line, sizeof(line),
		 "the server asked for EAP type %u, the profile allows "
		 "EAP-TLS (13)",
		 v->other_type_asked->u.ike_message.eap_type);
	finding_add(out, "eap-type-mismatch", AOVPN_CERTAIN, line, NULL);
	return fail(out, 812);
}

/* The text of what charon's messages show to be wrong with EAP. */
static void describe_broken(observation_ref o, char *line, size_t size)
{
	uint8_t code = o->u.ike_message.eap_code;

	if (code != EAP_REQUEST)
		snprintf(line, size, "the server sent EAP code %u", code);
	else
		snprintf(line, size,
			 "the server sent an EAP request of type %u where it "
			 "may not",
			 o->u.ike_message.eap_type);
}

/* Where the plugin had no part in it, charon's messages show it. */
static bool rule_eap_broken(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (v->eap_broken) {
		describe_broken(v->eap_broken, line, sizeof(line));
		finding_add(out, "eap-tls-malformed", AOVPN_CERTAIN, line,
			    NULL);
	} else if (v->eap_success && !v->tls_started) {
		finding_add(out, "eap-success-early", AOVPN_CERTAIN,
			    "EAP-Success before TLS began", NULL);
	} else {
		return false;
	}
	return fail(out, CODE_INVALID_PACKET);
}

/* A failure that took this long was more likely a RADIUS timeout of the
 * gateway than a decision of NPS. */
#define RADIUS_TIMEOUT_NS 1500000000ull

static bool rule_eap_failure_at_identity(const struct view *v,
					 struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	bool slow;

	if (!v->eap_failure || v->tls_started)
		return false;
	slow = v->identity_sent &&
	       v->eap_failure->time_ns >
		       v->identity_sent->time_ns + RADIUS_TIMEOUT_NS;
	snprintf(line, sizeof(line), "%s %s the identity, before TLS",
		 failure_name(v), slow ? "long after" : "right after");
	if (slow)
		finding_add(out, "nps-unreachable", AOVPN_LIKELY, line, NULL);
	finding_add(out, "nps-policy", slow ? AOVPN_POSSIBLE : AOVPN_LIKELY,
		    line, NULL);
	if (!slow)
		finding_add(out, "nps-unreachable", AOVPN_POSSIBLE,
			    "a gateway whose RADIUS server refuses packets "
			    "looks the same from here",
			    NULL);
	return fail(out, 812);
}

/* Of ours a certificate has been found before; somebody else's charon has none
 * that suits, and goes on without. */
static bool rule_no_certificate(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_observation *o = v->tls_failed;

	if (!v->attempt->watched || !o ||
	    o->u.tls_state.library != AOVPN_LIBRARY_EAP ||
	    o->u.tls_state.reason != AOVPN_EAP_NO_CERTIFICATE)
		return false;
	finding_add(out, "client-cert-missing", AOVPN_CERTAIN,
		    o->u.tls_state.text, NULL);
	return fail(out, 798);
}

/* The handshake is through, so that nothing of the chain is the matter, but the
 * account may not have been found by the certificate: no setting turns that
 * check off since September 2025 (KB5014754). */
static void mapping_findings(const struct view *v, struct aovpn_outcome *out)
{
	static const char *const mapping[] = {
		"client-cert-no-sid", "client-cert-cloud-only-sid",
		"client-cert-sid-mismatch", "client-cert-no-upn"};
	size_t i;

	for (i = 0; i < sizeof(mapping) / sizeof(mapping[0]); i++)
		chain_findings_of(v, mapping[i], out);
}

static bool rule_eap_failure_after_tls(const struct view *v,
				       struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->eap_failure || !v->tls_accepted)
		return false;
	mapping_findings(v, out);
	snprintf(line, sizeof(line),
		 "%s after the server had accepted the TLS handshake",
		 failure_name(v));
	finding_add(out, "nps-policy-after-tls", AOVPN_LIKELY, line, NULL);
	return fail(out, 812);
}

static bool eap_ended(const struct view *v, struct aovpn_outcome *out)
{
	return rule_eap_type(v, out) || rule_no_certificate(v, out) ||
	       rule_resumption_refused(v, out) || rule_tls_alert(v, out) ||
	       rule_tls_broken(v, out) || rule_eap_broken(v, out) ||
	       rule_eap_failure_at_identity(v, out) ||
	       rule_tls_failed_here(v, out) ||
	       rule_eap_failure_in_tls(v, out) ||
	       rule_eap_failure_after_tls(v, out);
}

/* Where IKE and not EAP tells of the end, the code is IKE's: the causes are the
 * same. */
bool rule_eap_ended(const struct view *v, struct aovpn_outcome *out)
{
	if (!eap_ended(v, out))
		return false;
	if (v->eap_ended_by_notify && !v->alert_received && !v->tls_failed)
		out->ras_code = 13801;
	return true;
}

/* The gateway answers, but in a form that charon cannot read and drops. */
bool rule_unreadable(const struct view *v, struct aovpn_outcome *out)
{
	if (v->established || !v->parse_failed || !v->gave_up ||
	    (v->init_answer && !v->auth_answer))
		return false;
	finding_add(out, "ike-invalid-message", AOVPN_LIKELY,
		    "charon could not parse the gateway's answer and waited "
		    "for another in vain",
		    NULL);
	return fail(out, 13843);
}

/* Silence in the middle of EAP is PPP's 718, of NPS before it began 812, and of
 * the gateway after it 809. */
static int32_t stalled_code(const struct view *v)
{
	if (v->tls_accepted)
		return 809;
	return v->tls_started ? 718 : 812;
}

bool rule_eap_stalled(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->auth_answer || v->established)
		return false;
	if (reach_send_failed(v, out))
		return fail(out, stalled_code(v));
	snprintf(line, sizeof(line),
		 "no answer to IKE_AUTH message %u after %u retransmissions",
		 v->gave_up ? v->gave_up->u.retransmit.message_id : 0,
		 v->retransmits);
	reach_stalled_findings(v, out);
	if (!v->tls_started)
		finding_add(out, "nps-unreachable", AOVPN_LIKELY, line,
			    "nothing came after the identity", NULL);
	finding_add(out, "eap-stalled", AOVPN_LIKELY,
		    v->gave_up ? line
			       : "the EAP exchange stopped before the dial's "
				 "time was over",
		    NULL);
	return fail(out, stalled_code(v));
}
