/*
 * diagnosis.c - the rules, in the order in which they are tried. Each is one
 * function that says whether it applies and, if so, sets the code and adds
 * causes. What the client itself found comes first, then what the gateway
 * said outright, then where the dialogue stopped; silence is last.
 */
#include "diagnosis.h"

#include <inttypes.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/proverr.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "reach.h"
#include "view.h"

/* What EapHost and Schannel call input that they cannot use: nothing in RAS's
 * own range says it. EAP_METHOD_INVALID_PACKET 0x80420017,
 * SEC_E_ILLEGAL_MESSAGE 0x80090326. */
#define CODE_INVALID_PACKET  (-2143158249)
#define CODE_ILLEGAL_MESSAGE (-2146893018)

static bool fail(struct aovpn_outcome *outcome, int32_t code)
{
	outcome->ras_code = code;
	return true;
}

/* --- what the client itself found ------------------------------------------
 */

static bool rule_connected(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->child_up || v->local_failure)
		return false;
	out->event_id = AOVPN_EVENT_CONNECTED;
	out->child_up = v->child_up;
	return true;
}

/* A certificate outside its validity: which way would the clock be wrong? */
enum validity {
	VALIDITY_KEPT,
	VALIDITY_EXPIRED,
	VALIDITY_NOT_BEGUN,
	VALIDITY_EITHER,
};

/* Add the cause for a certificate that is outside its validity, and where there
 * is evidence for it, that the clock is wrong, before it. */
static void outside_validity(const struct view *v, struct aovpn_outcome *out,
			     enum validity validity)
{
	if (validity == VALIDITY_EXPIRED || validity == VALIDITY_EITHER)
		clock_findings(v, true, out);
	if (validity == VALIDITY_NOT_BEGUN || validity == VALIDITY_EITHER)
		clock_findings(v, false, out);
}

/* How sure the certificate's own fault is beside that, and what is left. */
static enum aovpn_confidence own_fault(const struct aovpn_outcome *out)
{
	return out->count > 0 ? AOVPN_LIKELY : AOVPN_CERTAIN;
}

static enum validity validity_of_cause(const char *slug)
{
	if (strcmp(slug, "client-cert-expired") == 0)
		return VALIDITY_EXPIRED;
	return strcmp(slug, "client-cert-not-yet-valid") == 0
		       ? VALIDITY_NOT_BEGUN
		       : VALIDITY_KEPT;
}

static bool rule_local_failure(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_cause *cause;
	enum validity validity;

	if (!v->local_failure)
		return false;
	cause = aovpn_cause_find(v->local_failure->u.local_failure.cause);
	if (!cause)
		return false;
	validity = validity_of_cause(cause->slug);
	outside_validity(v, out, validity);
	finding_add(out, cause->slug, own_fault(out),
		    v->local_failure->u.local_failure.text, NULL);
	if (validity != VALIDITY_KEPT)
		clock_doubt(v, out);
	return fail(out, cause->codes[0]);
}

static bool rule_resolve(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	int error = EAI_NONAME;

	if (!v->resolve_failed || v->init_sent > 0)
		return false;
	if (v->resolve_failed->kind == AOVPN_OBS_RESOLVED)
		error = v->resolve_failed->u.resolved.gai_error;
	snprintf(line, sizeof(line), "resolving \"%.150s\": %.80s",
		 v->attempt->server, gai_strerror(error));
	if (error == EAI_NONAME || error == EAI_NODATA ||
	    error == EAI_ADDRFAMILY)
		finding_add(out, "dns-no-such-name", AOVPN_CERTAIN, line, NULL);
	else
		finding_add(out, "dns-no-answer", AOVPN_LIKELY, line, NULL);
	return fail(out, 868);
}

/* Who answers at such an address is this machine's own charon. */
static bool rule_resolved_to_nowhere(const struct view *v,
				     struct aovpn_outcome *out)
{
	if (v->established || !resolved_to_nowhere(v, out))
		return false;
	return fail(out, 809);
}

/* X509_V_ERR_* -> cause, for the gateway's and for NPS's certificate. */
struct cert_cause {
	int error;
	const char *gateway;
	const char *nps;
	int32_t nps_code;
};

