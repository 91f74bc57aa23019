/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.c - aovpn notify: what fails is shown in the user's session, for as
 * long as it lasts. Needs no right: it hears what aovpnd says on the system bus
 * to everybody (client/aovpnd/bus_objects.h).
 *
 * Anybody on that bus may send anybody a signal in whose path and name stands
 * what he likes; the bus tells the true sender. So what counts is whether that
 * is the owner of org.aovpn, whose changes are followed.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "bus_names.h"
#include "cli.h"
#include "notify.h"

/* The system bus is tried again so often. */
#define RETRY_US 5000000ull

struct notifier {
	const struct cli *cli;
	sd_event *event;
	sd_bus *session;
	sd_bus *system; /* NULL: it is not there */
	sd_event_source *retry;
	struct notify_show *show;
	char owner[64]; /* of org.aovpn, unique name; "": there is none */
	bool told;      /* that there is no system bus */
	int status;
};

/* An outcome that waits for the answer whether its connection is always on. */
struct repeated {
	struct notifier *notifier;
	char *connection, *cause, *message;
	int32_t code;
};

static void complain(void *userdata, const char *text)
{
	const struct notifier *notifier = userdata;

	cli_fail(notifier->cli, 0, "%s", text);
}

/* --- outcomes --------------------------------------------------------------
 */

static void repeated_free(void *userdata)
{
	struct repeated *repeated = userdata;

	free(repeated->connection);
	free(repeated->cause);
	free(repeated->message);
	free(repeated);
}

/* What is dialled again and again says it once; a person who dials wants to
 * hear it each time. */
static int on_always_on(sd_bus_message *answer, void *userdata,
			sd_bus_error *error)
{
	struct repeated *repeated = userdata;
	const struct notify_outcome outcome = {repeated->connection,
					       repeated->code, repeated->cause,
					       repeated->message};
	int always_on = 0;

	(void)error;
	if (sd_bus_message_is_method_error(answer, NULL) ||
	    sd_bus_message_read(answer, "v", "b", &always_on) < 0)
		always_on = 0;
	if (!always_on)
		notify_show_put(repeated->notifier->show, &outcome);
	return 0;
}

static void ask_always_on(struct notifier *notifier, const char *path,
			  const struct notify_outcome *outcome)
{
	struct repeated *repeated = calloc(1, sizeof(*repeated));
	sd_bus_slot *slot = NULL;

	if (!repeated)
		return;
	repeated->notifier = notifier;
	repeated->code = outcome->code;
	repeated->connection = strdup(outcome->connection);
	repeated->cause = strdup(outcome->cause);
	repeated->message = strdup(outcome->message);
	if (!repeated->connection || !repeated->cause || !repeated->message ||
	    sd_bus_call_method_async(
		    notifier->system, &slot, notifier->owner, path,
		    "org.freedesktop.DBus.Properties", "Get", on_always_on,
		    repeated, "ss", BUS_CONNECTION_INTERFACE, "AlwaysOn") < 0) {
		repeated_free(repeated);
		return;
	}
	/* With the answer, or with the bus that brings none. */
	sd_bus_slot_set_destroy_callback(slot, repeated_free);
	sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
}

static void take(struct notifier *notifier, const char *path,
		 const struct notify_outcome *outcome)
{
	if (!notify_is_trouble(outcome))
		notify_show_clear(notifier->show, outcome->connection);
	else if (notify_show_tells(notifier->show, outcome))
		ask_always_on(notifier, path, outcome);
	else
		notify_show_put(notifier->show, outcome);
}

static bool is_from_aovpnd(const struct notifier *notifier,
			   sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	return sender && notifier->owner[0] != '\0' &&
	       strcmp(sender, notifier->owner) == 0;
}

static int on_outcome(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	const char *path = sd_bus_message_get_path(message);
	struct notifier *notifier = userdata;
	struct notify_outcome outcome;
	char *name = NULL;

	(void)error;
	if (!is_from_aovpnd(notifier, message) ||
	    sd_bus_path_decode(path, BUS_CONNECTION_PATH, &name) <= 0)
		return 0;
	outcome.connection = name;
	if (sd_bus_message_read(message, "iss", &outcome.code, &outcome.cause,
				&outcome.message) >= 0)
		take(notifier, path, &outcome);
	free(name);
	return 0;
}

/* --- how it stands when we, or aovpnd, come --------------------------------
 */

/* One object's properties, a{sv}. */
static int read_properties(sd_bus_message *answer,
			   struct notify_outcome *outcome, const char **state,
			   int *always_on)
{
	const char *key;
	int r = sd_bus_message_enter_container(answer, 'a', "{sv}");

	while (r >= 0 &&
	       (r = sd_bus_message_enter_container(answer, 'e', "sv")) > 0) {
		r = sd_bus_message_read(answer, "s", &key);
		if (r >= 0 && strcmp(key, "State") == 0)
			r = sd_bus_message_read(answer, "v", "s", state);
		else if (r >= 0 && strcmp(key, "LastCode") == 0)
			r = sd_bus_message_read(answer, "v", "i",
						&outcome->code);
		else if (r >= 0 && strcmp(key, "LastCause") == 0)
			r = sd_bus_message_read(answer, "v", "s",
						&outcome->cause);
		else if (r >= 0 && strcmp(key, "AlwaysOn") == 0)
			r = sd_bus_message_read(answer, "v", "b", always_on);
		else if (r >= 0)
			r = sd_bus_message_skip(answer, "v");
		if (r >= 0)
			r = sd_bus_message_exit_container(answer);
	}
	return r < 0 ? r : sd_bus_message_exit_container(answer);
}

