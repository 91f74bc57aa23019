/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus_objects.c - see bus_objects.h. What they show is what "aovpn status" has
 * of the connection. */
#include "bus_objects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "authorize.h"
#include "bus_names.h"
#include "connections.h"
#include "diagnosis.h"
#include "profile_list.h"
#include "profile_search.h"
#include "system_bus.h"

struct bus_objects {
	struct daemon *daemon;
	json_t *changed; /* names whose properties are to be told */
	sd_event_source *later;
};

/* --- which there are -------------------------------------------------------
 */

/* The name of the connection at that path; the caller frees it. */
static char *name_at(const char *path)
{
	char *name = NULL;

	return sd_bus_path_decode(path, BUS_CONNECTION_PATH, &name) > 0 ? name
									: NULL;
}

static char *path_of(const char *name)
{
	char *path = NULL;

	return sd_bus_path_encode(BUS_CONNECTION_PATH, name, &path) >= 0 ? path
									 : NULL;
}

static bool exists(const struct daemon *daemon, const char *name)
{
	json_t *status = connections_status_of(daemon->connections, name);
	struct aovpn_error error;
	char path[PATH_MAX];
	const bool known = status != NULL;

	json_decref(status);
	return known || (aovpn_profile_name_check(name, &error) == 0 &&
			 aovpn_profile_find(daemon->paths.profiles, name, path,
					    &error) == 0);
}

static int find_object(sd_bus *bus, const char *path, const char *interface,
		       void *userdata, void **ret_found, sd_bus_error *error)
{
	struct bus_objects *objects = userdata;
	char *name = name_at(path);
	bool found = name && exists(objects->daemon, name);

	(void)bus;
	(void)interface;
	(void)error;
	free(name);
	if (found)
		*ret_found = objects;
	return found;
}

/* Also what was dialled and has no profile (any more). */
static json_t *all_names(const struct daemon *daemon)
{
	struct aovpn_profile_list *list = calloc(1, sizeof(*list));
	json_t *names = json_object(), *dialled, *one;
	struct aovpn_error error;
	size_t i;

	if (list &&
	    aovpn_profile_list_read(daemon->paths.profiles, list, &error) == 0)
		for (i = 0; i < list->count; i++)
			json_object_set_new(names, list->name[i], json_true());
	free(list);
	dialled = connections_status(daemon->connections, NULL);
	json_array_foreach(dialled, i, one) json_object_set_new(
		names,
		json_string_value(json_object_get(one, "connection")) ?: "",
		json_true());
	json_decref(dialled);
	return names;
}

static int enumerate(sd_bus *bus, const char *prefix, void *userdata,
		     char ***ret_nodes, sd_bus_error *error)
{
	struct bus_objects *objects = userdata;
	json_t *names = all_names(objects->daemon), *one;
	char **nodes = calloc(json_object_size(names) + 1, sizeof(*nodes));
	const char *name;
	size_t count = 0;

	(void)bus;
	(void)prefix;
	(void)error;
	json_object_foreach(names, name, one) if (nodes)
	{
		nodes[count] = path_of(name);
		count += nodes[count] != NULL;
	}
	json_decref(names);
	*ret_nodes = nodes;
	return nodes ? 0 : -ENOMEM;
}

/* --- properties ------------------------------------------------------------
 */

static int append_property(sd_bus_message *reply, const char *property,
			   const char *name, const json_t *status)
{
	const json_t *record = json_object_get(status, "last_record");
	const json_t *keep = json_object_get(status, "keep");

	if (strcmp(property, "AlwaysOn") == 0)
		return sd_bus_message_append(
			reply, "b",
			json_is_true(json_object_get(keep, "always_on")));
	if (strcmp(property, "LastCode") == 0)
		return sd_bus_message_append(
			reply, "i",
			(int)json_integer_value(
				json_object_get(record, "ras_code")));
	if (strcmp(property, "Name") == 0)
		return sd_bus_message_append(reply, "s", name);
	if (strcmp(property, "LastCause") == 0)
		return sd_bus_message_append(
			reply, "s",
			json_string_value(json_object_get(record, "cause"))
				?: "");
	if (strcmp(property, "State") == 0)
		return sd_bus_message_append(
			reply, "s",
			json_string_value(json_object_get(status, "state"))
				?: "idle");
	return sd_bus_message_append(
		reply, "s",
		json_string_value(json_object_get(status, "since")) ?: "");
}

static int get_property(sd_bus *bus, const char *path, const char *interface,
			const char *property, sd_bus_message *reply,
			void *userdata, sd_bus_error *error)
{
	struct bus_objects *objects = userdata;
	char *name = name_at(path);
	json_t *status;
	int r;

	(void)bus;
	(void)interface;
	(void)error;
	if (!name)
		return -ENOENT;
	status = connections_status_of(objects->daemon->connections, name);
	r = append_property(reply, property, name, status);
	json_decref(status);
	free(name);
	return r;
}

/* --- methods ---------------------------------------------------------------
 */

static void dial(const struct daemon *daemon, sd_bus_message *call,
		 const char *name, const char *user)
{
	struct aovpn_error error;
	char id[AOVPN_ID_MAX];

	if (connections_dial(daemon->connections, name, user, NULL, id,
			     &error) < 0)
		sd_bus_reply_method_errorf(call, "org.aovpn.Error.Busy", "%s",
					   error.text);
	else
		sd_bus_reply_method_return(call, "s", id);
}

