/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_record.c - the record has its fixed fields and no raw bytes. */
#include "record.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

/* For tests/schema/run, which holds all records to the schema. */
static void keep(const json_t *record)
{
	const char *path = getenv("AOVPN_TEST_RECORDS");
	char *line = record_line(record);
	FILE *file = path ? fopen(path, "a") : NULL;

	CU_ASSERT(!path || file);
	if (file && line)
		fprintf(file, "%s\n", line);
	if (file)
		fclose(file);
	free(line);
}

static json_t *record_of(struct aovpn_attempt *a)
{
	struct aovpn_outcome outcome;
	json_t *record;

	aovpn_diagnose(a, &outcome);
	record = record_new(a, &outcome, a->started_ns + 1500000000ull);
	keep(record);
	aovpn_attempt_clear(a);
	return record;
}

static const char *text(const json_t *record, const char *key)
{
	const char *value = json_string_value(json_object_get(record, key));

	return value ? value : "(missing)";
}

static void losses_are_told_by_source(void)
{
	struct aovpn_attempt a;
	const json_t *lost;
	json_t *record;

	attempt_begin(&a);
	a.lost[AOVPN_SOURCE_KERNEL] = 5;
	a.lost[AOVPN_SOURCE_ICMP] = 2;
	a.suppressed = 11;
	record = record_of(&a);
	lost = json_object_get(record, "lost_by_source");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(lost, "kernel")), 5);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(lost, "icmp")), 2);
	CU_ASSERT_EQUAL(json_object_size(lost), 2);
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(record, "lost_events")), 7);
	CU_ASSERT_EQUAL(json_integer_value(
				json_object_get(record, "suppressed_events")),
			11);
	json_decref(record);
	aovpn_attempt_clear(&a);
}

static void a_failure_has_all_fields(void)
{
	static const char *const fields[] = {
		"schema",
		"event_id",
		"time",
		"attempt_id",
		"connection",
		"user",
		"server",
		"server_ip",
		"ras_code",
		"ras_name",
		"stage",
		"cause",
		"causes",
		"message",
		"sources",
		"lost_events",
		"duration_ms",
		"lost_by_source",
		"suppressed_events",
	};
	static const char *const parts[] = {"cause",    "confidence",
					    "evidence", "nps_reasons",
					    "check",    "fix"};
	struct aovpn_attempt a;
	json_t *record, *first;
	size_t i;

	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	record = record_of(&a);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(json_object_get(record, fields[i]));
	first = json_array_get(json_object_get(record, "causes"), 0);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(json_object_get(first, parts[i]));
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(record, "ras_code")),
			853);
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(record, "duration_ms")),
		1500);
	CU_ASSERT_STRING_EQUAL(text(record, "cause"),
			       "client-cert-revocation-unknown");
	CU_ASSERT_STRING_EQUAL(text(record, "stage"), "eap-tls");
	CU_ASSERT_STRING_EQUAL(text(record, "server_ip"), "198.51.100.10");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text(record, "message"),
		       "The user user1 dialed a connection named corp which "
		       "has failed. The error code returned on failure is "
		       "853."));
	json_decref(record);
}

static json_t *first_cause(json_t *record)
{
	return json_array_get(json_object_get(record, "causes"), 0);
}

/* NPS refused: the gateway had proved who it is, and nobody else can have made
 * that up. */
static void advice_that_lowers_security_stands_apart(void)
{
	struct aovpn_attempt a;
	json_t *record, *cause;

	attempt_begin(&a);
	a.chain.certificate[1].has_cdp = false;
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	record = record_of(&a);
	cause = first_cause(record);
	CU_ASSERT_PTR_NULL(strstr(text(cause, "fix"), "IgnoreNoRevocation"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text(cause, "fix_lowers_security"),
				      "IgnoreNoRevocationCheck = 1"));
	json_decref(record);
}

/* A notify of IKE_SA_INIT can come from anybody. */
static void forgeable_evidence_does_not_lower_security(void)
{
	struct aovpn_attempt a;
	json_t *record, *cause;

	attempt_begin(&a);
	add_out(&a, 34, 0);
	add_in(&a, 34, 0, 17);
	record = record_of(&a);
	cause = first_cause(record);
	CU_ASSERT_STRING_EQUAL(text(cause, "cause"), "ike-group-refused");
	CU_ASSERT(aovpn_cause_find("ike-group-refused")->lowers_security[0] !=
		  '\0');
	CU_ASSERT_PTR_NULL(json_object_get(cause, "fix_lowers_security"));
	json_decref(record);
}

static void a_check_for_windows_is_there_where_there_is_one(void)
{
	struct aovpn_attempt a;
	json_t *record, *cause;

	attempt_begin(&a);
	add_local_failure(&a, "client-cert-missing");
	record = record_of(&a);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text(first_cause(record), "check_windows"), "Intune"));
	json_decref(record);
	attempt_begin(&a);
	add_local_failure(&a, "charon-absent");
	record = record_of(&a);
	cause = first_cause(record);
	CU_ASSERT_STRING_EQUAL(text(cause, "cause"), "charon-absent");
	CU_ASSERT_PTR_NULL(json_object_get(cause, "check_windows"));
	json_decref(record);
}

