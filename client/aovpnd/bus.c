/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus.c - see bus.h. Each client of the private socket is one sd-bus connection
 * of its own; those of the system bus share one, and each of their calls is
 * authorized (authorize.h). */
#include "bus.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "attempt.h"
#include "attempts.h"
#include "authorize.h"
#include "bus_objects.h"
#include "connections.h"
#include "log.h"
#include "profile.h"
#include "profile_search.h"
#include "record.h"
#include "record_file.h"
#include "status.h"
#include "system_bus.h"
#include "trace.h"
#include "unix_socket.h"
#include "watched.h"

#define CLIENTS_MAX 32
/* A client that does not read must not make us keep its signals for ever. */
#define QUEUE_MAX 4096

struct client {
	struct bus *bus;
	sd_bus *connection;
	char user[64];
};

struct bus {
	struct daemon *daemon;
	int fd;
	sd_event_source *source;
	struct client *clients[CLIENTS_MAX];
	struct client shared; /* all of the system bus, who change its user */
	struct bus_objects *objects;
};

static void client_drop(struct client *client)
{
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++)
		if (client->bus->clients[i] == client)
			client->bus->clients[i] = NULL;
	sd_bus_close_unref(client->connection);
	free(client);
}

static int reply_error(sd_bus_error *ret, const char *name,
		       const struct aovpn_error *error)
{
	return sd_bus_error_set(ret, name, error->text);
}

static int method_dial(sd_bus_message *message, void *userdata,
		       sd_bus_error *ret_error)
{
	struct client *client = userdata;
	struct aovpn_error error;
	char id[AOVPN_ID_MAX];
	const char *name;
	int r;

	r = sd_bus_message_read(message, "s", &name);
	if (r < 0)
		return r;
	r = connections_dial(client->bus->daemon->connections, name,
			     client->user, NULL, id, &error);
	if (r < 0)
		return reply_error(ret_error, "org.aovpn.Error.Busy", &error);
	return sd_bus_reply_method_return(message, "s", id);
}

/* As Dial, with a password or PIN for the key in a memfd. It is not kept. */
static int method_dial_with_password(sd_bus_message *message, void *userdata,
				     sd_bus_error *ret_error)
{
	struct client *client = userdata;
	struct aovpn_password password;
	struct aovpn_error error;
	char id[AOVPN_ID_MAX];
	const char *name;
	int fd, r;

	r = sd_bus_message_read(message, "sh", &name, &fd);
	if (r < 0)
		return r;
	r = aovpn_password_read_fd(fd, &password, &error);
	if (r < 0)
		return reply_error(ret_error, "org.aovpn.Error.Failed", &error);
	r = connections_dial(client->bus->daemon->connections, name,
			     client->user, &password, id, &error);
	OPENSSL_cleanse(&password, sizeof(password));
	if (r < 0)
		return reply_error(ret_error, "org.aovpn.Error.Busy", &error);
	return sd_bus_reply_method_return(message, "s", id);
}

static int method_hangup(sd_bus_message *message, void *userdata,
			 sd_bus_error *ret_error)
{
	struct client *client = userdata;
	struct aovpn_error error;
	const char *name;
	int r;

	r = sd_bus_message_read(message, "s", &name);
	if (r < 0)
		return r;
	r = connections_hangup(client->bus->daemon->connections, name, &error);
	if (r < 0)
		return reply_error(ret_error, bus_hangup_error(r), &error);
	return sd_bus_reply_method_return(message, NULL);
}

static int method_status(sd_bus_message *message, void *userdata,
			 sd_bus_error *ret_error)
{
	struct client *client = userdata;

	(void)ret_error;
	/* Who has a connection of his own is at the private socket. */
	return status_answer(client->bus->daemon, message,
			     client->connection ? NULL : client->user);
}

static int send_parts(sd_bus_message *message,
		      const struct record_file_part *part, int count)
{
	sd_bus_message *answer = NULL;
	int i, r;

	r = sd_bus_message_new_method_return(message, &answer);
	if (r >= 0)
		r = sd_bus_message_open_container(answer, 'a', "(ht)");
	for (i = 0; r >= 0 && i < count; i++)
		r = sd_bus_message_append(answer, "(ht)", part[i].fd,
					  part[i].size);
	if (r >= 0)
		r = sd_bus_message_close_container(answer);
	if (r >= 0)
		r = sd_bus_send(NULL, answer, NULL);
	sd_bus_message_unref(answer);
	return r;
}

