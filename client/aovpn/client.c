/* client.c - the connection to aovpnd's private bus socket. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

int client_open(const struct cli *cli, sd_bus **ret)
{
	int r = aovpn_unix_connect(cli->paths.bus_socket, SOCK_STREAM);

	if (r >= 0)
		r = start_bus(r, ret);
	if (r >= 0)
		return 0;
	return cli_fail(cli, EXIT_NO_DAEMON, "cannot reach aovpnd at %s: %s%s",
			cli->paths.bus_socket, strerror(-r),
			r == -ENOENT || r == -ECONNREFUSED
				? " (is aovpnd running?)"
				: "");
}

int client_failed(const struct cli *cli, int r, const sd_bus_error *error)
{
	bool ours = error->name &&
		    strncmp(error->name, "org.aovpn.Error.", 16) == 0;

	return cli_fail(cli, ours ? EXIT_NOT_CONNECTED : EXIT_NO_DAEMON, "%s",
			error->message ? error->message : strerror(-r));
}
