/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_cli.c - what aovpn shows of records, recordings, events and statuses,
 * and its "explain" of anything, behind a byte that says which. Files and what
 * somebody typed come out fit for a terminal, whatever is in them; of what
 * aovpnd sends that holds where aovpnd has kept to it.
 */
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>

#include "client/aovpn/cli.h"
#include "client/aovpn/notify.h"
#include "client/aovpn/status_text.h"
#include "client/aovpn/trace_text.h"
#include "escape.h"
#include "fuzz_files.h"

static char path[PATH_MAX];
static struct cli cli = {.record = "", .peer = "", .kinds = ""};

/* As main.c's, without --json. */
int cli_fail(const struct cli *unused, int status, const char *format, ...)
{
	char raw[1024], text[2048];
	va_list arguments;

	(void)unused;
	va_start(arguments, format);
	vsnprintf(raw, sizeof(raw), format, arguments);
	va_end(arguments);
	aovpn_escape_string(raw, text, sizeof(text));
	fprintf(stderr, "aovpn: %s\n", text);
	return status;
}

void cli_print_json(const json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
}

/* --- what is printed --------------------------------------------------------
 */

static struct {
	FILE *out, *stdout_, *stderr_;
	char *text;
	size_t size;
} printed;

static void begin_printing(void)
{
	printed.out = open_memstream(&printed.text, &printed.size);
	PROMISE(printed.out);
	printed.stdout_ = stdout;
	printed.stderr_ = stderr;
	stdout = stderr = printed.out;
}

/* Lines of printable text; tabs are none. Nothing of it moves a cursor. */
static bool is_fit_for_terminal(void)
{
	size_t i;

	for (i = 0; i < printed.size; i++)
		if ((unsigned char)printed.text[i] < 0x20
			    ? printed.text[i] != '\n'
			    : printed.text[i] == 0x7f)
			return false;
	return true;
}

static void end_printing(bool must_be_fit)
{
	stdout = printed.stdout_;
	stderr = printed.stderr_;
	fclose(printed.out);
	PROMISE(!must_be_fit || is_fit_for_terminal());
	free(printed.text);
}

/* --- JSON that aovpnd sends -------------------------------------------------
 */

static bool is_clean(const json_t *value)
{
	const char *text = json_string_value(value), *key;
	const json_t *part;
	size_t i;

	if (text)
		return fuzz_is_clean(text, strlen(text) + 1);
	json_array_foreach(value, i, part) if (!is_clean(part)) return false;
	json_object_foreach((json_t *)value, key,
			    part) if (!fuzz_is_clean(key, strlen(key) + 1) ||
				      !is_clean(part)) return false;
	return true;
}

static void show_json(const char *text,
		      void (*show)(const struct cli *cli, const json_t *value))
{
	json_t *value = json_loads(text, 0, NULL);
	bool clean = is_clean(value);

	if (!value)
		return;
	begin_printing();
	show(&cli, value);
	end_printing(clean);
	json_decref(value);
}

static void show_event(const char *text)
{
	show_json(text, text_event);
}

static void show_outcome(const char *text)
{
	show_json(text, text_outcome);
}

static void show_connection(const char *text)
{
	show_json(text, status_connection);
}

static void hint(const struct cli *unused, const json_t *record)
{
	(void)unused;
	text_hint(record);
}

static void show_hint(const char *text)
{
	show_json(text, hint);
}

/* A line of a trace is fit whatever it is made of. */
static void show_trace(const char *text)
{
	json_t *event = json_loads(text, 0, NULL);
	char *line = trace_text(event), *summary = trace_text_summary(event);

	PROMISE(!line || fuzz_is_clean(line, strlen(line) + 1));
	PROMISE(!summary || fuzz_is_clean(summary, strlen(summary) + 1));
	trace_text_is_trouble(event);
	free(line);
	free(summary);
	json_decref(event);
}

/* --- files and words --------------------------------------------------------
 */

/* The file of records, from which one is explained. */
static void explain_record(const char *text)
{
	char *argument[] = {(char *)"6f0c0f5e", NULL};

	fuzz_write_file(path, (const uint8_t *)text, strlen(text));
	begin_printing();
	cmd_explain(&cli, 1, argument);
	end_printing(true);
}

static void explain_word(const char *text)
{
	char *argument[] = {(char *)text, NULL};

	begin_printing();
	cmd_explain(&cli, 1, argument);
	end_printing(true);
}

static void diagnose(const char *text)
{
	char *argument[] = {path, NULL};

	fuzz_write_file(path, (const uint8_t *)text, strlen(text));
	begin_printing();
	cmd_diagnose(&cli, 1, argument);
	end_printing(true);
}

/* Nothing of it is taken for an element of markup. */
static void check_markup(const char *body)
{
	const char *at;

	PROMISE(!strpbrk(body, "<>"));
	for (at = strchr(body, '&'); at; at = strchr(at + 1, '&'))
		PROMISE(strncmp(at, "&amp;", 5) == 0 ||
			strncmp(at, "&lt;", 4) == 0 ||
			strncmp(at, "&gt;", 4) == 0);
}

/* The texts of a signal on a bus, one a line. */
static void notify(const char *text)
{
	struct notify_outcome outcome = {.code = 853, .message = ""};
	char summary[NOTIFY_SUMMARY_MAX], body[NOTIFY_BODY_MAX];
	char *copy = strdup(text), *rest = copy;

	PROMISE(copy);
	outcome.connection = strsep(&rest, "\n");
	outcome.cause = rest ? strsep(&rest, "\n") : "";
	if (rest)
		outcome.message = rest;
	memset(summary, 'x', sizeof(summary));
	memset(body, 'x', sizeof(body));
	notify_is_trouble(&outcome);
	notify_summary(&outcome, summary);
	PROMISE(fuzz_is_clean(summary, sizeof(summary)));
	notify_body(&outcome, true, body);
	PROMISE(memchr(body, 0, sizeof(body)));
	check_markup(body);
	notify_body(&outcome, false, body);
	PROMISE(memchr(body, 0, sizeof(body)));
	free(copy);
}

static void (*const shows[])(const char *text) = {
	show_event, show_outcome,   show_connection, show_hint, show_trace,
	diagnose,   explain_record, explain_word,    notify,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (path[0] == '\0') {
		snprintf(path, sizeof(path), "%s/file", fuzz_directory());
		snprintf(cli.paths.events, PATH_MAX, "%s", path);
		snprintf(cli.paths.bus_socket, PATH_MAX, "%s/none",
			 fuzz_directory());
	}
	if (size == 0)
		return 0;
	cli.verbose = data[0] & 0x80;
	text = fuzz_string(data + 1, size - 1);
	shows[(data[0] & 0x7f) % (sizeof(shows) / sizeof(shows[0]))](text);
	free(text);
	return 0;
}