/* The stages of a dial and an end have less than an outcome. */
static void a_step_and_an_end_are_no_outcomes(void)
{
	const struct aovpn_outcome step = {.event_id = AOVPN_EVENT_CONNECTING,
					   .stage = AOVPN_STAGE_REACH};
	struct aovpn_attempt a;
	struct aovpn_outcome end;
	json_t *record;

	attempt_begin(&a);
	a.password_wanted = true;
	record = record_new(&a, &step, a.started_ns);
	keep(record);
	CU_ASSERT_STRING_EQUAL(text(record, "stage"), "reach");
	CU_ASSERT_STRING_EQUAL(text(record, "cause"), "");
	CU_ASSERT_PTR_NULL(json_object_get(record, "resumed"));
	CU_ASSERT_PTR_NULL(json_object_get(record, "password_wanted"));
	json_decref(record);
	aovpn_diagnose_end(&a, true, &end);
	record = record_new(&a, &end, a.started_ns);
	keep(record);
	CU_ASSERT_STRING_EQUAL(text(record, "cause"), "user-disconnected");
	CU_ASSERT_STRING_EQUAL(text(record, "stage"), "up");
	CU_ASSERT_PTR_NULL(json_object_get(record, "resumed"));
	json_decref(record);
	aovpn_attempt_clear(&a);
}

static void says_that_a_password_is_wanted(void)
{
	struct aovpn_attempt a;
	json_t *record;

	attempt_begin(&a);
	a.password_wanted = true;
	add_local_failure(&a, "client-key-password");
	record = record_of(&a);
	CU_ASSERT(json_is_true(json_object_get(record, "password_wanted")));
	json_decref(record);
}

static void names_the_candidates(void)
{
	struct aovpn_attempt a;
	json_t *record, *list, *one;

	attempt_begin(&a);
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
	a.candidates = calloc(2, sizeof(*a.candidates));
	CU_ASSERT_PTR_NOT_NULL_FATAL(a.candidates);
	a.candidate_count = 2;
	strcpy(a.candidates[0].file, "/d/bad\x1b.pem");
	strcpy(a.candidates[0].reason, "holds no certificate");
	strcpy(a.candidates[1].file, "/d/good.pem");
	strcpy(a.candidates[1].subject, "CN=user1");
	strcpy(a.candidates[1].thumbprint, "0123");
	a.candidates[1].not_after = 1795300000;
	a.candidates[1].refusal = AOVPN_REFUSED_NOT;
	a.candidates[1].chosen = true;
	a.candidates[1].doubts = AOVPN_DOUBT_CHAIN | AOVPN_DOUBT_NO_SID;
	record = record_of(&a);
	list = json_object_get(record, "candidates");
	CU_ASSERT_EQUAL_FATAL(json_array_size(list), 2);
	one = json_array_get(list, 0);
	CU_ASSERT_STRING_EQUAL(text(one, "file"), "/d/bad\\x1b.pem");
	CU_ASSERT_STRING_EQUAL(text(one, "verdict"), "unreadable");
	CU_ASSERT_STRING_EQUAL(text(one, "reason"), "holds no certificate");
	CU_ASSERT(json_is_null(json_object_get(one, "not_after")));
	one = json_array_get(list, 1);
	CU_ASSERT_STRING_EQUAL(text(one, "subject"), "CN=user1");
	CU_ASSERT_STRING_EQUAL(text(one, "thumbprint"), "0123");
	CU_ASSERT_STRING_EQUAL(text(one, "not_after"), "2026-11-21T22:26:40Z");
	CU_ASSERT_STRING_EQUAL(text(one, "verdict"), "chosen");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(one, "warnings")), 2);
	json_decref(record);
}

static void says_whether_a_session_was_resumed(void)
{
	struct aovpn_attempt a;
	json_t *record;

	attempt_begin(&a);
	reach_identity(&a);
	add_tls_resumed(&a, AOVPN_TLS_STARTED);
	a.resumption_refused = true;
	add_tls(&a, AOVPN_TLS_FINISHED);
	add_child_up(&a);
	record = record_of(&a);
	CU_ASSERT(json_is_false(json_object_get(record, "resumed")));
	CU_ASSERT(json_is_true(json_object_get(record, "resumption_refused")));
	json_decref(record);
	attempt_begin(&a);
	reach_identity(&a);
	add_tls_resumed(&a, AOVPN_TLS_STARTED);
	add_tls_resumed(&a, AOVPN_TLS_FINISHED);
	add_child_up(&a);
	record = record_of(&a);
	CU_ASSERT(json_is_true(json_object_get(record, "resumed")));
	CU_ASSERT(json_is_false(json_object_get(record, "resumption_refused")));
	json_decref(record);
}

