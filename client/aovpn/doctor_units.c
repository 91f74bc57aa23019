/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_units.c - aovpn doctor: are the units of packaging/systemd as they
 * should be? Only asked about, and only where systemd runs.
 */
#include <errno.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "doctor.h"

#define CALL_TIMEOUT_US 3000000ull
#define SYSTEMD         "org.freedesktop.systemd1"
#define SYSTEMD_PATH    "/org/freedesktop/systemd1"

static const struct {
	const char *name;
	const char *use;
	enum doctor_state without;
} units[] = {
	{"aovpnd.service", "nothing dials without it", DOCTOR_FAULT},
	{"aovpn-loader.socket", "aovpnd cannot watch the kernel without it",
	 DOCTOR_WARNING},
	{"aovpn-fetch.socket",
	 "names and CRLs are fetched by a child of whoever asks",
	 DOCTOR_WARNING},
	{"aovpn-network.socket",
	 "a tunnel gets neither routes nor DNS without it", DOCTOR_WARNING},
	{"strongswan.service", "charon is its", DOCTOR_FAULT},
};

#define UNITS (sizeof(units) / sizeof(units[0]))

/* "active", "inactive", ...; "" where systemd knows no such unit. */
static int ask_state(sd_bus *bus, const char *unit, char *out, size_t size)
{
	sd_bus_message *answer = NULL;
	char *state = NULL;
	const char *path;
	int r;

	r = sd_bus_call_method(bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD ".Manager",
			       "GetUnit", NULL, &answer, "s", unit);
	if (r >= 0)
		r = sd_bus_message_read(answer, "o", &path);
	if (r >= 0)
		r = sd_bus_get_property_string(bus, SYSTEMD, path,
					       SYSTEMD ".Unit", "ActiveState",
					       NULL, &state);
	snprintf(out, size, "%s", r >= 0 ? state : "");
	free(state);
	sd_bus_message_unref(answer);
	return r;
}

static void tell_unit(struct doctor_part *part, sd_bus *bus, size_t i)
{
	char state[32];
	json_t *line;
	int r = ask_state(bus, units[i].name, state, sizeof(state));

	if (strcmp(state, "active") == 0 || strcmp(state, "reloading") == 0) {
		line = doctor_tell(part, DOCTOR_OK, "unit", "is %s", state);
	} else if (state[0] != '\0') {
		line = doctor_tell(part, units[i].without, "unit", "is %s: %s",
				   state, units[i].use);
		doctor_fix(line,
			   "`systemctl enable --now %s` here; `systemctl "
			   "status %s` says why it is not active.",
			   units[i].name, units[i].name);
	} else {
		line = doctor_tell(part, units[i].without, "unit",
				   "is not loaded (%s): %s", strerror(-r),
				   units[i].use);
		doctor_fix(line, "`systemctl enable --now %s` here.",
			   units[i].name);
	}
	doctor_subject(line, units[i].name);
}

void doctor_units(struct doctor_part *part)
{
	sd_bus *bus = NULL;
	size_t i;
	int r;

	if (sd_booted() <= 0) {
		doctor_tell(part, DOCTOR_SKIPPED, "units",
			    "systemd does not run this machine");
		return;
	}
	r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = sd_bus_set_method_call_timeout(bus, CALL_TIMEOUT_US);
	if (r < 0)
		doctor_tell(part, DOCTOR_SKIPPED, "units",
			    "systemd cannot be asked: %s", strerror(-r));
	for (i = 0; r >= 0 && i < UNITS; i++)
		tell_unit(part, bus, i);
	sd_bus_flush_close_unref(bus);
}