/* Created if missing: an empty log is an answer, not an error. Whoever follows
 * gets each record once: up to here in a file, from here on as a signal. */
static int method_open_events(sd_bus_message *message, void *userdata,
			      sd_bus_error *ret_error)
{
	struct client *client = userdata;
	struct record_file_part part[RECORD_FILE_PARTS];
	struct aovpn_error error;
	int count, i, r;

	count = record_file_open(client->bus->daemon->paths.events, true, part,
				 &error);
	if (count < 0)
		return reply_error(ret_error, "org.aovpn.Error.Failed", &error);
	r = send_parts(message, part, count);
	for (i = 0; i < count; i++)
		close(part[i].fd);
	return r;
}

static int method_open_attempt(sd_bus_message *message, void *userdata,
			       sd_bus_error *ret_error)
{
	struct client *client = userdata;
	struct aovpn_error error;
	const char *id;
	int fd, r;

	r = sd_bus_message_read(message, "s", &id);
	if (r < 0)
		return r;
	fd = attempts_open(client->bus->daemon->paths.attempts, id, &error);
	if (fd < 0)
		return reply_error(ret_error,
				   fd == -EINVAL
					   ? "org.aovpn.Error.InvalidArgument"
					   : "org.aovpn.Error.NotFound",
				   &error);
	r = sd_bus_reply_method_return(message, "h", fd);
	close(fd);
	return r;
}

/* A misspelt name must not look like a connection of which nothing is seen. */
static int check_profile(const struct daemon *daemon, const char *name,
			 struct aovpn_error *error)
{
	char path[PATH_MAX];
	int r = aovpn_profile_name_check(name, error);

	/* One that somebody else dials has none. */
	if (watched_has(daemon->watched, name))
		return 0;
	if (r < 0)
		return r;
	return aovpn_profile_find(daemon->paths.profiles, name, path, error);
}

static int method_open_trace(sd_bus_message *message, void *userdata,
			     sd_bus_error *ret_error)
{
	struct client *client = userdata;
	const char *connection, *peer, *kinds;
	struct aovpn_trace_filter filter;
	struct aovpn_error error;
	int fd, r;

	r = sd_bus_message_read(message, "sss", &connection, &peer, &kinds);
	if (r < 0)
		return r;
	r = aovpn_trace_filter_parse(connection, peer, kinds, &filter, &error);
	if (r == 0 && connection[0] != '\0')
		r = check_profile(client->bus->daemon, connection, &error);
	if (r < 0)
		return reply_error(ret_error, "org.aovpn.Error.InvalidArgument",
				   &error);
	r = traces_open(client->bus->daemon->traces, &filter, &fd, &error);
	if (r < 0)
		return reply_error(ret_error, "org.aovpn.Error.Busy", &error);
	r = sd_bus_reply_method_return(message, "h", fd);
	close(fd);
	return r;
}

/* Who may call what on the system bus; a method that is not here nobody. */
static const struct method {
	const char *member;
	enum authorize_action action;
	sd_bus_message_handler_t run; /* userdata: a client */
} methods[] = {
	{"Dial", AUTHORIZE_DIAL, method_dial},
	{"DialWithPassword", AUTHORIZE_DIAL, method_dial_with_password},
	{"Hangup", AUTHORIZE_DIAL, method_hangup},
	{"Status", AUTHORIZE_LOOK, method_status},
	{"OpenEvents", AUTHORIZE_MANAGE, method_open_events},
	{"OpenAttempt", AUTHORIZE_MANAGE, method_open_attempt},
	{"OpenTrace", AUTHORIZE_MANAGE, method_open_trace},
};

static const struct method *find_method(const sd_bus_message *message)
{
	const char *member =
		sd_bus_message_get_member((sd_bus_message *)message);
	size_t i;

	for (i = 0; member && i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].member, member) == 0)
			return &methods[i];
	return NULL;
}

