/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_events.c - see vici_events.h; strongSwan's vici/README.md lists the
 * events and their keys. */
#include "vici_events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vici_list.h"

struct vici_events {
	vici_conn_t *connection;
	charon_event_sink_t sink;
	void *userdata;
};

/* How an event of that name is read. */
struct event_kind {
	const char *name;
	enum charon_event_type up, down; /* alike where there is no "up" */
	bool required;
};

static const struct event_kind kinds[] = {
	{"ike-updown", CHARON_IKE_UP, CHARON_IKE_DOWN, false},
	{"ike-rekey", CHARON_IKE_REKEY, CHARON_IKE_REKEY, false},
	{"child-updown", CHARON_CHILD_UP, CHARON_CHILD_DOWN, false},
	{"alert", CHARON_ALERT, CHARON_ALERT, false},
	/* Last, so that nothing of the others is missing by then. */
	{"log", CHARON_LOG, CHARON_LOG, true},
};

/* A value is not NUL-terminated. Returns whether it had to be cut. */
static bool copy_value(char *out, size_t size, const void *value, int length)
{
	size_t n = length < 0 ? 0 : (size_t)length;
	bool cut = n >= size;

	if (cut)
		n = size - 1;
	memcpy(out, value, n);
	out[n] = '\0';
	return cut;
}

static uint64_t number(const void *value, int length, int base)
{
	char text[32];

	copy_value(text, sizeof(text), value, length);
	return strtoull(text, NULL, base);
}

static int on_log_value(void *user, vici_res_t *message, char *key, void *value,
			int length)
{
	struct charon_event *event = user;

	(void)message;
	if (strcmp(key, "group") == 0)
		copy_value(event->group, sizeof(event->group), value, length);
	else if (strcmp(key, "msg") == 0)
		event->cut = copy_value(event->text, sizeof(event->text), value,
					length);
	else if (strcmp(key, "ikesa-name") == 0)
		copy_value(event->name, sizeof(event->name), value, length);
	else if (strcmp(key, "ikesa-uniqueid") == 0)
		event->ike_sa_id = (uint32_t)number(value, length, 10);
	else if (strcmp(key, "type") == 0) /* of an alert */
		copy_value(event->text, sizeof(event->text), value, length);
	return 0;
}

static int on_ike_value(void *user, vici_res_t *message, char *key, void *value,
			int length)
{
	struct charon_event *event = user;

	(void)message;
	if (strcmp(key, "uniqueid") == 0)
		event->ike_sa_id = (uint32_t)number(value, length, 10);
	else if (strcmp(key, "initiator-spi") == 0)
		event->spi_i = number(value, length, 16);
	else if (strcmp(key, "responder-spi") == 0)
		event->spi_r = number(value, length, 16);
	return 0;
}

/* What is not asked for: children. */
static int skip_section(void *user, vici_res_t *message, char *name)
{
	(void)name;
	return vici_parse_cb(message, skip_section, NULL, NULL, user);
}

/* "old" and "new" of a rekeying: the first value of each is enough. */
static int on_rekey_section(void *user, vici_res_t *message, char *name)
{
	struct charon_event *event = user, part = {0};
	int r = vici_parse_cb(message, skip_section, on_ike_value, NULL, &part);

	if (strcmp(name, "old") == 0) {
		event->ike_sa_id = part.ike_sa_id;
	} else if (strcmp(name, "new") == 0) {
		event->new_id = part.ike_sa_id;
		event->spi_i = part.spi_i;
		event->spi_r = part.spi_r;
	}
	return r;
}

/* The section of an IKE_SA has its connection's name. */
static int on_ike_section(void *user, vici_res_t *message, char *name)
{
	struct charon_event *event = user;

	copy_value(event->name, sizeof(event->name), name, (int)strlen(name));
	if (event->type == CHARON_IKE_REKEY)
		return vici_parse_cb(message, on_rekey_section, NULL, NULL,
				     event);
	return vici_parse_cb(message, skip_section, on_ike_value, NULL, event);
}

/* An alert's IKE_SA lies one level deeper, in "ike-sa". */
static int on_section(void *user, vici_res_t *message, char *name)
{
	struct charon_event *event = user;

	if (event->type == CHARON_ALERT && strcmp(name, "ike-sa") == 0)
		return vici_parse_cb(message, on_ike_section, NULL, NULL,
				     event);
	return on_ike_section(user, message, name);
}

/* "up" comes before the section and decides what the event is. */
static int on_value(void *user, vici_res_t *message, char *key, void *value,
		    int length)
{
	struct charon_event *event = user;

	if (strcmp(key, "up") == 0) {
		if (event->type == CHARON_IKE_DOWN)
			event->type = CHARON_IKE_UP;
		else if (event->type == CHARON_CHILD_DOWN)
			event->type = CHARON_CHILD_UP;
		return 0;
	}
	return on_log_value(user, message, key, value, length);
}

static void on_event(void *user, char *name, vici_res_t *message)
{
	struct vici_events *events = user;
	struct charon_event event = {0};
	size_t i;

	event.time_ns = aovpn_boottime_ns();
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			break;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return;
	event.type = kinds[i].down;
	if (vici_parse_cb(message, on_section, on_value, NULL, &event) == 0)
		events->sink(&event, events->userdata);
}

static int register_all(struct vici_events *events, struct aovpn_error *error)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (vici_register(events->connection, vici_text(kinds[i].name),
				  on_event, events) != 0 &&
		    kinds[i].required)
			return aovpn_error_set(error, -ECONNREFUSED,
					       "charon takes no registration "
					       "for its %s",
					       kinds[i].name);
	return 0;
}

int vici_events_open(const char *uri, charon_event_sink_t sink, void *userdata,
		     struct vici_events **ret, struct aovpn_error *error)
{
	struct vici_events *events = calloc(1, sizeof(*events));
	int r;

	if (!events)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	events->sink = sink;
	events->userdata = userdata;
	events->connection = vici_connect(vici_text(uri));
	if (!events->connection) {
		r = errno ? -errno : -ECONNREFUSED;
		free(events);
		return aovpn_error_set(error, r,
				       "cannot reach charon at %s: %s", uri,
				       strerror(-r));
	}
	r = register_all(events, error);
	if (r < 0) {
		vici_events_close(events);
		return r;
	}
	*ret = events;
	return 0;
}

struct vici_events *vici_events_close(struct vici_events *events)
{
	if (!events)
		return NULL;
	vici_disconnect(events->connection);
	free(events);
	return NULL;
}
