/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_certificate.c - this side refused a certificate: the gateway's, or the
 * one of NPS. See rules.h.
 */
#include "rules.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

void outside_validity(const struct view *v, struct aovpn_outcome *out,
		      enum validity validity)
{
	if (validity == VALIDITY_EXPIRED || validity == VALIDITY_EITHER)
		clock_findings(v, true, out);
	if (validity == VALIDITY_NOT_BEGUN || validity == VALIDITY_EITHER)
		clock_findings(v, false, out);
}

enum aovpn_confidence own_fault(const struct aovpn_outcome *out)
{
	return out->count > 0 ? AOVPN_LIKELY : AOVPN_CERTAIN;
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
	{X509_V_ERR_CRL_NOT_YET_VALID, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
	 "gateway-cert-revocation-unknown", "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_DIFFERENT_CRL_SCOPE, "gateway-cert-revocation-unknown",
	 "nps-cert-revocation-unknown", 860},
	{X509_V_ERR_CRL_PATH_VALIDATION_ERROR,
	 "gateway-cert-revocation-unknown", "nps-cert-revocation-unknown", 860},
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

bool rule_gateway_certificate(const struct view *v, struct aovpn_outcome *out)
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
bool rule_gateway_untrusted_by_charon(const struct view *v,
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

bool rule_gateway_refused_otherwise(const struct view *v,
				    struct aovpn_outcome *out)
{
	/* One key of several may not fit. */
	const bool refused = v->signature_refused && !v->authenticated;

	if (!v->peer_auth_failed && !refused)
		return false;
	if (refused) {
		finding_add(out, "gateway-signature-refused", AOVPN_LIKELY,
			    "charon could not verify the signature of the "
			    "gateway's AUTH payload by the key of its "
			    "certificate",
			    NULL);
		return fail(out, 13801);
	}
	if (v->revocation_unknown && v->attempt->gateway_revocation_hard) {
		/* A clock that is ahead makes CRLs look out of date. */
		clock_findings(v, true, out);
		finding_add(out, "gateway-cert-revocation-unknown",
			    AOVPN_LIKELY,
			    "charon could not check revocation of the "
			    "gateway's chain, and the profile insists",
			    NULL);
	}
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

bool rule_nps_certificate(const struct view *v, struct aovpn_outcome *out)
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
