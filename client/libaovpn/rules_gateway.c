/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_gateway.c - what the gateway said outright: IKE notifies (RFC 7296
 * 3.10.1) and a Windows code (MS-IKEE 2.2.7). See rules.h.
 */
#include "rules.h"

#include <stdio.h>
#include <string.h>

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

bool rule_init_notify(const struct view *v, struct aovpn_outcome *out)
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

bool rule_auth_notify(const struct view *v, struct aovpn_outcome *out)
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
