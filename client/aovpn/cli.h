/*
 * cli.h - what the subcommands of aovpn share: exit statuses, options, the
 * connection to aovpnd, output.
 */
#ifndef AOVPN_CLI_H
#define AOVPN_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "error.h"
#include "paths.h"

/* Exit statuses of every subcommand. */
enum {
	EXIT_OK = 0,            /* done; dial: connected */
	EXIT_NOT_CONNECTED = 1, /* dial failed; not done */
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
};

struct cli {
	bool json;             /* --json: machine-readable output, errors too */
	bool follow;           /* --follow */
	bool verbose;          /* -v */
	bool colour;           /* stdout is a terminal */
	int password_fd;       /* --password-fd, or -1 */
	const char *peer;      /* --peer, or "" */
	const char *kinds;     /* --kind, or "" */
	const char *record;    /* --record, or "" */
	unsigned int duration; /* --duration, seconds; 0: no end */
	struct aovpn_paths paths;
};

/* A subcommand: arguments behind its name, argv[argc] is NULL. */
int cmd_dial(const struct cli *cli, int argc, char **argv);
int cmd_hangup(const struct cli *cli, int argc, char **argv);
int cmd_status(const struct cli *cli, int argc, char **argv);
int cmd_events(const struct cli *cli, int argc, char **argv);
int cmd_diagnose(const struct cli *cli, int argc, char **argv);
int cmd_trace(const struct cli *cli, int argc, char **argv);
int cmd_explain(const struct cli *cli, int argc, char **argv);

/*
 * Print an error (with --json: an object with "error" and "exit_status" on
 * stdout, else a sentence on stderr) and return status.
 */
int cli_fail(const struct cli *cli, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One JSON object as one line on stdout, flushed. */
void cli_print_json(const json_t *object);

/* --- aovpnd (client.c) --- */

/*
 * Connect to the daemon's bus socket. On failure prints the error and returns
 * EXIT_NO_DAEMON; else 0 and *ret, which the caller unrefs.
 */
int client_open(const struct cli *cli, sd_bus **ret);

/* Print what a failed call says; returns the exit status for it. */
int client_failed(const struct cli *cli, int r, const sd_bus_error *error);

/* --- passwords and PINs (password.c) --- */

/*
 * Read a password from fd, up to its first line end or its end, into a sealed
 * memfd. Returns its descriptor, or -errno: -EFBIG (too long), -ENODATA
 * (nothing came).
 */
int password_from_fd(int fd);

/*
 * Ask for one on the controlling terminal, without echo; the same into a
 * memfd. Errors also: -ENXIO (no terminal), -ECANCELED (Ctrl-C).
 */
int password_ask(const char *prompt);

/* --- text for people (text.c) --- */

/* "Remote Access error 853 - ...", or the connection's facts, then the ranked
 * causes with evidence, check and fix. */
void text_outcome(const struct cli *cli, const json_t *record);

/* "no answer yet: ...", of a dial that still waits. */
void text_hint(const json_t *record);

/* One line of an events listing. */
void text_event(const struct cli *cli, const json_t *record);

/* Print text in lines of at most 78 columns, indented by indent spaces; the
 * first line begins with label (may be ""). */
void text_wrapped(int indent, const char *label, const char *text);

/* A string of a record, "" where it is missing. */
const char *record_text(const json_t *record, const char *key);

#endif
