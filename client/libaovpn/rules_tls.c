/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_tls.c - where EAP-TLS ended: TLS alerts (RFC 8446 6.2), what OpenSSL
 * could not go on with, and a refusal that gives no reason. See rules.h.
 */
#include "rules.h"

#include <openssl/err.h>
#include <openssl/proverr.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

/* NPS calls expired what is valid by this machine's clock. Either this clock is
 * behind, or NPS's is ahead: then a server that agrees with ours says so. */
static void expired_to_nps(const struct view *v, struct aovpn_outcome *out,
			   const char *line)
{
	const struct aovpn_chain_facts *chain = &v->attempt->chain;
	const bool valid_here =
		chain->count > 0 &&
		chain->certificate[0].not_after > v->attempt->started_at;
	const char *differ = valid_here ? "by this machine's clock it is "
					  "valid: this clock, or NPS's, is "
					  "wrong"
					: "";

	clock_findings(v, false, out);
	if (valid_here && !clock_is_confirmed(v))
		finding_add(out, "client-clock-wrong", AOVPN_LIKELY, line,
			    differ, NULL);
	finding_add(out, "client-cert-expired", AOVPN_LIKELY, line, differ,
		    NULL);
}

/* Servers say so, too, of a CA that they know and that may not have issued what
 * it did: what shows here goes first. */
static void unknown_ca(const struct view *v, struct aovpn_outcome *out,
		       const char *line)
{
	chain_findings_of(v, "client-chain-invalid", out);
	finding_add(out, "client-cert-untrusted",
		    out->count > 0 ? AOVPN_POSSIBLE : AOVPN_LIKELY, line, NULL);
}

/* TLS alerts (RFC 8446 6.2) in answer to our Certificate that say more than
 * "no"; all others leave the choice to what the chain shows. */
static int32_t alert_cause(uint8_t number, const struct view *v,
			   struct aovpn_outcome *out, const char *line)
{

	switch (number) {
	case SSL_AD_CERTIFICATE_EXPIRED:
		expired_to_nps(v, out, line);
		return 854;
	case SSL_AD_CERTIFICATE_REVOKED:
		finding_add(out, "client-cert-revoked", AOVPN_CERTAIN, line,
			    NULL);
		return 855;
	case SSL_AD_UNKNOWN_CA:
		unknown_ca(v, out, line);
		return 853;
	case SSL_AD_DECRYPT_ERROR:
		finding_add(out, "client-signature-refused", AOVPN_LIKELY, line,
			    NULL);
		return 853;
	}
	return 853;
}

/* A CA list in the server's request (RFC 5246 7.4.4) that names CAs, but none
 * of ours, says whom it trusts; an empty one, as Windows sends by default, says
 * nothing. */
static void untrusted_by_nps(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->ca_list || v->ca_list->u.ca_list.count == 0 ||
	    v->ca_list->u.ca_list.ours) {
		finding_add(out, "client-cert-untrusted", AOVPN_POSSIBLE,
			    "NPS's stores and NTAuth cannot be seen from here",
			    NULL);
		return;
	}
	snprintf(line, sizeof(line),
		 "the server asked for a certificate of %u CAs, and none of "
		 "them is in our chain: %.150s",
		 v->ca_list->u.ca_list.count, v->ca_list->u.ca_list.names);
	finding_add(out, "client-cert-untrusted", AOVPN_LIKELY, line, NULL);
}

/* Does the server's list of CAs exclude our whole chain? Its trust is asked
 * before revocation and the account. */
static bool is_out_of_list(const struct view *v)
{
	return v->ca_list && v->ca_list->u.ca_list.count > 0 &&
	       !v->ca_list->u.ca_list.ours && v->attempt->chain.complete;
}

/* Servers that have all they need decide at once. They wait so long for CRLs,
 * and gateways for RADIUS. */
#define SLOW_REFUSAL_NS 3000000000ull

