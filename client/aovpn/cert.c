/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert.c - aovpn cert: the table of its subcommands, which is also the help.
 * None of them needs aovpnd.
 */
#include "cert.h"

#include <string.h>

static const struct {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(const struct cli *cli, int argc, char **argv);
	int min_args, max_args;
} commands[] = {
	{"check", "FILE|URI|CONNECTION", "would NPS accept it, and if not, why",
	 cert_check, 1, 1},
	{"list", "[CONNECTION]", "what could be shown, and which is chosen",
	 cert_list, 0, 1},
	{"import", "FILE [CONNECTION]", "PKCS#12 or PEM with its key",
	 cert_import, 1, 2},
	{"watch", "[CONNECTION]", "what expires, which CRL goes stale",
	 cert_watch, 0, 1},
	{"schema", "", "JSON Schema of what check --json prints", cert_schema,
	 0, 0},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int cert_usage(FILE *out, int status)
{
	size_t i;

	fputs("usage: aovpn cert COMMAND [ARGUMENT] [--json] [-v]\n\n", out);
	for (i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-7s %-20s %s\n", commands[i].name,
			commands[i].arguments, commands[i].help);
	fputs("\n  What is a URI begins with \"pkcs11:\". What is the name of "
	      "a "
	      "file in the\n  current directory, or has a \"/\", is a file; "
	      "any "
	      "other name a connection.\n"
	      "  FILE: PEM, DER, PKCS#7 or PKCS#12\n\n"
	      "  --chain FILE  CA certificates to build the chain from; may be "
	      "repeated\n"
	      "  --root FILE   PEM, CAs that NPS is known to trust; may be "
	      "repeated\n"
	      "  --offline     ask nobody, use only answers that are kept\n"
	      "  --refresh     use no answers that are kept\n"
	      "  --password-fd N\n"
	      "                a password is read from descriptor N\n"
	      "  -v            more detail\n\n"
	      "example: aovpn cert check corp\n\n"
	      "exit status of check: 0 NPS would accept it, 1 would refuse it, "
	      "2 usage,\n3 cannot tell. Of watch: 0 nothing is due, 1 "
	      "something "
	      "is, 3 cannot tell.\nOf the others: 0 done, 1 not done, 2 "
	      "usage.\n",
	      out);
	return status;
}

int cmd_cert(const struct cli *cli, int argc, char **argv)
{
	size_t i;

	if (argc == 0 && !cli->json)
		return cert_usage(stderr, EXIT_USAGE);
	for (i = 0; argc > 0 && i < COMMAND_COUNT; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if (argc - 1 < commands[i].min_args)
			return cli_fail(cli, EXIT_USAGE,
					"cert %s needs an argument: aovpn cert "
					"%s %s",
					argv[0], argv[0],
					commands[i].arguments);
		if (argc - 1 > commands[i].max_args)
			return cli_fail(cli, EXIT_USAGE,
					"unexpected argument \"%s\"",
					argv[1 + commands[i].max_args]);
		return commands[i].run(cli, argc - 1, argv + 1);
	}
	return cli_fail(cli, EXIT_USAGE,
			"unknown command \"cert %s\"; aovpn cert --help lists "
			"them",
			argc > 0 ? argv[0] : "");
}
