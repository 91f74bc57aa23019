/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_event.c - what became of one attempt, out of the records so far:
 * through aovpnd or, where there is none, from its file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "diagnosis.h"
#include "escape.h"

#define UUID_LENGTH   36
#define ID_LENGTH_MIN 8 /* of a beginning that is taken for an id */

/* What the search has come to. */
struct search {
	const char *id;
	json_t *found;   /* the last record that tells the most, or NULL */
	json_t *another; /* one of a second attempt that fits, or NULL */
};

bool event_is_id(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i, length = strlen(text);

	if (length < ID_LENGTH_MIN || length > UUID_LENGTH)
		return false;
	for (i = 0; i < length; i++)
		if (form[i] == '-' ? text[i] != '-'
				   : !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	return true;
}

static bool is_outcome(const json_t *record)
{
	return json_integer_value(json_object_get(record, "event_id")) >=
	       AOVPN_EVENT_CONNECTED;
}

/* Keep record if it fits and tells no less than what was found before. */
static void consider(struct search *search, json_t *record)
{
	const char *id = record_text(record, "attempt_id");

	if (strncasecmp(id, search->id, strlen(search->id)) != 0)
		return;
	if (!search->found) {
		search->found = json_incref(record);
		return;
	}
	if (strcmp(id, record_text(search->found, "attempt_id")) != 0) {
		if (!search->another)
			search->another = json_incref(record);
		return;
	}
	if (is_outcome(search->found) && !is_outcome(record))
		return;
	json_decref(search->found);
	search->found = json_incref(record);
}

static void search_line(const char *line, bool whole, void *userdata)
{
	json_t *record = whole ? json_loads(line, 0, NULL) : NULL;

	if (record)
		consider(userdata, record);
	json_decref(record);
}

/* Open the records and search them. Returns 0, or an exit status after having
 * said what is wrong. */
static int search_records(const struct cli *cli, struct search *search)
{
	struct record_file_part part[RECORD_FILE_PARTS];
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int count, r, status = 0;

	r = client_try(cli, &bus);
	count = r < 0 ? record_file_open(cli->paths.events, false, part, NULL)
		      : client_open_events(bus, part, &error);
	if (count >= 0)
		record_file_read(part, count, search_line, search);
	else if (r >= 0)
		status = client_failed(cli, count, &error);
	else
		status = cli_fail(cli, EXIT_NO_DAEMON,
				  "cannot reach aovpnd at %s (%s), nor read %s "
				  "(%s)",
				  cli->paths.bus_socket, strerror(-r),
				  cli->paths.events, strerror(-count));
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return status;
}

/* The file may be anybody's, so nothing in it reaches a terminal as it is. */
static void escape_strings(json_t *value)
{
	const char *key, *text = json_string_value(value);
	char *escaped;
	json_t *part;
	size_t i, size;

	if (text) {
		size = 4 * strlen(text) + 1;
		escaped = malloc(size);
		if (escaped)
			aovpn_escape_string(text, escaped, size);
		json_string_set(value, escaped ? escaped : "");
		free(escaped);
	}
	json_array_foreach(value, i, part) escape_strings(part);
	json_object_foreach(value, key, part) escape_strings(part);
}

static void show(const struct cli *cli, json_t *record)
{
	struct cli whole = *cli;

	if (cli->json) {
		cli_print_json(record);
		return;
	}
	escape_strings(record);
	printf("%s  %s  %s\n", record_text(record, "time"),
	       record_text(record, "connection"),
	       record_text(record, "attempt_id"));
	if (!is_outcome(record)) {
		printf("no outcome yet: the last that is known is the stage "
		       "%s\n",
		       record_text(record, "stage"));
		return;
	}
	whole.verbose = true;
	text_outcome(&whole, record);
}

int event_explain(const struct cli *cli, const char *id)
{
	struct search search = {.id = id};
	int status;

	status = search_records(cli, &search);
	if (status != 0)
		return status;
	if (!search.found)
		status = cli_fail(cli, EXIT_USAGE,
				  "no event with an id that begins with "
				  "\"%s\"; aovpn events --json shows the ids",
				  id);
	else if (search.another)
		status = cli_fail(cli, EXIT_USAGE,
				  "\"%s\" begins more than one id, %s and %s",
				  id, record_text(search.found, "attempt_id"),
				  record_text(search.another, "attempt_id"));
	else
		show(cli, search.found);
	json_decref(search.found);
	json_decref(search.another);
	return status;
}
