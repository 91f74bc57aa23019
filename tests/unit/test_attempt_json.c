/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_attempt_json.c - a recorded attempt comes back as it was, whatever is in
 * it, and nothing else is taken for one. */
#include "attempt_json.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"
#include "facts_form.h"
#include "observation_json.h"

/* --- filling structures by their tables ------------------------------------
 */

/* Every byte that text can have, from start on, and at last what reads like an
 * escape. */
static void fill_text(char *out, size_t size, uint8_t start)
{
	size_t i;

	for (i = 0; i + 1 < size; i++) {
		out[i] = (char)(start + i);
		if (out[i] == '\0')
			out[i] = '\\';
	}
	if (size > 8)
		memcpy(out, "\\x1b\\\\x5", 8);
}

static void fill_number(void *out, size_t size, bool large)
{
	const uint64_t value = large ? (uint64_t)INT64_MAX : 1;

	memcpy(out, &value, size);
}

static void fill_by_form(const struct form *table, void *base);

static void fill_list(const struct form *form, char *base)
{
	const uint32_t count = (uint32_t)(form->size / form->each);
	uint32_t i;

	for (i = 0; i < count; i++)
		if (form->type == FORM_TEXTS)
			fill_text(base + form->offset + i * form->each,
				  form->each, (uint8_t)(i + 1));
		else
			fill_by_form(form->fields,
				     base + form->offset + i * form->each);
	memcpy(base + form->other, &count, sizeof(count));
}

static void fill_field(const struct form *form, char *base)
{
	const time_t when = 1795300000;

	switch (form->type) {
	case FORM_TEXT:
		fill_text(base + form->offset, form->size, 7);
		break;
	case FORM_TEXTS:
	case FORM_OBJECTS:
		fill_list(form, base);
		break;
	case FORM_OBJECT:
		fill_by_form(form->fields, base + form->offset);
		break;
	case FORM_ADDRESS:
		memset(base + form->offset, 0x2a, form->size);
		base[form->other] = AF_INET6;
		break;
	case FORM_TIME:
		memcpy(base + form->offset, &when, sizeof(when));
		break;
	default:
		fill_number(base + form->offset, form->size,
			    form->type == FORM_UNSIGNED);
		break;
	}
}

static void fill_by_form(const struct form *table, void *base)
{
	for (; table->name; table++)
		fill_field(table, base);
}

static void fill_fields(const struct aovpn_field *field,
			struct aovpn_observation *o, bool large)
{
	char *at;

	for (; field->tag != 0; field++) {
		at = (char *)o + field->offset;
		if (field->type == AOVPN_FIELD_TEXT)
			fill_text(at, field->size, (uint8_t)field->tag);
		else if (field->type == AOVPN_FIELD_BYTES ||
			 field->type == AOVPN_FIELD_U16S)
			memset(at, 0x2a, field->size);
		else
			fill_number(at, field->size, large && field->size > 1);
	}
}

/* Every field set, with values that every form of it can have. */
static struct aovpn_observation full_observation(uint32_t kind, bool large)
{
	struct aovpn_observation o = {.kind = kind};

	fill_fields(aovpn_observation_fields, &o, large);
	fill_fields(aovpn_observation_kind_fields(kind), &o, large);
	o.source = AOVPN_SOURCE_ICMP;
	o.time_ns = 100 + kind;
	o.flow.family = AF_INET6;
	if (kind == AOVPN_OBS_ICMP_ERROR)
		o.u.icmp.from_family = AF_INET6;
	if (kind == AOVPN_OBS_IKE_MESSAGE)
		o.u.ike_message.notify_count = AOVPN_NOTIFY_MAX;
	return o;
}

static void add_full_candidates(struct aovpn_attempt *a)
{
	uint32_t i;

	a->candidate_count = AOVPN_REFUSED_NOT + 1;
	a->candidates = calloc(a->candidate_count, sizeof(*a->candidates));
	for (i = 0; i < a->candidate_count; i++) {
		fill_by_form(verdict_form(), &a->candidates[i]);
		a->candidates[i].refusal = i;
	}
}

