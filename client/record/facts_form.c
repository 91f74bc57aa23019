/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts_form.c - see facts_form.h. The keys are the members' own names. */
#include "facts_form.h"

#include "attempt.h"

/* clang-format off: a table reads by lines. */
#define URLS(type, member)                               \
	{                                                \
		FORM_AT(struct aovpn_urls, type, member) \
	}
#define REVOKED(type, member)                                        \
	{                                                            \
		FORM_AT(struct aovpn_revocation_facts, type, member) \
	}
#define CERT(type, member)                                            \
	{                                                             \
		FORM_AT(struct aovpn_certificate_facts, type, member) \
	}
#define ERROR(type, member)                                     \
	{                                                       \
		FORM_AT(struct aovpn_chain_error, type, member) \
	}
#define CHAIN(type, member)                                     \
	{                                                       \
		FORM_AT(struct aovpn_chain_facts, type, member) \
	}
#define VERDICT(type, member)                               \
	{                                                   \
		FORM_AT(struct aovpn_verdict, type, member) \
	}
#define DEFECT(type, member)                               \
	{                                                  \
		FORM_AT(struct aovpn_defect, type, member) \
	}
#define HISTORY(type, member)                               \
	{                                                   \
		FORM_AT(struct aovpn_history, type, member) \
	}

static const char *const revocation_states[] = {
	[AOVPN_REVOCATION_NOT_CHECKED] = "not-checked",
	[AOVPN_REVOCATION_NOT_NEEDED] = "not-needed",
	[AOVPN_REVOCATION_GOOD] = "good",
	[AOVPN_REVOCATION_REVOKED] = "revoked",
	[AOVPN_REVOCATION_NO_POINT] = "no-point",
	[AOVPN_REVOCATION_OFFLINE] = "offline",
	[AOVPN_REVOCATION_STALE] = "stale",
	[AOVPN_REVOCATION_INVALID] = "invalid",
};

static const char *const sid_states[] = {
	[AOVPN_SID_ABSENT] = "absent",
	[AOVPN_SID_VALID] = "valid",
	[AOVPN_SID_MALFORMED] = "malformed",
};

static const struct form urls_form[] = {
	{FORM_AT(struct aovpn_urls, TEXTS, url),
	 FORM_LIST(struct aovpn_urls, url, count)},
	URLS(UNSIGNED, unusable),
	FORM_END,
};

static const struct form revocation_form[] = {
	{FORM_AT(struct aovpn_revocation_facts, CHOICE, state),
	 FORM_NAMES(revocation_states)},
	REVOKED(TIME, checked_at),
	REVOKED(TIME, this_update),
	REVOKED(TIME, next_update),
	REVOKED(TIME, revoked_at),
	REVOKED(TEXT, reason),
	REVOKED(TEXT, crl_number),
	REVOKED(TEXT, source),
	REVOKED(TEXT, text),
	REVOKED(FLAG, web_page),
	FORM_END,
};