/* The caller on the system bus may. */
static void on_authorized(sd_bus_message *call, const char *user,
			  void *userdata)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	struct client caller = {.bus = userdata};
	int r;

	snprintf(caller.user, sizeof(caller.user), "%s", user);
	r = find_method(call)->run(call, &caller, &error);
	if (sd_bus_error_is_set(&error))
		sd_bus_reply_method_error(call, &error);
	else if (r < 0)
		sd_bus_reply_method_errno(call, r, NULL);
	sd_bus_error_free(&error);
}

static int dispatch(sd_bus_message *message, void *userdata,
		    sd_bus_error *ret_error)
{
	const struct method *method = find_method(message);
	struct client *client = userdata;
	struct bus *bus = client->bus;
	const char *name = "";
	int r = 0;

	if (!method)
		return -EBADR;
	if (client != &bus->shared)
		return method->run(message, client, ret_error);
	if (method->action == AUTHORIZE_DIAL)
		r = sd_bus_message_read(message, "s", &name);
	if (r >= 0)
		r = authorize(message, method->action,
			      bus->daemon->paths.profiles, name, on_authorized,
			      bus);
	if (r >= 0)
		r = sd_bus_message_rewind(message, 1);
	return r < 0 ? r : 1;
}

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Dial", "s", "s", dispatch, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("DialWithPassword", "sh", "s", dispatch,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Hangup", "s", "", dispatch, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Status", "", "s", dispatch, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("OpenEvents", "", "a(ht)", dispatch,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("OpenAttempt", "s", "h", dispatch,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("OpenTrace", "sss", "h", dispatch,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL("Event", "s", 0),
	SD_BUS_SIGNAL("Progress", "sst", 0),
	SD_BUS_VTABLE_END,
};

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *ret_error)
{
	(void)message;
	(void)ret_error;
	client_drop(userdata);
	return 0;
}

static int client_start(struct client *client, int fd)
{
	sd_bus *connection = client->connection;
	sd_id128_t id;
	int r;

	r = sd_id128_randomize(&id);
	if (r >= 0)
		r = sd_bus_set_fd(connection, fd, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	/* From here on the connection owns fd. */
	r = sd_bus_set_server(connection, 1, id);
	if (r >= 0)
		r = sd_bus_negotiate_fds(connection, 1);
	if (r >= 0)
		r = sd_bus_start(connection);
	if (r >= 0)
		r = sd_bus_add_object_vtable(connection, NULL, BUS_PATH,
					     BUS_INTERFACE, vtable, client);
	if (r >= 0)
		r = sd_bus_match_signal(
			connection, NULL, NULL, "/org/freedesktop/DBus/Local",
			"org.freedesktop.DBus.Local", "Disconnected",
			on_disconnected, client);
	if (r >= 0)
		r = sd_bus_attach_event(connection, client->bus->daemon->event,
					SD_EVENT_PRIORITY_NORMAL);
	return r;
}

static int client_add(struct bus *bus, int fd, const char *user)
{
	struct client *client;
	size_t i = 0;
	int r;

	while (i < CLIENTS_MAX && bus->clients[i])
		i++;
	client = i < CLIENTS_MAX ? calloc(1, sizeof(*client)) : NULL;
	if (!client || sd_bus_new(&client->connection) < 0) {
		free(client);
		close(fd);
		return -EMFILE;
	}
	client->bus = bus;
	snprintf(client->user, sizeof(client->user), "%s", user);
	bus->clients[i] = client;
	r = client_start(client, fd);
	if (r < 0)
		client_drop(client);
	return r;
}

/* Who is at the other end? -EPERM where he may not be. */
static int peer_user(int fd, char *out, size_t size)
{
	struct ucred cred;
	socklen_t length = sizeof(cred);
	struct passwd *entry;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &length) < 0)
		return -errno;
	if (cred.uid != 0 && cred.uid != geteuid())
		return -EPERM;
	entry = getpwuid(cred.uid);
	if (entry)
		snprintf(out, size, "%s", entry->pw_name);
	else
		snprintf(out, size, "%u", cred.uid);
	return 0;
}

static int on_accept(sd_event_source *source, int fd, uint32_t events,
		     void *userdata)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	char user[64];
	int r;

	(void)source;
	(void)events;
	if (peer < 0)
		return 0;
	r = peer_user(peer, user, sizeof(user));
	if (r < 0)
		close(peer);
	else
		r = client_add(userdata, peer, user);
	if (r < 0)
		log_warning("client on the bus socket refused: %s",
			    strerror(-r));
	return 0;
}

