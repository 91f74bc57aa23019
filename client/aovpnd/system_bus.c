/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system_bus.c - see system_bus.h. */
#include "system_bus.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "log.h"

struct follower {
	system_bus_ready_t ready;
	void *userdata;
};

struct system_bus {
	sd_event *event;
	sd_bus *connection;
	sd_event_source *retry;
	struct follower follower[SYSTEM_BUS_FOLLOWERS_MAX];
	unsigned int followers;
};

static void try_later(struct system_bus *bus)
{
	sd_event_source_set_time_relative(bus->retry, SYSTEM_BUS_RETRY_US);
	sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
}

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *ret_error)
{
	struct system_bus *bus = userdata;

	(void)message;
	(void)ret_error;
	log_info("the system bus is gone");
	bus->connection = sd_bus_flush_close_unref(bus->connection);
	try_later(bus);
	return 0;
}

static int prepare(struct system_bus *bus, sd_bus *connection)
{
	int r;

	sd_bus_set_method_call_timeout(connection, SYSTEM_BUS_CALL_TIMEOUT_US);
	r = sd_bus_match_signal(connection, NULL, NULL,
				"/org/freedesktop/DBus/Local",
				"org.freedesktop.DBus.Local", "Disconnected",
				on_disconnected, bus);
	return r < 0 ? r
		     : sd_bus_attach_event(connection, bus->event,
					   SD_EVENT_PRIORITY_NORMAL);
}

static int connect_now(struct system_bus *bus)
{
	sd_bus *connection = NULL;
	unsigned int i;
	int r;

	r = sd_bus_open_system(&connection);
	if (r >= 0)
		r = prepare(bus, connection);
	if (r < 0) {
		sd_bus_close_unref(connection);
		return r;
	}
	bus->connection = connection;
	for (i = 0; i < bus->followers; i++)
		bus->follower[i].ready(connection, bus->follower[i].userdata);
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct system_bus *bus = userdata;

	(void)source;
	(void)usec;
	if (!bus->connection && connect_now(bus) < 0)
		try_later(bus);
	return 0;
}

int system_bus_new(sd_event *event, struct system_bus **ret)
{
	struct system_bus *bus = calloc(1, sizeof(*bus));
	int r;

	if (!bus)
		return -ENOMEM;
	bus->event = event;
	r = sd_event_add_time_relative(event, &bus->retry, CLOCK_MONOTONIC,
				       SYSTEM_BUS_RETRY_US, 0, on_retry, bus);
	if (r >= 0)
		r = sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
	if (r < 0) {
		system_bus_free(bus);
		return r;
	}
	if (connect_now(bus) < 0)
		try_later(bus);
	*ret = bus;
	return 0;
}

struct system_bus *system_bus_free(struct system_bus *bus)
{
	if (!bus)
		return NULL;
	sd_event_source_disable_unref(bus->retry);
	sd_bus_flush_close_unref(bus->connection);
	free(bus);
	return NULL;
}

int system_bus_follow(struct system_bus *bus, system_bus_ready_t ready,
		      void *userdata)
{
	if (bus->followers == SYSTEM_BUS_FOLLOWERS_MAX)
		return -ENOSPC;
	bus->follower[bus->followers++] =
		(struct follower){.ready = ready, .userdata = userdata};
	if (bus->connection)
		ready(bus->connection, userdata);
	return 0;
}

sd_bus *system_bus_connection(const struct system_bus *bus)
{
	return bus ? bus->connection : NULL;
}