const struct form certificate_form[] = {
	CERT(TEXT, subject),
	CERT(TEXT, issuer),
	CERT(TEXT, issuer_key_id),
	CERT(TEXT, serial),
	CERT(TEXT, thumbprint),
	CERT(TEXT, thumbprint_sha256),
	CERT(TEXT, key_type),
	CERT(UNSIGNED, key_bits),
	CERT(TEXT, signature_algorithm),
	CERT(TIME, not_before),
	CERT(TIME, not_after),
	CERT(FLAG, is_ca),
	CERT(SIGNED, path_length),
	CERT(FLAG, self_issued),
	CERT(FLAG, has_cdp),
	{FORM_AT(struct aovpn_certificate_facts, OBJECT, cdp),
	 .fields = urls_form},
	CERT(FLAG, has_ocsp),
	{FORM_AT(struct aovpn_certificate_facts, OBJECT, ocsp),
	 .fields = urls_form},
	{FORM_AT(struct aovpn_certificate_facts, OBJECT, aia),
	 .fields = urls_form},
	CERT(FLAG, has_eku),
	CERT(FLAG, eku_client_auth),
	CERT(FLAG, eku_server_auth),
	{FORM_AT(struct aovpn_certificate_facts, TEXTS, eku),
	 FORM_LIST(struct aovpn_certificate_facts, eku, eku_count)},
	{FORM_AT(struct aovpn_certificate_facts, TEXTS, policy),
	 FORM_LIST(struct aovpn_certificate_facts, policy, policy_count)},
	CERT(TEXT, upn),
	CERT(TEXT, dns),
	CERT(TEXT, sid_extension),
	CERT(TEXT, sid_uri),
	{FORM_AT(struct aovpn_certificate_facts, CHOICE, sid_extension_state),
	 FORM_NAMES(sid_states)},
	{FORM_AT(struct aovpn_certificate_facts, CHOICE, sid_uri_state),
	 FORM_NAMES(sid_states)},
	CERT(TEXT, sid_extension_fault),
	CERT(TEXT, sid_uri_fault),
	CERT(FLAG, sid_uri_joined),
	CERT(FLAG, sid_in_other_name),
	CERT(FLAG, intune_device_uri),
	CERT(TEXT, template_name),
	CERT(TEXT, template_oid),
	CERT(UNSIGNED, template_major),
	CERT(UNSIGNED, template_minor),
	{FORM_AT(struct aovpn_certificate_facts, OBJECT, revocation),
	 .fields = revocation_form},
	FORM_END,
};

static const struct form error_form[] = {
	ERROR(SIGNED, x509_error),
	ERROR(UNSIGNED, depth),
	FORM_END,
};

const struct form chain_form[] = {
	CHAIN(TIME, gathered_at),
	CHAIN(FLAG, complete),
	CHAIN(TIME, server_time),
	CHAIN(TIME, server_asked_at),
	CHAIN(FLAG, verified),
	CHAIN(FLAG, root_given),
	{FORM_AT(struct aovpn_chain_facts, OBJECTS, error),
	 FORM_LIST(struct aovpn_chain_facts, error, error_count),
	 .fields = error_form},
	{FORM_AT(struct aovpn_chain_facts, OBJECTS, certificate),
	 FORM_LIST(struct aovpn_chain_facts, certificate, count),
	 .fields = certificate_form},
	FORM_END,
};

static const struct form defect_form[] = {
	DEFECT(TEXT, cause),
	DEFECT(UNSIGNED, depth),
	DEFECT(UNSIGNED, confidence),
	DEFECT(TEXT, subject),
	{FORM_AT(struct aovpn_defect, CHOICE, revocation),
	 FORM_NAMES(revocation_states)},
	FORM_END,
};

const struct form history_form[] = {
	HISTORY(TIME, success_at),
	{FORM_AT(struct aovpn_history, ADDRESS, address),
	 .other = offsetof(struct aovpn_history, family)},
	HISTORY(TIME, shown_at),
	HISTORY(TEXT, thumbprint),
	HISTORY(FLAG, verified),
	HISTORY(FLAG, asked),
	{FORM_AT(struct aovpn_history, OBJECTS, defect),
	 FORM_LIST(struct aovpn_history, defect, defect_count),
	 .fields = defect_form},
	FORM_END,
};

/* Filled from the library's own names at the first use. */
static const char *refusals[AOVPN_REFUSED_NOT + 1];

static const struct form verdict_fields[] = {
	VERDICT(TEXT, file),
	VERDICT(TEXT, subject),
	VERDICT(TEXT, thumbprint),
	VERDICT(TIME, not_after),
	{FORM_AT(struct aovpn_verdict, CHOICE, refusal), FORM_NAMES(refusals)},
	VERDICT(FLAG, chosen),
	VERDICT(TEXT, reason),
	VERDICT(UNSIGNED, doubts),
	FORM_END,
};
/* clang-format on */

const struct form *verdict_form(void)
{
	unsigned int i;

	for (i = 0; i <= AOVPN_REFUSED_NOT; i++)
		refusals[i] = aovpn_refusal_name(i);
	return verdict_fields;
}
