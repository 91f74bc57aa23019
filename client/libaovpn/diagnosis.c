/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnosis.c - the rules, in the order in which they are tried. Each is one
 * function that says whether it applies and, if so, sets the code and adds
 * causes. What the client itself found comes first, then what the gateway
 * said outright, then where the dialogue stopped; silence is last.
 */
#include "diagnosis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "reach.h"
#include "rules.h"

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
	{rule_no_socket, GROUND_OWN},
	{rule_resolved_to_nowhere, GROUND_HEARD},
	{rule_resolve, GROUND_HEARD},
	{rule_gateway_certificate, GROUND_HEARD},
	{rule_gateway_untrusted_by_charon, GROUND_HEARD},
	{rule_nps_certificate, GROUND_HEARD},
	{rule_ms_status, GROUND_HEARD},
	{rule_init_notify, GROUND_HEARD},
	{rule_auth_notify, GROUND_HEARD},
	{rule_install, GROUND_OWN},
	{rule_gateway_refused_us, GROUND_HEARD},
	{rule_other_notify, GROUND_HEARD},
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

static void lower_by_a_step(struct aovpn_outcome *out)
{
	uint32_t i;

	for (i = 0; i < out->count; i++)
		if (out->finding[i].confidence > AOVPN_POSSIBLE)
			out->finding[i].confidence--;
}

void lower_confidence(const struct aovpn_attempt *attempt,
		      struct aovpn_outcome *out)
{
	if (attempt->watched && !out->seen_on_wire)
		lower_by_a_step(out);
}

/* Events that might have told something else, had they not been lost. What this
 * machine did itself needs none; what was heard needs those who heard it, and
 * silence all. */
static uint64_t missed(const struct aovpn_attempt *attempt, enum ground ground)
{
	const uint64_t heard = attempt->lost[AOVPN_SOURCE_PLUGIN] +
			       attempt->lost[AOVPN_SOURCE_CHARON];
	uint64_t all = 0;

	if (ground != GROUND_SILENCE)
		return ground == GROUND_HEARD ? heard : 0;
	for (uint32_t i = 0; i < AOVPN_SOURCE_COUNT; i++)
		all += attempt->lost[i];
	return all;
}

static void allow_for_losses(const struct aovpn_attempt *attempt,
			     enum ground ground, struct aovpn_outcome *out)
{
	const uint64_t count = missed(attempt, ground);
	char line[AOVPN_TEXT_MAX];

	if (count == 0 || out->count == 0)
		return;
	lower_by_a_step(out);
	snprintf(line, sizeof(line),
		 "%" PRIu64 " event%s of this dial %s lost, which might have "
		 "told something else",
		 count, count == 1 ? "" : "s", count == 1 ? "was" : "were");
	finding_add(out, out->finding[0].cause->slug,
		    out->finding[0].confidence, line, NULL);
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
	allow_for_losses(attempt, rules[i].ground, ret);
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
	       v.init_error || v.auth_error || v.install_failed;
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

bool aovpn_attempt_not_renewed(const struct aovpn_attempt *attempt)
{
	struct view view;

	view_read(attempt, &view);
	return view.child_error != 0;
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
