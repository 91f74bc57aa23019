/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - records as text for people. Strings come from aovpnd, which has
 * escaped what was not its own.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "codes.h"

#define COLUMNS 78

const char *value_text(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text : "";
}

const char *record_text(const json_t *record, const char *key)
{
	return value_text(json_object_get(record, key));
}

const char *text_bold(const struct cli *cli)
{
	return cli->colour ? "\033[1m" : "";
}

const char *text_red(const struct cli *cli)
{
	return cli->colour ? "\033[1;31m" : "";
}

const char *text_green(const struct cli *cli)
{
	return cli->colour ? "\033[1;32m" : "";
}

const char *text_plain(const struct cli *cli)
{
	return cli->colour ? "\033[0m" : "";
}

void text_wrapped(int indent, const char *label, const char *text)
{
	int hang = indent + (int)strlen(label), column = hang;
	size_t word;

	printf("%*s%s", indent, "", label);
	while (*text != '\0') {
		word = strcspn(text, " ");
		if (column > hang && column + 1 + (int)word > COLUMNS) {
			printf("\n%*s", hang, "");
			column = hang;
		} else if (column > hang) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)word, text);
		column += (int)word;
		text += word;
		while (*text == ' ')
			text++;
	}
	putchar('\n');
}

static void print_reasons(const json_t *cause)
{
	const struct aovpn_nps_reason *known;
	const json_t *reason;
	char line[256];
	json_int_t number;
	size_t i;

	json_array_foreach(json_object_get(cause, "nps_reasons"), i, reason)
	{
		number = json_integer_value(reason);
		known = aovpn_nps_reason_find((uint16_t)number);
		snprintf(line, sizeof(line), "event 6273 reason %lld: %s",
			 (long long)number, known ? known->meaning : "");
		text_wrapped(5, "on NPS:   ", line);
	}
}

void text_advice(int indent, const json_t *cause)
{
	const char *windows = record_text(cause, "check_windows");
	const char *less = record_text(cause, "fix_lowers_security");
	char line[1024];

	text_wrapped(indent, "check:    ", record_text(cause, "check"));
	if (windows[0] != '\0')
		text_wrapped(indent, "windows:  ", windows);
	text_wrapped(indent, "fix:      ", record_text(cause, "fix"));
	if (less[0] == '\0')
		return;
	snprintf(line, sizeof(line), "(lowers security) %s", less);
	text_wrapped(indent, "or:       ", line);
}

static void print_cause(const struct cli *cli, size_t rank, const json_t *cause)
{
	const json_t *line;
	size_t i;

	printf("\n%2zu. %s%s%s (%s)\n", rank, text_bold(cli),
	       record_text(cause, "cause"), text_plain(cli),
	       record_text(cause, "confidence"));
	text_wrapped(5, "", record_text(cause, "summary"));
	/* The first is what to look at; the others wait behind -v. */
	if (rank > 1 && !cli->verbose)
		return;
	json_array_foreach(json_object_get(cause, "evidence"), i, line)
		text_wrapped(5, "evidence: ", value_text(line));
	print_reasons(cause);
	text_advice(5, cause);
}

static void print_failure(const struct cli *cli, const json_t *record)
{
	int32_t number = (int32_t)json_integer_value(
		json_object_get(record, "ras_code"));
	const struct aovpn_code *code = aovpn_code_find(number);
	const json_t *causes = json_object_get(record, "causes");
	const json_t *cause;
	char first[512];
	size_t i;

	snprintf(first, sizeof(first), "Remote Access error %d - %s", number,
		 code && code->meaning[0] ? code->meaning
					  : record_text(record, "ras_name"));
	fputs(text_red(cli), stdout);
	text_wrapped(0, "", first);
	fputs(text_plain(cli), stdout);
	text_wrapped(0, "", record_text(record, "message"));
	json_array_foreach(causes, i, cause) print_cause(cli, i + 1, cause);
	if (json_array_size(causes) > 1 && !cli->verbose)
		printf("\n    more of the others: -v, or aovpn explain "
		       "CAUSE\n");
}

