/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - aovpn trace: what the sources see, live, through a socket on which
 * aovpnd writes a JSON line an event (client/aovpnd/trace.h). Ctrl-C asks for
 * the end, upon which the daemon still sends what has happened and the sums; a
 * second one ends at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bus_names.h"
#include "cli.h"
#include "escape.h"
#include "trace_filter.h"
#include "trace_text.h"

/* Twice the longest line that there can be. */
#define LINE_ROOM (64 * 1024)

struct trace {
	const struct cli *cli;
	int fd;
	int signals;
	bool ending;              /* the end was asked for */
	bool interrupted;         /* twice */
	struct timespec deadline; /* of --duration, CLOCK_MONOTONIC */
	uint64_t shown;
	json_t *end; /* the daemon's last line, NULL until it came */

	char line[LINE_ROOM];
	size_t used;
};

/* --- what comes ------------------------------------------------------------
 */

static void show_event(struct trace *trace, const json_t *event)
{
	const bool red = trace->cli->colour && trace_text_is_trouble(event);
	char *line;

	if (trace->cli->json) {
		cli_print_json(event);
		return;
	}
	line = trace_text(event);
	if (line)
		printf("%s%s%s\n", red ? "\033[31m" : "", line,
		       red ? "\033[0m" : "");
	fflush(stdout);
	free(line);
}

static void take_line(struct trace *trace, const char *line)
{
	json_t *event = json_loads(line, 0, NULL);
	const char *kind = record_text(event, "kind");
	char escaped[256];

	if (!event) {
		aovpn_escape_string(line, escaped, sizeof(escaped));
		fprintf(stderr, "aovpn: skipped a damaged event: %s\n",
			escaped);
	} else if (strcmp(kind, "end") == 0) {
		json_decref(trace->end);
		trace->end = json_incref(event);
	} else {
		show_event(trace, event);
		trace->shown +=
			strcmp(kind, "begin") != 0 && strcmp(kind, "lost") != 0;
	}
	json_decref(event);
}

/* Returns 1 at the end of the file, else 0 or -errno. */
static int read_lines(struct trace *trace)
{
	ssize_t n = read(trace->fd, trace->line + trace->used,
			 sizeof(trace->line) - 1 - trace->used);
	char *from = trace->line, *newline;

	if (n <= 0)
		return n == 0 ? 1 : -errno;
	trace->used += (size_t)n;
	trace->line[trace->used] = '\0';
	while ((newline = strchr(from, '\n')) != NULL) {
		*newline = '\0';
		take_line(trace, from);
		from = newline + 1;
	}
	trace->used = strlen(from);
	if (trace->used == sizeof(trace->line) - 1)
		return -EMSGSIZE;
	memmove(trace->line, from, trace->used + 1);
	return 0;
}

/* --- until when ------------------------------------------------------------
 */

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void ask_for_end(struct trace *trace)
{
	trace->interrupted = trace->ending;
	trace->ending = true;
	shutdown(trace->fd, SHUT_WR);
}

/* Milliseconds to the deadline, -1: there is none. */
static int time_left(const struct trace *trace)
{
	struct timespec now;
	long long ms;

	if (trace->cli->duration == 0 || trace->ending)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (trace->deadline.tv_sec - now.tv_sec) * 1000LL +
	     (trace->deadline.tv_nsec - now.tv_nsec) / 1000000 + 1;
	if (ms < 0)
		ms = 0;
	return ms < 60000 ? (int)ms : 60000;
}

static int follow(struct trace *trace)
{
	struct pollfd fds[2] = {
		{.fd = trace->fd, .events = POLLIN},
		{.fd = trace->signals, .events = POLLIN},
	};
	struct signalfd_siginfo info;
	int r = 0;

	while (r == 0 && !trace->interrupted) {
		r = poll(fds, 2, time_left(trace));
		if (r < 0)
			return -errno;
		if (time_left(trace) == 0)
			ask_for_end(trace);
		r = 0;
		if (fds[1].revents &&
		    read(trace->signals, &info, sizeof(info)) > 0)
			ask_for_end(trace);
		if (fds[0].revents)
			r = read_lines(trace);
	}
	return r < 0 ? r : 0;
}

/* --- the whole -------------------------------------------------------------
 */

static void summarize(const struct trace *trace)
{
	char *line;

	if (trace->cli->json) {
		cli_print_json(trace->end);
		return;
	}
	line = trace_text_summary(trace->end);
	if (line)
		fprintf(stderr, "%s\n", line);
	free(line);
}

static int finish(const struct trace *trace, int r)
{
	if (trace->end)
		summarize(trace);
	if (trace->end && trace->ending)
		return EXIT_OK;
	if (trace->interrupted)
		return cli_fail(trace->cli, EXIT_NOT_CONNECTED,
				"ended at once; %llu events shown, how many "
				"were lost is not known",
				(unsigned long long)trace->shown);
	if (r < 0)
		return cli_fail(trace->cli, EXIT_NO_DAEMON,
				"reading the trace: %s", strerror(-r));
	return cli_fail(trace->cli, EXIT_NO_DAEMON,
			"aovpnd went away after %llu events",
			(unsigned long long)trace->shown);
}

static int run(const struct cli *cli, int fd)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int status;

	if (!trace || fd < 0) {
		free(trace);
		return cli_fail(cli, EXIT_NOT_CONNECTED, "%s", strerror(errno));
	}
	trace->cli = cli;
	trace->fd = fd;
	trace->signals = open_signals();
	clock_gettime(CLOCK_MONOTONIC, &trace->deadline);
	trace->deadline.tv_sec += cli->duration;
	status = finish(trace, follow(trace));
	json_decref(trace->end);
	close(trace->signals);
	close(fd);
	free(trace);
	return status;
}

static int open_trace(const struct cli *cli, const char *name, sd_bus *bus)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	int fd = -1, r, status;

	r = sd_bus_call_method(bus, client_destination(bus), BUS_PATH,
			       BUS_INTERFACE, "OpenTrace", &error, &answer,
			       "sss", name, cli->peer, cli->kinds);
	if (r >= 0)
		r = sd_bus_message_read(answer, "h", &fd);
	if (r >= 0)
		status = run(cli, fcntl(fd, F_DUPFD_CLOEXEC, 3));
	else
		status = client_failed(cli, r, &error);
	sd_bus_message_unref(answer);
	sd_bus_error_free(&error);
	return status;
}

int cmd_trace(const struct cli *cli, int argc, char **argv)
{
	const char *name = argc > 0 ? argv[0] : "";
	struct aovpn_trace_filter filter;
	struct aovpn_error error;
	sd_bus *bus = NULL;
	int status;

	/* What is misspelt is told without a daemon. */
	if (aovpn_trace_filter_parse(name, cli->peer, cli->kinds, &filter,
				     &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	status = client_open(cli, &bus);
	if (status != 0)
		return status;
	status = open_trace(cli, name, bus);
	sd_bus_flush_close_unref(bus);
	return status;
}