/* What is up is well, whatever was shown; what should be up and is not was
 * perhaps never told to this user. */
static void stands(struct notifier *notifier, const char *path,
		   struct notify_outcome *outcome, const char *state,
		   int always_on)
{
	char *name = NULL;

	if (sd_bus_path_decode(path, BUS_CONNECTION_PATH, &name) <= 0)
		return;
	outcome->connection = name;
	if (strcmp(state, "connected") == 0)
		notify_show_clear(notifier->show, name);
	else if (always_on && outcome->code != 0 &&
		 notify_is_trouble(outcome) &&
		 !notify_show_tells(notifier->show, outcome))
		notify_show_put(notifier->show, outcome);
	free(name);
}

/* One entry of the answer, {oa{sa{sv}}}. */
static int read_object(struct notifier *notifier, sd_bus_message *answer)
{
	struct notify_outcome outcome = {.cause = "", .message = ""};
	const char *path, *interface, *state = "";
	int always_on = 0;
	int r = sd_bus_message_read(answer, "o", &path);

	if (r >= 0)
		r = sd_bus_message_enter_container(answer, 'a', "{sa{sv}}");
	while (r >= 0 && (r = sd_bus_message_enter_container(answer, 'e',
							     "sa{sv}")) > 0) {
		r = sd_bus_message_read(answer, "s", &interface);
		if (r >= 0 && strcmp(interface, BUS_CONNECTION_INTERFACE) == 0)
			r = read_properties(answer, &outcome, &state,
					    &always_on);
		else if (r >= 0)
			r = sd_bus_message_skip(answer, "a{sv}");
		if (r >= 0)
			r = sd_bus_message_exit_container(answer);
	}
	if (r < 0)
		return r;
	stands(notifier, path, &outcome, state, always_on);
	return sd_bus_message_exit_container(answer);
}

static int on_objects(sd_bus_message *answer, void *userdata,
		      sd_bus_error *error)
{
	struct notifier *notifier = userdata;
	int r;

	(void)error;
	if (sd_bus_message_is_method_error(answer, NULL))
		return 0;
	r = sd_bus_message_enter_container(answer, 'a', "{oa{sa{sv}}}");
	while (r >= 0 && (r = sd_bus_message_enter_container(
				  answer, 'e', "oa{sa{sv}}")) > 0) {
		r = read_object(notifier, answer);
		if (r >= 0)
			r = sd_bus_message_exit_container(answer);
	}
	if (r < 0)
		complain(notifier, "aovpnd's list of connections cannot be "
				   "read");
	return 0;
}

static void set_owner(struct notifier *notifier, const char *owner)
{
	if (strlen(owner) >= sizeof(notifier->owner))
		owner = "";
	memcpy(notifier->owner, owner, strlen(owner) + 1);
	if (owner[0] != '\0')
		sd_bus_call_method_async(notifier->system, NULL,
					 notifier->owner, BUS_CONNECTION_PATH,
					 "org.freedesktop.DBus.ObjectManager",
					 "GetManagedObjects", on_objects,
					 notifier, NULL);
}

static int on_owner(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
	struct notifier *notifier = userdata;
	const char *owner;

	(void)error;
	/* An error is that nobody has it: aovpnd does not run. */
	if (!sd_bus_message_is_method_error(answer, NULL) &&
	    notifier->owner[0] == '\0' &&
	    sd_bus_message_read(answer, "s", &owner) >= 0)
		set_owner(notifier, owner);
	return 0;
}

static int on_owner_changed(sd_bus_message *message, void *userdata,
			    sd_bus_error *error)
{
	const char *name, *before, *now;

	(void)error;
	if (client_is_from_bus(message) &&
	    sd_bus_message_read(message, "sss", &name, &before, &now) >= 0)
		set_owner(userdata, now);
	return 0;
}

/* --- the buses -------------------------------------------------------------
 */

static void try_later(struct notifier *notifier)
{
	sd_event_source_set_time_relative(notifier->retry, RETRY_US);
	sd_event_source_set_enabled(notifier->retry, SD_EVENT_ONESHOT);
}

static int on_system_gone(sd_bus_message *message, void *userdata,
			  sd_bus_error *error)
{
	struct notifier *notifier = userdata;

	(void)message;
	(void)error;
	complain(notifier, "the system bus is gone, waiting for it");
	notifier->told = true;
	notifier->owner[0] = '\0';
	notifier->system = sd_bus_flush_close_unref(notifier->system);
	try_later(notifier);
	return 0;
}

