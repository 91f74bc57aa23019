/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status_view.c - see status_view.h. It lists what may be seen: what is added
 * to a record later is not seen until somebody has thought of it. */
#include "status_view.h"

#include <pwd.h>
#include <string.h>

#include "authorize.h"

static const char *const connection_keys[] = {
	"connection", "state", "stage",   "since",
	"traffic",    "keep",  "watched", NULL,
};

static const char *const record_keys[] = {
	"schema",     "event_id", "time",  "attempt_id",  "connection",
	"ras_code",   "ras_name", "stage", "cause",       "message",
	"sources",    "resumed",  "user",  "duration_ms", "lost_events",
	"decided_ms", NULL,
};

static const char *const cause_keys[] = {
	"cause", "confidence",    "summary",
	"why",   "nps_reasons",   "check",
	"fix",   "check_windows", "fix_lowers_security",
	NULL,
};

/* A new object of these keys of the other one. */
static json_t *some_of(const json_t *object, const char *const *keys)
{
	json_t *some = json_object(), *value;

	for (; *keys; keys++) {
		value = json_object_get(object, *keys);
		if (value)
			json_object_set(some, *keys, value);
	}
	return some;
}

static json_t *view_record(const json_t *record)
{
	const json_t *cause;
	json_t *some, *causes;
	size_t i;

	if (!json_is_object(record))
		return json_null();
	some = some_of(record, record_keys);
	causes = json_array();
	json_array_foreach(json_object_get(record, "causes"), i, cause)
		json_array_append_new(causes, some_of(cause, cause_keys));
	json_object_set_new(some, "causes", causes);
	return some;
}

static json_t *view_connection(const json_t *connection)
{
	json_t *some = some_of(connection, connection_keys);

	json_object_set_new(
		some, "last_record",
		view_record(json_object_get(connection, "last_record")));
	json_object_set_new(some, "hint",
			    view_record(json_object_get(connection, "hint")));
	json_object_set_new(some, "network", json_null());
	json_object_set_new(some, "restricted", json_true());
	return some;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool may_see(const json_t *connection, const char *profiles,
		    const char *user, const struct passwd *entry)
{
	const json_t *record = json_object_get(connection, "last_record");

	return (entry && entry->pw_uid == 0) ||
	       strcmp(text_of(record, "user"), user) == 0 ||
	       authorize_by_profile(profiles, text_of(connection, "connection"),
				    entry);
}

void status_view(json_t *status, const char *profiles, const char *user)
{
	json_t *list = json_object_get(status, "connections"), *connection;
	size_t i;

	json_array_foreach(list, i, connection)
		/* Anew for each: reading groups asks for users, too. */
		if (!may_see(connection, profiles, user, getpwnam(user)))
			json_array_set_new(list, i,
					   view_connection(connection));
}
