/* hangup.c - aovpn hangup: disconnect, or cancel a dial. */
#include <stdio.h>

#include "bus_names.h"
#include "cli.h"

int cmd_hangup(const struct cli *cli, int argc, char **argv)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus = NULL;
	json_t *done;
	int r, status;

	(void)argc;
	status = client_open(cli, &bus);
	if (status != 0)
		return status;
	r = sd_bus_call_method(bus, NULL, BUS_PATH, BUS_INTERFACE, "Hangup",
			       &error, NULL, "s", argv[0]);
	if (r < 0) {
		status = client_failed(cli, r, &error);
	} else if (cli->json) {
		done = json_pack("{s:s, s:s}", "connection", argv[0], "state",
				 "disconnecting");
		cli_print_json(done);
		json_decref(done);
	} else {
		printf("hanging up %s\n", argv[0]);
	}
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
	return status;
}
