/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.c - aovpn status: connections and sources. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus_names.h"
#include "cli.h"
#include "status_text.h"

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
	json_array_foreach(list, i, connection)
		status_connection(cli, connection);
	json_object_foreach(json_object_get(status, "records"), name, source)
		print_sink(name, source);
	puts("sources:");
	json_object_foreach(sources, name, source)
		print_source(cli, name, source);
}

/* Ask once. Returns 0 and a new reference, or an exit status. */
static int ask(const struct cli *cli, sd_bus *bus, json_t **ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	const char *text;
	int r, status = 0;

	*ret = NULL;
	r = sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
			       BUS_INTERFACE, "Status", &error, &answer, NULL);
	if (r >= 0)
		r = sd_bus_message_read(answer, "s", &text);
	if (r >= 0)
		*ret = json_loads(text, 0, NULL);
	if (!*ret)
		status = client_failed(cli, r, &error);
	sd_bus_message_unref(answer);
	sd_bus_error_free(&error);
	return status;
}

static int show(const struct cli *cli, sd_bus *bus)
{
	json_t *object;
	int status = ask(cli, bus, &object);

	if (status != 0)
		return status;
	/* A screen of its own for each look. */
	if (cli->watch && cli->colour && !cli->json)
		fputs("\033[H\033[2J", stdout);
	if (cli->json)
		cli_print_json(object);
	else
		print_status(cli, object);
	fflush(stdout);
	json_decref(object);
	return 0;
}

int cmd_status(const struct cli *cli, int argc, char **argv)
{
	sd_bus *bus = NULL;
	int status;

	(void)argc;
	(void)argv;
	status = client_open(cli, &bus);
	if (status == 0)
		status = show(cli, bus);
	while (status == 0 && cli->watch && !ferror(stdout)) {
		sleep(1);
		status = show(cli, bus);
	}
	sd_bus_flush_close_unref(bus);
	return status;
}
