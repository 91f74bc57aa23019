/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics.c - see metrics.h. */
#include "metrics.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "diagnosis.h"
#include "escape.h"

/* Of ends by code and cause; what is more counts under the cause "other". */
#define ENDS_MAX 512

struct end {
	enum aovpn_event_id event_id; /* terminated or failed */
	int32_t code;
	bool known; /* the code, by the vocabulary */
	char cause[AOVPN_NAME_MAX];
	uint64_t count;
};

struct line {
	char name[AOVPN_NAME_MAX * 4]; /* escaped as a record has it */
	bool watched;
	bool up;
	uint64_t connects;
	time_t connected_at; /* 0: never */
	time_t failed_at;
};

struct metrics {
	time_t started_at;
	struct end ends[ENDS_MAX];
	size_t end_count;
	struct line lines[METRICS_CONNECTIONS_MAX];
	size_t line_count;
	uint64_t omitted; /* events of connections that found no room */
};

struct metrics *metrics_new(time_t started_at)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));

	if (metrics)
		metrics->started_at = started_at;
	return metrics;
}

struct metrics *metrics_free(struct metrics *metrics)
{
	free(metrics);
	return NULL;
}

/* --- counting --------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static struct line *find_line(struct metrics *metrics, const json_t *object)
{
	const char *name = text_of(object, "connection");
	const bool watched = json_is_true(json_object_get(object, "watched"));
	struct line *line;
	size_t i;

	for (i = 0; i < metrics->line_count; i++) {
		line = &metrics->lines[i];
		if (line->watched == watched && strcmp(line->name, name) == 0)
			return line;
	}
	if (i == METRICS_CONNECTIONS_MAX || strlen(name) >= sizeof(line->name))
		return NULL;
	line = &metrics->lines[metrics->line_count++];
	memset(line, 0, sizeof(*line));
	memcpy(line->name, name, strlen(name) + 1);
	line->watched = watched;
	return line;
}

static struct end *find_end(struct metrics *metrics, const struct end *like)
{
	struct end *end;
	size_t i;

	for (i = 0; i < metrics->end_count; i++) {
		end = &metrics->ends[i];
		if (end->event_id == like->event_id &&
		    end->known == like->known &&
		    (!like->known || end->code == like->code) &&
		    strcmp(end->cause, like->cause) == 0)
			return end;
	}
	return NULL;
}

/* The last two places are for the rest, of each event. */
static void count_end(struct metrics *metrics, enum aovpn_event_id event_id,
		      int32_t code, const char *cause)
{
	struct end like = {.event_id = event_id, .code = code}, *end;

	if (cause[0] != '\0' && !aovpn_cause_find(cause))
		cause = "other";
	like.known = aovpn_code_find(code) != NULL;
	snprintf(like.cause, sizeof(like.cause), "%s", cause);
	end = find_end(metrics, &like);
	if (!end && metrics->end_count >= ENDS_MAX - 2) {
		like.known = false;
		memcpy(like.cause, "other", sizeof("other"));
		end = find_end(metrics, &like);
	}
	if (!end && metrics->end_count < ENDS_MAX) {
		end = &metrics->ends[metrics->end_count++];
		*end = like;
	}
	if (end)
		end->count++;
}

static void note_on_line(struct line *line, enum aovpn_event_id event_id,
			 time_t now)
{
	line->up = event_id == AOVPN_EVENT_CONNECTED;
	line->connects += event_id == AOVPN_EVENT_CONNECTED;
	if (event_id == AOVPN_EVENT_CONNECTED)
		line->connected_at = now;
	if (event_id == AOVPN_EVENT_FAILED)
		line->failed_at = now;
}

