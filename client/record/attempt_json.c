/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt_json.c - see attempt_json.h. */
#include "attempt_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts_form.h"
#include "form.h"
#include "observation_json.h"

/* clang-format off: a table reads by lines. */
#define FLOW(type, member)                               \
	{                                                \
		FORM_AT(struct aovpn_flow, type, member) \
	}
#define ATTEMPT(type, member)                               \
	{                                                   \
		FORM_AT(struct aovpn_attempt, type, member) \
	}
#define OUTCOME(type, member)                                  \
	{                                                      \
		FORM_AT(struct recorded_outcome, type, member) \
	}

static const struct form flow_form[] = {
	{FORM_AT(struct aovpn_flow, ADDRESS, local),
	 .other = offsetof(struct aovpn_flow, family)},
	FLOW(UNSIGNED, local_port),
	{FORM_AT(struct aovpn_flow, ADDRESS, remote),
	 .other = offsetof(struct aovpn_flow, family)},
	FLOW(UNSIGNED, remote_port),
	FORM_END,
};

static const struct form attempt_form[] = {
	ATTEMPT(TEXT, id),
	ATTEMPT(TEXT, connection),
	ATTEMPT(TEXT, charon_name),
	ATTEMPT(TEXT, user),
	ATTEMPT(TEXT, server),
	ATTEMPT(TIME, started_at),
	ATTEMPT(UNSIGNED, started_ns),
	ATTEMPT(FLAG, watched),
	ATTEMPT(UNSIGNED, ike_sa_id),
	ATTEMPT(HEX, spi_i),
	{FORM_AT(struct aovpn_attempt, OBJECT, flow), .fields = flow_form},
	ATTEMPT(FLAG, sees_egress),
	ATTEMPT(UNSIGNED, suppressed),
	ATTEMPT(UNSIGNED, discarded),
	ATTEMPT(FLAG, gateway_revocation_hard),
	ATTEMPT(FLAG, resumption_refused),
	ATTEMPT(FLAG, password_wanted),
	{FORM_AT(struct aovpn_attempt, OBJECT, chain), .fields = chain_form},
	{FORM_AT(struct aovpn_attempt, OBJECT, history),
	 .fields = history_form},
	FORM_END,
};

static const struct form outcome_form[] = {
	OUTCOME(UNSIGNED, event_id),
	OUTCOME(SIGNED, ras_code),
	{.name = "causes",
	 .type = FORM_TEXTS,
	 .offset = offsetof(struct recorded_outcome, cause),
	 .size = sizeof(((struct recorded_outcome *)0)->cause),
	 FORM_LIST(struct recorded_outcome, cause, cause_count)},
	OUTCOME(TIME, ended_at),
	OUTCOME(UNSIGNED, ended_ns),
	FORM_END,
};
/* clang-format on */

/* One source; the keys are the sources' names. */
struct source {
	bool live;
	uint64_t lost;
};

static const struct form source_form[] = {
	{FORM_AT(struct source, FLAG, live)},
	{FORM_AT(struct source, UNSIGNED, lost)},
	FORM_END,
};

/* The keys of the whole object that attempt_form does not have. */
static const char *const other_keys[] = {
	"schema", "version", "sources", "candidates", "observations", "outcome",
};

/* --- the outcome -----------------------------------------------------------
 */

void recorded_outcome_set(struct recorded_outcome *ret,
			  const struct aovpn_outcome *outcome, time_t ended_at,
			  uint64_t ended_ns)
{
	uint32_t i;

	memset(ret, 0, sizeof(*ret));
	ret->event_id = outcome->event_id;
	ret->ras_code = outcome->ras_code;
	for (i = 0; i < outcome->count; i++)
		strncpy(ret->cause[i], outcome->finding[i].cause->slug,
			AOVPN_NAME_MAX - 1);
	ret->cause_count = outcome->count;
	ret->ended_at = ended_at;
	ret->ended_ns = ended_ns;
}

bool recorded_outcome_is(const struct recorded_outcome *recorded,
			 const struct aovpn_outcome *outcome)
{
	uint32_t i;

	if (recorded->event_id != outcome->event_id ||
	    recorded->ras_code != outcome->ras_code ||
	    recorded->cause_count != outcome->count)
		return false;
	for (i = 0; i < outcome->count; i++)
		if (strcmp(recorded->cause[i],
			   outcome->finding[i].cause->slug) != 0)
			return false;
	return true;
}