static void print_success(const struct cli *cli, const json_t *record)
{
	static const struct {
		const char *key, *label;
	} lines[] = {
		{"addresses", "address:     "},
		{"dns", "DNS:         "},
		{"networks", "networks:    "},
		{"gateway_certificate", "gateway:     "},
		{"gateway_id", "gateway id:  "},
		{"ike_proposal", "proposals:   "},
		{"esp_proposal", "             "},
	};
	const json_t *tunnel = json_object_get(record, "tunnel");
	const char *value;
	size_t i;

	printf("%sconnected%s to %s (%s) in %lld ms%s\n", text_green(cli),
	       text_plain(cli), record_text(record, "server"),
	       record_text(record, "server_ip"),
	       (long long)json_integer_value(
		       json_object_get(record, "duration_ms")),
	       json_is_true(json_object_get(record, "resumed")) ? ", resumed"
								: "");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		value = record_text(tunnel, lines[i].key);
		if (value[0] != '\0')
			text_wrapped(2, lines[i].label, value);
	}
}

static void print_candidate(const json_t *candidate)
{
	const json_t *warning;
	char line[2048];
	size_t i;

	snprintf(line, sizeof(line), "%.1023s %.1000s",
		 record_text(candidate, "file"),
		 record_text(candidate, "subject"));
	printf("\n");
	text_wrapped(2, "candidate: ", line);
	snprintf(line, sizeof(line), "%s: %s",
		 record_text(candidate, "verdict"),
		 record_text(candidate, "reason"));
	text_wrapped(13, "", line);
	if (record_text(candidate, "thumbprint")[0] != '\0') {
		snprintf(line, sizeof(line), "thumbprint %s, valid until %s",
			 record_text(candidate, "thumbprint"),
			 record_text(candidate, "not_after"));
		text_wrapped(13, "", line);
	}
	json_array_foreach(json_object_get(candidate, "warnings"), i, warning)
		text_wrapped(13, "warning: ", value_text(warning));
}

/* Every certificate that there was to choose from, and why each was taken or
 * not. */
static void print_candidates(const json_t *record)
{
	const json_t *candidate;
	size_t i;

	json_array_foreach(json_object_get(record, "candidates"), i, candidate)
		print_candidate(candidate);
}

/* Each address that was dialled, and how that ended. */
static void print_tried(const json_t *record)
{
	const json_t *tried;
	char line[1024];
	size_t i;

	json_array_foreach(json_object_get(record, "tried"), i, tried)
	{
		snprintf(line, sizeof(line),
			 "%.300s%s%.60s: %lld %.100s, %lld ms",
			 record_text(tried, "server"),
			 record_text(tried, "address")[0] ? " at " : "",
			 record_text(tried, "address"),
			 (long long)json_integer_value(
				 json_object_get(tried, "ras_code")),
			 record_text(tried, "cause")[0]
				 ? record_text(tried, "cause")
				 : "connected",
			 (long long)json_integer_value(
				 json_object_get(tried, "duration_ms")));
		text_wrapped(2, i == 0 ? "tried:       " : "             ",
			     line);
	}
}

void text_outcome(const struct cli *cli, const json_t *record)
{
	if (json_integer_value(json_object_get(record, "event_id")) == 20225)
		print_success(cli, record);
	else
		print_failure(cli, record);
	if (json_is_true(json_object_get(record, "address_remembered")))
		text_wrapped(2, "note:        ",
			     "no resolver answered; the address is that of "
			     "the last success");
	if (cli->verbose) {
		print_tried(record);
		print_candidates(record);
	}
}

void text_hint(const json_t *record)
{
	const json_t *cause =
		json_array_get(json_object_get(record, "causes"), 0);
	const json_t *evidence =
		json_array_get(json_object_get(cause, "evidence"), 0);

	printf("  no answer yet: %s (%s)\n", record_text(cause, "summary"),
	       record_text(cause, "confidence"));
	if (json_is_string(evidence))
		printf("    %s\n", value_text(evidence));
	fflush(stdout);
}

void text_event(const struct cli *cli, const json_t *record)
{
	(void)cli;
	printf("%s  %lld  %-16s %s\n", record_text(record, "time"),
	       (long long)json_integer_value(
		       json_object_get(record, "event_id")),
	       record_text(record, "connection"),
	       record_text(record, "message"));
}