bool metrics_count(struct metrics *metrics, const json_t *record, time_t now)
{
	const enum aovpn_event_id event_id =
		(enum aovpn_event_id)json_integer_value(
			json_object_get(record, "event_id"));
	struct line *line;

	if (event_id != AOVPN_EVENT_CONNECTED &&
	    event_id != AOVPN_EVENT_TERMINATED &&
	    event_id != AOVPN_EVENT_FAILED)
		return false;
	if (event_id != AOVPN_EVENT_CONNECTED)
		count_end(metrics, event_id,
			  (int32_t)json_integer_value(
				  json_object_get(record, "ras_code")),
			  text_of(record, "cause"));
	line = find_line(metrics, record);
	if (line)
		note_on_line(line, event_id, now);
	else
		metrics->omitted++;
	return true;
}

/* --- text ------------------------------------------------------------------
 */

static void head(FILE *out, const char *name, const char *type,
		 const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* name="value": valid UTF-8 without control characters, and with what the
 * format wants escaped. */
static void label(FILE *out, const char *before, const char *name,
		  const char *value)
{
	char escaped[2048], *p;

	aovpn_escape_string(value, escaped, sizeof(escaped));
	fprintf(out, "%s%s=\"", before, name);
	for (p = escaped; *p != '\0'; p++)
		switch (*p) {
		case '\\':
			fputs("\\\\", out);
			break;
		case '"':
			fputs("\\\"", out);
			break;
		default:
			fputc(*p, out);
		}
	fputc('"', out);
}

static void write_ends(FILE *out, const struct metrics *metrics,
		       enum aovpn_event_id event_id, const char *name,
		       const char *help)
{
	const struct end *end;
	char code[16];
	size_t i;

	head(out, name, "counter", help);
	for (i = 0; i < metrics->end_count; i++) {
		end = &metrics->ends[i];
		if (end->event_id != event_id)
			continue;
		snprintf(code, sizeof(code), "%d", end->code);
		fputs(name, out);
		label(out, "{", "code", end->known ? code : "other");
		label(out, ",", "cause", end->cause);
		fprintf(out, "} %llu\n", (unsigned long long)end->count);
	}
}

static long long is_up(const struct line *line)
{
	return line->up;
}

static long long connects(const struct line *line)
{
	return (long long)line->connects;
}

static long long connected_at(const struct line *line)
{
	return line->connected_at;
}

static long long failed_at(const struct line *line)
{
	return line->failed_at;
}

static const struct {
	const char *name, *type, *help;
	long long (*value)(const struct line *line);
	bool always; /* also where it is 0, which else says: never */
} line_metrics[] = {
	{"aovpn_connection_up", "gauge", "Is the connection up?", is_up, true},
	{"aovpn_connects_total", "counter",
	 "Dials that connected since the daemon's start.", connects, true},
	{"aovpn_last_connect_timestamp_seconds", "gauge",
	 "When the connection was last established.", connected_at, false},
	{"aovpn_last_failure_timestamp_seconds", "gauge",
	 "When a dial last failed.", failed_at, false},
};

static void write_lines(FILE *out, const struct metrics *metrics)
{
	const struct line *line;
	long long value;
	size_t i, k;

	for (k = 0; k < sizeof(line_metrics) / sizeof(line_metrics[0]); k++) {
		head(out, line_metrics[k].name, line_metrics[k].type,
		     line_metrics[k].help);
		for (i = 0; i < metrics->line_count; i++) {
			line = &metrics->lines[i];
			value = line_metrics[k].value(line);
			if (value == 0 && !line_metrics[k].always)
				continue;
			fputs(line_metrics[k].name, out);
			label(out, "{", "connection", line->name);
			label(out, ",", "watched",
			      line->watched ? "true" : "false");
			fprintf(out, "} %lld\n", value);
		}
	}
}

/* What is up now, also where no event has said so. */
static void take_states(struct metrics *metrics, const json_t *connections)
{
	const json_t *connection;
	struct line *line;
	size_t i;

	if (!connections)
		return;
	for (i = 0; i < metrics->line_count; i++)
		metrics->lines[i].up = false;
	json_array_foreach(connections, i, connection)
	{
		line = find_line(metrics, connection);
		if (line)
			line->up |= strcmp(text_of(connection, "state"),
					   "connected") == 0;
	}
}

/* A series may stand there only once. */
static bool is_repeated(const struct metrics_now *now, size_t i)
{
	const struct cert_watch_known *one = &now->known[i], *other;

	while (i-- > 0) {
		other = &now->known[i];
		if (strcmp(one->connection, other->connection) != 0)
			return false;
		if (one->watched.kind == other->watched.kind &&
		    one->watched.depth == other->watched.depth &&
		    strcmp(one->watched.id, other->watched.id) == 0)
			return true;
	}
	return false;
}

static void write_terms(FILE *out, const struct metrics_now *now,
			enum aovpn_watched_kind kind, const char *name,
			const char *id, const char *help)
{
	const struct cert_watch_known *known;
	char depth[16];
	size_t i;

	head(out, name, "gauge", help);
	for (i = 0; i < now->known_count; i++) {
		known = &now->known[i];
		if (known->watched.kind != kind ||
		    known->watched.term.end == 0 || is_repeated(now, i))
			continue;
		snprintf(depth, sizeof(depth), "%u", known->watched.depth);
		fputs(name, out);
		label(out, "{", "connection", known->connection);
		label(out, ",", "depth", depth);
		label(out, ",", "subject", known->watched.subject);
		label(out, ",", id, known->watched.id);
		fprintf(out, "} %lld\n", (long long)known->watched.term.end);
	}
}

static void write_losses(FILE *out, const struct daemon_losses *losses)
{
	static const char name[] = "aovpn_lost_events_total";
	uint32_t i;

	head(out, name, "counter", "Events that a source has lost.");
	for (i = 0; i < AOVPN_SOURCE_COUNT; i++) {
		fputs(name, out);
		label(out, "{", "source", aovpn_source_name(i));
		fprintf(out, "} %llu\n", (unsigned long long)losses->lost[i]);
	}
	head(out, "aovpn_suppressed_events_total", "counter",
	     "Events that limits have kept back.");
	fprintf(out, "aovpn_suppressed_events_total %llu\n",
		(unsigned long long)losses->suppressed);
}

static void write_daemon(FILE *out, const struct metrics *metrics,
			 const struct metrics_now *now)
{
	head(out, "aovpn_build_info", "gauge", "The daemon's version.");
	fputs("aovpn_build_info", out);
	label(out, "{", "version", AOVPN_VERSION);
	fputs("} 1\n", out);
	head(out, "aovpn_start_timestamp_seconds", "gauge",
	     "When the daemon was started.");
	fprintf(out, "aovpn_start_timestamp_seconds %lld\n",
		(long long)metrics->started_at);
	head(out, "aovpn_unwritten_records_total", "counter",
	     "Records that the file, the journal or syslog did not take.");
	fprintf(out, "aovpn_unwritten_records_total %llu\n",
		(unsigned long long)now->unwritten);
	head(out, "aovpn_omitted_events_total", "counter",
	     "Events of connections that are not shown: there are too many.");
	fprintf(out, "aovpn_omitted_events_total %llu\n",
		(unsigned long long)metrics->omitted);
}

char *metrics_text(struct metrics *metrics, const struct metrics_now *now)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool bad;

	if (!out)
		return NULL;
	take_states(metrics, now->connections);
	write_daemon(out, metrics, now);
	write_losses(out, &now->losses);
	write_ends(out, metrics, AOVPN_EVENT_FAILED,
		   "aovpn_dial_failures_total",
		   "Dials that failed, by code and first cause.");
	write_ends(out, metrics, AOVPN_EVENT_TERMINATED,
		   "aovpn_terminations_total",
		   "Connections that ended, by code and first cause.");
	write_lines(out, metrics);
	write_terms(out, now, AOVPN_WATCHED_CERTIFICATE,
		    "aovpn_certificate_expiry_timestamp_seconds", "sha256",
		    "When a certificate of a connection's chain expires.");
	write_terms(out, now, AOVPN_WATCHED_CRL,
		    "aovpn_crl_expiry_timestamp_seconds", "url",
		    "When a CRL on a connection's chain goes stale.");
	bad = ferror(out);
	if (fclose(out) == 0 && !bad)
		return text;
	free(text);
	return NULL;
}
