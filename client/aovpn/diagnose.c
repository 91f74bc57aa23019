/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnose.c - aovpn diagnose: an attempt that was recorded, by aovpnd here or
 * anywhere, is given to the same function that judged it live. It needs no
 * daemon, and nothing is fetched. The file may come from a stranger.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt_json.h"
#include "cli.h"
#include "record.h"

/* All that is there, up to one byte more than an attempt may have. Returns its
 * length, or -errno. */
static ssize_t read_stream(FILE *stream, char **ret)
{
	const size_t most = ATTEMPT_JSON_MAX + 1;
	char *text = malloc(most);
	size_t length;

	if (!text)
		return -ENOMEM;
	errno = 0;
	length = fread(text, 1, most, stream);
	if (ferror(stream)) {
		free(text);
		return errno ? -errno : -EIO;
	}
	*ret = text;
	return (ssize_t)length;
}

static ssize_t read_file(const char *name, char **ret)
{
	FILE *file;
	ssize_t n;

	if (strcmp(name, "-") == 0)
		return read_stream(stdin, ret);
	file = fopen(name, "re");
	if (!file)
		return -errno;
	n = read_stream(file, ret);
	fclose(file);
	return n;
}

/* When the dial was over: as recorded, else when the last was seen of it. */
static void find_end(const struct aovpn_attempt *attempt,
		     struct recorded_outcome *recorded)
{
	if (recorded->event_id == 0 && attempt->count > 0)
		recorded->ended_ns =
			attempt->observations[attempt->count - 1].time_ns;
	if (recorded->ended_ns < attempt->started_ns)
		recorded->ended_ns = attempt->started_ns;
	if (recorded->ended_at == 0)
		recorded->ended_at = attempt->started_at;
}

/* What was found then, and whether it is the same now. */
static json_t *recorded_json(const struct recorded_outcome *recorded, bool same)
{
	json_t *causes = json_array();
	uint32_t i;

	for (i = 0; i < recorded->cause_count; i++)
		json_array_append_new(causes,
				      record_string(recorded->cause[i]));
	return json_pack("{s:b, s:i, s:i, s:o}", "same", (int)same, "event_id",
			 (int)recorded->event_id, "ras_code",
			 (int)recorded->ras_code, "causes", causes);
}

static void say_difference(const struct recorded_outcome *recorded)
{
	json_t *cause = record_string(
		recorded->cause_count > 0 ? recorded->cause[0] : "none");

	printf("\nThe recording says otherwise: code %d, first cause %s. "
	       "It was made by\nanother version, or was changed since.\n",
	       recorded->ras_code, json_string_value(cause));
	json_decref(cause);
}

static void show(const struct cli *cli, const struct aovpn_attempt *attempt,
		 const struct aovpn_outcome *outcome,
		 const struct recorded_outcome *recorded)
{
	const struct timespec ended = {.tv_sec = recorded->ended_at};
	const bool same = recorded_outcome_is(recorded, outcome);
	json_t *record = record_new(attempt, outcome, recorded->ended_ns);

	json_object_set_new(record, "time", record_time(&ended));
	if (recorded->event_id != 0)
		json_object_set_new(record, "recorded",
				    recorded_json(recorded, same));
	if (cli->json)
		cli_print_json(record);
	else
		text_outcome(cli, record);
	if (!cli->json && recorded->event_id != 0 && !same)
		say_difference(recorded);
	json_decref(record);
}

static int diagnose(const struct cli *cli, const char *name, const char *text,
		    size_t length)
{
	struct recorded_outcome recorded;
	struct aovpn_attempt attempt;
	struct aovpn_outcome outcome;
	struct aovpn_error error;

	if (attempt_json_read(text, length, &attempt, &recorded, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s: %s", name, error.text);
	aovpn_diagnose(&attempt, &outcome);
	find_end(&attempt, &recorded);
	show(cli, &attempt, &outcome, &recorded);
	aovpn_attempt_clear(&attempt);
	return outcome.event_id == AOVPN_EVENT_CONNECTED ? EXIT_OK
							 : EXIT_NOT_CONNECTED;
}

int cmd_diagnose(const struct cli *cli, int argc, char **argv)
{
	char *text = NULL;
	ssize_t length;
	int status;

	(void)argc;
	length = read_file(argv[0], &text);
	if (length < 0)
		return cli_fail(cli, EXIT_USAGE, "%s: %s", argv[0],
				strerror((int)-length));
	status = diagnose(cli, argv[0], text, (size_t)length);
	free(text);
	return status;
}