static const struct cert_cause cert_causes[] = {
	{X509_V_ERR_CERT_HAS_EXPIRED, "gateway-cert-expired",
	 "nps-cert-expired", 858},
	{X509_V_ERR_CERT_NOT_YET_VALID, "gateway-cert-expired",
	 "nps-cert-expired", 858},
	{X509_V_ERR_CERT_REVOKED, "gateway-cert-revoked", "nps-cert-revoked",
	 859},
	{X509_V_ERR_UNABLE_TO_GET_CRL, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_CRL_HAS_EXPIRED, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_CRL_SIGNATURE_FAILURE, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_HOSTNAME_MISMATCH, "gateway-cert-name-mismatch",
	 "nps-cert-name-mismatch", 864},
	{X509_V_ERR_IP_ADDRESS_MISMATCH, "gateway-cert-name-mismatch",
	 "nps-cert-name-mismatch", 864},
	{X509_V_ERR_INVALID_PURPOSE, "gateway-cert-no-server-auth",
	 "nps-cert-no-server-auth", 864},
	{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "gateway-chain-incomplete",
	 "nps-chain-incomplete", 864},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "gateway-cert-untrusted",
	 "nps-cert-untrusted", 864},
	{X509_V_ERR_EE_KEY_TOO_SMALL, "gateway-cert-weak", "nps-cert-weak",
	 860},
	{X509_V_ERR_CA_KEY_TOO_SMALL, "gateway-cert-weak", "nps-cert-weak",
	 860},
	{X509_V_ERR_CA_MD_TOO_WEAK, "gateway-cert-weak", "nps-cert-weak", 860},
	{X509_V_OK, "gateway-cert-untrusted", "nps-cert-untrusted", 864},
};

/* The entry of an error; the last one stands for all that are not listed. */
static const struct cert_cause *cert_cause_of(uint32_t error)
{
	const struct cert_cause *c = cert_causes;

	while (c->error != X509_V_OK && c->error != (int)error)
		c++;
	return c;
}

/* This machine's own rules and not the certificate's contents refuse it: say
 * which property it is, and whose rule. */
static bool is_about_strength(int error)
{
	return error == X509_V_ERR_EE_KEY_TOO_SMALL ||
	       error == X509_V_ERR_CA_KEY_TOO_SMALL ||
	       error == X509_V_ERR_CA_MD_TOO_WEAK;
}

static void refused_certificate(struct aovpn_outcome *out, const char *slug,
				observation_ref o, const char *expected)
{
	char error[AOVPN_TEXT_MAX], subject[AOVPN_TEXT_MAX];
	char names[AOVPN_TEXT_MAX] = "";
	int x509 = (int)o->u.cert_refused.x509_error;

	snprintf(error, sizeof(error), "%.120s (X509_V_ERR %d, depth %u)",
		 X509_verify_cert_error_string(x509), x509,
		 o->u.cert_refused.depth);
	snprintf(subject, sizeof(subject),
		 "certificate \"%.110s\", issued by \"%.110s\"",
		 o->u.cert_refused.subject, o->u.cert_refused.issuer);
	if (x509 == X509_V_ERR_HOSTNAME_MISMATCH ||
	    x509 == X509_V_ERR_IP_ADDRESS_MISMATCH)
		snprintf(names, sizeof(names),
			 "it names \"%.110s\", expected is \"%.110s\"",
			 o->u.cert_refused.names, expected);
	else if (is_about_strength(x509))
		snprintf(names, sizeof(names),
			 "%.110s: this machine's crypto policy (OpenSSL's "
			 "security level) refuses that",
			 o->u.cert_refused.algorithm);
	finding_add(out, slug, own_fault(out), error, subject, names, NULL);
}

static enum validity validity_of_error(uint32_t x509_error)
{
	switch (x509_error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return VALIDITY_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CRL_NOT_YET_VALID:
		return VALIDITY_NOT_BEGUN;
	}
	return VALIDITY_KEPT;
}

/* The cause that stands first already, or slug. */
static const char *first_or(const struct aovpn_outcome *out, const char *slug)
{
	return out->count > 0 ? out->finding[0].cause->slug : slug;
}

/* An issuer that nobody sent and that is no trusted root: is it an intermediate
 * that the server withholds, or a CA that is not trusted? If it stands above
 * our own certificate, it is the first. */
