/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.c - aovpn events: the records so far, through descriptors that aovpnd
 * opens, so that the caller needs no right to the files; --follow: and those
 * that come; --record: instead, all that was seen of one dial.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus_names.h"
#include "cli.h"
#include "escape.h"

/* What the messages of a bus have led to so far. */
struct reading {
	const struct cli *cli;
	bool opened; /* the files were shown */
	int status;
};

static void show_line(const char *line, bool whole, void *userdata)
{
	const struct cli *cli = userdata;
	json_t *record = whole ? json_loads(line, 0, NULL) : NULL;
	char escaped[256];

	if (whole && line[0] == '\0')
		return;
	if (!record) {
		aovpn_escape_string(line, escaped, sizeof(escaped));
		fprintf(stderr, "aovpn: skipped a %s record: %s\n",
			whole ? "damaged" : "torn", escaped);
		return;
	}
	if (cli->json)
		cli_print_json(record);
	else
		text_event(cli, record);
	json_decref(record);
}

static int show_files(const struct cli *cli, sd_bus_message *answer)
{
	struct record_file_part part[RECORD_FILE_PARTS];
	int r = client_take_events(answer, part);

	if (r >= 0)
		r = record_file_read(part, r, show_line, (void *)cli);
	return r < 0 ? cli_fail(cli, EXIT_NOT_CONNECTED, "%s", strerror(-r))
		     : EXIT_OK;
}

static int on_opened(sd_bus_message *answer, void *userdata,
		     sd_bus_error *error)
{
	const sd_bus_error *refused = sd_bus_message_get_error(answer);
	struct reading *reading = userdata;

	(void)error;
	reading->opened = true;
	reading->status =
		refused ? client_failed(reading->cli,
					-sd_bus_message_get_errno(answer),
					refused)
			: show_files(reading->cli, answer);
	return 0;
}

/* Those that came before the files were opened are in them. */
static int on_event(sd_bus_message *message, void *userdata,
		    sd_bus_error *error)
{
	struct reading *reading = userdata;
	const char *text;

	(void)error;
	if (reading->opened && sd_bus_message_read(message, "s", &text) >= 0)
		show_line(text, true, (void *)reading->cli);
	return 0;
}

/* As it is: aovpnd has escaped what was not its own. */
static int copy_out(const struct cli *cli, int fd)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)n, stdout);
	close(fd);
	if (n < 0 || fflush(stdout) != 0)
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s", strerror(errno));
	return EXIT_OK;
}

static int show_recording(const struct cli *cli, sd_bus *bus)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	int fd, r, status;

	r = sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
			       BUS_INTERFACE, "OpenAttempt", &error, &answer,
			       "s", cli->record);
	if (r >= 0)
		r = sd_bus_message_read(answer, "h", &fd);
	if (r >= 0)
		status = copy_out(cli, fcntl(fd, F_DUPFD_CLOEXEC, 3));
	else
		status = client_failed(cli, r, &error);
	sd_bus_message_unref(answer);
	sd_bus_error_free(&error);
	return status;
}

static int show_events(const struct cli *cli, sd_bus *bus)
{
	struct reading reading = {.cli = cli};
	int r = 0;

	if (cli->follow)
		r = sd_bus_match_signal(bus, NULL, NULL, BUS_PATH,
					BUS_INTERFACE, "Event", on_event,
					&reading);
	/* Its answer has its place among the events. */
	if (r >= 0)
		r = sd_bus_call_method_async(
			bus, NULL, client_destination(bus), BUS_PATH,
			BUS_INTERFACE, "OpenEvents", on_opened, &reading, NULL);
	while (r >= 0 && reading.status == EXIT_OK &&
	       (!reading.opened || cli->follow)) {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
	}
	if (r < 0)
		return cli_fail(cli, EXIT_NO_DAEMON, "aovpnd went away");
	return reading.status;
}

int cmd_events(const struct cli *cli, int argc, char **argv)
{
	sd_bus *bus = NULL;
	int status;

	(void)argc;
	(void)argv;
	status = client_open(cli, &bus);
	if (status != 0)
		return status;
	status = cli->record[0] != '\0' ? show_recording(cli, bus)
					: show_events(cli, bus);
	sd_bus_flush_close_unref(bus);
	return status;
}
