/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.c - see record.h. Here, and only here, an outcome becomes JSON. */
#include "record.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "escape.h"
#include "whole_json.h"

json_t *record_string(const char *value)
{
	char escaped[2048];

	aovpn_escape_string(value, escaped, sizeof(escaped));
	return json_string(escaped);
}

static json_t *text(const char *value)
{
	return record_string(value);
}

json_t *record_date(time_t when)
{
	char out[32];
	struct tm tm;

	/* RFC 3339 has years of four digits. */
	if (when == 0 || !gmtime_r(&when, &tm) || tm.tm_year > 9999 - 1900 ||
	    tm.tm_year < -1900)
		return json_null();
	snprintf(out, sizeof(out), "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned int)(tm.tm_year + 1900) % 10000,
		 (unsigned int)(tm.tm_mon + 1) % 100,
		 (unsigned int)tm.tm_mday % 100, (unsigned int)tm.tm_hour % 100,
		 (unsigned int)tm.tm_min % 100, (unsigned int)tm.tm_sec % 100);
	return json_string(out);
}

json_t *record_time(const struct timespec *when)
{
	char out[40], date[24];
	struct tm tm;

	gmtime_r(&when->tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, sizeof(out), "%s.%03ldZ", date, when->tv_nsec / 1000000);
	return json_string(out);
}

static json_t *time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return record_time(&now);
}

/* A text that not every cause has. */
static void set_text(json_t *object, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_object_set_new(object, key, json_string(value));
}

static json_t *cause_object(const struct aovpn_outcome *outcome,
			    const struct aovpn_finding *finding)
{
	const struct aovpn_cause *cause = finding->cause;
	json_t *evidence = json_array(), *reasons = json_array(), *object;
	uint32_t i;

	for (i = 0; i < finding->evidence_count; i++)
		json_array_append_new(evidence, text(finding->evidence[i]));
	for (i = 0; i < AOVPN_CAUSE_REASONS_MAX && cause->nps_reasons[i]; i++)
		json_array_append_new(reasons,
				      json_integer(cause->nps_reasons[i]));
	object = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "cause",
			   cause->slug, "confidence",
			   aovpn_confidence_name(finding->confidence),
			   "summary", cause->summary, "evidence", evidence,
			   "nps_reasons", reasons, "mend_at", cause->mend_at,
			   "check", cause->check, "fix", cause->fix);
	set_text(object, "check_windows", cause->check_windows);
	if (aovpn_may_lower_security(outcome))
		set_text(object, "fix_lowers_security", cause->lowers_security);
	return object;
}

static json_t *causes_array(const struct aovpn_outcome *outcome)
{
	json_t *causes = json_array();
	uint32_t i;

	for (i = 0; i < outcome->count; i++)
		json_array_append_new(
			causes, cause_object(outcome, &outcome->finding[i]));
	return causes;
}

json_t *record_doubts(uint32_t doubts)
{
	json_t *array = json_array();
	uint32_t doubt;

	for (doubt = 1; doubt < AOVPN_DOUBT_END; doubt <<= 1)
		if (doubts & doubt)
			json_array_append_new(
				array, json_string(aovpn_doubt_text(doubt)));
	return array;
}

static const char *verdict_name(const struct aovpn_verdict *verdict)
{
	return verdict->chosen ? "chosen"
			       : aovpn_refusal_name(verdict->refusal);
}

static json_t *candidate_object(const struct aovpn_verdict *verdict)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:o}", "file",
			 text(verdict->file), "subject", text(verdict->subject),
			 "thumbprint", verdict->thumbprint, "not_after",
			 record_date(verdict->not_after), "verdict",
			 verdict_name(verdict), "reason", text(verdict->reason),
			 "warnings", record_doubts(verdict->doubts));
}

/* Is this the end of a dial, and not a step of it? */
static bool is_outcome(const struct aovpn_outcome *outcome)
{
	return outcome->event_id == AOVPN_EVENT_CONNECTED ||
	       outcome->event_id == AOVPN_EVENT_FAILED;
}

static json_t *candidates_array(const struct aovpn_attempt *attempt)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < attempt->candidate_count; i++)
		json_array_append_new(
			array, candidate_object(&attempt->candidates[i]));
	return array;
}

static json_t *sources_object(const struct aovpn_attempt *attempt)
{
	json_t *sources = json_object();
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		json_object_set_new(
			sources, aovpn_source_name(i),
			json_string(attempt->live[i] ? "live" : "absent"));
	return sources;
}

