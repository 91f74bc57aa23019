/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_list.c - aovpn profile list. */
#include <string.h>

#include "profile_command.h"
#include "profile_list.h"

static void print_text(const char *name, const struct aovpn_profile *profile,
		       const struct aovpn_error *error)
{
	if (!profile) {
		printf("%-20s broken: %s\n", name, error->text);
		return;
	}
	printf("%-20s %-6s %-10s %s\n", name,
	       profile->tunnel == AOVPN_TUNNEL_FORCE ? "force" : "split",
	       profile->always_on ? "always-on" : "on-demand",
	       profile->servers);
}

static json_t *servers(const struct aovpn_profile *profile)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; aovpn_profile_server(profile, i); i++)
		json_array_append_new(
			list, json_string(aovpn_profile_server(profile, i)));
	return list;
}

static void print_json(const char *name, const struct aovpn_profile *profile,
		       const char *file, const struct aovpn_error *error)
{
	json_t *object = json_pack("{s:s, s:o}", "profile", name, "file",
				   profile_json_text(file));

	if (profile) {
		json_object_set_new(object, "servers", servers(profile));
		json_object_set_new(
			object, "tunnel",
			json_string(profile->tunnel == AOVPN_TUNNEL_FORCE
					    ? "force"
					    : "split"));
		json_object_set_new(object, "always_on",
				    json_boolean(profile->always_on));
	} else {
		json_object_set_new(object, "error",
				    profile_json_text(error->text));
	}
	cli_print_json(object);
	json_decref(object);
}

static void list_one(const struct cli *cli, const char *name)
{
	struct aovpn_profile_sources *sources;
	struct aovpn_profile profile, *p = NULL;
	struct aovpn_error error = {""};

	if (aovpn_profile_load_sources(cli->paths.profiles, name, &profile,
				       &sources, &error) == 0)
		p = &profile;
	if (cli->json)
		print_json(name, p, sources ? sources->files.path[0] : "",
			   &error);
	else
		print_text(name, p, &error);
	aovpn_profile_sources_free(sources);
}

int profile_list(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_profile_list list;
	struct aovpn_error error;
	size_t i;

	(void)argc;
	(void)argv;
	if (aovpn_profile_list_read(cli->paths.profiles, &list, &error) < 0)
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s", error.text);
	if (!cli->json && list.count == 0)
		puts("no profile yet; aovpn profile add NAME makes one");
	if (!cli->json && list.count > 0)
		printf("%s%-20s %-6s %-10s %s%s\n", text_bold(cli), "NAME",
		       "TUNNEL", "DIALS", "SERVERS", text_plain(cli));
	for (i = 0; i < list.count; i++)
		list_one(cli, list.name[i]);
	return EXIT_OK;
}
