/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_show.c - aovpn profile show: what holds, and where it comes from. A
 * profile holds no secret, only where one is.
 */
#include <errno.h>
#include <string.h>

#include "profile_command.h"

struct shown {
	const struct aovpn_profile *profile;
	const struct aovpn_profile_sources *sources;
};

/* The n-th place, from 0, that a key comes from; NULL behind the last. */
static const struct aovpn_profile_source *
find_source(const struct shown *s, enum aovpn_profile_key_index key, size_t n)
{
	size_t i;

	for (i = 0; i < s->sources->count; i++)
		if (s->sources->list[i].key == key && n-- == 0)
			return &s->sources->list[i];
	return NULL;
}

static void print_sources(const struct shown *s,
			  enum aovpn_profile_key_index key)
{
	const struct aovpn_profile_key *k = &aovpn_profile_keys[key];
	const struct aovpn_profile_source *source;
	size_t n;

	for (n = 0; (source = find_source(s, key, n)); n++)
		printf("%s%s:%u", n ? ", " : "# ",
		       s->sources->files.path[source->file], source->line);
	if (n == 0)
		printf("# default%s%s", k->otherwise ? ": " : "",
		       k->otherwise ? k->otherwise : "");
	putchar('\n');
}

static void print_text(const struct shown *s)
{
	char value[AOVPN_PROFILE_ROUTES_MAX];
	const struct aovpn_profile_key *key;
	const char *section = "";
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		key = &aovpn_profile_keys[i];
		if (strcmp(section, key->section) != 0)
			printf("%s[%s]\n", i ? "\n" : "", key->section);
		section = key->section;
		aovpn_profile_key_format(key, s->profile, value, sizeof(value));
		print_sources(s, (enum aovpn_profile_key_index)i);
		/* Of a force tunnel that is no setting but what it means. */
		if (value[0] == '\0' ||
		    (i == KEY_ROUTES && !find_source(s, KEY_ROUTES, 0)))
			printf("#%s=%s\n", key->name, value);
		else
			printf("%s=%s\n", key->name, value);
	}
}

static json_t *json_sources(const struct shown *s,
			    enum aovpn_profile_key_index key)
{
	const struct aovpn_profile_source *source;
	json_t *list = json_array();
	size_t n;

	for (n = 0; (source = find_source(s, key, n)); n++)
		json_array_append_new(
			list,
			json_pack("{s:o, s:i}", "file",
				  profile_json_text(
					  s->sources->files.path[source->file]),
				  "line", (int)source->line));
	return list;
}

static void print_json(const struct shown *s)
{
	char value[AOVPN_PROFILE_ROUTES_MAX];
	json_t *settings = json_array(), *object;
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		aovpn_profile_key_format(&aovpn_profile_keys[i], s->profile,
					 value, sizeof(value));
		json_array_append_new(
			settings,
			json_pack("{s:s, s:s, s:o, s:o}", "section",
				  aovpn_profile_keys[i].section, "key",
				  aovpn_profile_keys[i].name, "value",
				  profile_json_text(value), "sources",
				  json_sources(
					  s, (enum aovpn_profile_key_index)i)));
	}
	object = json_pack("{s:s, s:o}", "profile", s->profile->name,
			   "settings", settings);
	cli_print_json(object);
	json_decref(object);
}

int profile_show(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_profile_sources *sources;
	struct aovpn_profile profile;
	struct aovpn_error error;
	struct shown shown = {.profile = &profile};
	int r;

	(void)argc;
	r = aovpn_profile_load_sources(cli->paths.profiles, argv[0], &profile,
				       &sources, &error);
	shown.sources = sources;
	if (r < 0)
		r = cli_fail(cli,
			     r == -ENOENT ? EXIT_USAGE : EXIT_NOT_CONNECTED,
			     "%s", error.text);
	else if (cli->json)
		print_json(&shown);
	else
		print_text(&shown);
	aovpn_profile_sources_free(sources);
	return r;
}