/* --- writing ---------------------------------------------------------------
 */

static json_t *sources_json(const struct aovpn_attempt *attempt)
{
	json_t *object = json_object();
	struct source source;
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++) {
		source = (struct source){attempt->live[i], attempt->lost[i]};
		json_object_set_new(object, aovpn_source_name(i),
				    form_write(source_form, &source));
	}
	return object;
}

static json_t *candidates_json(const struct aovpn_attempt *attempt)
{
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < attempt->candidate_count; i++)
		json_array_append_new(
			list,
			form_write(verdict_form(), &attempt->candidates[i]));
	return list;
}

static json_t *observations_json(const struct aovpn_attempt *attempt)
{
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < attempt->count; i++)
		json_array_append_new(list, observation_json_exact(
						    &attempt->observations[i]));
	return list;
}

json_t *attempt_json(const struct aovpn_attempt *attempt,
		     const struct recorded_outcome *outcome)
{
	json_t *object = json_pack("{s:i, s:s}", "schema", ATTEMPT_JSON_SCHEMA,
				   "version", AOVPN_VERSION);
	int r;

	if (!object)
		return NULL;
	r = form_write_into(attempt_form, attempt, object);
	r |= json_object_set_new(object, "sources", sources_json(attempt));
	if (attempt->candidate_count > 0)
		r |= json_object_set_new(object, "candidates",
					 candidates_json(attempt));
	r |= json_object_set_new(object, "observations",
				 observations_json(attempt));
	if (outcome->event_id != 0)
		r |= json_object_set_new(object, "outcome",
					 form_write(outcome_form, outcome));
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* --- reading ---------------------------------------------------------------
 */

static int read_head(const json_t *object, struct aovpn_error *error)
{
	static const struct form_place place = {.name = "schema"};
	const json_t *schema = json_object_get(object, "schema");

	if (!json_is_object(object))
		return form_error(NULL, error, -EBADMSG,
				  "a recorded attempt is an object");
	if (!json_is_integer(schema))
		return form_error(&place, error, -EBADMSG,
				  "is missing: not a recorded attempt");
	if (json_integer_value(schema) != ATTEMPT_JSON_SCHEMA)
		return form_error(&place, error, -EBADMSG,
				  "is %lld; this aovpn reads %d",
				  (long long)json_integer_value(schema),
				  ATTEMPT_JSON_SCHEMA);
	return 0;
}

static bool is_other_key(const char *key)
{
	size_t i;

	for (i = 0; i < FORM_COUNT(other_keys); i++)
		if (strcmp(other_keys[i], key) == 0)
			return true;
	return false;
}

static int check_keys(const json_t *object, struct aovpn_error *error)
{
	struct form_place place = {0};
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		place.name = key;
		if (!is_other_key(key) && !form_find(attempt_form, key))
			return form_error(&place, error, -EBADMSG, "is no key");
	}
	return 0;
}

static int read_fields(const json_t *object, struct aovpn_attempt *ret,
		       struct aovpn_error *error)
{
	static const struct form_place place = {.name = "id"};
	int r = form_read_known(attempt_form, object, ret, NULL, error);

	if (r == 0 && !aovpn_attempt_id_valid(ret->id))
		r = form_error(&place, error, -EBADMSG,
			       "must be a UUID, not \"%s\"", ret->id);
	return r;
}

static bool find_source(const char *name, uint32_t *ret)
{
	for (*ret = 0; *ret < AOVPN_SOURCE_COUNT; (*ret)++)
		if (strcmp(aovpn_source_name(*ret), name) == 0)
			return true;
	return false;
}

static int read_sources(const json_t *object, struct aovpn_attempt *ret,
			struct aovpn_error *error)
{
	static const struct form_place within = {.name = "sources"};
	struct form_place place = {.within = &within};
	struct source source;
	const char *name;
	json_t *value;
	uint32_t i;
	int r = 0;

	if (object && !json_is_object(object))
		return form_error(&within, error, -EBADMSG,
				  "must be an object");
	json_object_foreach((json_t *)object, name, value)
	{
		place.name = name;
		if (!find_source(name, &i))
			return form_error(&place, error, -EBADMSG,
					  "is no source");
		source = (struct source){0};
		r = form_read(source_form, value, &source, &place, error);
		if (r < 0)
			return r;
		ret->live[i] = source.live;
		ret->lost[i] = source.lost;
	}
	return 0;
}

