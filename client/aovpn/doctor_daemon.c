/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_daemon.c - aovpn doctor: what aovpnd says about itself, our plugin in
 * charon, the tracer and the other sources.
 */
#include <errno.h>
#include <string.h>

#include "bus_names.h"
#include "doctor.h"

#define CALL_TIMEOUT_US 3000000ull

static int call_status(sd_bus *bus, json_t **ret)
{
	sd_bus_message *call = NULL, *answer = NULL;
	const char *text;
	int r;

	r = sd_bus_message_new_method_call(bus, &call, client_destination(bus),
					   BUS_PATH, BUS_INTERFACE, "Status");
	if (r >= 0)
		r = sd_bus_call(bus, call, CALL_TIMEOUT_US, NULL, &answer);
	if (r >= 0)
		r = sd_bus_message_read(answer, "s", &text);
	if (r >= 0) {
		*ret = json_loads(text, 0, NULL);
		r = json_is_object(*ret) ? 0 : -EBADMSG;
	}
	sd_bus_message_unref(answer);
	sd_bus_message_unref(call);
	return r;
}

static bool is_live(const json_t *source)
{
	return strcmp(record_text(source, "state"), "live") == 0;
}

static void tell_version(struct doctor_part *part, const json_t *status)
{
	const char *version = record_text(status, "version");
	json_t *line;

	if (strcmp(version, AOVPN_VERSION) == 0) {
		line = doctor_tell(part, DOCTOR_OK, "aovpnd",
				   "answers, version %s", version);
	} else {
		line = doctor_tell(part, DOCTOR_WARNING, "aovpnd",
				   "is version %s, and this is %s", version,
				   AOVPN_VERSION);
		doctor_fix(line, "`systemctl restart aovpnd` here: it was not "
				 "restarted since the update.");
	}
	doctor_fact_text(line, "version", version);
}

static void tell_plugin(struct doctor_part *part, const json_t *status,
			const json_t *plugin)
{
	const char *version = record_text(plugin, "version");
	json_t *line;

	if (!is_live(plugin)) {
		line = doctor_tell(part, DOCTOR_FAULT, "plugin",
				   "is not in charon: %s",
				   record_text(plugin, "reason"));
		doctor_cause(line, "plugin-missing");
		return;
	}
	if (strcmp(version, record_text(status, "version")) == 0) {
		line = doctor_tell(
			part, DOCTOR_OK, "plugin",
			"is in charon (pid %lld), version %s, "
			"strongSwan %s",
			(long long)json_integer_value(
				json_object_get(plugin, "charon_pid")),
			version, record_text(plugin, "strongswan"));
	} else {
		line = doctor_tell(part, DOCTOR_FAULT, "plugin",
				   "in charon is version %s, and aovpnd is %s",
				   version, record_text(status, "version"));
		doctor_cause(line, "plugin-missing");
	}
	doctor_fact_text(line, "version", version);
	doctor_fact_text(line, "strongswan", record_text(plugin, "strongswan"));
}

/* How many hooks are as wanted, and the first one that is not. */
static size_t count_hooks(const json_t *hooks, const json_t **first_refused)
{
	const json_t *hook;
	size_t i, good = 0;

	*first_refused = NULL;
	json_array_foreach(hooks, i, hook)
	{
		if (strcmp(record_text(hook, "state"), "refused") != 0)
			good++;
		else if (!*first_refused)
			*first_refused = hook;
	}
	return good;
}

static void tell_tracer(struct doctor_part *part, const json_t *kernel)
{
	const json_t *hooks = json_object_get(kernel, "hooks"), *refused;
	const size_t all = json_array_size(hooks);
	const size_t good = count_hooks(hooks, &refused);
	json_t *line;

	if (!is_live(kernel))
		line = doctor_tell(part, DOCTOR_WARNING, "tracer",
				   "does not run: %s; a failure is explained "
				   "by less",
				   record_text(kernel, "reason"));
	else if (refused)
		line = doctor_tell(part, DOCTOR_WARNING, "tracer",
				   "%zu of %zu hooks; %s was refused: %s", good,
				   all, record_text(refused, "hook"),
				   record_text(refused, "reason"));
	else
		line = doctor_tell(part, DOCTOR_OK, "tracer",
				   "%zu hooks in the kernel", good);
	if (!is_live(kernel) || refused)
		doctor_fix(line,
			   "`aovpn status -v` lists the hooks; that kernel "
			   "lockdown, a missing BTF or a container allow "
			   "no more may be as it has to be.");
	doctor_fact(line, "hooks", json_integer((json_int_t)all));
	doctor_fact(line, "hooks_refused",
		    json_integer((json_int_t)(all - good)));
}

/* The others, in one line. */
static void tell_sources(struct doctor_part *part, const json_t *sources)
{
	static const char *const names[] = {"charon", "icmp", "fragments"};
	const json_t *source;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		source = json_object_get(sources, names[i]);
		if (is_live(source))
			continue;
		doctor_fix(doctor_tell(part, DOCTOR_WARNING, "sources",
				       "%s is absent: %s", names[i],
				       record_text(source, "reason")),
			   "A dial works without it; `aovpn status` shows "
			   "when it is back.");
		return;
	}
	doctor_tell(part, DOCTOR_OK, "sources",
		    "charon's messages, ICMP and fragments are heard");
}

static void tell_all(struct doctor_part *part, const json_t *status)
{
	const json_t *sources = json_object_get(status, "sources");

	tell_version(part, status);
	tell_plugin(part, status, json_object_get(sources, "plugin"));
	tell_tracer(part, json_object_get(sources, "kernel"));
	tell_sources(part, sources);
}

static void tell_unreachable(struct doctor_part *part, int error)
{
	const char *path = part->doctor->cli->paths.bus_socket;
	json_t *line;

	if (error == -EACCES && !part->doctor->root) {
		doctor_needs_root(
			part, "aovpnd",
			"its private socket is root's, and so plugin, "
			"tracer and sources are not known");
		return;
	}
	line = doctor_tell(part, DOCTOR_FAULT, "aovpnd",
			   "cannot be reached at %s: %s; so plugin, tracer and "
			   "sources are not known",
			   path, strerror(-error));
	doctor_fix(line, "`systemctl enable --now aovpnd` here; `journalctl -u "
			 "aovpnd` says why it does not run.");
}

void doctor_daemon(struct doctor_part *part)
{
	json_t *status = NULL;
	sd_bus *bus = NULL;
	int r = client_reach(part->doctor->cli, &bus);

	if (r >= 0)
		r = call_status(bus, &status);
	if (r < 0)
		tell_unreachable(part, r);
	else
		tell_all(part, status);
	json_decref(status);
	sd_bus_flush_close_unref(bus);
}
