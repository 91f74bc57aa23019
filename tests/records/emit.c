/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * emit.c - records as aovpnd would make them, of dials whose every text is
 * hostile, given to the recorders: for readers to be tested with.
 *
 *	records_emit [--OPTION=VALUE...] FILE COUNT
 *
 * The options are aovpnd's. Each of COUNT dials connects, ends with 631 and
 * fails then with 854 (records 20221, 20225, 20226, 20227), FILE is that of the
 * JSON lines. With --metrics a file of metrics is written at the end. Prints
 *how many records were not taken; exit status: 0, or 2 for wrong usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "diagnosis.h"
#include "metrics.h"
#include "record.h"
#include "recorder.h"

/* Quotes, line ends, a terminal's escape, what is no UTF-8, what turns text
 * around, and a format. */
#define HOSTILE "a\"b\\c\nd\te\033[31mf\xff\xc3\xa9\xe2\x80\xaeg%s{}'$(x)"

static void make_attempt(struct aovpn_attempt *ret, unsigned int number)
{
	const struct aovpn_observation failure = {
		.kind = AOVPN_OBS_LOCAL_FAILURE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
		.u.local_failure = {.cause = "client-cert-expired",
				    .text = HOSTILE},
	};

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->id, sizeof(ret->id), "00000000-0000-4000-8000-%012x",
		 number);
	snprintf(ret->connection, sizeof(ret->connection), "%s", HOSTILE);
	snprintf(ret->user, sizeof(ret->user), "%s", HOSTILE);
	snprintf(ret->server, sizeof(ret->server), "%s", HOSTILE);
	ret->started_ns = aovpn_boottime_ns();
	ret->live[AOVPN_SOURCE_DAEMON] = true;
	aovpn_attempt_add(ret, &failure);
}

static void emit(struct recorder *recorder, struct metrics *metrics,
		 const struct aovpn_attempt *attempt,
		 const struct aovpn_outcome *outcome)
{
	json_t *record = record_new(attempt, outcome, aovpn_boottime_ns());

	recorder_take(recorder, record);
	metrics_count(metrics, record, time(NULL));
	json_decref(record);
}

static void emit_dial(struct recorder *recorder, struct metrics *metrics,
		      unsigned int number)
{
	struct aovpn_outcome steps[] = {
		{.event_id = AOVPN_EVENT_DIALLING},
		{.event_id = AOVPN_EVENT_CONNECTED, .stage = AOVPN_STAGE_UP},
		{.event_id = AOVPN_EVENT_TERMINATED,
		 .ras_code = 631,
		 .stage = AOVPN_STAGE_UP},
	};
	struct aovpn_attempt attempt;
	struct aovpn_outcome failed;
	size_t i;

	make_attempt(&attempt, number);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		emit(recorder, metrics, &attempt, &steps[i]);
	aovpn_diagnose(&attempt, &failed);
	emit(recorder, metrics, &attempt, &failed);
	aovpn_attempt_clear(&attempt);
}

static void write_metrics(const struct recorder *recorder,
			  struct metrics *metrics)
{
	const struct cert_watch_known known[] = {
		{"corp",
		 {AOVPN_WATCHED_CERTIFICATE,
		  {.end = 2000000000},
		  0,
		  "CN=a\nb \"c\"",
		  "aa"}},
		/* The same again must not stand there twice. */
		{"corp",
		 {AOVPN_WATCHED_CERTIFICATE,
		  {.end = 2000000000},
		  0,
		  "CN=a\nb \"c\"",
		  "aa"}},
		{"corp",
		 {AOVPN_WATCHED_CRL,
		  {.end = 1900000000},
		  0,
		  "CN=x",
		  "http://pki/ca.crl"}},
	};
	const struct metrics_now now = {
		.losses.lost = {[AOVPN_SOURCE_KERNEL] = 7},
		.unwritten = recorder_unwritten(recorder),
		.known = known,
		.known_count = sizeof(known) / sizeof(known[0]),
	};
	char *text = metrics_text(metrics, &now);
	FILE *file = fopen(recorder->options.metrics, "w");

	if (text && file)
		fputs(text, file);
	if (file)
		fclose(file);
	free(text);
}

static int read_option(struct recorder_options *options, const char *argument)
{
	struct aovpn_error error;
	char name[32];
	const char *value = strchr(argument, '=');

	snprintf(name, sizeof(name), "%.*s",
		 value ? (int)(value - argument) - 2 : 0, argument + 2);
	if (value && recorder_option_set(options, name, value + 1, &error) == 0)
		return 0;
	fprintf(stderr, "records_emit: %s\n", value ? error.text : argument);
	return 2;
}

int main(int argc, char **argv)
{
	struct recorder_options options;
	struct metrics *metrics = metrics_new(time(NULL));
	static struct recorder recorder;
	unsigned int i, count;
	int k = 1;

	recorder_options_default(&options);
	for (; k < argc && strncmp(argv[k], "--", 2) == 0; k++)
		if (read_option(&options, argv[k]) != 0)
			return 2;
	if (argc != k + 2)
		return 2;
	recorder_init(&recorder, &options, argv[k]);
	count = (unsigned int)strtoul(argv[k + 1], NULL, 10);
	for (i = 0; i < count; i++)
		emit_dial(&recorder, metrics, i);
	if (options.metrics[0] != '\0')
		write_metrics(&recorder, metrics);
	printf("%llu\n", (unsigned long long)recorder_unwritten(&recorder));
	metrics_free(metrics);
	return 0;
}