/* Everything in it that there is room for. */
static void full_attempt(struct aovpn_attempt *a, bool large)
{
	struct aovpn_observation o;
	uint32_t kind;

	attempt_begin(a);
	a->flow.family = AF_INET;
	memcpy(a->flow.remote, "\xc6\x33\x64\x0a", 4);
	a->flow.local_port = 500;
	a->flow.remote_port = 4500;
	a->lost[AOVPN_SOURCE_KERNEL] = 7;
	a->live[AOVPN_SOURCE_ICMP] = false;
	a->suppressed = 5;
	a->gateway_revocation_hard = a->resumption_refused = true;
	a->password_wanted = a->watched = true;
	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		o = full_observation(kind, large);
		aovpn_attempt_add(a, &o);
	}
	a->discarded = 3;
	a->spi_i = UINT64_MAX;
	a->ike_sa_id = UINT32_MAX;
	fill_by_form(chain_form, &a->chain);
	fill_by_form(history_form, &a->history);
	add_full_candidates(a);
}

/* --- there and back --------------------------------------------------------
 */

static const struct recorded_outcome no_outcome;

static char *written(const struct aovpn_attempt *a,
		     const struct recorded_outcome *outcome)
{
	json_t *object = attempt_json(a, outcome);
	char *text = json_dumps(object, JSON_COMPACT);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	json_decref(object);
	return text;
}

static int read_text(const char *text, struct aovpn_attempt *ret,
		     struct recorded_outcome *outcome,
		     struct aovpn_error *error)
{
	return attempt_json_read(text, strlen(text), ret, outcome, error);
}

static void same_lists(const struct aovpn_attempt *a,
		       const struct aovpn_attempt *b)
{
	uint32_t i;

	CU_ASSERT_EQUAL_FATAL(a->count, b->count);
	for (i = 0; i < a->count; i++)
		if (memcmp(&a->observations[i], &b->observations[i],
			   sizeof(a->observations[i])) != 0) {
			CU_FAIL("an observation differs");
			printf("    kind %s\n",
			       aovpn_observation_kind_name(
				       a->observations[i].kind));
		}
	CU_ASSERT_EQUAL_FATAL(a->candidate_count, b->candidate_count);
	for (i = 0; i < a->candidate_count; i++)
		CU_ASSERT_EQUAL(memcmp(&a->candidates[i], &b->candidates[i],
				       sizeof(a->candidates[i])),
				0);
}

/* But for where they are in memory. */
static void same_attempts(const struct aovpn_attempt *a,
			  const struct aovpn_attempt *b)
{
	struct aovpn_attempt x = *a, y = *b;

	same_lists(a, b);
	x.observations = y.observations = NULL;
	x.candidates = y.candidates = NULL;
	x.room = y.room = 0;
	CU_ASSERT_EQUAL(memcmp(&x.chain, &y.chain, sizeof(x.chain)), 0);
	CU_ASSERT_EQUAL(memcmp(&x.history, &y.history, sizeof(x.history)), 0);
	CU_ASSERT_EQUAL(memcmp(&x, &y, sizeof(x)), 0);
}

static void comes_back(const struct aovpn_attempt *a)
{
	struct recorded_outcome outcome;
	struct aovpn_error error = {""};
	struct aovpn_attempt back;
	char *text = written(a, &no_outcome);

	CU_ASSERT_EQUAL(read_text(text, &back, &outcome, &error), 0);
	CU_ASSERT_STRING_EQUAL(error.text, "");
	CU_ASSERT_EQUAL(outcome.event_id, 0);
	same_attempts(a, &back);
	aovpn_attempt_clear(&back);
	free(text);
}

static void every_field_comes_back(void)
{
	struct aovpn_attempt a;

	full_attempt(&a, false);
	comes_back(&a);
	aovpn_attempt_clear(&a);
	full_attempt(&a, true);
	comes_back(&a);
	aovpn_attempt_clear(&a);
}

