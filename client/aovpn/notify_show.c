/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify_show.c - see notify.h. Speaks to org.freedesktop.Notifications on the
 * session's bus (Desktop Notifications Specification 1.2).
 *
 * Of each connection there is what shall be shown, and what the server was told
 * last. The server is told one thing at a time of a connection: only its answer
 * brings the id by which the next one replaces it. A server that goes away has
 * forgotten all; the next one is told what still stands.
 */
#include "notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define SERVER           "org.freedesktop.Notifications"
#define SERVER_PATH      "/org/freedesktop/Notifications"
#define SERVER_INTERFACE "org.freedesktop.Notifications"
#define URGENCY_NORMAL   1
/* One that starts the server has to wait for it. */
#define CALL_US 25000000ull

struct shown {
	struct notify_show *show;
	struct shown *next;
	char *connection;
	int32_t code; /* this and cause: what shall be shown */
	char *cause;  /* NULL: nothing */
	char *message;
	uint32_t id;  /* of the notification, 0: there is none */
	bool stale;   /* the server is to be told */
	bool waiting; /* for its answer */
};

struct notify_show {
	sd_bus *bus;
	void (*complain)(void *userdata, const char *text);
	void *userdata;
	struct shown *first;
	size_t count;
	bool there;  /* nothing is known against a server's being there */
	bool asking; /* what it is capable of */
	bool known;  /* and it has answered: */
	bool markup;
};

static void push(struct shown *one);

/* --- the connections -------------------------------------------------------
 */

static struct shown *find(const struct notify_show *show, const char *name)
{
	struct shown *one = show->first;

	while (one && strcmp(one->connection, name) != 0)
		one = one->next;
	return one;
}

static struct shown *add(struct notify_show *show, const char *name)
{
	struct shown *one = find(show, name);

	if (one || show->count == NOTIFY_CONNECTIONS_MAX)
		return one;
	one = calloc(1, sizeof(*one));
	if (one)
		one->connection = strdup(name);
	if (!one || !one->connection) {
		free(one);
		return NULL;
	}
	one->show = show;
	one->next = show->first;
	show->first = one;
	show->count++;
	return one;
}

static void set(struct shown *one, const struct notify_outcome *outcome)
{
	free(one->cause);
	free(one->message);
	one->cause = outcome ? strdup(outcome->cause) : NULL;
	one->message = outcome ? strdup(outcome->message) : NULL;
	one->code = outcome ? outcome->code : 0;
	one->stale = true;
}

static void push_all(struct notify_show *show)
{
	struct shown *one;

	for (one = show->first; one; one = one->next)
		push(one);
}

/* --- what the server can do ------------------------------------------------
 */

/* One that is there and did not answer is asked again when there is more to
 * say. */
static void server_failed(struct notify_show *show, const sd_bus_error *error)
{
	const bool silent = sd_bus_error_has_names(error, SD_BUS_ERROR_NO_REPLY,
						   SD_BUS_ERROR_TIMEOUT);
	char text[256];

	if (!show->there)
		return;
	snprintf(text, sizeof(text), "%s: %.180s",
		 silent ? "the notification server does not answer"
			: "no notification server, waiting for one",
		 error->message ? error->message : error->name);
	show->complain(show->userdata, text);
	show->there = silent;
}

static void read_capabilities(struct notify_show *show, sd_bus_message *answer)
{
	const char *capability;
	int r = sd_bus_message_enter_container(answer, 'a', "s");

	show->markup = false;
	while (r > 0) {
		r = sd_bus_message_read(answer, "s", &capability);
		if (r > 0 && strcmp(capability, "body-markup") == 0)
			show->markup = true;
	}
}

static int on_capabilities(sd_bus_message *answer, void *userdata,
			   sd_bus_error *ret_error)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);
	struct notify_show *show = userdata;

	(void)ret_error;
	show->asking = false;
	if (error) {
		server_failed(show, error);
		return 0;
	}
	read_capabilities(show, answer);
	show->known = true;
	push_all(show);
	return 0;
}

static void ask_capabilities(struct notify_show *show)
{
	if (show->asking)
		return;
	show->asking =
		sd_bus_call_method_async(show->bus, NULL, SERVER, SERVER_PATH,
					 SERVER_INTERFACE, "GetCapabilities",
					 on_capabilities, show, NULL) >= 0;
}

/* --- one notification ------------------------------------------------------
 */

static int on_notified(sd_bus_message *answer, void *userdata,
		       sd_bus_error *ret_error)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);
	struct shown *one = userdata;

	(void)ret_error;
	one->waiting = false;
	if (error) {
		one->stale = true;
		server_failed(one->show, error);
		return 0;
	}
	if (sd_bus_message_read(answer, "u", &one->id) < 0)
		one->id = 0;
	push(one);
	return 0;
}

