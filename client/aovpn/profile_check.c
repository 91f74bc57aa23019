/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_check.c - aovpn profile check. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "profile_command.h"
#include "profile_item.h"
#include "profile_list.h"

#define WARNINGS_MAX 16

struct warnings {
	char text[WARNINGS_MAX][AOVPN_ERROR_TEXT_MAX];
	size_t count;
};

static void warn(struct warnings *w, const char *key, const char *value,
		 const char *what)
{
	struct aovpn_error error;

	if (w->count == WARNINGS_MAX)
		return;
	aovpn_error_set(&error, 0, "%s=%s: %s", key, value, what);
	memcpy(w->text[w->count++], error.text, sizeof(error.text));
}

/* What a dial would find missing. */
static void look_for_files(const struct aovpn_profile *profile,
			   struct warnings *w)
{
	char value[AOVPN_PROFILE_ROUTES_MAX];
	const struct aovpn_profile_key *key;
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		key = &aovpn_profile_keys[i];
		if (key->kind != AOVPN_KEY_TEXT || i == KEY_IDENTITY)
			continue;
		aovpn_profile_key_format(key, profile, value, sizeof(value));
		/* [NPS] has those of [Gateway], unless told otherwise. */
		if (i == KEY_NPS_ROOTS &&
		    strcmp(value, profile->gateway_roots) == 0)
			continue;
		if (aovpn_item_is_path(value) && access(value, F_OK) < 0)
			warn(w, key->name, value, strerror(errno));
	}
	if (profile->weak_algorithms[0] != '\0')
		warn(w, "WeakAlgorithms", profile->weak_algorithms,
		     "whoever records the tunnel may read it one day");
}

static json_t *json_warnings(const struct warnings *w)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < w->count; i++)
		json_array_append_new(list, json_string(w->text[i]));
	return list;
}

static void print(const struct cli *cli, const char *what, bool valid,
		  const char *error, const struct warnings *w)
{
	json_t *object;
	size_t i;

	if (cli->json) {
		object = json_pack("{s:o, s:b, s:o, s:o}", "profile",
				   profile_json_text(what), "valid", valid,
				   "error",
				   valid ? json_null() : json_string(error),
				   "warnings", json_warnings(w));
		cli_print_json(object);
		json_decref(object);
		return;
	}
	if (valid)
		printf("%s: ok\n", what);
	else
		printf("%s: fault: %s\n", what, error);
	for (i = 0; i < w->count; i++)
		printf("%s: warning: %s\n", what, w->text[i]);
}

static bool is_file(const char *what)
{
	size_t length = strlen(what);

	return strchr(what, '/') ||
	       (length > 5 && strcmp(what + length - 5, ".conf") == 0);
}

static int check_one(const struct cli *cli, const char *what)
{
	struct aovpn_profile_sources *sources;
	struct warnings w = {.count = 0};
	struct aovpn_profile profile;
	struct aovpn_error error;
	int r;

	if (is_file(what))
		r = aovpn_profile_load_file(what, &profile, &sources, &error);
	else
		r = aovpn_profile_load_sources(cli->paths.profiles, what,
					       &profile, &sources, &error);
	aovpn_profile_sources_free(sources);
	if (r == -ENOENT || (r < 0 && !is_file(what) &&
			     aovpn_profile_name_check(what, NULL) < 0))
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	if (r == 0)
		look_for_files(&profile, &w);
	print(cli, what, r == 0, error.text, &w);
	return r == 0 ? EXIT_OK : EXIT_NOT_CONNECTED;
}

int profile_check(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_profile_list list;
	struct aovpn_error error;
	int status = EXIT_OK;
	size_t i;

	if (argc > 0)
		return check_one(cli, argv[0]);
	if (aovpn_profile_list_read(cli->paths.profiles, &list, &error) < 0)
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s", error.text);
	for (i = 0; i < list.count; i++)
		if (check_one(cli, list.name[i]) != EXIT_OK)
			status = EXIT_NOT_CONNECTED;
	return status;
}
