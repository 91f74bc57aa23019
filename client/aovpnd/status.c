/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.c - see status.h. */
#include "status.h"

#include <stdio.h>

#include "charon_source.h"
#include "connections.h"
#include "escape.h"
#include "plugin_server.h"
#include "watched.h"

static json_t *hook_object(const struct tracer_hook *hook)
{
	static const char *const states[] = {
		[LOADER_HOOK_ABSENT] = "absent",
		[LOADER_HOOK_REFUSED] = "refused",
		[LOADER_HOOK_LOADED] = "ready",
		[LOADER_HOOK_ATTACHED] = "attached",
	};
	char reason[256];

	aovpn_escape_string(hook->reason, reason, sizeof(reason));
	if (hook->state == LOADER_HOOK_LOADED)
		snprintf(reason, sizeof(reason), "%s",
			 "attached while a dial or a trace is open");
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "hook", hook->name,
			 "state", states[hook->state], "reason", reason,
			 "events", (json_int_t)hook->delivered, "lost",
			 (json_int_t)hook->lost, "suppressed",
			 (json_int_t)hook->suppressed);
}

static json_t *kernel_object(const struct daemon *daemon)
{
	json_t *hooks = json_array();
	struct tracer_hook hook;
	unsigned int i;

	if (!daemon->tracer)
		return json_pack("{s:s, s:s, s:o}", "state", "absent", "reason",
				 daemon->tracer_error.text, "hooks", hooks);
	for (i = 0; tracer_hook(daemon->tracer, i, &hook); i++)
		json_array_append_new(hooks, hook_object(&hook));
	return json_pack(
		"{s:s, s:I, s:I, s:o}", "state", "live", "lost_events",
		(json_int_t)tracer_lost(daemon->tracer), "suppressed_events",
		(json_int_t)tracer_suppressed(daemon->tracer), "hooks", hooks);
}

static json_t *plugin_object(const struct daemon *daemon)
{
	const struct aovpn_hello *hello = plugin_server_hello(daemon->plugin);
	char version[64], strongswan[64];
	json_t *object;

	if (!hello) {
		object = json_pack("{s:s, s:s}", "state", "absent", "reason",
				   "no charon with our plugin has connected");
	} else {
		aovpn_escape_string(hello->plugin_version, version,
				    sizeof(version));
		aovpn_escape_string(hello->strongswan, strongswan,
				    sizeof(strongswan));
		object = json_pack("{s:s, s:s, s:s, s:i}", "state", "live",
				   "version", version, "strongswan", strongswan,
				   "charon_pid", (int)hello->pid);
	}
	json_object_set_new(
		object, "lost_events",
		json_integer((json_int_t)plugin_server_lost(daemon->plugin)));
	json_object_set_new(object, "refused_messages",
			    json_integer((json_int_t)plugin_server_refused(
				    daemon->plugin)));
	return object;
}

static json_t *live_object(uint64_t lost)
{
	return json_pack("{s:s, s:I}", "state", "live", "lost_events",
			 (json_int_t)lost);
}

static json_t *absent_object(const struct aovpn_error *why)
{
	return json_pack("{s:s, s:s}", "state", "absent", "reason", why->text);
}

static json_t *icmp_object(const struct daemon *daemon)
{
	return daemon->icmp ? live_object(icmp_lost(daemon->icmp))
			    : absent_object(&daemon->icmp_error);
}

static json_t *fragments_object(const struct daemon *daemon)
{
	return daemon->fragments
		       ? live_object(fragments_lost(daemon->fragments))
		       : absent_object(&daemon->fragments_error);
}

/* NULL leaves the key out. */
static json_t *sources_object(const struct daemon *daemon)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o*}", "plugin",
			 plugin_object(daemon), "kernel", kernel_object(daemon),
			 "icmp", icmp_object(daemon), "fragments",
			 fragments_object(daemon), "charon",
			 charon_source_status(daemon->charon), "charon_nm",
			 charon_source_status(daemon->charon_nm));
}

json_t *status_new(const struct daemon *daemon, const struct vici_sas *sas)
{
	json_t *list = connections_status(daemon->connections, sas);

	watched_status(daemon->watched, list);
	return json_pack("{s:i, s:s, s:o, s:o, s:o}", "schema", 1, "version",
			 AOVPN_VERSION, "sources", sources_object(daemon),
			 "connections", list, "records",
			 recorder_status(&daemon->recorder));
}
