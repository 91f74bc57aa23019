/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.c - aovpn profile: the table of its subcommands, which is also the
 * help. None of them needs aovpnd.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"
#include "profile_command.h"
#include "profile_option.h"

static const struct {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(const struct cli *cli, int argc, char **argv);
	int min_args, max_args;
	const char *more; /* of --help: what it does, and an example */
} commands[] = {
	{"list", "", "all profiles", profile_list, 0, 0,
	 "One line a profile, broken ones with what is wrong.\n\n"
	 "example: aovpn profile list --json | jq -r .profile\n"},
	{"show", "NAME", "its settings, and where each comes from",
	 profile_show, 1, 1,
	 "What holds, with file and line of each setting; a line that begins "
	 "with \"#\"\nis a setting that has no value. The output can be read "
	 "as a profile again.\n\n"
	 "example: aovpn profile show corp\n"},
	{"check", "[NAME|FILE]", "is it right? without one: all", profile_check,
	 0, 1,
	 "Reads a profile as a dial would and says what is wrong, with file, "
	 "line and\nvalue. What has a \"/\" or ends in \".conf\" is a file, "
	 "which is read alone.\nFiles that a profile names and that are not "
	 "there are warnings.\n\n"
	 "example: aovpn profile check ./corp.conf\n"
	 "exit status: 0 all are right, 1 one is not, 2 usage\n"},
	{"add", "NAME", "make one out of options, or by asking", profile_add, 1,
	 1, NULL},
	{"remove", "NAME", "delete it; asks, or --yes", profile_remove, 1, 1,
	 "Deletes the administrator's file of the profile. Refuses while it "
	 "is connected,\nunless --force is given: the tunnel stays then until "
	 "aovpn hangup.\n\n"
	 "  --yes    do not ask\n"
	 "  --force  even while it is connected\n\n"
	 "example: aovpn profile remove corp --yes\n"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_add_help(FILE *out)
{
	char option[AOVPN_PROFILE_OPTION_MAX];
	size_t i;

	fputs("Writes NAME.conf into the administrator's directory after "
	      "having checked it. What\nis required and not given is asked "
	      "for on a terminal. aovpn-profile(5) says what\neach setting "
	      "means.\n\n"
	      "  --replace                               in place of the one "
	      "there is\n",
	      out);
	for (i = 0; i < KEY_COUNT; i++) {
		aovpn_profile_option(&aovpn_profile_keys[i], option);
		fprintf(out, "  --%-38s [%s] %s=\n", option,
			aovpn_profile_keys[i].section,
			aovpn_profile_keys[i].name);
	}
	fputs("\nexample: aovpn profile add corp --server vpn.contoso.com \\\n"
	      "             --gateway-trusted-roots /etc/aovpn/roots.pem \\\n"
	      "             --nps-server-names nps.contoso.com \\\n"
	      "             --credential-certificate /etc/aovpn/user.p12 \\\n"
	      "             --network-routes 10.0.0.0/8\n",
	      out);
}

/* The help of one command; false where there is none of that name. */
static bool command_usage(FILE *out, const char *name)
{
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		fprintf(out, "usage: aovpn profile %s %s\n\n", name,
			commands[i].arguments);
		if (commands[i].more)
			fputs(commands[i].more, out);
		else
			print_add_help(out);
		return true;
	}
	return false;
}

int profile_usage(FILE *out, int status, const char *command)
{
	size_t i;

	if (command && command_usage(out, command))
		return status;
	fputs("usage: aovpn profile COMMAND [ARGUMENT] [--json]\n\n", out);
	for (i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-7s %-12s %s\n", commands[i].name,
			commands[i].arguments, commands[i].help);
	fputs("\n  aovpn profile COMMAND --help says more, with an example; "
	      "aovpn-profile(5)\n  describes the settings.\n\n"
	      "exit status: 0 done, 1 not done, 2 usage or no such profile\n",
	      out);
	return status;
}

int cmd_profile(const struct cli *cli, int argc, char **argv)
{
	size_t i;

	if (argc == 0 && !cli->json)
		return profile_usage(stderr, EXIT_USAGE, NULL);
	for (i = 0; argc > 0 && i < COMMAND_COUNT; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if (argc - 1 < commands[i].min_args)
			return cli_fail(cli, EXIT_USAGE,
					"profile %s needs an argument: aovpn "
					"profile %s %s",
					argv[0], argv[0],
					commands[i].arguments);
		if (argc - 1 > commands[i].max_args)
			return cli_fail(cli, EXIT_USAGE,
					"unexpected argument \"%s\"",
					argv[1 + commands[i].max_args]);
		return commands[i].run(cli, argc - 1, argv + 1);
	}
	return cli_fail(cli, EXIT_USAGE,
			"unknown command \"profile %s\"; aovpn profile --help "
			"lists them",
			argc > 0 ? argv[0] : "");
}

json_t *profile_json_text(const char *text)
{
	char escaped[4 * PATH_MAX];

	aovpn_escape_string(text, escaped, sizeof(escaped));
	return json_string(escaped);
}

int profile_ask(const char *question, char *ret, size_t size)
{
	size_t length, start;

	if (!isatty(STDIN_FILENO))
		return -ENOTTY;
	fputs(question, stderr);
	fflush(stderr);
	if (!fgets(ret, (int)size, stdin))
		return -ENODATA;
	length = strlen(ret);
	if (length + 1 == size && ret[length - 1] != '\n')
		return -EMSGSIZE;
	while (length > 0 && strchr(" \t\r\n", ret[length - 1]))
		ret[--length] = '\0';
	start = strspn(ret, " \t");
	memmove(ret, ret + start, length - start + 1);
	return 0;
}
