/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_list.c - aovpn cert list: every certificate that a connection could
 * show, and why each would be taken or not by a dial now. No PIN is used.
 */
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "cert_json.h"
#include "cert_verdict.h"

static const char *place_of(const struct aovpn_profile *profile)
{
	return profile->certificate_directory[0]
		       ? profile->certificate_directory
		       : profile->certificate;
}

static void print_text(const struct cli *cli,
		       const struct aovpn_profile *profile,
		       const struct aovpn_candidates_choice *choice)
{
	size_t i;

	cert_print_heading(cli, profile->name, place_of(profile));
	if (choice->count == 0)
		text_wrapped(2, "", choice->text);
	for (i = 0; i < choice->count; i++)
		cert_print_verdict(cli, &choice->verdicts[i]);
}

static void print_json(const struct aovpn_profile *profile,
		       const struct aovpn_candidates_choice *choice)
{
	json_t *candidates = json_array(), *object;
	size_t i;

	for (i = 0; i < choice->count; i++)
		json_array_append_new(candidates,
				      cert_json_verdict(&choice->verdicts[i]));
	object = json_pack("{s:s, s:o, s:o}", "connection", profile->name,
			   "place", cert_json_text(place_of(profile)),
			   "candidates", candidates);
	cli_print_json(object);
	json_decref(object);
}

static int list_profile(const struct cli *cli, const char *name)
{
	const struct aovpn_candidates_secrets secrets = {.look = true};
	struct aovpn_candidates_choice *choice;
	struct aovpn_profile profile;
	struct aovpn_error error;
	int r = cert_profile_load(cli, name, &profile);

	if (r != 0)
		return r;
	choice = calloc(1, sizeof(*choice));
	if (!choice)
		return cli_fail(cli, EXIT_REFUSED, "out of memory");
	r = aovpn_candidates_choose(&profile, &secrets, time(NULL), choice,
				    &error);
	if (r < 0) {
		free(choice);
		return cli_fail(cli, EXIT_REFUSED, "%s", error.text);
	}
	if (cli->json)
		print_json(&profile, choice);
	else
		print_text(cli, &profile, choice);
	aovpn_candidates_clear(choice);
	free(choice);
	return EXIT_OK;
}

int cert_list(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_profile_list list;
	int status, one;
	size_t i;

	status = cert_profile_names(cli, argc > 0 ? argv[0] : NULL, &list);
	/* What is wrong with one is no reason to be silent about the others. */
	for (i = 0; i < list.count; i++) {
		one = list_profile(cli, list.name[i]);
		if (one > status)
			status = one;
	}
	return status;
}