static void issuer_missing(const struct view *v, struct aovpn_outcome *out,
			   const char *issuer, const char *incomplete,
			   const char *untrusted)
{
	char line[AOVPN_TEXT_MAX];

	if (!view_knows_intermediate(v, issuer)) {
		snprintf(line, sizeof(line),
			 "\"%.150s\" is no trusted root, and perhaps an "
			 "intermediate that was not sent",
			 issuer);
		finding_add(out, untrusted, AOVPN_LIKELY, line, NULL);
		finding_add(out, incomplete, AOVPN_POSSIBLE, line, NULL);
		return;
	}
	snprintf(line, sizeof(line),
		 "the certificate of its issuer \"%.100s\", which is above our "
		 "own certificate too, was not sent",
		 issuer);
	finding_add(out, incomplete, AOVPN_LIKELY, line, NULL);
	finding_add(out, untrusted, AOVPN_POSSIBLE,
		    "no trusted root is its issuer", NULL);
}

/* X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY of the leaf: nothing was sent
 * above it. */
static bool is_without_issuer(observation_ref o)
{
	return o->u.cert_refused.x509_error ==
		       X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
	       o->u.cert_refused.depth == 0;
}

static bool rule_gateway_certificate(const struct view *v,
				     struct aovpn_outcome *out)
{
	const struct cert_cause *c;
	enum validity validity;
	observation_ref o = v->gateway_refused;

	if (!o)
		return false;
	c = cert_cause_of(o->u.cert_refused.x509_error);
	if (is_without_issuer(o))
		issuer_missing(v, out, o->u.cert_refused.issuer,
			       "gateway-chain-incomplete", c->gateway);
	validity = validity_of_error(o->u.cert_refused.x509_error);
	if (validity == VALIDITY_KEPT) {
		refused_certificate(out, first_or(out, c->gateway), o,
				    v->attempt->server);
	} else {
		outside_validity(v, out, validity);
		refused_certificate(out, c->gateway, o, v->attempt->server);
		clock_doubt(v, out);
	}
	history_address_finding(v, out, AOVPN_POSSIBLE);
	return fail(out, 13801);
}

/* charon's own verdict, where it came before our check could. */
static bool rule_gateway_untrusted_by_charon(const struct view *v,
					     struct aovpn_outcome *out)
{
	const char *slug = "gateway-cert-untrusted";
	bool is_missing;

	if (!v->charon_cert || !v->peer_auth_failed)
		return false;
	is_missing =
		v->charon_cert->u.alert.alert == AOVPN_ALERT_CERT_NO_ISSUER &&
		v->charon_cert->u.alert.issuer[0] != '\0';
	if (is_missing)
		issuer_missing(v, out, v->charon_cert->u.alert.issuer,
			       "gateway-chain-incomplete", slug);
	switch ((enum aovpn_alert)v->charon_cert->u.alert.alert) {
	case AOVPN_ALERT_CERT_EXPIRED:
		/* charon says so of what has not begun, too. */
		slug = "gateway-cert-expired";
		outside_validity(v, out, VALIDITY_EITHER);
		break;
	case AOVPN_ALERT_CERT_REVOKED:
		slug = "gateway-cert-revoked";
		break;
	default: /* no issuer, untrusted root */
		break;
	}
	if (is_missing)
		slug = first_or(out, slug);
	finding_add(out, slug, own_fault(out),
		    "charon refused the gateway's certificate:",
		    v->charon_cert->u.alert.text, NULL);
	if (v->charon_cert->u.alert.alert == AOVPN_ALERT_CERT_EXPIRED)
		clock_doubt(v, out);
	return fail(out, 13801);
}

static bool rule_gateway_refused_otherwise(const struct view *v,
					   struct aovpn_outcome *out)
{
	if (!v->peer_auth_failed)
		return false;
	if (v->revocation_unknown && v->attempt->gateway_revocation_hard)
		finding_add(out, "gateway-cert-revocation-unknown",
			    AOVPN_LIKELY,
			    "charon could not check revocation of the "
			    "gateway's chain, and the profile insists",
			    NULL);
	finding_add(out, "gateway-cert-untrusted", AOVPN_POSSIBLE,
		    "charon could not authenticate the gateway and gave no "
		    "reason",
		    NULL);
	finding_add(out, "gateway-cert-name-mismatch", AOVPN_POSSIBLE,
		    "the gateway's identity may be one that its certificate "
		    "does not carry",
		    NULL);
	return fail(out, 13801);
}

static bool rule_nps_certificate(const struct view *v,
				 struct aovpn_outcome *out)
{
	const struct cert_cause *c;
	enum validity validity;
	observation_ref o = v->nps_refused;

