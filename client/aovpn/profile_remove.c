/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_remove.c - aovpn profile remove. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus_names.h"
#include "profile_command.h"

/* What aovpnd's status says of a connection: "idle" where nothing. */
static void find_state(const char *status, const char *name, char *ret,
		       size_t size)
{
	json_t *object = json_loads(status, 0, NULL);
	const json_t *connection;
	size_t i;

	snprintf(ret, size, "idle");
	json_array_foreach(
		json_object_get(object, "connections"), i,
		connection) if (strcmp(record_text(connection, "connection"),
				       name) == 0)
		snprintf(ret, size, "%s", record_text(connection, "state"));
	json_decref(object);
}

/* The connection's state, as far as aovpnd runs and tells. */
static void ask_state(const struct cli *cli, const char *name, char *ret,
		      size_t size)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	sd_bus *bus = NULL;
	const char *text;

	snprintf(ret, size, "idle");
	if (client_try(cli, &bus) < 0)
		return;
	if (sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
			       BUS_INTERFACE, "Status", &error, &answer,
			       NULL) >= 0 &&
	    sd_bus_message_read(answer, "s", &text) >= 0)
		find_state(text, name, ret, size);
	sd_bus_message_unref(answer);
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
}

static int check_state(const struct cli *cli, const char *name)
{
	char state[32];

	ask_state(cli, name, state, sizeof(state));
	if (strcmp(state, "connected") != 0 && strcmp(state, "connecting") != 0)
		return 0;
	if (cli->force)
		return 0;
	return cli_fail(cli, EXIT_NOT_CONNECTED,
			"\"%s\" is %s; aovpn hangup %s first, or --force", name,
			state, name);
}

/* What there is, is somebody else's. */
static int fail_foreign(const struct cli *cli, const char *name,
			const char *own)
{
	struct aovpn_error error;
	char path[PATH_MAX];

	if (aovpn_profile_find(cli->paths.profiles, name, path, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	return cli_fail(cli, EXIT_NOT_CONNECTED,
			"%s is not the administrator's; to hide it: ln -s "
			"/dev/null %s",
			path, own);
}

static int confirm(const struct cli *cli, const char *name, const char *path)
{
	char question[PATH_MAX + 128], answer[16] = "";
	int r;

	if (cli->yes)
		return 0;
	snprintf(question, sizeof(question), "Remove profile %s (%s)? [y/N] ",
		 name, path);
	r = profile_ask(question, answer, sizeof(answer));
	if (r == -ENOTTY)
		return cli_fail(cli, EXIT_USAGE,
				"there is no terminal to ask on; --yes removes "
				"it without");
	if (r < 0 || (strcmp(answer, "y") != 0 && strcmp(answer, "yes") != 0))
		return cli_fail(cli, EXIT_NOT_CONNECTED, "not removed");
	return 0;
}

static void tell(const struct cli *cli, const char *name, const char *path)
{
	char drop_ins[PATH_MAX + 8], other[PATH_MAX];
	json_t *object;

	snprintf(drop_ins, sizeof(drop_ins), "%s.d", path);
	if (cli->json) {
		object = json_pack("{s:s, s:o}", "removed", name, "file",
				   profile_json_text(path));
		cli_print_json(object);
		json_decref(object);
		return;
	}
	printf("removed %s\n", path);
	if (access(drop_ins, F_OK) == 0)
		printf("its drop-ins stay in %s\n", drop_ins);
	if (aovpn_profile_find(cli->paths.profiles, name, other, NULL) == 0)
		printf("now %s holds\n", other);
}

int profile_remove(const struct cli *cli, int argc, char **argv)
{
	const char *name = argv[0];
	struct aovpn_error error;
	char path[PATH_MAX];
	struct stat st;
	int status;

	(void)argc;
	if (aovpn_profile_name_check(name, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	if (snprintf(path, sizeof(path), "%s/%s.conf", cli->paths.own_profiles,
		     name) >= (int)sizeof(path))
		return cli_fail(cli, EXIT_USAGE, "path too long");
	if (lstat(path, &st) < 0)
		return fail_foreign(cli, name, path);
	status = check_state(cli, name);
	if (status == 0)
		status = confirm(cli, name, path);
	if (status != 0)
		return status;
	if (unlink(path) < 0)
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s: %s", path,
				strerror(errno));
	tell(cli, name, path);
	return EXIT_OK;
}
