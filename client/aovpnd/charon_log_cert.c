/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log_cert.c - charon's messages about certificates: its verdict on the
 * gateway's, and what it finds wrong with one of the EAP server's.
 */
#include "charon_reading.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

static int read_gateway_certificate(struct charon_log *log,
				    const struct charon_found *found,
				    struct aovpn_observation *o)
{
	charon_found_copy(log->tunnel.u.child_up.gateway_cert, AOVPN_TEXT_MAX,
			  found);
	return charon_nothing(o);
}

/* "IDENTITY' with RSA signature successful"; of the gateway, the first. */
static int read_gateway_id(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	struct charon_found id = *found;
	const char *end = charon_found_last(found, "' with ");

	if (!end || charon_found_last(found, "' (myself) with ") ||
	    log->tunnel.u.child_up.gateway_id[0] != '\0')
		return charon_nothing(o);
	id.length = (size_t)(end - found->part);
	charon_found_copy(log->tunnel.u.child_up.gateway_id, AOVPN_TEXT_MAX,
			  &id);
	return charon_nothing(o);
}

/* Until the EAP server shows its own, certificates are the gateway's: charon's
 * verdict on those comes by alerts, as from its bus. */
static int refuse(struct charon_log *log, struct aovpn_observation *o,
		  int error, enum aovpn_alert alert)
{
	log->refused = error;
	if (log->in_tls)
		return -ENOENT;
	return charon_observe_alert(o, alert, log->subject);
}

static int read_no_issuer(struct charon_log *log,
			  const struct charon_found *found,
			  struct aovpn_observation *o)
{
	charon_forget_refused(log);
	charon_found_copy(log->subject, sizeof(log->subject), found);
	return refuse(log, o, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		      AOVPN_ALERT_CERT_NO_ISSUER);
}

static int read_issuer(struct charon_log *log, const struct charon_found *found,
		       struct aovpn_observation *o)
{
	charon_found_copy(log->issuer, sizeof(log->issuer), found);
	return charon_nothing(o);
}

static int read_self_signed(struct charon_log *log,
			    const struct charon_found *found,
			    struct aovpn_observation *o)
{
	charon_forget_refused(log);
	charon_found_copy(log->subject, sizeof(log->subject), found);
	return refuse(log, o, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
		      AOVPN_ALERT_CERT_UNTRUSTED_ROOT);
}

/* "FROM to UNTIL)" of a subject's or an issuer's certificate. */
static int refuse_dates(struct charon_log *log,
			const struct charon_found *found, uint32_t depth,
			struct aovpn_observation *o)
{
	charon_forget_refused(log);
	log->refused_depth = depth;
	snprintf(log->subject, sizeof(log->subject), "valid from %.*s",
		 (int)found->length, found->part);
	return refuse(log, o, X509_V_ERR_CERT_HAS_EXPIRED,
		      AOVPN_ALERT_CERT_EXPIRED);
}

static int read_subject_dates(struct charon_log *log,
			      const struct charon_found *found,
			      struct aovpn_observation *o)
{
	return refuse_dates(log, found, 0, o);
}

static int read_issuer_dates(struct charon_log *log,
			     const struct charon_found *found,
			     struct aovpn_observation *o)
{
	return refuse_dates(log, found, 1, o);
}

static int read_checking(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	charon_forget_refused(log);
	charon_found_copy(log->subject, sizeof(log->subject), found);
	return charon_nothing(o);
}

static int read_revoked(struct charon_log *log,
			const struct charon_found *found,
			struct aovpn_observation *o)
{
	(void)found;
	return refuse(log, o, X509_V_ERR_CERT_REVOKED,
		      AOVPN_ALERT_CERT_REVOKED);
}

static int read_status_unknown(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o)
{
	(void)found;
	if (log->in_tls)
		return -ENOENT;
	return charon_observe_alert(o, AOVPN_ALERT_CERT_VALIDATION_FAILED,
				    log->subject);
}

static int read_peer_auth_failed(struct charon_log *log,
				 const struct charon_found *found,
				 struct aovpn_observation *o)
{
	(void)log;
	if (!charon_found_last(found, " public key found for '"))
		return -ENOENT;
	return charon_observe_alert(o, AOVPN_ALERT_PEER_AUTH_FAILED, "");
}

/* The identity that remote.id of swanctl.conf wants is not the gateway's. What
 * follows it is of the peer in 5.9.14 and later: "' (ID_FQDN) required, not
 * matched by '...". */