	if (!o)
		return false;
	c = cert_cause_of(o->u.cert_refused.x509_error);
	if (is_without_issuer(o))
		issuer_missing(v, out, o->u.cert_refused.issuer,
			       "nps-chain-incomplete", c->nps);
	validity = validity_of_error(o->u.cert_refused.x509_error);
	if (validity == VALIDITY_KEPT) {
		refused_certificate(out, first_or(out, c->nps), o,
				    "one of the profile's ServerNames");
	} else {
		outside_validity(v, out, validity);
		refused_certificate(out, c->nps, o, "");
		clock_doubt(v, out);
	}
	return fail(out, c->nps_code);
}

static bool rule_install(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->install_failed)
		return false;
	finding_add(out, "kernel-no-esp", AOVPN_LIKELY,
		    "charon could not install the CHILD_SA in this kernel",
		    NULL);
	ipsec_evidence(v, out, "kernel-no-esp", AOVPN_LIKELY);
	return fail(out, 50); /* ERROR_NOT_SUPPORTED: nothing nearer exists */
}

/* --- what the gateway said outright ----------------------------------------
 */

/* A Windows code in notify 12345 (MS-IKEE 2.2.7): HRESULT_FROM_WIN32 is undone,
 * everything else stands as RasClient prints it. */
static int32_t ms_status_code(uint32_t value)
{
	if ((value & 0xffff0000u) == 0x80070000u)
		return (int32_t)(value & 0xffff);
	return (int32_t)value;
}

/* A certificate that this side refuses is refused by this side: the gateway's
 * code does not speak of it. */
