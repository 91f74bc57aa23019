/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_gateway.c - what the gateway said outright: IKE notifies (RFC 7296
 * 3.10.1) and a Windows code (MS-IKEE 2.2.7). See rules.h.
 */
#include "rules.h"

#include <stdio.h>
#include <string.h>

#include "notify.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

/* Our certificate shows it, or the gateway says so. Rules have looked: what
 * they have not found is not so. */
static bool shows_itself(const struct aovpn_cause *cause)
{
	static const char *const slugs[] = {
		"client-cert-no-sid", "client-cert-cloud-only-sid",
		"client-cert-no-upn", "client-cert-no-client-auth",
		"ike-group-refused"};
	size_t i;

	for (i = 0; i < COUNT(slugs); i++)
		if (strcmp(cause->slug, slugs[i]) == 0)
			return true;
	return false;
}

/* Could this cause be why the gateway gave its code? */
static bool may_be_meant(const struct aovpn_cause *cause, const char *stage,
			 int32_t code)
{
	/* No tunnel was up. */
	const bool later = strcmp(cause->stages, "up") == 0;

	return strstr(cause->stages, stage) && !later && !found_here(cause) &&
	       !shows_itself(cause) && strcmp(cause->slug, "unknown") != 0 &&
	       fits_code(cause, code);
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
		if (!may_be_meant(cause, stage, out->ras_code))
			continue;
		count++;
		if (confidence)
			finding_add(out, cause->slug, confidence, line, NULL);
	}
	return count;
}

static bool stands_already(const struct aovpn_outcome *out,
			   const struct aovpn_cause *cause)
{
	uint32_t i;

	for (i = 0; i < out->count; i++)
		if (out->finding[i].cause == cause)
			return true;
	return false;
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
			    fitting ||
		    stands_already(out, found->finding[i].cause))
			continue;
		to = &out->finding[out->count++];
		*to = found->finding[i];
		if (!fitting)
			to->confidence = AOVPN_POSSIBLE;
	}
}

/* 853, ERROR_EAP_USER_CERT_INVALID, fits so many causes that only the
 * certificate itself can say which it is; so does 691 where it was shown (with
 * NPS's reason 16, for one). */
static bool is_about_certificate(const struct view *v, int32_t code)
{
	return code == 853 ||
	       (code == 691 && v->certificate_sent && !v->tls_accepted);
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
	if (out->count == 0 && is_about_certificate(v, out->ras_code)) {
		refused_by_nps(v, out, line);
	} else if (out->count == 0) {
		count = causes_of_code(out, stage, 0, line);
		if (count == 0) {
			stage = "";
			count = causes_of_code(out, stage, 0, line);
		}
		/* A cause of another stage than the dial had come to is a
		 * guess, even where it is the only one. */
		causes_of_code(out, stage,
			       count == 1 && stage[0] != '\0' ? AOVPN_LIKELY
							      : AOVPN_POSSIBLE,
			       line);
	}
	take_over(out, &found, false);
}

bool rule_ms_status(const struct view *v, struct aovpn_outcome *out)
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

/* What an error notify says, by itself. */
struct notify_cause {
	uint16_t notify;
	int32_t code;
	const char *slug;
	enum aovpn_confidence confidence;
	const char *meaning;
};

/* In answer to IKE_SA_INIT: nothing is authenticated yet. */
static const struct notify_cause init_causes[] = {
	{NOTIFY_NO_PROPOSAL_CHOSEN, 13868, "ike-proposal-mismatch",
	 AOVPN_LIKELY, ""},
	{NOTIFY_INVALID_KE_PAYLOAD, 13868, "ike-group-refused", AOVPN_LIKELY,
	 "it asks for a group that is not in the profile"},
	{NOTIFY_CRITICAL_PAYLOAD, 13843, "ike-invalid-message", AOVPN_LIKELY,
	 ""},
	{NOTIFY_INVALID_MAJOR_VERSION, 13843, "ike-invalid-message",
	 AOVPN_LIKELY, "it does not speak IKEv2"},
	{NOTIFY_INVALID_SYNTAX, 13843, "ike-invalid-message", AOVPN_LIKELY, ""},
	{NOTIFY_AUTHENTICATION_FAILED, 13801, "gateway-refused-us",
	 AOVPN_POSSIBLE, "it has no connection for a peer like us"},
	{NOTIFY_TEMPORARY_FAILURE, 809, "gateway-overloaded", AOVPN_POSSIBLE,
	 "it asks to be tried again later"},
};

