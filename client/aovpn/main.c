/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - aovpn: the table of subcommands, which is also the help.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "escape.h"
#include "help.h"
#include "profile_option.h"

static const struct {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(const struct cli *cli, int argc, char **argv);
	int min_args, max_args;
} commands[] = {
	{"dial", "NAME", "connect, showing each stage", cmd_dial, 1, 1},
	{"hangup", "NAME", "disconnect, or cancel a dial", cmd_hangup, 1, 1},
	{"status", "", "connections, and which sources are live", cmd_status, 0,
	 0},
	{"events", "", "what happened so far; --follow: and goes on",
	 cmd_events, 0, 0},
	{"diagnose", "FILE|-", "what a recorded attempt failed of",
	 cmd_diagnose, 1, 1},
	{"trace", "[NAME]", "everything that the sources see, live", cmd_trace,
	 0, 1},
	{"explain", "WHAT", "a code, a cause, nps:REASON or the id of an event",
	 cmd_explain, 1, 1},
	{"doctor", "[NAME]", "what stands in the way? doctor --help says more",
	 cmd_doctor, 0, 1},
	{"cert", "COMMAND", "would NPS take it? cert --help lists more",
	 cmd_cert, 0, 3},
	{"notify", "", "show failures in the desktop session", cmd_notify, 0,
	 0},
	{"profile", "COMMAND", "add, list, show, check, remove; --help: more",
	 cmd_profile, 0, 3},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int usage(FILE *out, int status)
{
	size_t i;

	fputs("usage: aovpn COMMAND [ARGUMENT] [--json] [-v]\n\n", out);
	for (i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-8s %-11s %s\n", commands[i].name,
			commands[i].arguments, commands[i].help);
	fputs("\n  --json     JSON, one object a line, errors too\n"
	      "  -v         more detail\n"
	      "  --follow   events: wait for more\n"
	      "  --watch    status: again each second\n"
	      "  --record ID\n"
	      "             events: the recording of this attempt, for "
	      "diagnose\n"
	      "  --password-fd N\n"
	      "             dial: the key's password or PIN is read from "
	      "descriptor N\n"
	      "  --peer ADDRESS, --kind KIND[,KIND...], --duration SECONDS\n"
	      "             trace: only that of a gateway, only such events, "
	      "only so long\n"
	      "  --version, --help; COMMAND --help: more, with an example\n\n"
	      "exit status: 0 connected or done, 1 not connected, 2 usage,\n"
	      "3 aovpnd not reachable\n",
	      out);
	return status;
}

int cli_fail(const struct cli *cli, int status, const char *format, ...)
{
	char raw[1024], text[2048];
	json_t *object;
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	aovpn_escape_string(raw, text, sizeof(text));
	if (!cli->json) {
		fprintf(stderr, "aovpn: %s\n", text);
		return status;
	}
	object = json_pack("{s:s, s:i}", "error", text, "exit_status", status);
	cli_print_json(object);
	json_decref(object);
	return status;
}

void cli_print_json(const json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

static int run_command(struct cli *cli, int argc, char **argv)
{
	struct aovpn_error error;
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if (argc - 1 < commands[i].min_args)
			return cli_fail(cli, EXIT_USAGE,
					"%s needs an argument: aovpn %s %s",
					argv[0], argv[0],
					commands[i].arguments);
		if (argc - 1 > commands[i].max_args)
			return cli_fail(cli, EXIT_USAGE,
					"unexpected argument \"%s\"",
					argv[1 + commands[i].max_args]);
		if (aovpn_paths_read(&cli->paths, &error) < 0)
			return cli_fail(cli, EXIT_USAGE, "%s", error.text);
		return commands[i].run(cli, argc - 1, argv + 1);
	}
	return cli_fail(cli, EXIT_USAGE,
			"unknown command \"%s\"; aovpn --help lists them",
			argv[0]);
}

/* Known before the options are read, so that an error in them is JSON too. */
static bool wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0 ||
		    strcmp(argv[i], "-j") == 0)
			return true;
	return false;
}