static bool found_here(const struct aovpn_cause *cause)
{
	static const char *const ours[] = {"gateway-cert-", "gateway-chain-",
					   "nps-cert-", "nps-chain-"};
	size_t i;

	if (strcmp(cause->slug, "gateway-cert-unavailable") == 0)
		return false;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strncmp(cause->slug, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

/* Causes of the codes that a server gives for a client certificate (winerror.h:
 * CERT_E_*, CRYPT_E_*, SEC_E_*). */
static const struct {
	uint32_t code;
	const char *slug;
} server_codes[] = {
	{0x80092010, "client-cert-revoked"},
	{0x80092012, "client-cert-revocation-unknown"},
	{0x80092013, "client-cert-crl-stale"},
	{0x800b0101, "client-cert-expired"},
	{0x80090328, "client-cert-expired"},
	{0x800b0109, "client-cert-untrusted"},
	{0x80090325, "client-cert-untrusted"},
	{0x800b010a, "client-cert-untrusted"},
	{0x800b0110, "client-cert-no-client-auth"},
	{0x800b010c, "client-cert-revoked"},
};

static bool fits_code(const struct aovpn_cause *cause, int32_t code)
{
	size_t i;

	for (i = 0; i < AOVPN_CAUSE_CODES_MAX && cause->codes[i]; i++)
		if (cause->codes[i] == code)
			return true;
	for (i = 0; i < sizeof(server_codes) / sizeof(server_codes[0]); i++)
		if ((int32_t)server_codes[i].code == code &&
		    strcmp(server_codes[i].slug, cause->slug) == 0)
			return true;
	return false;
}

/* All causes that fit the code that was sent; with a stage: of that one only.
 * Where it is one alone, the code says it. Returns how many there are. */
static uint32_t causes_of_code(struct aovpn_outcome *out, const char *stage,
			       enum aovpn_confidence confidence,
			       const char *line)
{
	const struct aovpn_cause *cause;
	uint32_t count = 0;
	size_t i;

	for (i = 0; (cause = aovpn_cause_at(i)) != NULL; i++) {
		if (!strstr(cause->stages, stage) || found_here(cause) ||
		    strcmp(cause->slug, "unknown") == 0 ||
		    !fits_code(cause, out->ras_code))
			continue;
		count++;
		if (confidence)
			finding_add(out, cause->slug, confidence, line, NULL);
	}
	return count;
}

/* Behind the others, those of found that fit the code, or those that do not:
 * these are at most possible. */
static void take_over(struct aovpn_outcome *out,
		      const struct aovpn_outcome *found, bool fitting)
{
	struct aovpn_finding *to;
	uint32_t i;

	for (i = 0; i < found->count && out->count < AOVPN_FINDINGS_MAX; i++) {
		if (fits_code(found->finding[i].cause, out->ras_code) !=
		    fitting)
			continue;
		to = &out->finding[out->count++];
		*to = found->finding[i];
		if (!fitting)
			to->confidence = AOVPN_POSSIBLE;
	}
}

static void refused_by_nps(const struct view *v, struct aovpn_outcome *out,
			   const char *line);

/* 853, ERROR_EAP_USER_CERT_INVALID, fits so many causes that only the
 * certificate itself can say which it is. */
static bool is_about_certificate(int32_t code)
{
	return code == 853;
}

/* Rank by the code that the gateway sent what the rules found without it; where
 * none of that fits, what the code alone says goes first. */
static void rank_by_code(const struct view *v, struct aovpn_outcome *out,
			 const char *line)
{
	const char *stage = aovpn_stage_name(view_stage(v));
	const struct aovpn_outcome found = *out;
	uint32_t count;

	out->count = 0;
	take_over(out, &found, true);
	if (out->count == 0 && is_about_certificate(out->ras_code)) {
		refused_by_nps(v, out, line);
	} else if (out->count == 0) {
		count = causes_of_code(out, stage, 0, line);
		if (count == 0) {
			stage = "";
			count = causes_of_code(out, stage, 0, line);
		}
		causes_of_code(out, stage,
			       count == 1 ? AOVPN_LIKELY : AOVPN_POSSIBLE,
			       line);
	}
	take_over(out, &found, false);
}

static bool rule_auth_notify(const struct view *v, struct aovpn_outcome *out);
static bool rule_gateway_refused_us(const struct view *v,
				    struct aovpn_outcome *out);
static bool rule_eap_ended(const struct view *v, struct aovpn_outcome *out);

static bool rule_ms_status(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];
	uint32_t value;
	int32_t code;

	if (!v->ms_status || v->ms_status->u.ike_message.ms_status == 0)
		return false;
	value = v->ms_status->u.ike_message.ms_status;
	code = ms_status_code(value);
	snprintf(line, sizeof(line),
		 "the gateway sent Windows code %d (0x%08x) in notify 12345",
		 code, value);
	/* Causes as without the notify; the code is the gateway's. */
	if (!rule_auth_notify(v, out) && !rule_gateway_refused_us(v, out))
		rule_eap_ended(v, out);
	out->ras_code = code;
	rank_by_code(v, out, line);
	if (out->count == 0)
		finding_add(out, "unknown", AOVPN_POSSIBLE, line, NULL);
	else
		finding_add(out, out->finding[0].cause->slug,
			    out->finding[0].confidence, line, NULL);
	return true;
}

static bool rule_init_notify(const struct view *v, struct aovpn_outcome *out)
{
	switch (v->init_error) {
	case NOTIFY_NO_PROPOSAL_CHOSEN:
		finding_add(out, "ike-proposal-mismatch", AOVPN_LIKELY,
			    "NO_PROPOSAL_CHOSEN in answer to IKE_SA_INIT "
			    "(not yet authenticated)",
			    NULL);
		return fail(out, 13868);
	case NOTIFY_INVALID_KE_PAYLOAD:
		if (v->auth_sent > 0)
			return false;
		finding_add(out, "ike-group-refused", AOVPN_LIKELY,
			    "INVALID_KE_PAYLOAD asks for a group that is not "
			    "in the profile",
			    NULL);
		return fail(out, 13868);
	case NOTIFY_INVALID_SYNTAX:
		finding_add(out, "ike-invalid-message", AOVPN_LIKELY,
			    "INVALID_SYNTAX in answer to IKE_SA_INIT", NULL);
		return fail(out, 13843);
	}
	return false;
}

static bool rule_auth_notify(const struct view *v, struct aovpn_outcome *out)
{
	static const struct {
		uint16_t notify;
		int32_t code;
		const char *slug, *line;
	} table[] = {
		{NOTIFY_NO_PROPOSAL_CHOSEN, 13868, "esp-proposal-mismatch",
		 "NO_PROPOSAL_CHOSEN for the CHILD_SA"},
		{NOTIFY_INTERNAL_ADDRESS_FAILURE, 840, "address-unavailable",
		 "INTERNAL_ADDRESS_FAILURE in IKE_AUTH"},
		{NOTIFY_FAILED_CP_REQUIRED, 841, "configuration-required",
		 "FAILED_CP_REQUIRED in IKE_AUTH"},
		{NOTIFY_TS_UNACCEPTABLE, 842, "traffic-selectors-refused",
		 "TS_UNACCEPTABLE in IKE_AUTH"},
		{NOTIFY_INVALID_SYNTAX, 13843, "ike-invalid-message",
		 "INVALID_SYNTAX in answer to IKE_AUTH"},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (v->auth_error != table[i].notify)
			continue;
		finding_add(out, table[i].slug, AOVPN_CERTAIN, table[i].line,
			    NULL);
		return fail(out, table[i].code);
	}
	return false;
}

static bool rule_gateway_refused_us(const struct view *v,
				    struct aovpn_outcome *out)
{
	if (v->auth_error != NOTIFY_AUTHENTICATION_FAILED || v->eap_failure ||
	    v->tls_failed)
		return false;
	if (v->auth_error_after_eap && v->tls_accepted) {
		finding_add(out, "eap-keys-differ", AOVPN_LIKELY,
			    "AUTHENTICATION_FAILED in answer to our AUTH by "
			    "the keys of EAP-TLS",
			    NULL);
		finding_add(out, "gateway-refused-us", AOVPN_POSSIBLE,
			    "AUTHENTICATION_FAILED after EAP-Success", NULL);
	} else {
		finding_add(out, "gateway-refused-us", AOVPN_LIKELY,
			    "AUTHENTICATION_FAILED in answer to IKE_AUTH, "
			    "before EAP",
			    NULL);
	}
	return fail(out, 13801);
}

/* --- where EAP ended -------------------------------------------------------
 */

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
	snprintf(line, sizeof(line), "EAP-Failure %s the identity, before TLS",
		 slow ? "long after" : "right after");
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
		finding_add(out, "client-cert-untrusted", AOVPN_LIKELY, line,
			    NULL);
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

static void refused_by_nps(const struct view *v, struct aovpn_outcome *out,
			   const char *line)
{
	chain_findings(v, out);
	if (out->count > 0)
		finding_add(out, out->finding[0].cause->slug,
			    out->finding[0].confidence, line, NULL);
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

static bool rule_tls_alert(const struct view *v, struct aovpn_outcome *out)
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
static bool rule_tls_broken(const struct view *v, struct aovpn_outcome *out)
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

static bool rule_tls_failed_here(const struct view *v,
				 struct aovpn_outcome *out)
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

static bool rule_eap_failure_in_tls(const struct view *v,
				    struct aovpn_outcome *out)
{
	if (!v->eap_failure || v->tls_accepted)
		return false;
	if (!v->certificate_sent) {
		finding_add(out, "tls-version-mismatch", AOVPN_LIKELY,
			    "EAP-Failure during the TLS handshake, before our "
			    "certificate was sent",
			    NULL);
		return fail(out, 812);
	}
	refused_by_nps(v, out,
		       "EAP-Failure after our certificate and before the "
		       "server accepted it, without a TLS alert");
	return fail(out, refused_code(out));
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
	if (!v->eap_failure || !v->tls_accepted)
		return false;
	mapping_findings(v, out);
	finding_add(out, "nps-policy-after-tls", AOVPN_LIKELY,
		    "EAP-Failure after the server had accepted the TLS "
		    "handshake",
		    NULL);
	return fail(out, 812);
}

static bool rule_eap_ended(const struct view *v, struct aovpn_outcome *out)
{
	return rule_eap_type(v, out) || rule_no_certificate(v, out) ||
	       rule_resumption_refused(v, out) || rule_tls_alert(v, out) ||
	       rule_tls_broken(v, out) || rule_eap_broken(v, out) ||
	       rule_eap_failure_at_identity(v, out) ||
	       rule_tls_failed_here(v, out) ||
	       rule_eap_failure_in_tls(v, out) ||
	       rule_eap_failure_after_tls(v, out);
}

/* The gateway answers, but in a form that charon cannot read and drops. */
static bool rule_unreadable(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->auth_answer || v->established || !v->parse_failed ||
	    !v->gave_up)
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

static bool rule_eap_stalled(const struct view *v, struct aovpn_outcome *out)
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

/* --- nothing came back -----------------------------------------------------
 */

static bool rule_unreachable(const struct view *v, struct aovpn_outcome *out)
{
	if (v->auth_answer || v->established)
		return false;
	if (v->init_sent == 0 && v->kernel_sent == 0 && v->kernel_left == 0)
		return false; /* not even tried, as far as anybody saw */
	reach_findings(v, out);
	return fail(out, 809);
}

static bool rule_unknown(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	snprintf(line, sizeof(line),
		 "%u observations, none of which decides; the last stage was "
		 "%s",
		 v->attempt->count, aovpn_stage_name(view_stage(v)));
	finding_add(out, "unknown", AOVPN_POSSIBLE, line, NULL);
	return fail(out, 691);
}

/* Whose word a rule goes by. */
enum ground {
	GROUND_OWN,     /* this machine's */
	GROUND_SILENCE, /* nobody's: each cause says how sure it is, what this
			   machine did certain, what ICMP says at most likely */
	GROUND_HEARD,   /* of whoever answered */
};

static const struct {
	bool (*apply)(const struct view *view, struct aovpn_outcome *outcome);
	enum ground ground;
} rules[] = {
	{rule_connected, GROUND_OWN},
	{rule_local_failure, GROUND_OWN},
	{rule_resolve, GROUND_HEARD},
	{rule_resolved_to_nowhere, GROUND_HEARD},
	{rule_gateway_certificate, GROUND_HEARD},
	{rule_gateway_untrusted_by_charon, GROUND_HEARD},
	{rule_nps_certificate, GROUND_HEARD},
	{rule_ms_status, GROUND_HEARD},
	{rule_init_notify, GROUND_HEARD},
	{rule_auth_notify, GROUND_HEARD},
	{rule_install, GROUND_OWN},
	{rule_gateway_refused_us, GROUND_HEARD},
	{rule_gateway_refused_otherwise, GROUND_HEARD},
	{rule_eap_ended, GROUND_HEARD},
	{rule_unreadable, GROUND_HEARD},
	{rule_eap_stalled, GROUND_SILENCE},
	{rule_unreachable, GROUND_SILENCE},
	{rule_unknown, GROUND_SILENCE},
};

/* What came before the gateway had authenticated itself can be forged: at most
 * likely. Here, so that no rule can forget it. */
static void doubt(struct aovpn_outcome *out)
{
	uint32_t i;

	for (i = 0; i < out->count; i++) {
		if (out->finding[i].confidence != AOVPN_CERTAIN)
			continue;
		out->finding[i].confidence = AOVPN_LIKELY;
		finding_add(out, out->finding[i].cause->slug, AOVPN_LIKELY,
			    "the gateway had not proved yet who it is: anybody "
			    "on the way could have answered so",
			    NULL);
	}
}

static void weigh(const struct view *v, enum ground ground,
		  struct aovpn_outcome *out)
{
	if (v->authenticated)
		return;
	if (ground == GROUND_HEARD)
		doubt(out);
	out->forgeable = ground == GROUND_HEARD ||
			 (ground == GROUND_SILENCE &&
			  (out->count == 0 ||
			   out->finding[0].confidence != AOVPN_CERTAIN));
}

/* charon's own messages are texts that were made for people, and what they
 * leave out is inferred: what rests on them is a step less sure. What packets,
 * drops and ICMP show does not. */
static void lower_confidence(const struct aovpn_attempt *attempt,
			     struct aovpn_outcome *out)
{
	uint32_t i;

	if (!attempt->watched || out->seen_on_wire)
		return;
	for (i = 0; i < out->count; i++)
		if (out->finding[i].confidence > AOVPN_POSSIBLE)
			out->finding[i].confidence--;
}

void aovpn_diagnose(const struct aovpn_attempt *attempt,
		    struct aovpn_outcome *ret)
{
	struct view view;
	size_t i;

	view_read(attempt, &view);
	memset(ret, 0, sizeof(*ret));
	ret->event_id = AOVPN_EVENT_FAILED;
	ret->stage = view_stage(&view);
	ret->resumed = view.resumed;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].apply(&view, ret))
			break;
	weigh(&view, rules[i].ground, ret);
	lower_confidence(attempt, ret);
	aside_evidence(&view, ret);
}

