/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial.c - aovpn dial: asks aovpnd to dial and shows what happens until the
 * outcome is there. Ctrl-C cancels the dial and still shows its outcome.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "bus_names.h"
#include "cli.h"

struct dial {
	const struct cli *cli;
	sd_bus *bus;
	sd_event *event;
	const char *name;
	char *attempt_id; /* NULL until Dial has answered */
	json_t *early;    /* records that came before that answer */
	char *refusal;    /* what came before that answer on the system bus */
	bool asked;       /* for a password, once */
	int status;
};

static int start(struct dial *dial, int password_fd);

/* The daemon lacks a password: ask for it and dial again. False where nobody
 * can be asked, or has been already. */
static bool dial_again(struct dial *dial, const json_t *record)
{
	char prompt[128];
	int fd, r;

	if (dial->cli->json || dial->asked ||
	    !json_is_true(json_object_get(record, "password_wanted")))
		return false;
	dial->asked = true;
	snprintf(prompt, sizeof(prompt),
		 "PIN or password for \"%s\": ", dial->name);
	fd = password_ask(prompt);
	if (fd < 0)
		return false;
	free(dial->attempt_id);
	dial->attempt_id = NULL;
	json_array_clear(dial->early);
	r = start(dial, fd);
	close(fd);
	return r >= 0;
}

static void show_record(struct dial *dial, json_t *record)
{
	json_int_t id = json_integer_value(json_object_get(record, "event_id"));

	if (dial->cli->json)
		cli_print_json(record);
	if (id == 20298 && !dial->cli->json)
		text_hint(record);
	if (id != 20225 && id != 20227)
		return;
	if (dial_again(dial, record))
		return;
	if (!dial->cli->json)
		text_outcome(dial->cli, record);
	dial->status = id == 20225 ? EXIT_OK : EXIT_NOT_CONNECTED;
	sd_event_exit(dial->event, 0);
}

static bool is_mine(const struct dial *dial, const json_t *record)
{
	return strcmp(record_text(record, "attempt_id"), dial->attempt_id) == 0;
}

static int on_event(sd_bus_message *message, void *userdata,
		    sd_bus_error *error)
{
	struct dial *dial = userdata;
	json_t *record;
	const char *text;

	(void)error;
	if (sd_bus_message_read(message, "s", &text) < 0)
		return 0;
	record = json_loads(text, 0, NULL);
	if (!record)
		return 0;
	if (!dial->attempt_id)
		json_array_append(dial->early, record);
	else if (is_mine(dial, record))
		show_record(dial, record);
	json_decref(record);
	return 0;
}

static int on_progress(sd_bus_message *message, void *userdata,
		       sd_bus_error *error)
{
	struct dial *dial = userdata;
	const char *id, *stage;
	uint64_t ms;

	(void)error;
	if (sd_bus_message_read(message, "sst", &id, &stage, &ms) < 0 ||
	    dial->cli->json)
		return 0;
	if (dial->attempt_id && strcmp(id, dial->attempt_id) == 0) {
		printf("%6.2f s  %s\n", (double)ms / 1000, stage);
		fflush(stdout);
	}
	return 0;
}

/* The last record of our connection, if it is this attempt's. */
static int on_status(sd_bus_message *answer, void *userdata,
		     sd_bus_error *error)
{
	struct dial *dial = userdata;
	json_t *status, *one, *record;
	const char *text;
	size_t i;

	(void)error;
	if (sd_bus_message_read(answer, "s", &text) < 0)
		return 0;
	status = json_loads(text, 0, NULL);
	json_array_foreach(json_object_get(status, "connections"), i, one)
	{
		record = json_object_get(one, "last_record");
		if (dial->attempt_id && record && is_mine(dial, record)) {
			show_record(dial, record);
			json_decref(status);
			return 0;
		}
	}
	json_decref(status);
	/* A dial that was refused has no connection: what it said is all. */
	if (dial->refusal) {
		dial->status = cli_fail(dial->cli, EXIT_NOT_CONNECTED, "%s",
					dial->refusal);
		sd_event_exit(dial->event, 0);
	}
	return 0;
}

static int ask_status(struct dial *dial)
{
	return sd_bus_call_method_async(
		dial->bus, NULL, client_destination(dial->bus), BUS_PATH,
		BUS_INTERFACE, "Status", on_status, dial, NULL);
}

/* The system bus does not carry records: the status has the last one. */
static int on_outcome(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct dial *dial = userdata;
	const char *cause, *text;
	int32_t code;

	(void)error;
	if (!client_read_outcome(message, dial->name, &code, &cause, &text))
		return 0;
	if (dial->attempt_id)
		ask_status(dial);
	else
		dial->refusal = dial->refusal ?: strdup(text);
	return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *error)
{
	struct dial *dial = userdata;

	(void)message;
	(void)error;
	dial->status = cli_fail(dial->cli, EXIT_NO_DAEMON,
				"aovpnd went away during the dial");
	return sd_event_exit(dial->event, 0);
}

/* On the system bus: aovpnd may end while the bus stays. */
static int on_owner_changed(sd_bus_message *message, void *userdata,
			    sd_bus_error *error)
{
	const char *name, *before, *now;

	if (!client_is_from_bus(message) ||
	    sd_bus_message_read(message, "sss", &name, &before, &now) < 0 ||
	    now[0] != '\0')
		return 0;
	return on_disconnected(message, userdata, error);
}