/* An open descriptor's number, else -1. */
static int parse_fd(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	int fd;

	if (digits < 1 || digits > 6 || text[digits] != '\0')
		return -1;
	fd = atoi(text);
	return fcntl(fd, F_GETFD) < 0 ? -1 : fd;
}

/* 1 to 9999999, else 0. */
static unsigned int parse_seconds(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits < 1 || digits > 7 || text[digits] != '\0')
		return 0;
	return (unsigned int)atoi(text);
}

static int add_file(const struct cli *cli, struct cli_files *files,
		    const char *option, const char *path)
{
	if (files->count == CLI_FILES_MAX)
		return cli_fail(cli, EXIT_USAGE, "more than %d times %s",
				CLI_FILES_MAX, option);
	files->path[files->count++] = path;
	return 0;
}

#define SETTINGS 256 /* options of profile add: this and the key's index */

/* One option that takes a value. Returns 0 or an exit status. */
static int take_value(struct cli *cli, int option, const char *value)
{
	/* As an unset variable of a script leaves it. */
	if (value[0] == '\0')
		return cli_fail(cli, EXIT_USAGE, "an option's value is empty");
	if (option >= SETTINGS) {
		cli->settings[option - SETTINGS] = value;
		return 0;
	}
	switch (option) {
	case 'p':
		cli->password_fd = parse_fd(value);
		if (cli->password_fd < 0)
			return cli_fail(cli, EXIT_USAGE,
					"--password-fd \"%s\" is not an open "
					"descriptor",
					value);
		break;
	case 'd':
		cli->duration = parse_seconds(value);
		if (cli->duration == 0)
			return cli_fail(cli, EXIT_USAGE,
					"--duration \"%s\" is not a number of "
					"seconds from 1 to 9999999",
					value);
		break;
	case 'P':
		cli->peer = value;
		break;
	case 'k':
		cli->kinds = value;
		break;
	case 'e':
		cli->record = value;
		break;
	case 'c':
		return add_file(cli, &cli->chain, "--chain", value);
	case 'r':
		return add_file(cli, &cli->roots, "--root", value);
	}
	return 0;
}

/* One option without a value. */
static int take_flag(struct cli *cli, int option)
{
	switch (option) {
	case 'f':
		cli->follow = true;
		break;
	case 'v':
		cli->verbose = true;
		break;
	case 'h':
		cli->help = true;
		break;
	case 'o':
		cli->offline = true;
		break;
	case 'R':
		cli->refresh = true;
		break;
	case 'S':
		cli->schema = true;
		break;
	case 'E':
		cli->replace = true;
		break;
	case 'F':
		cli->force = true;
		break;
	case 'y':
		cli->yes = true;
		break;
	case 'w':
		cli->watch = true;
		break;
	}
	return 0;
}

static bool is_negative(const char *text)
{
	return text[0] == '-' && text[1] != '\0' &&
	       text[1 + strspn(text + 1, "0123456789")] == '\0';
}

#define ARGUMENTS_MAX 64 /* explain takes one, and few options */

/* Where a negative number stands behind "explain": a code, and no option. 0 for
 * nowhere. */
static int find_negative(int argc, char **argv)
{
	bool explains = false;
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (explains && is_negative(argv[i]))
			return i;
		explains |= strcmp(argv[i], "explain") == 0;
	}
	return 0;
}

/* The arguments, or a copy of them in which such a number stands at the end,
 * behind "--". */
static char **negative_last(int *argc, char **argv)
{
	static char *copy[ARGUMENTS_MAX];
	size_t at = (size_t)find_negative(*argc, argv), count = (size_t)*argc;

	if (at == 0 || count + 2 > ARGUMENTS_MAX)
		return argv;
	memcpy(copy, argv, at * sizeof(*copy));
	memcpy(copy + at, argv + at + 1, (count - at - 1) * sizeof(*copy));
	copy[count - 1] = (char *)"--";
	copy[count] = argv[at];
	(*argc)++;
	return copy;
}