bool aovpn_diagnose_running(const struct aovpn_attempt *attempt,
			    struct aovpn_outcome *ret)
{
	uint32_t i;

	aovpn_diagnose(attempt, ret);
	if (ret->event_id == AOVPN_EVENT_CONNECTED)
		return false;
	ret->event_id = AOVPN_EVENT_HINT;
	for (i = 0; i < ret->count; i++)
		if (ret->finding[i].confidence == AOVPN_CERTAIN)
			ret->finding[i].confidence = AOVPN_LIKELY;
	return strcmp(ret->finding[0].cause->slug, "unknown") != 0;
}

bool aovpn_attempt_is_decided(const struct aovpn_attempt *attempt)
{
	struct view v;

	view_read(attempt, &v);
	return v.local_failure || v.resolve_failed || v.gateway_refused ||
	       v.nps_refused || v.peer_auth_failed || v.eap_failure ||
	       v.eap_broken || v.alert_received || v.tls_failed ||
	       v.init_error || v.auth_error;
}

/* --- why a tunnel ended -----------------------------------------------------
 */

static bool end_local(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_cause *cause;

	if (!v->local_failure)
		return false;
	cause = aovpn_cause_find(v->local_failure->u.local_failure.cause);
	if (!cause)
		return false;
	finding_add(out, cause->slug, AOVPN_CERTAIN,
		    v->local_failure->u.local_failure.text, NULL);
	/* Whatever else took the tunnel away, to its user it was lost. */
	return fail(out,
		    strcmp(cause->slug, "service-stopped") == 0 ? 834 : 829);
}

