/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recorder.c - see recorder.h. */
#include "recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "record_journal.h"
#include "record_syslog.h"

/* One line must fit, with all its advice. */
#define MAX_SIZE_MIN (64ull << 10)
#define MAX_SIZE_MAX (1ull << 40)

/* --- options ---------------------------------------------------------------
 */

void recorder_options_default(struct recorder_options *ret)
{
	*ret = (struct recorder_options){
		.limits = {RECORD_FILE_SIZE, RECORD_FILE_KEEP},
		.syslog = "auto",
	};
}

/* Digits and one letter for the unit; -EINVAL. */
static int read_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMG";
	const size_t digits = strspn(text, "0123456789");
	const char *unit;
	uint64_t value;

	if (digits == 0 || digits > 13)
		return -EINVAL;
	value = strtoull(text, NULL, 10);
	if (text[digits] != '\0') {
		unit = strchr(units, text[digits]);
		if (!unit || text[digits + 1] != '\0')
			return -EINVAL;
		value <<= 10 * (unit - units + 1);
	}
	if (value < MAX_SIZE_MIN || value > MAX_SIZE_MAX)
		return -EINVAL;
	*ret = value;
	return 0;
}

static int read_keep(const char *text, unsigned int *ret)
{
	const size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 2 || text[digits] != '\0')
		return -EINVAL;
	*ret = (unsigned int)atoi(text);
	return 0;
}

static int read_path(const char *text, char *ret, size_t size)
{
	if (text[0] != '/' || strlen(text) >= size)
		return -EINVAL;
	memcpy(ret, text, strlen(text) + 1);
	return 0;
}

static int read_syslog(const char *text, char *ret, size_t size)
{
	if (strcmp(text, "auto") != 0 && strcmp(text, "off") != 0)
		return read_path(text, ret, size);
	snprintf(ret, size, "%s", text);
	return 0;
}

int recorder_option_set(struct recorder_options *options, const char *name,
			const char *value, struct aovpn_error *error)
{
	const char *wanted = "";
	int r = -EINVAL;

	if (strcmp(name, "max-size") == 0) {
		wanted = "a size of at least 64K, as 10M";
		r = read_size(value, &options->limits.max_size);
	} else if (strcmp(name, "generations") == 0) {
		wanted = "a number from 0 to 99";
		r = read_keep(value, &options->limits.keep);
	} else if (strcmp(name, "metrics") == 0) {
		wanted = "an absolute path";
		r = read_path(value, options->metrics,
			      sizeof(options->metrics) - 8);
	} else if (strcmp(name, "syslog") == 0) {
		wanted = "auto, off or a socket's absolute path";
		r = read_syslog(value, options->syslog,
				sizeof(options->syslog));
	}
	return r == 0 ? 0
		      : aovpn_error_set(error, r, "--%s=\"%s\" is not %s", name,
					value, wanted);
}

/* --- recording -------------------------------------------------------------
 */

void recorder_init(struct recorder *ret, const struct recorder_options *options,
		   const char *path)
{
	memset(ret, 0, sizeof(*ret));
	ret->options = *options;
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	ret->sink[RECORDER_FILE].name = "file";
	ret->sink[RECORDER_JOURNAL].name = "journal";
	ret->sink[RECORDER_SYSLOG].name = "syslog";
}

/* Where syslog is written now; NULL: nowhere. */
static const char *syslog_path(const struct recorder_options *options)
{
	if (options->syslog[0] == '/')
		return options->syslog;
	if (strcmp(options->syslog, "off") == 0 || record_journal_is_there())
		return NULL;
	return RECORD_SYSLOG_SOCKET;
}

static unsigned int note(struct recorder_sink *sink, int r, const char *problem)
{
	snprintf(sink->problem, sizeof(sink->problem), "%s",
		 r < 0 ? problem : "");
	if (r >= 0)
		sink->written++;
	else
		sink->unwritten++;
	return r < 0;
}

static unsigned int into_file(struct recorder *recorder, const json_t *record)
{
	struct aovpn_error error;

	recorder->mended = record_file_append(
		recorder->path, &recorder->options.limits, record, &error);
	return note(&recorder->sink[RECORDER_FILE],
		    recorder->mended < 0 ? -EIO : 0, error.text);
}

static unsigned int into_journal(struct recorder *recorder,
				 const json_t *record)
{
	char problem[512];
	int r;

	if (!record_journal_is_there())
		return 0;
	r = record_journal_send(record);
	snprintf(problem, sizeof(problem),
		 "the journal did not take a record: %s", strerror(-r));
	return note(&recorder->sink[RECORDER_JOURNAL], r, problem);
}

static unsigned int into_syslog(struct recorder *recorder, const json_t *record)
{
	const char *path = syslog_path(&recorder->options);
	char problem[512];
	int r;

	if (!path)
		return 0;
	r = record_syslog_send(path, record);
	/* Nobody has asked for it, and nobody is there. */
	if (r == -ENOENT && recorder->options.syslog[0] != '/')
		return 0;
	snprintf(problem, sizeof(problem),
		 "syslog at \"%s\" did not take a record: %s", path,
		 strerror(-r));
	return note(&recorder->sink[RECORDER_SYSLOG], r, problem);
}

unsigned int recorder_take(struct recorder *recorder, const json_t *record)
{
	return into_file(recorder, record) + into_journal(recorder, record) +
	       into_syslog(recorder, record);
}

uint64_t recorder_unwritten(const struct recorder *recorder)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < RECORDER_SINKS; i++)
		sum += recorder->sink[i].unwritten;
	return sum;
}

json_t *recorder_status(const struct recorder *recorder)
{
	const struct recorder_sink *sink;
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < RECORDER_SINKS; i++) {
		sink = &recorder->sink[i];
		json_object_set_new(
			object, sink->name,
			json_pack("{s:I, s:I, s:o}", "written",
				  (json_int_t)sink->written, "unwritten",
				  (json_int_t)sink->unwritten, "problem",
				  record_string(sink->problem)));
	}
	return object;
}