static void what_is_empty_comes_back(void)
{
	struct aovpn_observation o = {.kind = AOVPN_OBS_IKE_MESSAGE};
	struct aovpn_attempt a = {.id = "6f0c0f5e-0000-4000-8000-000000000001"};
	uint32_t kind;

	comes_back(&a);
	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		o.kind = kind;
		aovpn_attempt_add(&a, &o);
	}
	comes_back(&a);
	aovpn_attempt_clear(&a);
}

static void every_name_comes_back(void)
{
	struct aovpn_attempt a;
	uint32_t i;

	attempt_begin(&a);
	for (i = 0; i < 256; i++) {
		struct aovpn_observation o = {.kind = AOVPN_OBS_ALERT};

		o.kind = i % 2 ? AOVPN_OBS_ALERT : AOVPN_OBS_PACKET;
		o.u.alert.alert = 0;
		if (o.kind == AOVPN_OBS_ALERT)
			o.u.alert.alert = i;
		else
			o.u.packet.exchange = (uint8_t)i;
		aovpn_attempt_add(&a, &o);
		o = (struct aovpn_observation){.kind = AOVPN_OBS_RESOLVED};
		o.u.resolved.gai_error = -(int32_t)i;
		aovpn_attempt_add(&a, &o);
	}
	comes_back(&a);
	aovpn_attempt_clear(&a);
	attempt_begin(&a);
	for (i = 0; i < 200; i++) {
		add_send_failed(&a, (int32_t)i - 20);
		a.observations[a.count - 1].time_ns = i;
	}
	comes_back(&a);
	aovpn_attempt_clear(&a);
}

/* --- the tables are whole --------------------------------------------------
 */

static void cover(const struct form *table, char *base)
{
	uint32_t i;

	for (; table->name; table++) {
		if (table->type == FORM_OBJECT)
			cover(table->fields, base + table->offset);
		for (i = 0; table->type == FORM_OBJECTS &&
			    i < table->size / table->each;
		     i++)
			cover(table->fields,
			      base + table->offset + i * table->each);
		if (table->type != FORM_OBJECT && table->type != FORM_OBJECTS)
			memset(base + table->offset, 1, table->size);
		if (table->type == FORM_TEXTS || table->type == FORM_OBJECTS)
			memset(base + table->other, 1, sizeof(uint32_t));
		if (table->type == FORM_ADDRESS)
			base[table->other] = 1;
	}
}

/* Could bytes from to up to the next member be padding before it? Not all that
 * is no padding is told from it, but a text, a time or a list always is. */
static bool is_padding(size_t from, size_t to)
{
	return to - from < 4 ? to % 4 == 0 : to - from < 8 && to % 8 == 0;
}

static void covers(const struct form *table, size_t size)
{
	char *seen = calloc(1, size + 1);
	size_t at, from = 0;

	cover(table, seen);
	seen[size] = 1;
	for (at = 0; at <= size; at++) {
		if (!seen[at])
			continue;
		if (at > from && !is_padding(from, at))
			CU_FAIL("a member is in no table");
		from = at + 1;
	}
	free(seen);
}

static void every_fact_is_in_a_table(void)
{
	covers(certificate_form, sizeof(struct aovpn_certificate_facts));
	covers(chain_form, sizeof(struct aovpn_chain_facts));
	covers(history_form, sizeof(struct aovpn_history));
	covers(verdict_form(), sizeof(struct aovpn_verdict));
}

/* --- outcomes --------------------------------------------------------------
 */

static void fails_at_udp_500(struct aovpn_attempt *a)
{
	add_state(a, AOVPN_IKE_CONNECTING);
	add_out(a, 34, 0);
	add_sent(a, false);
	add_drop(a, false, "NETFILTER_DROP");
	add_retransmits(a, 4, 0, 464);
}

static void fails_without_cdp(struct aovpn_attempt *a)
{
	a->chain.certificate[1].has_cdp = false;
	reach_certificate(a);
	add_eap_in(a, 4, 0);
}

static void fails_at_the_gateways_certificate(struct aovpn_attempt *a)
{
	reach_auth(a);
	add_refused(a, AOVPN_CERT_GATEWAY, 10);
}

static void fails_by_icmp(struct aovpn_attempt *a)
{
	add_state(a, AOVPN_IKE_CONNECTING);
	add_out(a, 34, 0);
	add_icmp6(a, 1, 4);
	add_retransmits(a, 4, 0, 464);
}