static int append_texts(const struct shown *one, sd_bus_message *call)
{
	const struct notify_outcome outcome = {one->connection, one->code,
					       one->cause, one->message};
	char summary[NOTIFY_SUMMARY_MAX], body[NOTIFY_BODY_MAX];

	notify_summary(&outcome, summary);
	notify_body(&outcome, one->show->markup, body);
	return sd_bus_message_append(call, "susssasa{sv}i", "aovpn", one->id,
				     "network-vpn", summary, body, 0, 2,
				     "urgency", "y", URGENCY_NORMAL, "category",
				     "s", "network.error", -1);
}

static int notify(struct shown *one)
{
	sd_bus *bus = one->show->bus;
	sd_bus_message *call = NULL;
	int r;

	r = sd_bus_message_new_method_call(bus, &call, SERVER, SERVER_PATH,
					   SERVER_INTERFACE, "Notify");
	if (r >= 0)
		r = append_texts(one, call);
	if (r >= 0)
		r = sd_bus_call_async(bus, NULL, call, on_notified, one,
				      CALL_US);
	sd_bus_message_unref(call);
	return r;
}

static void withdraw(struct shown *one)
{
	if (one->id != 0)
		sd_bus_call_method_async(one->show->bus, NULL, SERVER,
					 SERVER_PATH, SERVER_INTERFACE,
					 "CloseNotification", NULL, NULL, "u",
					 one->id);
	one->id = 0;
}

static void push(struct shown *one)
{
	struct notify_show *show = one->show;

	if (!one->stale || one->waiting || !show->there)
		return;
	if (!one->cause || !one->message) {
		one->stale = false;
		withdraw(one);
	} else if (!show->known) {
		ask_capabilities(show);
	} else if (notify(one) >= 0) {
		one->stale = false;
		one->waiting = true;
	}
}

/* --- what the server says --------------------------------------------------
 */

static int on_owner_changed(sd_bus_message *message, void *userdata,
			    sd_bus_error *error)
{
	struct notify_show *show = userdata;
	const char *name, *before, *now;
	struct shown *one;

	(void)error;
	if (!client_is_from_bus(message) ||
	    sd_bus_message_read(message, "sss", &name, &before, &now) < 0)
		return 0;
	show->known = false;
	if (before[0] != '\0') {
		for (one = show->first; one; one = one->next) {
			one->stale |= one->id != 0;
			one->id = 0;
		}
	}
	/* A server that may be started by a call has none between two. */
	if (now[0] == '\0')
		return 0;
	show->there = true;
	push_all(show);
	return 0;
}

/* Its id may be another program's from now on. */
static int on_closed(sd_bus_message *message, void *userdata,
		     sd_bus_error *error)
{
	struct notify_show *show = userdata;
	struct shown *one;
	uint32_t id, reason;

	(void)error;
	if (sd_bus_message_read(message, "uu", &id, &reason) < 0)
		return 0;
	for (one = show->first; one; one = one->next)
		if (one->id == id)
			one->id = 0;
	return 0;
}

int notify_show_new(sd_bus *bus,
		    void (*complain)(void *userdata, const char *text),
		    void *userdata, struct notify_show **ret)
{
	struct notify_show *show = calloc(1, sizeof(*show));
	int r;

	if (!show)
		return -ENOMEM;
	show->bus = bus;
	show->complain = complain;
	show->userdata = userdata;
	show->there = true;
	r = sd_bus_match_signal(bus, NULL, SERVER, SERVER_PATH,
				SERVER_INTERFACE, "NotificationClosed",
				on_closed, show);
	if (r >= 0)
		r = sd_bus_add_match(bus, NULL,
				     "type='signal',"
				     "sender='org.freedesktop.DBus',"
				     "member='NameOwnerChanged',"
				     "arg0='" SERVER "'",
				     on_owner_changed, show);
	if (r < 0) {
		free(show);
		return r;
	}
	*ret = show;
	return 0;
}

struct notify_show *notify_show_free(struct notify_show *show)
{
	struct shown *one;

	if (!show)
		return NULL;
	while ((one = show->first)) {
		withdraw(one);
		show->first = one->next;
		set(one, NULL);
		free(one->connection);
		free(one);
	}
	free(show);
	return NULL;
}

/* --- what is asked for -----------------------------------------------------
 */

bool notify_show_tells(struct notify_show *show,
		       const struct notify_outcome *outcome)
{
	const struct shown *one = find(show, outcome->connection);

	return one && one->cause && one->code == outcome->code &&
	       strcmp(one->cause, outcome->cause) == 0;
}

void notify_show_put(struct notify_show *show,
		     const struct notify_outcome *outcome)
{
	struct shown *one = add(show, outcome->connection);

	if (!one)
		return;
	set(one, outcome);
	push(one);
}

void notify_show_clear(struct notify_show *show, const char *connection)
{
	struct shown *one = find(show, connection);

	if (!one || !one->cause)
		return;
	set(one, NULL);
	push(one);
}
