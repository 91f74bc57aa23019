/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.c - the connection to aovpnd: its private bus socket, which is root's,
 * else the system bus. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus_names.h"
#include "cli.h"
#include "unix_socket.h"

static int start_bus(int fd, sd_bus **ret)
{
	sd_bus *bus = NULL;
	int r;

	r = sd_bus_new(&bus);
	if (r >= 0)
		r = sd_bus_set_fd(bus, fd, fd);
	if (r < 0)
		close(fd);
	if (r >= 0)
		r = sd_bus_negotiate_fds(bus, 1);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r < 0) {
		sd_bus_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

int client_try(const struct cli *cli, sd_bus **ret)
{
	int r = aovpn_unix_connect(cli->paths.bus_socket, SOCK_STREAM);

	return r < 0 ? r : start_bus(r, ret);
}

/* Who has that name on the system bus: there, anybody may send a signal to
 * anybody, and only such a name is always the true sender's. */
static char owner[64];

static bool is_served(sd_bus *bus)
{
	sd_bus_creds *creds = NULL;
	const char *name = "";
	int r = sd_bus_get_name_creds(bus, BUS_NAME, SD_BUS_CREDS_UNIQUE_NAME,
				      &creds);

	if (r >= 0)
		r = sd_bus_creds_get_unique_name(creds, &name);
	if (r >= 0 && strlen(name) < sizeof(owner))
		memcpy(owner, name, strlen(name) + 1);
	else
		r = -ENOTCONN;
	sd_bus_creds_unref(creds);
	return r >= 0;
}

/* aovpnd on the system bus. Errors: -ENOTCONN (it is not there), -errno. */
static int open_system(sd_bus **ret)
{
	sd_bus *bus = NULL;
	int r = sd_bus_open_system(&bus);

	if (r >= 0 && !is_served(bus))
		r = -ENOTCONN;
	/* Whoever polkit asks to authenticate may do so. */
	if (r >= 0)
		r = sd_bus_set_allow_interactive_authorization(bus, 1);
	if (r < 0) {
		sd_bus_flush_close_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

const char *client_destination(sd_bus *bus)
{
	/* Only a connection to a bus has got a name. */
	return sd_bus_is_bus_client(bus) > 0 ? owner : NULL;
}

bool client_is_from_bus(sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	return sender && strcmp(sender, "org.freedesktop.DBus") == 0;
}

int client_reach(const struct cli *cli, sd_bus **ret)
{
	int r = client_try(cli, ret);

	if (r >= 0 || (geteuid() != 0 && open_system(ret) >= 0))
		return 0;
	return r;
}

int client_open(const struct cli *cli, sd_bus **ret)
{
	int r = client_reach(cli, ret);

	if (r >= 0)
		return 0;
	return cli_fail(cli, EXIT_NO_DAEMON, "cannot reach aovpnd at %s: %s%s",
			cli->paths.bus_socket, strerror(-r),
			r == -ENOENT || r == -ECONNREFUSED
				? " (is aovpnd running?)"
				: "");
}

bool client_read_outcome(sd_bus_message *message, const char *name,
			 int32_t *code, const char **cause, const char **text)
{
	char *of = NULL;
	bool mine;

	if (sd_bus_path_decode(sd_bus_message_get_path(message),
			       BUS_CONNECTION_PATH, &of) <= 0)
		return false;
	mine = strcmp(of, name) == 0 &&
	       sd_bus_message_read(message, "iss", code, cause, text) >= 0;
	free(of);
	return mine;
}

int client_take_events(sd_bus_message *answer,
		       struct record_file_part part[RECORD_FILE_PARTS])
{
	int count = 0, fd, r;
	uint64_t size;

	r = sd_bus_message_enter_container(answer, 'a', "(ht)");
	while (r >= 0 && count < RECORD_FILE_PARTS) {
		r = sd_bus_message_read(answer, "(ht)", &fd, &size);
		if (r <= 0)
			break;
		/* The message closes its own with it. */
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (fd < 0)
			r = -errno;
		else
			part[count++] = (struct record_file_part){fd, size};
	}
	if (r >= 0)
		return count;
	while (count > 0)
		close(part[--count].fd);
	return r;
}

int client_open_events(sd_bus *bus,
		       struct record_file_part part[RECORD_FILE_PARTS],
		       sd_bus_error *error)
{
	sd_bus_message *answer = NULL;
	int r;

	r = sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
			       BUS_INTERFACE, "OpenEvents", error, &answer,
			       NULL);
	if (r >= 0)
		r = client_take_events(answer, part);
	sd_bus_message_unref(answer);
	return r;
}

int client_failed(const struct cli *cli, int r, const sd_bus_error *error)
{
	bool ours = error->name &&
		    strncmp(error->name, "org.aovpn.Error.", 16) == 0;

	return cli_fail(cli, ours ? EXIT_NOT_CONNECTED : EXIT_NO_DAEMON, "%s",
			error->message ? error->message : strerror(-r));
}