/* In answer to IKE_AUTH. */
static const struct notify_cause auth_causes[] = {
	{NOTIFY_NO_PROPOSAL_CHOSEN, 13868, "esp-proposal-mismatch",
	 AOVPN_CERTAIN, "it is for the CHILD_SA"},
	{NOTIFY_INTERNAL_ADDRESS_FAILURE, 840, "address-unavailable",
	 AOVPN_CERTAIN, ""},
	{NOTIFY_FAILED_CP_REQUIRED, 841, "configuration-required",
	 AOVPN_CERTAIN, ""},
	{NOTIFY_TS_UNACCEPTABLE, 842, "traffic-selectors-refused",
	 AOVPN_CERTAIN, ""},
	{NOTIFY_SINGLE_PAIR_REQUIRED, 842, "traffic-selectors-refused",
	 AOVPN_LIKELY,
	 "it takes selectors of one pair of addresses only (RFC 7296 2.9)"},
	{NOTIFY_CRITICAL_PAYLOAD, 13843, "ike-invalid-message", AOVPN_CERTAIN,
	 ""},
	{NOTIFY_INVALID_SYNTAX, 13843, "ike-invalid-message", AOVPN_CERTAIN,
	 ""},
};

/* The notify's name, or its number. */
static const char *notify_text(uint16_t notify, char *out, size_t size)
{
	const char *name = aovpn_notify_name(notify);

	if (name)
		return name;
	snprintf(out, size, "error notify %u", notify);
	return out;
}

static bool notify_finding(struct aovpn_outcome *out, uint16_t notify,
			   const struct notify_cause *causes, size_t count,
			   const char *where)
{
	char line[AOVPN_TEXT_MAX], number[32];
	size_t i;

	for (i = 0; i < count; i++) {
		if (causes[i].notify != notify)
			continue;
		snprintf(line, sizeof(line), "%s in answer to %s",
			 notify_text(notify, number, sizeof(number)), where);
		finding_add(out, causes[i].slug, causes[i].confidence, line,
			    causes[i].meaning, NULL);
		return fail(out, causes[i].code);
	}
	return false;
}

bool rule_init_notify(const struct view *v, struct aovpn_outcome *out)
{
	/* charon has asked with another group, and got on. */
	if (v->init_error == 0 || v->auth_sent > 0)
		return false;
	return notify_finding(out, v->init_error, init_causes,
			      COUNT(init_causes),
			      "IKE_SA_INIT (not yet authenticated)");
}

bool rule_auth_notify(const struct view *v, struct aovpn_outcome *out)
{
	return notify_finding(out, v->auth_error, auth_causes,
			      COUNT(auth_causes), "IKE_AUTH");
}

/* The gateway has broken off with a reason that no rule knows: it was neither
 * silent, nor did NPS have a part in it. */
bool rule_other_notify(const struct view *v, struct aovpn_outcome *out)
{
	const bool init = v->init_error != 0 && v->auth_sent == 0;
	const uint16_t notify = init ? v->init_error : v->auth_error;
	char line[AOVPN_TEXT_MAX], number[32];

	if (notify == 0 || v->eap_failure || v->tls_failed || v->alert_received)
		return false;
	snprintf(line, sizeof(line), "the gateway answered %s with %s",
		 init ? "IKE_SA_INIT" : "IKE_AUTH",
		 notify_text(notify, number, sizeof(number)));
	finding_add(out, "unknown", AOVPN_POSSIBLE, line, NULL);
	return fail(out, 691);
}

bool rule_gateway_refused_us(const struct view *v, struct aovpn_outcome *out)
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
		finding_add(out, "gateway-cert-unavailable", AOVPN_POSSIBLE,
			    "a gateway that cannot prove who it is may say no "
			    "more than that",
			    NULL);
	}
	return fail(out, 13801);
}