static int read_identity_required(struct charon_log *log,
				  const struct charon_found *found,
				  struct aovpn_observation *o)
{
	const char *named = log->tunnel.u.child_up.gateway_cert;

	charon_forget_refused(log);
	snprintf(log->required, sizeof(log->required), "%.*s",
		 (int)strcspn(found->part, "'"), found->part);
	snprintf(log->subject, sizeof(log->subject), "%s", named);
	snprintf(o->u.cert_refused.names, AOVPN_TEXT_MAX, "%s", named);
	return charon_observe_refused(log, o, AOVPN_CERT_GATEWAY,
				      X509_V_ERR_HOSTNAME_MISMATCH);
}

/* What else a connection may want of the gateway's certificate. *o has no other
 * place for it than where the issuer stands. */
static int refuse_issuer(struct charon_log *log, const char *wanted,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	const char *named = log->tunnel.u.child_up.gateway_cert;

	charon_forget_refused(log);
	snprintf(log->subject, sizeof(log->subject), "%s", named);
	snprintf(log->issuer, sizeof(log->issuer), "%s%.*s", wanted,
		 (int)found->length, found->part);
	return charon_observe_refused(log, o, AOVPN_CERT_GATEWAY,
				      X509_V_ERR_CERT_UNTRUSTED);
}

/* remote.cacerts of swanctl.conf. */
static int read_ca_required(struct charon_log *log,
			    const struct charon_found *found,
			    struct aovpn_observation *o)
{
	return refuse_issuer(log, "another CA than ", found, o);
}

/* remote.certs: so it is with one that was renewed. */
static int read_certificate_required(struct charon_log *log,
				     const struct charon_found *found,
				     struct aovpn_observation *o)
{
	return refuse_issuer(log, "any CA, as it is not the very certificate ",
			     found, o);
}

/* remote.revocation: "FAILED, but requires at least GOOD". */
static int read_revocation_required(struct charon_log *log,
				    const struct charon_found *found,
				    struct aovpn_observation *o)
{
	const char *named = log->tunnel.u.child_up.gateway_cert;
	bool stale = strncmp(found->part, "STALE,", 6) == 0;

	charon_forget_refused(log);
	snprintf(log->subject, sizeof(log->subject), "%s", named);
	return charon_observe_refused(log, o, AOVPN_CERT_GATEWAY,
				      stale ? X509_V_ERR_CRL_HAS_EXPIRED
					    : X509_V_ERR_UNABLE_TO_GET_CRL);
}

/* Whatever else it was that the connection wanted of the gateway. */
static int read_no_alternative(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return charon_observe_alert(o, AOVPN_ALERT_PEER_AUTH_FAILED, "");
}

const struct charon_reading charon_cert_readings[] = {
	{"IKE", "received end entity cert \"~\"", read_gateway_certificate},
	{"IKE", "authentication of '~ successful", read_gateway_id},
	{"CFG", "no issuer certificate found for \"~\"", read_no_issuer},
	{"CFG", "  issuer is \"~\"", read_issuer},
	{"CFG", "  self-signed certificate \"~\" is not trusted",
	 read_self_signed},
	{"CFG", "subject certificate invalid (valid from ~)",
	 read_subject_dates},
	{"CFG", "issuer certificate invalid (valid from ~)", read_issuer_dates},
	{"CFG", "checking certificate status of \"~\"", read_checking},
	{"CFG", "certificate was revoked on ...", read_revoked},
	{"CFG", "certificate status is not available", read_status_unknown},
	{"CFG", "certificate status is unknown, crl is stale",
	 read_status_unknown},
	{"IKE", "no trusted ~", read_peer_auth_failed},
	{"CFG", "constraint check failed: identity '~", read_identity_required},
	/* Of 5.9.14 and later, where the identity is the dialled address. */
	{"CFG",
	 "constraint check failed: certificate does not confirm identity '~",
	 read_identity_required},
	{"CFG", "constraint check failed: peer not authenticated by CA '~'",
	 read_ca_required},
	{"CFG",
	 "constraint check failed: peer not authenticated with peer cert '~'",
	 read_certificate_required},
	{"CFG", "constraint check failed: RULE_CRL_VALIDATION is ~",
	 read_revocation_required},
	{"CFG", "constraint check failed: RULE_OCSP_VALIDATION is ~",
	 read_revocation_required},
	{"CFG", "no alternative config found", read_no_alternative},
	{0},
};
