/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.c - aovpn status: connections and sources. */
#include <stdio.h>
#include <string.h>

#include "bus_names.h"
#include "cli.h"

static void print_source(const struct cli *cli, const char *name,
			 const json_t *source)
{
	const char *reason = record_text(source, "reason");
	const json_t *lost = json_object_get(source, "lost_events");
	const json_t *hook;
	size_t i;

	printf("  %-9s %s", name, record_text(source, "state"));
	if (reason[0] != '\0')
		printf(": %s", reason);
	if (json_integer_value(lost) > 0)
		printf(", %lld events lost",
		       (long long)json_integer_value(lost));
	putchar('\n');
	if (!cli->verbose)
		return;
	json_array_foreach(json_object_get(source, "hooks"), i, hook)
	{
		printf("    %-34s %s %s\n", record_text(hook, "hook"),
		       record_text(hook, "state"), record_text(hook, "reason"));
	}
}

/* One of those that keep records, where it did not. */
static void print_sink(const char *name, const json_t *sink)
{
	const json_int_t unwritten =
		json_integer_value(json_object_get(sink, "unwritten"));

	if (unwritten > 0)
		printf("%lld records were not written (%s)%s%s\n",
		       (long long)unwritten, name,
		       record_text(sink, "problem")[0] != '\0' ? ": " : "",
		       record_text(sink, "problem"));
}

static void print_connection(const json_t *connection)
{
	const json_t *record = json_object_get(connection, "last_record");
	const char *state = record_text(connection, "state");

	printf("%-20s %-13s", record_text(connection, "connection"), state);
	if (strcmp(state, "connected") == 0)
		printf(" %s %s", record_text(record, "server"),
		       record_text(json_object_get(record, "tunnel"),
				   "addresses"));
	else if (strcmp(state, "connecting") == 0)
		printf(" %s", record_text(connection, "stage"));
	else if (record_text(record, "cause")[0] != '\0')
		printf(" last: %lld %s",
		       (long long)json_integer_value(
			       json_object_get(record, "ras_code")),
		       record_text(record, "cause"));
	putchar('\n');
	if (json_is_object(json_object_get(connection, "hint")))
		text_hint(json_object_get(connection, "hint"));
}

static void print_status(const struct cli *cli, const json_t *status)
{
	json_t *sources = json_object_get(status, "sources");
	const json_t *list = json_object_get(status, "connections");
	const json_t *connection;
	json_t *source;
	const char *name;
	size_t i;

	if (json_array_size(list) == 0)
		puts("no connection was dialled yet");
	json_array_foreach(list, i, connection) print_connection(connection);
	json_object_foreach(json_object_get(status, "records"), name, source)
		print_sink(name, source);
	puts("sources:");
	json_object_foreach(sources, name, source)
		print_source(cli, name, source);
}

int cmd_status(const struct cli *cli, int argc, char **argv)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	json_t *status_object = NULL;
	sd_bus *bus = NULL;
	const char *text;
	int r, status;

	(void)argc;
	(void)argv;
	status = client_open(cli, &bus);
	if (status != 0)
		return status;
	r = sd_bus_call_method(bus, NULL, BUS_PATH, BUS_INTERFACE, "Status",
			       &error, &answer, NULL);
	if (r >= 0)
		r = sd_bus_message_read(answer, "s", &text);
	if (r >= 0)
		status_object = json_loads(text, 0, NULL);
	if (!status_object)
		status = client_failed(cli, r, &error);
	else if (cli->json)
		cli_print_json(status_object);
	else
		print_status(cli, status_object);
	json_decref(status_object);
	sd_bus_message_unref(answer);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return status;
}