static void slow_refusal(const struct view *v, struct aovpn_outcome *out)
{
	observation_ref sent = v->certificate_sent;
	observation_ref end =
		v->alert_received ? v->alert_received : v->eap_failure;
	char line[AOVPN_TEXT_MAX];

	if (!sent || !end || end->time_ns < sent->time_ns + SLOW_REFUSAL_NS)
		return;
	snprintf(line, sizeof(line),
		 "the answer took %.1f s, as long as servers wait for a CRL "
		 "that does not come",
		 (double)(end->time_ns - sent->time_ns) / 1e9);
	finding_add(out, "client-cert-crl-stale", AOVPN_POSSIBLE, line, NULL);
	if (!v->alert_received)
		finding_add(out, "nps-unreachable", AOVPN_POSSIBLE,
			    "gateways give up so late, too, where NPS does "
			    "not answer any more",
			    NULL);
}

void refused_by_nps(const struct view *v, struct aovpn_outcome *out,
		    const char *line)
{
	if (is_out_of_list(v))
		untrusted_by_nps(v, out);
	chain_findings(v, out);
	if (out->count > 0)
		finding_add(out, out->finding[0].cause->slug,
			    out->finding[0].confidence, line, NULL);
	slow_refusal(v, out);
	if (!is_out_of_list(v))
		untrusted_by_nps(v, out);
	finding_add(out, "client-cert-rejected", AOVPN_POSSIBLE, line, NULL);
	chain_findings_excused(v, out);
}

/* Of ours an expired one is never sent; Windows, too, says so itself. */
static int32_t refused_code(const struct aovpn_outcome *out)
{
	return strcmp(out->finding[0].cause->slug, "client-cert-expired") == 0
		       ? 854
		       : 853;
}

/* The alert by which the server ended TLS. A warning (RFC 5246 7.2.2) counts
 * where EAP-Failure followed it. */
static observation_ref alert_of(const struct view *v)
{
	if (v->alert_received)
		return v->alert_received;
	if (v->eap_failure && !v->tls_accepted && !v->tls_failed)
		return v->alert_warning;
	return NULL;
}

/* Does this alert say that versions or algorithms do not fit? */
static bool is_about_agreement(uint8_t number)
{
	return number == SSL_AD_HANDSHAKE_FAILURE ||
	       number == SSL_AD_PROTOCOL_VERSION ||
	       number == SSL_AD_INSUFFICIENT_SECURITY;
}

bool rule_tls_alert(const struct view *v, struct aovpn_outcome *out)
{
	observation_ref alert = alert_of(v);
	char line[AOVPN_TEXT_MAX];
	uint8_t number;

	if (!alert)
		return false;
	number = alert->u.tls_alert.description;
	snprintf(line, sizeof(line), "the server sent TLS alert %u (%s) %s",
		 number, SSL_alert_desc_string_long(number),
		 v->certificate_sent ? "after our certificate"
				     : "before our certificate");
	if (!v->certificate_sent) {
		finding_add(out, "tls-version-mismatch",
			    is_about_agreement(number) ? AOVPN_LIKELY
						       : AOVPN_POSSIBLE,
			    line, NULL);
		return fail(out, 812);
	}
	fail(out, alert_cause(number, v, out, line));
	if (out->count == 0 || out->ras_code == 853) {
		refused_by_nps(v, out, line);
		fail(out, refused_code(out));
	}
	return true;
}

/* What OpenSSL says where the two sides have no version or algorithm in common,
 * or none that the system's crypto policy allows. */
static bool is_disagreement(uint32_t reason)
{
	static const uint32_t reasons[] = {
		SSL_R_UNSUPPORTED_PROTOCOL,
		SSL_R_WRONG_SSL_VERSION,
		SSL_R_VERSION_TOO_LOW,
		SSL_R_NO_PROTOCOLS_AVAILABLE,
		SSL_R_INAPPROPRIATE_FALLBACK,
		SSL_R_NO_CIPHERS_AVAILABLE,
		SSL_R_UNKNOWN_CIPHER_RETURNED,
		SSL_R_WRONG_CIPHER_RETURNED,
		SSL_R_DH_KEY_TOO_SMALL,
		SSL_R_WRONG_CURVE,
		SSL_R_UNSUPPORTED_ELLIPTIC_CURVE,
		SSL_R_NO_SUITABLE_KEY_SHARE,
		SSL_R_NO_SUITABLE_GROUPS,
		SSL_R_WRONG_SIGNATURE_TYPE,
		SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
		SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i] == reason)
			return true;
	return false;
}