static void text_of_a_peer_is_escaped(void)
{
	struct aovpn_attempt a;
	json_t *record;
	char *line;

	attempt_begin(&a);
	reach_auth(&a);
	add_refused(&a, AOVPN_CERT_GATEWAY, 62);
	strcpy(a.observations[a.count - 1].u.cert_refused.subject,
	       "CN=\x1b]0;title\x07\n\xff");
	record = record_of(&a);
	line = record_line(record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT_PTR_NULL(strchr(line, '\x1b'));
	CU_ASSERT_PTR_NULL(strchr(line, '\n'));
	CU_ASSERT_PTR_NULL(strstr(line, "\\u001b"));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "CN=\\\\x1b]0;title"));
	free(line);
	json_decref(record);
}

static void a_success_shows_the_tunnel(void)
{
	struct aovpn_attempt a;
	struct aovpn_outcome outcome;
	json_t *record;

	attempt_begin(&a);
	reach_certificate(&a);
	add_child_up(&a);
	strcpy(a.observations[a.count - 1].u.child_up.gateway_cert,
	       "CN=\x1b[31mred");
	aovpn_diagnose(&a, &outcome);
	record = record_new(&a, &outcome, a.started_ns);
	keep(record);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(record, "event_id")),
			20225);
	CU_ASSERT_STRING_EQUAL(
		text(json_object_get(record, "tunnel"), "addresses"),
		"10.99.0.10");
	CU_ASSERT_STRING_EQUAL(
		text(json_object_get(record, "tunnel"), "gateway_certificate"),
		"CN=\\x1b[31mred");
	aovpn_attempt_clear(&a);
	json_decref(record);
}

static void what_is_watched_is_marked(void)
{
	struct aovpn_attempt a;
	json_t *record;
	int watched;

	for (watched = 0; watched < 2; watched++) {
		attempt_begin(&a);
		a.watched = watched;
		record = record_of(&a);
		CU_ASSERT_EQUAL(
			json_is_true(json_object_get(record, "watched")),
			watched);
		json_decref(record);
		aovpn_attempt_clear(&a);
	}
}

static void add_tried(struct aovpn_attempt *a, const char *server,
		      bool resolved)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_TRIED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = a->started_ns,
	};

	strcpy(o.u.tried.server, server);
	o.u.tried.ras_code = 868;
	strcpy(o.u.tried.cause, "dns-no-such-name");
	o.u.tried.duration_ms = 42;
	if (resolved) {
		o.flow.family = AF_INET;
		memcpy(o.flow.remote, "\xc6\x33\x64\x0a", 4);
	}
	CU_ASSERT_EQUAL(aovpn_attempt_add(a, &o), 0);
}

static void what_was_tried_is_listed_in_order(void)
{
	struct aovpn_observation resolved = {
		.kind = AOVPN_OBS_RESOLVED,
		.source = AOVPN_SOURCE_DAEMON,
	};
	const json_t *tried;
	struct aovpn_attempt a;
	json_t *record;

	attempt_begin(&a);
	resolved.time_ns = a.started_ns;
	resolved.u.resolved.remembered = 1;
	strcpy(resolved.u.resolved.addresses, "198.51.100.10");
	aovpn_attempt_add(&a, &resolved);
	add_tried(&a, "first\033.contoso.test", false);
	add_tried(&a, "second.contoso.test", true);
	record = record_of(&a);
	tried = json_object_get(record, "tried");
	CU_ASSERT_EQUAL(json_array_size(tried), 2);
	CU_ASSERT_STRING_EQUAL(text(json_array_get(tried, 0), "server"),
			       "first\\x1b.contoso.test");
	CU_ASSERT_STRING_EQUAL(text(json_array_get(tried, 0), "address"), "");
	CU_ASSERT_STRING_EQUAL(text(json_array_get(tried, 1), "address"),
			       "198.51.100.10");
	CU_ASSERT_TRUE(
		json_is_true(json_object_get(record, "address_remembered")));
	json_decref(record);
}

CU_TestInfo record_tests[] = {
	{"what was tried is listed in order",
	 what_was_tried_is_listed_in_order},
	{"what is watched is marked", what_is_watched_is_marked},
	{"a failure has all fields", a_failure_has_all_fields},
	{"advice that lowers security stands apart",
	 advice_that_lowers_security_stands_apart},
	{"forgeable evidence does not lower security",
	 forgeable_evidence_does_not_lower_security},
	{"a check for Windows is there where there is one",
	 a_check_for_windows_is_there_where_there_is_one},
	{"losses are told by source", losses_are_told_by_source},
	{"a step and an end are no outcomes",
	 a_step_and_an_end_are_no_outcomes},
	{"says that a password is wanted", says_that_a_password_is_wanted},
	{"names the candidates", names_the_candidates},
	{"text of a peer is escaped", text_of_a_peer_is_escaped},
	{"a success shows the tunnel", a_success_shows_the_tunnel},
	{"whether a session was resumed", says_whether_a_session_was_resumed},
	CU_TEST_INFO_NULL,
};