static bool end_by_user(const struct view *v, struct aovpn_outcome *out)
{
	(void)v;
	finding_add(out, "user-disconnected", AOVPN_CERTAIN,
		    "hang-up was asked for", NULL);
	return fail(out, 631);
}

/* A gateway forgets who does not answer for some minutes. */
static bool end_suspended(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->suspended)
		return false;
	snprintf(line, sizeof(line),
		 "this machine slept for %" PRIu64
		 " s, and the tunnel did not outlast that",
		 v->suspended->u.suspended.seconds);
	finding_add(out, "suspended", AOVPN_LIKELY, line, NULL);
	finding_add(out, v->peer_delete ? "peer-closed" : "link-lost",
		    AOVPN_POSSIBLE,
		    v->peer_delete ? "the gateway deleted the IKE_SA"
				   : "the gateway does not answer any more",
		    NULL);
	return fail(out, 833);
}

static bool end_unanswered(const struct view *v, struct aovpn_outcome *out)
{
	char refused[AOVPN_TEXT_MAX];

	if (!v->gave_up)
		return false;
	reach_send_failed_text(v, refused, sizeof(refused));
	finding_add(out, "link-lost", AOVPN_LIKELY,
		    "the gateway stopped answering", refused, NULL);
	ipsec_evidence(v, out, "link-lost", AOVPN_LIKELY);
	return fail(out, 829);
}