/* Failures of the plugin's own: what the server did is known. */
static bool eap_server_failed(const struct view *v, struct aovpn_outcome *out)
{
	const char *text = v->tls_failed->u.tls_state.text;

	switch ((enum aovpn_eap_error)v->tls_failed->u.tls_state.reason) {
	case AOVPN_EAP_MALFORMED:
	case AOVPN_EAP_TOO_MANY:
	case AOVPN_EAP_OTHER_TYPE:
		finding_add(out, "eap-tls-malformed", AOVPN_CERTAIN, text,
			    NULL);
		return fail(out, CODE_INVALID_PACKET);
	case AOVPN_EAP_TOO_LONG:
		finding_add(out, "eap-tls-too-long", AOVPN_CERTAIN, text, NULL);
		return fail(out, CODE_INVALID_PACKET);
	case AOVPN_EAP_SUCCESS_EARLY:
		finding_add(out, "eap-success-early", AOVPN_CERTAIN, text,
			    NULL);
		return fail(out, CODE_INVALID_PACKET);
	case AOVPN_EAP_SUCCESS_UNCONFIRMED:
		finding_add(out, "eap-success-unconfirmed", AOVPN_CERTAIN, text,
			    NULL);
		return fail(out, CODE_INVALID_PACKET);
	case AOVPN_EAP_TLS_CLOSED:
	case AOVPN_EAP_TLS_DATA:
		finding_add(out, "tls-broken", AOVPN_CERTAIN, text, NULL);
		return fail(out, CODE_ILLEGAL_MESSAGE);
	case AOVPN_EAP_NO_MEMORY:
		finding_add(out, "unknown", AOVPN_LIKELY, text, NULL);
		return fail(out, v->certificate_sent ? 853 : 812);
	case AOVPN_EAP_NO_CERTIFICATE:
		break;
	}
	return false;
}

/* What OpenSSL's TLS, its parser of certificates and a cipher that cannot
 * decrypt say speaks of the server; all else may be ours. */
static bool is_of_server(uint32_t library, uint32_t reason)
{
	return library == ERR_LIB_SSL || library == ERR_LIB_ASN1 ||
	       library == ERR_LIB_X509 ||
	       (library == ERR_LIB_PROV &&
		reason == PROV_R_CIPHER_OPERATION_FAILED);
}

/* OpenSSL could not go on with what the server sent. */
bool rule_tls_broken(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	uint32_t library, reason;

	if (!v->tls_failed)
		return false;
	library = v->tls_failed->u.tls_state.library;
	reason = v->tls_failed->u.tls_state.reason;
	if (library == AOVPN_LIBRARY_EAP)
		return eap_server_failed(v, out);
	if (!is_of_server(library, reason) ||
	    (library == ERR_LIB_SSL && is_disagreement(reason)))
		return false;
	snprintf(line, sizeof(line), "TLS failed here: %.200s",
		 v->tls_failed->u.tls_state.text);
	finding_add(out, "tls-broken", AOVPN_LIKELY, line, NULL);
	return fail(out, CODE_ILLEGAL_MESSAGE);
}

bool rule_tls_failed_here(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->tls_failed)
		return false;
	snprintf(line, sizeof(line), "TLS failed here: %.200s",
		 v->tls_failed->u.tls_state.text);
	finding_add(out,
		    v->certificate_sent ? "client-cert-rejected"
					: "tls-version-mismatch",
		    AOVPN_POSSIBLE, line, NULL);
	return fail(out, v->certificate_sent ? 853 : 812);
}

bool rule_eap_failure_in_tls(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->eap_failure || v->tls_accepted)
		return false;
	snprintf(line, sizeof(line),
		 v->certificate_sent
			 ? "%s after our certificate and before the server "
			   "accepted it, without a TLS alert"
			 : "%s during the TLS handshake, before our "
			   "certificate was sent",
		 failure_name(v));
	if (!v->certificate_sent) {
		finding_add(out, "tls-version-mismatch", AOVPN_LIKELY, line,
			    NULL);
		return fail(out, 812);
	}
	refused_by_nps(v, out, line);
	return fail(out, refused_code(out));
}