/* A list of at most that many elements, or nothing. */
static int check_list(const json_t *list, size_t most,
		      const struct form_place *place, struct aovpn_error *error)
{
	if (list && !json_is_array(list))
		return form_error(place, error, -EBADMSG, "must be a list");
	if (json_array_size(list) > most)
		return form_error(place, error, -EBADMSG,
				  "%zu elements, more than %zu allowed",
				  json_array_size(list), most);
	return 0;
}

static int read_candidates(const json_t *list, struct aovpn_attempt *ret,
			   struct aovpn_error *error)
{
	static const struct form_place within = {.name = "candidates"};
	struct form_place place = {.within = &within};
	const json_t *one;
	int r = check_list(list, AOVPN_CANDIDATES_MAX, &within, error);

	if (r < 0 || json_array_size(list) == 0)
		return r;
	ret->candidates =
		calloc(json_array_size(list), sizeof(*ret->candidates));
	if (!ret->candidates)
		return form_error(&within, error, -ENOMEM, "out of memory");
	json_array_foreach(list, place.index, one)
	{
		r = form_read(verdict_form(), one,
			      &ret->candidates[place.index], &place, error);
		if (r < 0)
			return r;
		ret->candidate_count++;
	}
	return 0;
}

/* The place-th; each as of the time of the one before it, or later. */
static int read_observation(const json_t *one, struct aovpn_attempt *ret,
			    const struct form_place *place,
			    struct aovpn_error *error)
{
	struct aovpn_observation *o = &ret->observations[place->index];
	int r = observation_json_read(one, o, place, error);

	if (r == 0 && place->index > 0 && o->time_ns < o[-1].time_ns)
		r = form_error(place, error, -EBADMSG,
			       "time_ns is before that of the one before");
	if (r == 0)
		ret->count++;
	return r;
}

static int read_observations(const json_t *list, struct aovpn_attempt *ret,
			     struct aovpn_error *error)
{
	static const struct form_place within = {.name = "observations"};
	struct form_place place = {.within = &within};
	const json_t *one;
	int r = check_list(list, AOVPN_ATTEMPT_OBSERVATIONS_MAX, &within,
			   error);

	if (r < 0 || json_array_size(list) == 0)
		return r;
	ret->observations =
		calloc(json_array_size(list), sizeof(*ret->observations));
	if (!ret->observations)
		return form_error(&within, error, -ENOMEM, "out of memory");
	ret->room = (uint32_t)json_array_size(list);
	json_array_foreach(list, place.index, one)
	{
		r = read_observation(one, ret, &place, error);
		if (r < 0)
			break;
	}
	return r;
}

static int read_outcome(const json_t *object, struct recorded_outcome *ret,
			struct aovpn_error *error)
{
	static const struct form_place place = {.name = "outcome"};

	return object ? form_read(outcome_form, object, ret, &place, error) : 0;
}

static int read_whole(const json_t *object, struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error)
{
	int r = read_head(object, error);

	if (r == 0)
		r = check_keys(object, error);
	if (r == 0)
		r = read_fields(object, ret, error);
	if (r == 0)
		r = read_sources(json_object_get(object, "sources"), ret,
				 error);
	if (r == 0)
		r = read_candidates(json_object_get(object, "candidates"), ret,
				    error);
	if (r == 0)
		r = read_observations(json_object_get(object, "observations"),
				      ret, error);
	if (r == 0)
		r = read_outcome(json_object_get(object, "outcome"),
				 ret_outcome, error);
	return r;
}

int attempt_json_read(const char *text, size_t length,
		      struct aovpn_attempt *ret,
		      struct recorded_outcome *ret_outcome,
		      struct aovpn_error *error)
{
	json_error_t wrong;
	json_t *object;
	int r;

	memset(ret, 0, sizeof(*ret));
	memset(ret_outcome, 0, sizeof(*ret_outcome));
	if (length > ATTEMPT_JSON_MAX)
		return aovpn_error_set(error, -EFBIG,
				       "more than %u bytes: not a recorded "
				       "attempt",
				       ATTEMPT_JSON_MAX);
	object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong);
	if (!object)
		return aovpn_error_set(error, -EBADMSG, "line %d: %s",
				       wrong.line, wrong.text);
	r = read_whole(object, ret, ret_outcome, error);
	json_decref(object);
	if (r < 0)
		aovpn_attempt_clear(ret);
	return r;
}
