/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - what the subcommands of aovpn share: exit statuses, options, the
 * connection to aovpnd, output.
 */
#ifndef AOVPN_CLI_H
#define AOVPN_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <systemd/sd-bus.h>

#include "error.h"
#include "material.h"
#include "paths.h"
#include "profile_key.h"
#include "record_file.h"

/* Exit statuses of every subcommand. */
enum {
	EXIT_OK = 0,            /* done; dial: connected */
	EXIT_NOT_CONNECTED = 1, /* dial failed; not done */
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
	/* Of cert: */
	EXIT_ACCEPTED = 0, /* watch: nothing is due */
	EXIT_REFUSED = 1,  /* watch: something is due */
	EXIT_UNKNOWN = 3,  /* cannot tell */
};

#define CLI_FILES_MAX 16

/* The values of an option that may be repeated. */
struct cli_files {
	const char *path[CLI_FILES_MAX];
	size_t count;
};

struct cli {
	bool json;             /* --json: machine-readable output, errors too */
	bool follow;           /* --follow */
	bool watch;            /* --watch */
	bool verbose;          /* -v */
	bool help;             /* --help */
	bool colour;           /* stdout is a terminal */
	int password_fd;       /* --password-fd, or -1 */
	const char *peer;      /* --peer, or "" */
	const char *kinds;     /* --kind, or "" */
	const char *record;    /* --record, or "" */
	unsigned int duration; /* --duration, seconds; 0: no end */
	struct cli_files chain; /* --chain, each */
	struct cli_files roots; /* --root, each */
	bool offline;           /* --offline */
	bool refresh;           /* --refresh */
	bool schema;            /* --schema */
	bool replace;           /* --replace */
	bool force;             /* --force */
	bool yes;               /* --yes */
	/* The settings that profile add is given, each NULL or its value. */
	const char *settings[KEY_COUNT];
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
int cmd_cert(const struct cli *cli, int argc, char **argv);
int cmd_profile(const struct cli *cli, int argc, char **argv);
int cmd_notify(const struct cli *cli, int argc, char **argv);
int cmd_doctor(const struct cli *cli, int argc, char **argv);

/* The help of cert; returns status. */
int cert_usage(FILE *out, int status);

/* The same of doctor. */
int doctor_usage(FILE *out, int status);

/* The help of profile, or of one of its commands; returns status. */
int profile_usage(FILE *out, int status, const char *command);

/*
 * Print an error (with --json: an object with "error" and "exit_status" on
 * stdout, else a sentence on stderr) and return status.
 */
int cli_fail(const struct cli *cli, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* From here on, JSON for which there is no memory ends the program: with an
 * error and EXIT_UNKNOWN. */
void cli_json_memory(const struct cli *cli);

/* One JSON object as one line on stdout, flushed. */
void cli_print_json(const json_t *object);

/* --- aovpnd (client.c) --- */

/*
 * Connect to the daemon: at its bus socket, or for whom that is closed on the
 * system bus. On failure prints the error and returns
 * EXIT_NO_DAEMON; else 0 and *ret, which the caller unrefs.
 */
int client_open(const struct cli *cli, sd_bus **ret);

/* Whom to send calls to, and whose signals to believe: the owner of org.aovpn
 * on the system bus, where those are that may not open the socket; NULL at the
 * socket. */
const char *client_destination(sd_bus *bus);

/* Is it from the bus itself, and not from one who calls himself so? */
bool client_is_from_bus(sd_bus_message *message);

/*
 * What a connection's signal Outcome says, if it is about the one of that name;
 * the texts are the message's. Returns whether it is.
 */
bool client_read_outcome(sd_bus_message *message, const char *name,
			 int32_t *code, const char **cause, const char **text);

/* The same without a word: 0, or -errno of the socket. */
int client_reach(const struct cli *cli, sd_bus **ret);

/* The socket alone, and without a word: 0, or -errno. */
int client_try(const struct cli *cli, sd_bus **ret);

/* The files of records that aovpnd opens for us, the oldest first. Returns how
 * many, or -errno; the caller closes them. */
int client_open_events(sd_bus *bus,
		       struct record_file_part part[RECORD_FILE_PARTS],
		       sd_bus_error *error);

/* The same out of the answer to OpenEvents. */
int client_take_events(sd_bus_message *answer,
		       struct record_file_part part[RECORD_FILE_PARTS]);

/* Print what a failed call says; returns the exit status for it. */
int client_failed(const struct cli *cli, int r, const sd_bus_error *error);

/* --- records so far (explain_event.c) --- */

/* Could text be the id of an attempt, or the beginning of one? */
bool event_is_id(const char *text);

/*
 * Explain the event whose attempt has this id, or one that begins so: what
 * became of it, with its causes. Returns an exit status.
 */
int event_explain(const struct cli *cli, const char *id);

/* --- passwords and PINs (password.c) --- */

/*
 * From now on this process leaves no core, and nobody without CAP_SYS_PTRACE
 * looks into it: a secret is about to be in its memory. The functions below do
 * so themselves.
 */
void password_keep_memory(void);

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

/*
 * The password that a command needs: from --password-fd, else asked for on the
 * terminal by prompt. The caller wipes *ret. Returns 0 or an exit status, after
 * having said what is wrong.
 */
int password_take(const struct cli *cli, const char *prompt,
		  struct aovpn_password *ret);

/* --- text for people (text.c) --- */

/* What begins and ends emphasis; "" where stdout is no terminal. */
const char *text_bold(const struct cli *cli);
const char *text_red(const struct cli *cli);
const char *text_green(const struct cli *cli);
const char *text_plain(const struct cli *cli);

/* "Remote Access error 853 - ...", or the connection's facts, then the ranked
 * causes with evidence, check and fix. */
void text_outcome(const struct cli *cli, const json_t *record);

/* "no answer yet: ...", of a dial that still waits. */
void text_hint(const json_t *record);

/* How to confirm and to fix a cause, as records and explain have it. */
void text_advice(int indent, const json_t *cause);

/* One line of an events listing. */
void text_event(const struct cli *cli, const json_t *record);

/* Print text in lines of at most 78 columns, indented by indent spaces; the
 * first line begins with label (may be ""). */
void text_wrapped(int indent, const char *label, const char *text);

/* A string, "" where it is none. */
const char *value_text(const json_t *value);

/* A string of a record, "" where it is missing. */
const char *record_text(const json_t *record, const char *key);

#endif