/* A new connection to the system bus. A name that another one has, or may not
 * be had, leaves the private socket. */
static void on_system_bus(sd_bus *connection, void *userdata)
{
	struct bus *bus = userdata;
	int r;

	bus->shared.bus = bus;
	r = sd_bus_add_object_vtable(connection, NULL, BUS_PATH, BUS_INTERFACE,
				     vtable, &bus->shared);
	if (r >= 0)
		r = bus_objects_put(bus->objects, connection);
	if (r >= 0)
		r = sd_bus_request_name(connection, BUS_NAME, 0);
	if (r < 0)
		log_warning("not on the system bus as " BUS_NAME ": %s",
			    strerror(-r));
}

int bus_open(struct daemon *daemon, const char *path, struct bus **ret,
	     struct aovpn_error *error)
{
	struct bus *bus = calloc(1, sizeof(*bus));
	int r;

	if (!bus)
		return -ENOMEM;
	bus->daemon = daemon;
	r = bus->fd = aovpn_unix_listen(path, SOCK_STREAM, CLIENTS_MAX);
	if (r >= 0)
		r = sd_event_add_io(daemon->event, &bus->source, bus->fd,
				    EPOLLIN, on_accept, bus);
	if (r < 0) {
		bus_close(bus);
		return aovpn_error_set(error, r, "cannot listen at \"%s\": %s",
				       path, strerror(-r));
	}
	r = bus_objects_new(daemon, &bus->objects);
	if (r >= 0 && daemon->system_bus)
		r = system_bus_follow(daemon->system_bus, on_system_bus, bus);
	if (r < 0)
		log_warning("not on the system bus: %s", strerror(-r));
	*ret = bus;
	return 0;
}

struct bus *bus_close(struct bus *bus)
{
	size_t i;

	if (!bus)
		return NULL;
	for (i = 0; i < CLIENTS_MAX; i++)
		if (bus->clients[i])
			client_drop(bus->clients[i]);
	authorize_end();
	bus_objects_free(bus->objects);
	sd_event_source_disable_unref(bus->source);
	if (bus->fd >= 0)
		close(bus->fd);
	free(bus);
	return NULL;
}

static bool reads_on(const struct client *client)
{
	uint64_t queued = 0;

	return sd_bus_get_n_queued_write(client->connection, &queued) >= 0 &&
	       queued < QUEUE_MAX;
}

/* Whoever waits for an event that cannot be told must not wait for ever. */
static void end_clients(struct bus *bus)
{
	size_t i;

	for (i = 0; i < CLIENTS_MAX; i++)
		if (bus->clients[i])
			shutdown(sd_bus_get_fd(bus->clients[i]->connection),
				 SHUT_RDWR);
}

void bus_broadcast_event(struct bus *bus, const json_t *record)
{
	char *line = record ? record_line(record) : NULL;
	size_t i;

	if (bus && !line)
		end_clients(bus);
	for (i = 0; bus && line && i < CLIENTS_MAX; i++)
		if (bus->clients[i] && reads_on(bus->clients[i]))
			sd_bus_emit_signal(bus->clients[i]->connection,
					   BUS_PATH, BUS_INTERFACE, "Event",
					   "s", line);
	free(line);
	if (bus && record)
		bus_objects_event(bus->objects, record);
}

void bus_broadcast_progress(struct bus *bus, const char *attempt_id,
			    const char *stage, uint64_t milliseconds)
{
	sd_bus *shared =
		bus ? system_bus_connection(bus->daemon->system_bus) : NULL;
	size_t i;

	for (i = 0; bus && i < CLIENTS_MAX; i++)
		if (bus->clients[i] && reads_on(bus->clients[i]))
			sd_bus_emit_signal(bus->clients[i]->connection,
					   BUS_PATH, BUS_INTERFACE, "Progress",
					   "sst", attempt_id, stage,
					   milliseconds);
	/* It tells nobody more than an id and how far that is. */
	if (shared)
		sd_bus_emit_signal(shared, BUS_PATH, BUS_INTERFACE, "Progress",
				   "sst", attempt_id, stage, milliseconds);
}
