/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_text.c - aovpn doctor for people. */
#include <string.h>

#include "doctor.h"

static const char *colour_of(const struct cli *cli, const char *state)
{
	if (strcmp(state, "fault") == 0)
		return text_red(cli);
	return strcmp(state, "warning") == 0 ? text_bold(cli) : "";
}

static void print_facts(const json_t *line)
{
	json_t *facts = json_object_get(line, "facts");
	char *text;

	if (json_object_size(facts) == 0)
		return;
	text = json_dumps(facts, JSON_COMPACT);
	if (text)
		text_wrapped(12, "", text);
	free(text);
}

static void print_line(const struct cli *cli, const json_t *line)
{
	const char *state = record_text(line, "state");
	const char *subject = record_text(line, "subject");
	char label[64], text[4096];

	snprintf(label, sizeof(label), "%-8s %-16s ", state,
		 record_text(line, "check"));
	snprintf(text, sizeof(text), "%s%s%s", subject,
		 subject[0] != '\0' ? ": " : "", record_text(line, "text"));
	fputs(colour_of(cli, state), stdout);
	text_wrapped(2, label, text);
	if (colour_of(cli, state)[0] != '\0')
		fputs(text_plain(cli), stdout);
	if (record_text(line, "fix")[0] != '\0')
		text_wrapped(11, "fix: ", record_text(line, "fix"));
	if (cli->verbose)
		print_facts(line);
}

void doctor_text_lines(const struct cli *cli, const json_t *lines,
		       const char **last_group)
{
	const json_t *line;
	const char *group;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		group = record_text(line, "group");
		if (!*last_group || strcmp(group, *last_group) != 0)
			printf("%s%s%s\n", text_bold(cli), group,
			       text_plain(cli));
		*last_group = group;
		print_line(cli, line);
	}
	fflush(stdout);
}

static int count(const json_t *lines, const char *state)
{
	const json_t *line;
	int found = 0;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		found += strcmp(record_text(line, "state"), state) == 0;
	}
	return found;
}

void doctor_text_end(const struct cli *cli, const json_t *report)
{
	const json_t *lines = json_object_get(report, "checks");

	(void)cli;
	printf("%d ok, %d warnings, %d faults, %d skipped in %.1f s\n",
	       count(lines, "ok"), count(lines, "warning"),
	       count(lines, "fault"), count(lines, "skipped"),
	       (double)json_integer_value(
		       json_object_get(report, "duration_ms")) /
		       1000);
}
