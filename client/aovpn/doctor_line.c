/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_line.c - the lines that checks tell: see doctor.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codes.h"
#include "doctor.h"
#include "escape.h"

#define LINE_MAX_BYTES 2048

static const char *const state_names[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_SKIPPED] = "skipped",
	[DOCTOR_WARNING] = "warning",
	[DOCTOR_FAULT] = "fault",
};

const char *doctor_state_name(enum doctor_state state)
{
	return state_names[state];
}

uint32_t doctor_time_left(const struct doctor *doctor, uint32_t max)
{
	const uint64_t now = aovpn_boottime_ns();
	uint64_t left;

	if (now >= doctor->ends_ns)
		return 0;
	left = (doctor->ends_ns - now) / 1000000;
	return left < max ? (uint32_t)left : max;
}

static json_t *escaped(const char *text)
{
	char out[LINE_MAX_BYTES];

	aovpn_escape_string(text, out, sizeof(out));
	return json_string(out);
}

static json_t *formatted(const char *format, va_list args)
{
	char raw[LINE_MAX_BYTES];

	vsnprintf(raw, sizeof(raw), format, args);
	return escaped(raw);
}

static int milliseconds_since(uint64_t begin_ns)
{
	return (int)((aovpn_boottime_ns() - begin_ns) / 1000000);
}

json_t *doctor_tell(struct doctor_part *part, enum doctor_state state,
		    const char *check, const char *format, ...)
{
	json_t *line, *text;
	va_list args;

	va_start(args, format);
	text = formatted(format, args);
	va_end(args);
	line = json_pack("{s:s, s:s, s:n, s:s, s:o, s:n, s:n, s:i, s:{}}",
			 "group", part->group, "check", check, "subject",
			 "state", state_names[state], "text", text, "cause",
			 "fix", "at_ms",
			 milliseconds_since(part->doctor->started_ns), "facts");
	return json_array_append_new(part->lines, line) < 0 ? NULL : line;
}

void doctor_subject(json_t *line, const char *subject)
{
	if (line)
		json_object_set_new(line, "subject", escaped(subject));
}

void doctor_cause(json_t *line, const char *slug)
{
	const struct aovpn_cause *cause = aovpn_cause_find(slug);

	if (!line || !cause || json_is_string(json_object_get(line, "fix")))
		return;
	json_object_set_new(line, "cause", json_string(cause->slug));
	json_object_set_new(line, "fix", json_string(cause->fix));
}

void doctor_fix(json_t *line, const char *format, ...)
{
	va_list args;

	if (!line || json_is_string(json_object_get(line, "fix")))
		return;
	va_start(args, format);
	json_object_set_new(line, "fix", formatted(format, args));
	va_end(args);
}

void doctor_fact(json_t *line, const char *key, json_t *value)
{
	if (line)
		json_object_set_new(json_object_get(line, "facts"), key, value);
	else
		json_decref(value);
}

void doctor_fact_text(json_t *line, const char *key, const char *text)
{
	doctor_fact(line, key, escaped(text));
}

static enum doctor_state state_of(const json_t *line)
{
	const char *name = record_text(line, "state");
	int state = DOCTOR_FAULT;

	while (state > DOCTOR_OK && strcmp(name, state_names[state]) != 0)
		state--;
	return (enum doctor_state)state;
}

enum doctor_state doctor_worst(const json_t *lines)
{
	enum doctor_state worst = DOCTOR_OK, state;
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		state = state_of(line);
		if (state > worst && state != DOCTOR_SKIPPED)
			worst = state;
	}
	return worst;
}

json_t *doctor_needs_root(struct doctor_part *part, const char *check,
			  const char *what)
{
	return doctor_tell(part, DOCTOR_SKIPPED, check, "needs root: %s", what);
}