static void hang_up(const struct daemon *daemon, sd_bus_message *call,
		    const char *name)
{
	struct aovpn_error error;
	int r = connections_hangup(daemon->connections, name, &error);

	if (r < 0)
		sd_bus_reply_method_errorf(call, bus_hangup_error(r), "%s",
					   error.text);
	else
		sd_bus_reply_method_return(call, NULL);
}

static void on_authorized(sd_bus_message *call, const char *user,
			  void *userdata)
{
	struct bus_objects *objects = userdata;
	char *name = name_at(sd_bus_message_get_path(call));

	if (!name)
		sd_bus_reply_method_errno(call, -ENOMEM, NULL);
	else if (strcmp(sd_bus_message_get_member(call), "Dial") == 0)
		dial(objects->daemon, call, name, user);
	else
		hang_up(objects->daemon, call, name);
	free(name);
}

static int ask(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct bus_objects *objects = userdata;
	char *name = name_at(sd_bus_message_get_path(message));
	int r;

	(void)error;
	if (!name)
		return -ENOENT;
	r = authorize(message, AUTHORIZE_DIAL, objects->daemon->paths.profiles,
		      name, on_authorized, objects);
	free(name);
	return r < 0 ? r : 1;
}

#define PROPERTY(name, type)                         \
	SD_BUS_PROPERTY(name, type, get_property, 0, \
			SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE)

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Name", "s", get_property, 0,
			SD_BUS_VTABLE_PROPERTY_CONST),
	PROPERTY("State", "s"),
	PROPERTY("Since", "s"),
	PROPERTY("LastCode", "i"),
	PROPERTY("LastCause", "s"),
	PROPERTY("AlwaysOn", "b"),
	SD_BUS_METHOD("Dial", "", "s", ask, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Hangup", "", "", ask, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL("Outcome", "iss", 0),
	SD_BUS_VTABLE_END,
};

int bus_objects_put(struct bus_objects *objects, sd_bus *connection)
{
	int r;

	if (!objects)
		return -ENOMEM;
	r = sd_bus_add_fallback_vtable(connection, NULL, BUS_CONNECTION_PATH,
				       BUS_CONNECTION_INTERFACE, vtable,
				       find_object, objects);
	if (r >= 0)
		r = sd_bus_add_node_enumerator(connection, NULL,
					       BUS_CONNECTION_PATH, enumerate,
					       objects);
	if (r >= 0)
		r = sd_bus_add_object_manager(connection, NULL,
					      BUS_CONNECTION_PATH);
	return r;
}

/* --- signals ---------------------------------------------------------------
 */

static int tell_changed(sd_event_source *source, void *userdata)
{
	struct bus_objects *objects = userdata;
	sd_bus *bus = system_bus_connection(objects->daemon->system_bus);
	const char *name;
	json_t *one;
	char *path;

	(void)source;
	json_object_foreach(objects->changed, name, one)
	{
		path = bus ? path_of(name) : NULL;
		if (path)
			sd_bus_emit_properties_changed(
				bus, path, BUS_CONNECTION_INTERFACE, "State",
				"Since", "LastCode", "LastCause", "AlwaysOn",
				NULL);
		free(path);
	}
	json_object_clear(objects->changed);
	return 0;
}

int bus_objects_new(struct daemon *daemon, struct bus_objects **ret)
{
	struct bus_objects *objects = calloc(1, sizeof(*objects));
	int r;

	if (!objects)
		return -ENOMEM;
	objects->daemon = daemon;
	objects->changed = json_object();
	r = sd_event_add_defer(daemon->event, &objects->later, tell_changed,
			       objects);
	if (r >= 0)
		r = sd_event_source_set_enabled(objects->later, SD_EVENT_OFF);
	if (r < 0) {
		bus_objects_free(objects);
		return r;
	}
	*ret = objects;
	return 0;
}

struct bus_objects *bus_objects_free(struct bus_objects *objects)
{
	if (!objects)
		return NULL;
	sd_event_source_disable_unref(objects->later);
	json_decref(objects->changed);
	free(objects);
	return NULL;
}

static bool is_outcome(json_int_t event_id)
{
	return event_id == AOVPN_EVENT_CONNECTED ||
	       event_id == AOVPN_EVENT_TERMINATED ||
	       event_id == AOVPN_EVENT_FAILED ||
	       event_id == AOVPN_EVENT_WARNING;
}

static void emit_outcome(sd_bus *bus, const char *path, const json_t *record)
{
	const char *cause = json_string_value(json_object_get(record, "cause"));
	const char *message =
		json_string_value(json_object_get(record, "message"));

	if (is_outcome(json_integer_value(json_object_get(record, "event_id"))))
		sd_bus_emit_signal(bus, path, BUS_CONNECTION_INTERFACE,
				   "Outcome", "iss",
				   (int)json_integer_value(
					   json_object_get(record, "ras_code")),
				   cause ?: "", message ?: "");
}

void bus_objects_event(struct bus_objects *objects, const json_t *record)
{
	const char *name =
		json_string_value(json_object_get(record, "connection"));
	sd_bus *bus =
		objects ? system_bus_connection(objects->daemon->system_bus)
			: NULL;
	char *path = bus && name ? path_of(name) : NULL;

	if (!path)
		return;
	emit_outcome(bus, path, record);
	free(path);
	/* The connection has its new state a moment later. */
	json_object_set_new(objects->changed, name, json_true());
	sd_event_source_set_enabled(objects->later, SD_EVENT_ONESHOT);
}
