/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logind.c - stands in for systemd-logind, of which the lab's machine has none:
 * it owns org.freedesktop.login1 on the system bus and has the one method
 * Suspend. Signals PrepareForSleep come before and after, as
 * org.freedesktop.login1(5) says; between them only the clock file of
 * lab-clock.so says that time passed. Unproven by it: the order in which a real
 * machine, its network and its clocks come back, and inhibitor locks.
 *
 *   lab-logind FILE SECONDS     FILE gets SECONDS while "the machine sleeps"
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-bus.h>

#define PATH      "/org/freedesktop/login1"
#define INTERFACE "org.freedesktop.login1.Manager"

struct sleep {
	const char *file;
	const char *seconds;
};

static int announce(sd_bus *bus, int begins)
{
	int r = sd_bus_emit_signal(bus, PATH, INTERFACE, "PrepareForSleep", "b",
				   begins);

	return r < 0 ? r : sd_bus_flush(bus);
}

/* In the moment before, whoever listens notes how late it is. */
static int pass_time(const struct sleep *sleep)
{
	const struct timespec moment = {.tv_nsec = 100000000};
	FILE *file;

	nanosleep(&moment, NULL);
	file = fopen(sleep->file, "we");

	if (!file)
		return -errno;
	fprintf(file, "%s\n", sleep->seconds);
	return fclose(file) == 0 ? 0 : -errno;
}

static int suspend(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
	sd_bus *bus = sd_bus_message_get_bus(call);
	int r = announce(bus, 1);

	(void)error;
	if (r >= 0)
		r = pass_time(userdata);
	if (r >= 0)
		r = announce(bus, 0);
	return r < 0 ? r : sd_bus_reply_method_return(call, "");
}

static const sd_bus_vtable manager[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Suspend", "b", "", suspend, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
	SD_BUS_VTABLE_END,
};

static int serve(sd_bus *bus)
{
	int r;

	do {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
	} while (r >= 0);
	return r;
}

int main(int argc, char **argv)
{
	struct sleep sleep;
	sd_bus *bus = NULL;
	int r;

	if (argc != 3) {
		fprintf(stderr, "usage: lab-logind FILE SECONDS\n");
		return 2;
	}
	sleep = (struct sleep){.file = argv[1], .seconds = argv[2]};
	r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = sd_bus_add_object_vtable(bus, NULL, PATH, INTERFACE,
					     manager, &sleep);
	if (r >= 0)
		r = sd_bus_request_name(bus, "org.freedesktop.login1", 0);
	if (r >= 0)
		r = serve(bus);
	fprintf(stderr, "lab-logind: %s\n", strerror(-r));
	return 1;
}