static void fails_at_home(struct aovpn_attempt *a)
{
	add_local_failure(a, "client-key-unusable");
}

static void fails_at_names(struct aovpn_attempt *a)
{
	add_resolve_error(a, -2);
}

static void connects(struct aovpn_attempt *a)
{
	reach_certificate(a);
	add_child_up(a);
}

static bool same_outcomes(const struct aovpn_outcome *a,
			  const struct aovpn_outcome *b)
{
	struct aovpn_outcome x = *a, y = *b;

	x.child_up = y.child_up = NULL;
	return memcmp(&x, &y, sizeof(x)) == 0 && !a->child_up == !b->child_up;
}

static void outcome_comes_back(void (*build)(struct aovpn_attempt *))
{
	struct recorded_outcome recorded, read;
	struct aovpn_outcome live, replayed;
	struct aovpn_attempt a, back;
	struct aovpn_error error;
	char *text;

	attempt_begin(&a);
	build(&a);
	aovpn_diagnose(&a, &live);
	recorded_outcome_set(&recorded, &live, 1795300002, 77);
	text = written(&a, &recorded);
	CU_ASSERT_EQUAL_FATAL(read_text(text, &back, &read, &error), 0);
	CU_ASSERT_EQUAL(memcmp(&recorded, &read, sizeof(read)), 0);
	aovpn_diagnose(&back, &replayed);
	CU_ASSERT(same_outcomes(&live, &replayed));
	CU_ASSERT(recorded_outcome_is(&read, &replayed));
	aovpn_attempt_clear(&a);
	aovpn_attempt_clear(&back);
	free(text);
}

static void the_outcome_is_the_same(void)
{
	outcome_comes_back(fails_at_udp_500);
	outcome_comes_back(fails_without_cdp);
	outcome_comes_back(fails_at_the_gateways_certificate);
	outcome_comes_back(fails_by_icmp);
	outcome_comes_back(fails_at_home);
	outcome_comes_back(fails_at_names);
	outcome_comes_back(connects);
}

static void another_outcome_is_noticed(void)
{
	struct recorded_outcome recorded;
	struct aovpn_outcome outcome;
	struct aovpn_attempt a;

	attempt_begin(&a);
	fails_without_cdp(&a);
	aovpn_diagnose(&a, &outcome);
	recorded_outcome_set(&recorded, &outcome, 0, 0);
	CU_ASSERT(recorded_outcome_is(&recorded, &outcome));
	recorded.ras_code = 812;
	CU_ASSERT_FALSE(recorded_outcome_is(&recorded, &outcome));
	recorded.ras_code = 853;
	strcpy(recorded.cause[1], "unknown");
	CU_ASSERT_FALSE(recorded_outcome_is(&recorded, &outcome));
	recorded_outcome_set(&recorded, &outcome, 0, 0);
	recorded.cause_count--;
	CU_ASSERT_FALSE(recorded_outcome_is(&recorded, &outcome));
	aovpn_attempt_clear(&a);
}

/* --- what is no recorded attempt -------------------------------------------
 */

/* The element of what path leads to, keys and indexes between dots. */
static json_t *find(json_t *object, const char *path, const char **ret_key)
{
	static char copy[128];
	char *key = copy, *dot;

	snprintf(copy, sizeof(copy), "%s", path);
	while ((dot = strchr(key, '.')) != NULL) {
		*dot = '\0';
		object = json_is_array(object)
				 ? json_array_get(object, (size_t)atoi(key))
				 : json_object_get(object, key);
		key = dot + 1;
	}
	*ret_key = key;
	return object;
}

