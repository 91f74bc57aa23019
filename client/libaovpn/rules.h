/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - the rules of diagnosis. Private to libaovpn.
 *
 * A rule says whether it applies; if so, it sets the code and adds causes. The
 * order in which they are tried is diagnosis.c's.
 */
#ifndef AOVPN_RULES_H
#define AOVPN_RULES_H

#include "view.h"

/* What EapHost and Schannel call input that they cannot use: nothing in RAS's
 * own range says it. EAP_METHOD_INVALID_PACKET 0x80420017,
 * SEC_E_ILLEGAL_MESSAGE 0x80090326. */
#define CODE_INVALID_PACKET  (-2143158249)
#define CODE_ILLEGAL_MESSAGE (-2146893018)

/* ERROR_PORT_NOT_AVAILABLE */
#define CODE_PORT_NOT_AVAILABLE 633

/* What ended EAP. */
static inline const char *failure_name(const struct view *view)
{
	return view->eap_ended_by_notify ? "AUTHENTICATION_FAILED"
					 : "EAP-Failure";
}

/* The end of a rule that applies. */
static inline bool fail(struct aovpn_outcome *outcome, int32_t code)
{
	outcome->ras_code = code;
	return true;
}

/* What the client itself found (rules_local.c). */
bool rule_connected(const struct view *view, struct aovpn_outcome *outcome);
bool rule_local_failure(const struct view *view, struct aovpn_outcome *outcome);
bool rule_resolve(const struct view *view, struct aovpn_outcome *outcome);
bool rule_resolved_to_nowhere(const struct view *view,
			      struct aovpn_outcome *outcome);
bool rule_no_socket(const struct view *view, struct aovpn_outcome *outcome);
bool rule_install(const struct view *view, struct aovpn_outcome *outcome);

/* Certificates that this side refused (rules_certificate.c). */
bool rule_gateway_certificate(const struct view *view,
			      struct aovpn_outcome *outcome);
bool rule_gateway_untrusted_by_charon(const struct view *view,
				      struct aovpn_outcome *outcome);
bool rule_gateway_refused_otherwise(const struct view *view,
				    struct aovpn_outcome *outcome);
bool rule_nps_certificate(const struct view *view,
			  struct aovpn_outcome *outcome);

/* What the gateway said outright (rules_gateway.c). */
bool rule_ms_status(const struct view *view, struct aovpn_outcome *outcome);
bool rule_init_notify(const struct view *view, struct aovpn_outcome *outcome);
bool rule_auth_notify(const struct view *view, struct aovpn_outcome *outcome);
bool rule_gateway_refused_us(const struct view *view,
			     struct aovpn_outcome *outcome);
bool rule_other_notify(const struct view *view, struct aovpn_outcome *outcome);

/* Where EAP ended (rules_eap.c; the parts of TLS in rules_tls.c). */
bool rule_eap_ended(const struct view *view, struct aovpn_outcome *outcome);
bool rule_tls_alert(const struct view *view, struct aovpn_outcome *outcome);
bool rule_tls_broken(const struct view *view, struct aovpn_outcome *outcome);
bool rule_tls_failed_here(const struct view *view,
			  struct aovpn_outcome *outcome);
bool rule_eap_failure_in_tls(const struct view *view,
			     struct aovpn_outcome *outcome);
bool rule_unreadable(const struct view *view, struct aovpn_outcome *outcome);
bool rule_eap_stalled(const struct view *view, struct aovpn_outcome *outcome);

/* A certificate outside its validity: which way would the clock be wrong? */
enum validity {
	VALIDITY_KEPT,
	VALIDITY_EXPIRED,
	VALIDITY_NOT_BEGUN,
	VALIDITY_EITHER,
};

/* Add the cause for a certificate that is outside its validity, and where there
 * is evidence for it, that the clock is wrong, before it. */
void outside_validity(const struct view *view, struct aovpn_outcome *outcome,
		      enum validity validity);

/* How sure the certificate's own fault is beside that, and what is left. */
enum aovpn_confidence own_fault(const struct aovpn_outcome *outcome);

/* Rank why NPS may have refused the certificate; line: how it did. */
void refused_by_nps(const struct view *view, struct aovpn_outcome *outcome,
		    const char *line);

/*
 * charon's own messages are texts that were made for people, and what they
 * leave out is inferred: what rests on them is a step less sure. What packets,
 * drops and ICMP show does not. The last step of a diagnosis.
 */
void lower_confidence(const struct aovpn_attempt *attempt,
		      struct aovpn_outcome *outcome);

#endif