static bool end_by_peer(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->peer_delete)
		return false;
	finding_add(out, "peer-closed", AOVPN_LIKELY,
		    "the gateway deleted the IKE_SA", NULL);
	return fail(out, 629);
}

static void end_unknown(const struct view *v, struct aovpn_outcome *out)
{
	finding_add(out, "link-lost", AOVPN_POSSIBLE,
		    "charon ended the IKE_SA and nothing seen says why", NULL);
	ipsec_evidence(v, out, "link-lost", AOVPN_POSSIBLE);
	out->ras_code = 829;
}

void aovpn_diagnose_end(const struct aovpn_attempt *attempt, bool by_user,
			struct aovpn_outcome *ret)
{
	struct view view;

	view_read(attempt, &view);
	memset(ret, 0, sizeof(*ret));
	ret->event_id = AOVPN_EVENT_TERMINATED;
	ret->stage = AOVPN_STAGE_UP;
	if (!end_local(&view, ret) && !(by_user && end_by_user(&view, ret)) &&
	    !end_suspended(&view, ret) && !end_unanswered(&view, ret) &&
	    !end_by_peer(&view, ret))
		end_unknown(&view, ret);
	lower_confidence(attempt, ret);
}

bool aovpn_may_lower_security(const struct aovpn_outcome *outcome)
{
	return !outcome->forgeable;
}

bool aovpn_attempt_resumption_refused(const struct aovpn_attempt *attempt)
{
	struct view view;

	view_read(attempt, &view);
	return view_resumption_refused(&view);
}

enum aovpn_stage aovpn_attempt_stage(const struct aovpn_attempt *attempt)
{
	struct view view;

	view_read(attempt, &view);
	return view_stage(&view);
}

const char *aovpn_stage_name(enum aovpn_stage stage)
{
	static const char *const names[] = {
		[AOVPN_STAGE_CREDENTIAL] = "credential",
		[AOVPN_STAGE_RESOLVE] = "resolve",
		[AOVPN_STAGE_REACH] = "reach",
		[AOVPN_STAGE_NEGOTIATE] = "negotiate",
		[AOVPN_STAGE_GATEWAY_AUTH] = "gateway-auth",
		[AOVPN_STAGE_EAP_IDENTITY] = "eap-identity",
		[AOVPN_STAGE_EAP_TLS] = "eap-tls",
		[AOVPN_STAGE_AUTHORIZE] = "authorize",
		[AOVPN_STAGE_CONFIGURE] = "configure",
		[AOVPN_STAGE_UP] = "up",
	};

	return names[stage];
}