/* The attempt with this value at this place must be refused so. */
static void refused(const char *path, const char *value, const char *message)
{
	struct recorded_outcome outcome = {.event_id = 20227};
	struct aovpn_error error = {""};
	struct aovpn_attempt a, back;
	json_t *object, *parent;
	const char *key;
	char *text;

	full_attempt(&a, false);
	object = attempt_json(&a, &outcome);
	parent = find(object, path, &key);
	CU_ASSERT_EQUAL(
		json_object_set_new(parent, key,
				    json_loads(value, JSON_DECODE_ANY, NULL)),
		0);
	text = json_dumps(object, 0);
	CU_ASSERT_EQUAL(read_text(text, &back, &outcome, &error), -EBADMSG);
	if (!strstr(error.text, message)) {
		CU_FAIL("another message");
		printf("    %s\n    %s\n", error.text, message);
	}
	CU_ASSERT_PTR_NULL(back.observations);
	CU_ASSERT_PTR_NULL(back.candidates);
	free(text);
	json_decref(object);
	aovpn_attempt_clear(&a);
}

static void what_does_not_fit_is_refused(void)
{
	refused("schema", "2", "schema: is 2; this aovpn reads 1");
	refused("schema", "\"1\"", "schema: is missing");
	refused("sever", "1", "sever: is no key");
	refused("id", "\"../../etc/passwd\"", "id: must be a UUID");
	refused("id", "\"6F0C0F5E-0000-4000-8000-000000000001\"", "UUID");
	refused("user", "7", "user: must be a text, not 7");
	refused("user", "\"a\\\\x00b\"", "user: must be a text without zeros");
	refused("started_at", "1e3", "started_at: must be a number");
	refused("started_at", "253402300800", "in its range");
	refused("suppressed", "-1", "suppressed: must be a number in its");
	refused("spi_i", "\"12\"", "spi_i: must be hexadecimal");
	refused("flow", "[]", "flow: must be an object");
	refused("flow.family", "2", "flow.family: is no key");
	refused("flow.remote", "\"::1\"", "flow.remote: must be of the other");
	refused("flow.remote", "\"1.2.3\"", "flow.remote: must be an address");
	refused("sees_egress", "1", "sees_egress: must be true or false");
	refused("sources", "[]", "sources: must be an object");
	refused("sources.bpf", "{}", "sources.bpf: is no source");
	refused("sources.icmp", "{\"lives\":true}",
		"sources.icmp.lives: is no");
	refused("chain.count", "3", "chain.count: is no key");
	refused("chain.certificate", "[{},{},{},{},{},{},{},{},{}]",
		"chain.certificate: 9 elements, more than 8");
	refused("chain.certificate.1.sid_uri_state", "\"2\"",
		"chain.certificate[1].sid_uri_state: must be one of its names");
	refused("chain.certificate.0.revocation.state", "\"so\"",
		"chain.certificate[0].revocation.state: must be one of its");
	refused("chain.certificate.0.eku", "[1]",
		"chain.certificate[0].eku[0]: must be a text, not 1");
	refused("history.defect", "{}", "history.defect: must be a list");
	refused("candidates", "{}", "candidates: must be a list");
	refused("candidates.2.refusal", "\"99\"",
		"candidates[2].refusal: must be one of its names");
	refused("observations", "3", "observations: must be a list");
	refused("outcome.cause", "[]", "outcome.cause: is no key");
	refused("outcome.causes",
		"[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"]",
		"outcome.causes: 9 elements");
}

static void what_is_no_observation_is_refused(void)
{
	refused("observations.0.kind", "\"ike\"",
		"observations[0].kind: must be one of its names");
	refused("observations.0.kind", "\"1\"", "must be one of its names");
	refused("observations.0.source", "\"unknown\"",
		"observations[0].source: must be one of its names");
	refused("observations.3.time_ns", "1",
		"observations[3]: time_ns is before");
	refused("observations.3.reason", "\"\"",
		"observations[3].reason: is no key of kind alert");
	refused("observations.3.alert", "\"0x1\"",
		"observations[3].alert: must be one of its names");
	refused("observations.3.alert", "\"1\"", "must be one of its names");
	refused("observations.3.alert", "\"01\"", "must be one of its names");
	refused("observations.3.alert", "\"4294967296\"", "one of its names");
	refused("observations.1.notify_count", "17", "must be at most 16");
	refused("observations.1.notify_count", "3", "list of as many numbers");
	refused("observations.1.notify", "[1]", "list of as many numbers");
	refused("observations.1.exchange", "\"300\"", "one of its names");
	refused("observations.1.family", "2",
		"observations[1].family: is no key of kind ike_message");
}