/* What each source lost, where it lost anything. */
static void set_losses(json_t *record, const struct aovpn_attempt *attempt)
{
	json_t *lost = json_object();
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++) {
		sum += attempt->lost[i];
		if (attempt->lost[i] > 0)
			json_object_set_new(
				lost, aovpn_source_name(i),
				json_integer((json_int_t)attempt->lost[i]));
	}
	json_object_set_new(record, "lost_events",
			    json_integer((json_int_t)sum));
	json_object_set_new(record, "lost_by_source", lost);
	json_object_set_new(record, "suppressed_events",
			    json_integer((json_int_t)attempt->suppressed));
}

/* RasClient's own sentence for an event: administrators search for it. */
static void sentence(const struct aovpn_attempt *attempt,
		     const struct aovpn_outcome *outcome, char *out,
		     size_t size)
{
	const char *format = "";

	switch (outcome->event_id) {
	case AOVPN_EVENT_DIALLING:
		format = "The user %s has started dialing a VPN connection "
			 "using an all-user connection profile named %s.";
		break;
	case AOVPN_EVENT_CONNECTING:
		format = "The user %s is trying to establish a link to the "
			 "Remote Access Server for the connection named %s";
		break;
	case AOVPN_EVENT_DEVICE_LINK:
		format = "The user %s has successfully established a link to "
			 "the Remote Access Server for the connection named %s";
		break;
	case AOVPN_EVENT_LINK:
		format = "The link to the Remote Access Server has been "
			 "established by user %s.";
		break;
	case AOVPN_EVENT_CONNECTED:
		format = "The user %s has dialed a connection named %s to the "
			 "Remote Access Server which has successfully "
			 "connected.";
		break;
	case AOVPN_EVENT_TERMINATED:
		format = "The user %s dialed a connection named %s which has "
			 "terminated. The reason code returned on termination "
			 "is %d.";
		break;
	case AOVPN_EVENT_HINT:
		format = "The user %s is dialing a connection named %s and "
			 "nothing has answered yet.";
		break;
	case AOVPN_EVENT_WARNING:
		format = "The user %s dialed a connection named %s which is "
			 "connected, but something is wrong with it.";
		break;
	case AOVPN_EVENT_FAILED:
		format = "The user %s dialed a connection named %s which has "
			 "failed. The error code returned on failure is %d.";
		break;
	}
	/* One format of the list above, whose arguments are alike. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(out, size, format, attempt->user, attempt->connection,
		 outcome->ras_code);
#pragma GCC diagnostic pop
}

/* How the sentences of the link end. */
static void add_device(const struct aovpn_attempt *attempt,
		       const struct aovpn_outcome *outcome, char *out,
		       size_t size)
{
	const size_t length = strlen(out);

	if (outcome->event_id == AOVPN_EVENT_CONNECTING ||
	    outcome->event_id == AOVPN_EVENT_DEVICE_LINK)
		snprintf(out + length, size - length,
			 " using the following device: Server address/Phone "
			 "Number = %s, Device = IKEv2, MediaType = VPN.",
			 attempt->server);
}

static json_t *message(const struct aovpn_attempt *attempt,
		       const struct aovpn_outcome *outcome)
{
	const struct aovpn_finding *first = &outcome->finding[0];
	char windows[1024], whole[1536];

	sentence(attempt, outcome, windows, sizeof(windows));
	add_device(attempt, outcome, windows, sizeof(windows));
	if (outcome->count == 0)
		snprintf(whole, sizeof(whole), "CoId={%s}: %s", attempt->id,
			 windows);
	else
		snprintf(whole, sizeof(whole), "CoId={%s}: %s Cause (%s): %s",
			 attempt->id, windows,
			 aovpn_confidence_name(first->confidence),
			 first->cause->summary);
	return text(whole);
}

static json_t *tunnel_object(const struct aovpn_observation *up)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "addresses",
			 text(up->u.child_up.addresses), "dns",
			 text(up->u.child_up.dns), "networks",
			 text(up->u.child_up.networks), "ike_proposal",
			 text(up->u.child_up.ike_proposal), "esp_proposal",
			 text(up->u.child_up.esp_proposal), "gateway_id",
			 text(up->u.child_up.gateway_id), "gateway_certificate",
			 text(up->u.child_up.gateway_cert));
}

