/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hangup.c - aovpn hangup: disconnect, or cancel a dial, and wait for its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bus_names.h"
#include "cli.h"

/* charon waits for the gateway's answer no longer than this. */
#define WAIT_SECONDS 15

struct hangup {
	const struct cli *cli;
	const char *name;
	json_t *record; /* of the end, NULL until it came */
};

static int on_event(sd_bus_message *message, void *userdata,
		    sd_bus_error *error)
{
	struct hangup *hangup = userdata;
	json_int_t id;
	json_t *record;
	const char *text;

	(void)error;
	if (sd_bus_message_read(message, "s", &text) < 0)
		return 0;
	record = json_loads(text, 0, NULL);
	id = json_integer_value(json_object_get(record, "event_id"));
	if (!hangup->record && (id == 20226 || id == 20227) &&
	    strcmp(record_text(record, "connection"), hangup->name) == 0)
		hangup->record = json_incref(record);
	json_decref(record);
	return 0;
}

/* On the system bus, which does not carry records: what it came to. */
static int on_outcome(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct hangup *hangup = userdata;
	const char *cause, *text;
	int32_t code;

	(void)error;
	if (!hangup->record &&
	    client_read_outcome(message, hangup->name, &code, &cause, &text))
		hangup->record = json_pack("{s:s, s:i, s:s, s:s}", "connection",
					   hangup->name, "ras_code", code,
					   "cause", cause, "message", text);
	return 0;
}

/* Until the end is there, the daemon is gone, or time is over. */
static int wait_for_end(struct hangup *hangup, sd_bus *bus)
{
	const time_t until = time(NULL) + WAIT_SECONDS;
	int r = 0;

	while (!hangup->record && r >= 0 && time(NULL) < until) {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, 500000);
	}
	if (r < 0)
		return cli_fail(hangup->cli, EXIT_NO_DAEMON,
				"aovpnd went away");
	if (!hangup->record)
		return cli_fail(hangup->cli, EXIT_NOT_CONNECTED,
				"\"%s\" is not down after %d seconds",
				hangup->name, WAIT_SECONDS);
	if (hangup->cli->json)
		cli_print_json(hangup->record);
	else
		printf("disconnected from %s\n", hangup->name);
	return EXIT_OK;
}

int cmd_hangup(const struct cli *cli, int argc, char **argv)
{
	struct hangup hangup = {.cli = cli, .name = argv[0]};
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	int r, status;

	(void)argc;
	status = client_open(cli, &bus);
	if (status != 0)
		return status;
	r = sd_bus_match_signal(bus, NULL, client_destination(bus), BUS_PATH,
				BUS_INTERFACE, "Event", on_event, &hangup);
	if (r >= 0 && client_destination(bus))
		r = sd_bus_match_signal(bus, NULL, client_destination(bus),
					NULL, BUS_CONNECTION_INTERFACE,
					"Outcome", on_outcome, &hangup);
	if (r >= 0)
		r = sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
				       BUS_INTERFACE, "Hangup", &error, NULL,
				       "s", argv[0]);
	status = r < 0 ? client_failed(cli, r, &error)
		       : wait_for_end(&hangup, bus);
	json_decref(hangup.record);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return status;
}