static int help(int argc, char **argv)
{
	if (argc > 0 && strcmp(argv[0], "cert") == 0)
		return cert_usage(stdout, EXIT_OK);
	if (argc > 0 && strcmp(argv[0], "doctor") == 0)
		return doctor_usage(stdout, EXIT_OK);
	if (argc > 0 && strcmp(argv[0], "profile") == 0)
		return profile_usage(stdout, EXIT_OK,
				     argc > 1 ? argv[1] : NULL);
	if (argc > 0 && help_of(argv[0])) {
		fputs(help_of(argv[0]), stdout);
		return EXIT_OK;
	}
	return usage(stdout, EXIT_OK);
}

static const struct option general[] = {
	{"json", no_argument, NULL, 'j'},
	{"follow", no_argument, NULL, 'f'},
	{"verbose", no_argument, NULL, 'v'},
	{"password-fd", required_argument, NULL, 'p'},
	{"peer", required_argument, NULL, 'P'},
	{"kind", required_argument, NULL, 'k'},
	{"record", required_argument, NULL, 'e'},
	{"duration", required_argument, NULL, 'd'},
	{"chain", required_argument, NULL, 'c'},
	{"root", required_argument, NULL, 'r'},
	{"offline", no_argument, NULL, 'o'},
	{"refresh", no_argument, NULL, 'R'},
	{"schema", no_argument, NULL, 'S'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{"replace", no_argument, NULL, 'E'},
	{"force", no_argument, NULL, 'F'},
	{"yes", no_argument, NULL, 'y'},
	{"watch", no_argument, NULL, 'w'},
};

#define GENERAL_COUNT (sizeof(general) / sizeof(general[0]))

/* The general options and, for whoever adds a profile, one for each setting. */
static const struct option *make_options(bool settings)
{
	static struct option options[GENERAL_COUNT + KEY_COUNT + 1];
	static char names[KEY_COUNT][AOVPN_PROFILE_OPTION_MAX];
	size_t i;

	memcpy(options, general, sizeof(general));
	for (i = 0; settings && i < KEY_COUNT; i++) {
		aovpn_profile_option(&aovpn_profile_keys[i], names[i]);
		options[GENERAL_COUNT + i] = (struct option){
			.name = names[i],
			.has_arg = required_argument,
			.val = SETTINGS + (int)i,
		};
	}
	return options;
}

/* Is the command profile add? Its words may stand among options, whose values
 * are not known yet: elsewhere they would only be options too many. */
static bool adds_profile(int argc, char **argv)
{
	bool profile = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (profile && strcmp(argv[i], "add") == 0)
			return true;
		profile |= strcmp(argv[i], "profile") == 0;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct cli cli = {
		.json = wants_json(argc, argv),
		.password_fd = -1,
		.peer = "",
		.kinds = "",
		.record = "",
		.colour = isatty(STDOUT_FILENO) == 1 && !getenv("NO_COLOR"),
	};
	const struct option *options = make_options(adds_profile(argc, argv));
	int c, r;

	cli_json_memory(&cli);
	argv = negative_last(&argc, argv);
	opterr = 0; /* with --json, errors are JSON too */
	while ((c = getopt_long(argc, argv, ":jfvhV", options, NULL)) >= 0) {
		switch (c) {
		case 'V':
			puts("aovpn " AOVPN_VERSION);
			return EXIT_OK;
		case '?':
		case ':':
			return cli_fail(&cli, EXIT_USAGE,
					c == ':' ? "option \"%s\" needs a value"
						 : "unknown option \"%s\"; "
						   "aovpn --help lists them",
					argv[optind - 1]);
		default:
			r = optarg ? take_value(&cli, c, optarg)
				   : take_flag(&cli, c);
			if (r != 0)
				return r;
		}
	}
	if (cli.help)
		return help(argc - optind, argv + optind);
	if (optind == argc)
		return cli.json ? cli_fail(&cli, EXIT_USAGE,
					   "no command; aovpn --help lists "
					   "them")
				: usage(stderr, EXIT_USAGE);
	return run_command(&cli, argc - optind, argv + optind);
}