/* Not only the list must fit, but also what says how much of it counts. */
static void a_count_without_its_list_is_refused(void)
{
	static const char text[] =
		"{\"schema\":1,\"id\":\"6f0c0f5e-0000-4000-8000-000000000001\","
		"\"observations\":[{\"kind\":\"ike_message\","
		"\"source\":\"plugin\",\"time_ns\":1,\"notify_count\":1000}]}";
	struct recorded_outcome outcome;
	struct aovpn_attempt back;
	struct aovpn_error error;

	CU_ASSERT_EQUAL(read_text(text, &back, &outcome, &error), -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(error.text, "notify_count must be at most 16"));
}

static void a_text_too_long_is_refused_and_not_cut(void)
{
	char value[AOVPN_TEXT_MAX + 3];

	memset(value, 'x', sizeof(value));
	value[0] = value[sizeof(value) - 2] = '"';
	value[sizeof(value) - 1] = '\0';
	refused("user", value, "user: a text of at most 255 bytes");
	refused("chain.certificate.0.cdp.url",
		"[\"a\",\"b\",\"c\",\"d\",\"e\"]",
		"chain.certificate[0].cdp.url: 5 elements, more than 4");
}

static void more_than_an_attempt_has_is_refused(void)
{
	struct recorded_outcome outcome;
	struct aovpn_attempt a, back;
	struct aovpn_error error;
	json_t *object, *list;
	char *text;

	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	object = attempt_json(&a, &no_outcome);
	list = json_object_get(object, "observations");
	while (json_array_size(list) <= AOVPN_ATTEMPT_OBSERVATIONS_MAX)
		json_array_append(list, json_array_get(list, 0));
	text = json_dumps(object, 0);
	CU_ASSERT_EQUAL(read_text(text, &back, &outcome, &error), -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "observations: 513"));
	free(text);
	json_decref(object);
	aovpn_attempt_clear(&a);
	CU_ASSERT_EQUAL(attempt_json_read("", ATTEMPT_JSON_MAX + 1, &back,
					  &outcome, &error),
			-EFBIG);
}

static void what_is_no_json_is_refused(void)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"7",
		"{}",
		"{\"schema\":1}",
		"{\"schema\":1,\"schema\":1}",
		"{\"schema\":1} x",
	};
	struct recorded_outcome outcome;
	struct aovpn_attempt back;
	struct aovpn_error error;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		error.text[0] = '\0';
		CU_ASSERT_EQUAL(read_text(texts[i], &back, &outcome, &error),
				-EBADMSG);
		CU_ASSERT_STRING_NOT_EQUAL(error.text, "");
	}
}

/* Whoever prints the file is not at the mercy of what is in it. */
static void no_raw_byte_leaves(void)
{
	struct aovpn_attempt a;
	char *text;
	size_t i;

	full_attempt(&a, false);
	text = written(&a, &no_outcome);
	for (i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			CU_FAIL_FATAL("a control character");
	free(text);
	aovpn_attempt_clear(&a);
}

CU_TestInfo attempt_json_tests[] = {
	{"every field comes back", every_field_comes_back},
	{"what is empty comes back", what_is_empty_comes_back},
	{"every name comes back", every_name_comes_back},
	{"every fact is in a table", every_fact_is_in_a_table},
	{"the outcome is the same", the_outcome_is_the_same},
	{"another outcome is noticed", another_outcome_is_noticed},
	{"what does not fit is refused", what_does_not_fit_is_refused},
	{"what is no observation is refused",
	 what_is_no_observation_is_refused},
	{"a count without its list is refused",
	 a_count_without_its_list_is_refused},
	{"a text too long is refused and not cut",
	 a_text_too_long_is_refused_and_not_cut},
	{"more than an attempt has is refused",
	 more_than_an_attempt_has_is_refused},
	{"what is no JSON is refused", what_is_no_json_is_refused},
	{"no raw byte leaves", no_raw_byte_leaves},
	CU_TEST_INFO_NULL,
};