/* The first address that the name resolved to before there was a flow. */
static json_t *server_ip(const struct aovpn_attempt *attempt)
{
	char out[INET6_ADDRSTRLEN];

	return json_string(aovpn_address_text(
		attempt->flow.family, attempt->flow.remote, out, sizeof(out)));
}

/* How long ago the packet came that decided; null where silence did. */
static json_t *decided_ms(const struct aovpn_attempt *attempt, uint64_t now_ns)
{
	const uint64_t decided_ns = aovpn_attempt_decided_ns(attempt);

	if (decided_ns == 0 || decided_ns > now_ns)
		return json_null();
	return json_real((double)(now_ns - decided_ns) / 1e6);
}

static json_t *tried_object(const struct aovpn_observation *o)
{
	char address[INET6_ADDRSTRLEN] = "";

	if (o->flow.family != 0)
		aovpn_address_text(o->flow.family, o->flow.remote, address,
				   sizeof(address));
	return json_pack("{s:o, s:s, s:i, s:s, s:i}", "server",
			 text(o->u.tried.server), "address", address,
			 "ras_code", (int)o->u.tried.ras_code, "cause",
			 o->u.tried.cause, "duration_ms",
			 (int)o->u.tried.duration_ms);
}

/* The addresses in the order in which they were dialled, the last one too; what
 * there is only where there were several. */
static void set_targets(json_t *record, const struct aovpn_attempt *attempt)
{
	json_t *tried = json_array();
	bool remembered = false;
	uint32_t i;

	for (i = 0; i < attempt->count; i++) {
		if (attempt->observations[i].kind == AOVPN_OBS_TRIED)
			json_array_append_new(
				tried, tried_object(&attempt->observations[i]));
		else if (attempt->observations[i].kind == AOVPN_OBS_RESOLVED)
			remembered =
				attempt->observations[i].u.resolved.remembered;
	}
	if (json_array_size(tried) > 0)
		json_object_set(record, "tried", tried);
	if (remembered)
		json_object_set_new(record, "address_remembered", json_true());
	json_decref(tried);
}

json_t *record_new(const struct aovpn_attempt *attempt,
		   const struct aovpn_outcome *outcome, uint64_t now_ns)
{
	const struct aovpn_code *code = aovpn_code_find(outcome->ras_code);
	const char *cause =
		outcome->count ? outcome->finding[0].cause->slug : "";
	/* A recorded attempt may have been written by anybody. */
	const uint64_t ns =
		now_ns > attempt->started_ns ? now_ns - attempt->started_ns : 0;
	uint64_t ms = ns / 1000000;
	json_t *record;

	record = json_pack(
		"{s:i, s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:s, s:s}",
		"schema", RECORD_SCHEMA, "event_id", (int)outcome->event_id,
		"time", time_now(), "attempt_id", attempt->id, "connection",
		text(attempt->connection), "user", text(attempt->user),
		"server", text(attempt->server), "server_ip",
		server_ip(attempt), "ras_code", (int)outcome->ras_code,
		"ras_name", code ? code->symbol : "", "stage",
		aovpn_stage_name(outcome->stage));
	if (!record)
		return NULL;
	json_object_set_new(record, "cause", json_string(cause));
	json_object_set_new(record, "causes", causes_array(outcome));
	json_object_set_new(record, "message", message(attempt, outcome));
	json_object_set_new(record, "sources", sources_object(attempt));
	set_losses(record, attempt);
	json_object_set_new(record, "duration_ms",
			    json_integer((json_int_t)ms));
	if (attempt->watched)
		json_object_set_new(record, "watched", json_true());
	if (is_outcome(outcome)) {
		json_object_set_new(record, "decided_ms",
				    decided_ms(attempt, now_ns));
		json_object_set_new(record, "resumed",
				    json_boolean(outcome->resumed));
		json_object_set_new(record, "resumption_refused",
				    json_boolean(attempt->resumption_refused));
	}
	if (is_outcome(outcome))
		set_targets(record, attempt);
	if (attempt->candidate_count > 0 && is_outcome(outcome))
		json_object_set_new(record, "candidates",
				    candidates_array(attempt));
	if (attempt->password_wanted && is_outcome(outcome))
		json_object_set_new(record, "password_wanted", json_true());
	if (outcome->child_up)
		json_object_set_new(record, "tunnel",
				    tunnel_object(outcome->child_up));
	return record;
}

char *record_line(const json_t *record)
{
	return whole_json_text(record);
}