static int on_answer(sd_bus_message *message, void *userdata,
		     sd_bus_error *ret_error)
{
	const sd_bus_error *error = sd_bus_message_get_error(message);
	struct dial *dial = userdata;
	const char *id;
	json_t *record;
	size_t i;

	(void)ret_error;
	if (error || sd_bus_message_read(message, "s", &id) < 0) {
		dial->status = error ? client_failed(dial->cli, 0, error)
				     : EXIT_NO_DAEMON;
		return sd_event_exit(dial->event, 0);
	}
	dial->attempt_id = strdup(id);
	if (!dial->attempt_id)
		return sd_event_exit(dial->event, 0);
	json_array_foreach(dial->early, i, record) if (is_mine(dial, record))
		show_record(dial, record);
	if (client_destination(dial->bus))
		ask_status(dial);
	return 0;
}

static int on_interrupt(sd_event_source *source,
			const struct signalfd_siginfo *info, void *userdata)
{
	struct dial *dial = userdata;

	(void)source;
	(void)info;
	fputs("cancelling\n", stderr);
	sd_bus_call_method_async(dial->bus, NULL, client_destination(dial->bus),
				 BUS_PATH, BUS_INTERFACE, "Hangup", NULL, NULL,
				 "s", dial->name);
	return 0;
}

static int watch_system_bus(struct dial *dial)
{
	int r = sd_bus_match_signal(
		dial->bus, NULL, client_destination(dial->bus), NULL,
		BUS_CONNECTION_INTERFACE, "Outcome", on_outcome, dial);

	return r < 0 ? r
		     : sd_bus_add_match(
			       dial->bus, NULL,
			       "type='signal',sender='org.freedesktop.DBus',"
			       "member='NameOwnerChanged',arg0='" BUS_NAME "'",
			       on_owner_changed, dial);
}

static int watch(struct dial *dial)
{
	sigset_t set;
	int r;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r = sd_event_default(&dial->event);
	if (r >= 0)
		r = sd_event_add_signal(dial->event, NULL, SIGINT, on_interrupt,
					dial);
	if (r >= 0)
		r = sd_bus_attach_event(dial->bus, dial->event, 0);
	if (r >= 0)
		r = sd_bus_match_signal(dial->bus, NULL,
					client_destination(dial->bus), BUS_PATH,
					BUS_INTERFACE, "Event", on_event, dial);
	if (r >= 0)
		r = sd_bus_match_signal(
			dial->bus, NULL, client_destination(dial->bus),
			BUS_PATH, BUS_INTERFACE, "Progress", on_progress, dial);
	if (r >= 0 && client_destination(dial->bus))
		r = watch_system_bus(dial);
	if (r >= 0)
		r = sd_bus_match_signal(dial->bus, NULL, NULL,
					"/org/freedesktop/DBus/Local",
					"org.freedesktop.DBus.Local",
					"Disconnected", on_disconnected, dial);
	return r;
}

/* password_fd: a memfd, or -1. */
static int start(struct dial *dial, int password_fd)
{
	if (password_fd < 0)
		return sd_bus_call_method_async(
			dial->bus, NULL, client_destination(dial->bus),
			BUS_PATH, BUS_INTERFACE, "Dial", on_answer, dial, "s",
			dial->name);
	return sd_bus_call_method_async(
		dial->bus, NULL, client_destination(dial->bus), BUS_PATH,
		BUS_INTERFACE, "DialWithPassword", on_answer, dial, "sh",
		dial->name, password_fd);
}

/* The password that --password-fd brings, as a memfd; -1 without it. */
static int given_password(const struct cli *cli, int *ret)
{
	*ret = -1;
	if (cli->password_fd < 0)
		return 0;
	*ret = password_from_fd(cli->password_fd);
	if (*ret >= 0)
		return 0;
	return cli_fail(cli, EXIT_USAGE, "--password-fd %d: %s",
			cli->password_fd, strerror(-*ret));
}

static int run(struct dial *dial, int password_fd)
{
	int r = watch(dial);

	if (r >= 0)
		r = start(dial, password_fd);
	if (r >= 0)
		r = sd_event_loop(dial->event);
	return r;
}

int cmd_dial(const struct cli *cli, int argc, char **argv)
{
	struct dial dial = {
		.cli = cli,
		.name = argv[0],
		.status = EXIT_NO_DAEMON,
	};
	int password_fd, r;

	(void)argc;
	r = given_password(cli, &password_fd);
	if (r == 0)
		r = client_open(cli, &dial.bus);
	if (r != 0)
		return r;
	dial.asked = password_fd >= 0;
	dial.early = json_array();
	r = run(&dial, password_fd);
	if (r < 0)
		cli_fail(cli, EXIT_NO_DAEMON, "talking to aovpnd: %s",
			 strerror(-r));
	if (password_fd >= 0)
		close(password_fd);
	json_decref(dial.early);
	free(dial.refusal);
	free(dial.attempt_id);
	sd_bus_flush_close_unref(dial.bus);
	sd_event_unref(dial.event);
	return dial.status;
}
