/*
 * events.c - aovpn events: the records so far, through a descriptor that aovpnd
 * opens, so that the caller needs no right to the file; --follow: and those
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

static void show_line(const struct cli *cli, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	char escaped[256];

	if (!record) {
		aovpn_escape_string(line, escaped, sizeof(escaped));
		fprintf(stderr, "aovpn: skipped a damaged record: %s\n",
			escaped);
		return;
	}
	if (cli->json)
		cli_print_json(record);
	else
		text_event(cli, record);
	json_decref(record);
}

static int show_file(const struct cli *cli, int fd)
{
	FILE *file = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;

	if (!file) {
		close(fd);
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s", strerror(errno));
	}
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0')
			show_line(cli, line);
	}
	free(line);
	fclose(file);
	return EXIT_OK;
}

static int on_event(sd_bus_message *message, void *userdata,
		    sd_bus_error *error)
{
	const char *text;

	(void)error;
	if (sd_bus_message_read(message, "s", &text) >= 0)
		show_line(userdata, text);
	return 0;
}

static int follow(const struct cli *cli, sd_bus *bus)
{
	int r;

	do {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
	} while (r >= 0);
	return cli_fail(cli, EXIT_NO_DAEMON, "aovpnd went away");
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

	r = sd_bus_call_method(bus, NULL, BUS_PATH, BUS_INTERFACE,
			       "OpenAttempt", &error, &answer, "s",
			       cli->record);
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
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r, status;

	/* Before the file is read: what comes meanwhile waits in the queue and
	 * nothing falls between the two. */
	r = cli->follow ? sd_bus_match_signal(bus, NULL, NULL, BUS_PATH,
					      BUS_INTERFACE, "Event", on_event,
					      (void *)cli)
			: 0;
	if (r >= 0)
		r = client_open_events(bus, &error);
	if (r >= 0)
		status = show_file(cli, r);
	else
		status = client_failed(cli, r, &error);
	if (status == EXIT_OK && cli->follow)
		status = follow(cli, bus);
	sd_bus_error_free(&error);
	return status;
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