static int watch_system(struct notifier *notifier, sd_bus *bus)
{
	int r;

	r = sd_bus_match_signal(bus, NULL, NULL, "/org/freedesktop/DBus/Local",
				"org.freedesktop.DBus.Local", "Disconnected",
				on_system_gone, notifier);
	if (r >= 0)
		r = sd_bus_match_signal(bus, NULL, BUS_NAME, NULL,
					BUS_CONNECTION_INTERFACE, "Outcome",
					on_outcome, notifier);
	if (r >= 0)
		r = sd_bus_add_match(bus, NULL,
				     "type='signal',"
				     "sender='org.freedesktop.DBus',"
				     "member='NameOwnerChanged',"
				     "arg0='" BUS_NAME "'",
				     on_owner_changed, notifier);
	if (r >= 0)
		r = sd_bus_call_method_async(
			bus, NULL, "org.freedesktop.DBus",
			"/org/freedesktop/DBus", "org.freedesktop.DBus",
			"GetNameOwner", on_owner, notifier, "s", BUS_NAME);
	return r < 0 ? r
		     : sd_bus_attach_event(bus, notifier->event,
					   SD_EVENT_PRIORITY_NORMAL);
}

static int open_system(struct notifier *notifier)
{
	sd_bus *bus = NULL;
	int r = sd_bus_open_system(&bus);

	if (r >= 0)
		r = watch_system(notifier, bus);
	if (r < 0) {
		sd_bus_close_unref(bus);
		return r;
	}
	notifier->system = bus;
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct notifier *notifier = userdata;
	int r = open_system(notifier);

	(void)source;
	(void)usec;
	if (r >= 0) {
		notifier->told = false;
		return 0;
	}
	if (!notifier->told)
		cli_fail(notifier->cli, 0, "no system bus: %s; waiting for it",
			 strerror(-r));
	notifier->told = true;
	try_later(notifier);
	return 0;
}

/* The session is over. */
static int on_session_gone(sd_bus_message *message, void *userdata,
			   sd_bus_error *error)
{
	const struct notifier *notifier = userdata;

	(void)message;
	(void)error;
	complain(userdata, "the session bus is gone");
	return sd_event_exit(notifier->event, 0);
}

static int open_session(struct notifier *notifier)
{
	int r = sd_bus_open_user(&notifier->session);

	if (r >= 0)
		r = sd_bus_match_signal(notifier->session, NULL, NULL,
					"/org/freedesktop/DBus/Local",
					"org.freedesktop.DBus.Local",
					"Disconnected", on_session_gone,
					notifier);
	if (r >= 0)
		r = sd_bus_attach_event(notifier->session, notifier->event,
					SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0)
		r = notify_show_new(notifier->session, complain, notifier,
				    &notifier->show);
	if (r >= 0)
		return 0;
	notifier->status = cli_fail(notifier->cli, EXIT_NOT_CONNECTED,
				    "no session bus to show anything on: %s",
				    strerror(-r));
	return r;
}

/* --- the program -----------------------------------------------------------
 */

/* The end of the loop closes the buses: what is to be said there is said
 * before. */
static int on_end(sd_event_source *source, const struct signalfd_siginfo *info,
		  void *userdata)
{
	struct notifier *notifier = userdata;

	(void)source;
	(void)info;
	notifier->show = notify_show_free(notifier->show);
	return sd_event_exit(notifier->event, 0);
}

static int add_signals(struct notifier *notifier)
{
	sigset_t set;
	int r;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r = sd_event_add_signal(notifier->event, NULL, SIGINT, on_end,
				notifier);
	return r < 0 ? r
		     : sd_event_add_signal(notifier->event, NULL, SIGTERM,
					   on_end, notifier);
}

static int run(struct notifier *notifier)
{
	int r = sd_event_new(&notifier->event);

	if (r >= 0)
		r = add_signals(notifier);
	if (r >= 0)
		r = open_session(notifier);
	if (notifier->status != 0)
		return 0;
	/* The first attempt is one of those that are made later. */
	if (r >= 0)
		r = sd_event_add_time_relative(
			notifier->event, &notifier->retry, CLOCK_MONOTONIC, 0,
			0, on_retry, notifier);
	if (r >= 0)
		sd_notify(0, "READY=1");
	return r < 0 ? r : sd_event_loop(notifier->event);
}

int cmd_notify(const struct cli *cli, int argc, char **argv)
{
	struct notifier notifier = {.cli = cli};
	int r;

	(void)argc;
	(void)argv;
	r = run(&notifier);
	if (r < 0)
		notifier.status =
			cli_fail(cli, EXIT_NOT_CONNECTED, "%s", strerror(-r));
	sd_event_source_disable_unref(notifier.retry);
	sd_bus_flush_close_unref(notifier.system);
	notify_show_free(notifier.show);
	sd_bus_flush_close_unref(notifier.session);
	sd_event_unref(notifier.event);
	return notifier.status;
}
