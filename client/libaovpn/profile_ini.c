/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_ini.c - see profile_ini.h. */
#include "profile_ini.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "escape.h"
#include "file.h"
#include "profile_key.h"

#define FILE_MAX (64 * 1024)

/* In Debian's libinih the length of a line is a variable; elsewhere it is fixed
 * at 200 bytes and this symbol is missing. */
extern int ini_max_line __attribute__((weak));

/* One file while it is read. */
struct reading {
	const struct aovpn_profile_ini *ini;
	const struct aovpn_file *file;
	size_t at;         /* where the next line begins */
	unsigned int line; /* of the last one handed out, from 1 */
	struct aovpn_error *error;
	int err; /* the first, and then no more is read */
};

/* Fail at a line. Returns 0, which is libinih's word for failure too. */
static int __attribute__((format(printf, 3, 4)))
fail(struct reading *reading, unsigned int line, const char *format, ...)
{
	char text[AOVPN_ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reading->err = aovpn_error_set(reading->error, -EINVAL, "%s:%u: %s",
				       reading->ini->path, line, text);
	return 0;
}

static int fail_section(struct reading *reading, const char *section)
{
	char known[128];

	aovpn_profile_key_sections(known, sizeof(known));
	return fail(reading, reading->line,
		    "unknown section [%.64s]; known sections: %s", section,
		    known);
}

/* line begins with "[" and has no line end. */
static bool check_section(struct reading *reading, const char *line)
{
	char name[64];
	const char *end = strchr(line, ']');

	if (!end || end[1 + strspn(end + 1, " \t")] != '\0' ||
	    (size_t)(end - line) > sizeof(name))
		return fail(reading, reading->line,
			    "\"%.64s\" is no [Section] alone on its line",
			    line);
	memcpy(name, line + 1, (size_t)(end - line - 1));
	name[end - line - 1] = '\0';
	return aovpn_profile_key_is_section(name) ||
	       fail_section(reading, name);
}

/* " ;" would begin a comment for libinih. */
static bool has_inline_comment(const char *line)
{
	const char *p;

	for (p = strchr(line, ';'); p; p = strchr(p + 1, ';'))
		if (p > line && isspace((unsigned char)p[-1]))
			return true;
	return false;
}

/* Refuse what libinih would misread; see the top of this file. line has no line
 * end. */
static bool check_line(struct reading *reading, const char *line)
{
	const char *text = line + strspn(line, " \t\r\v\f");

	if (text[0] == '\0' || text[0] == ';' || text[0] == '#')
		return true;
	if (text > line)
		return fail(reading, reading->line,
			    "\"%.64s\" begins with white space; there are no "
			    "continuation lines",
			    line);
	if (line[0] == '[')
		return check_section(reading, line);
	if (has_inline_comment(line))
		return fail(reading, reading->line,
			    "\"%.64s\" has white space before \";\"; a comment "
			    "stands on a line of its own",
			    line);
	return true;
}

/* Where the next line is and how long, without its end ("\n" or "\r\n"). Moves
 * on behind it. */
static size_t take_line(struct reading *reading, const char **ret)
{
	const char *line = (const char *)reading->file->data + reading->at;
	size_t left = reading->file->size - reading->at, length;
	const char *end = memchr(line, '\n', left);

	length = end ? (size_t)(end - line) : left;
	reading->at += length + (end ? 1 : 0);
	reading->line++;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	*ret = line;
	return length;
}

/* fgets for libinih. */
static char *next_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	const char *line;
	size_t length;

	if (reading->err || reading->at >= reading->file->size)
		return NULL;
	length = take_line(reading, &line);
	if (length >= (size_t)size) {
		fail(reading, reading->line, "longer than %d bytes", size - 1);
		return NULL;
	}
	if (memchr(line, '\0', length)) {
		fail(reading, reading->line, "holds a NUL byte");
		return NULL;
	}
	memcpy(buffer, line, length);
	buffer[length] = '\0';
	return check_line(reading, buffer) ? buffer : NULL;
}

/* Would value look the same on a terminal? */
static bool is_printable(const char *value)
{
	char escaped[AOVPN_PROFILE_VALUE_MAX];

	aovpn_escape_string(value, escaped, sizeof(escaped));
	return strcmp(value, escaped) == 0;
}

/* libinih's handler: one key. Returns 1, or 0 on failure. */
static int take_key(void *user, const char *section, const char *name,
		    const char *value)
{
	struct reading *reading = user;
	struct aovpn_error why;

	if (section[0] == '\0')
		return fail(reading, reading->line,
			    "\"%.64s\" stands before the first [Section]",
			    name);
	if (!is_printable(value))
		return fail(reading, reading->line,
			    "%.64s in [%.64s]: \"%.128s\" has characters that "
			    "cannot be printed",
			    name, section, value);
	if (reading->ini->take(reading->ini->user, section, name, value,
			       reading->line, &why) < 0)
		return fail(reading, reading->line, "%s", why.text);
	return 1;
}

/* Windows editors begin a file with a UTF-8 byte order mark. */
static size_t byte_order_mark(const struct aovpn_file *file)
{
	return file->size >= 3 && memcmp(file->data, "\xef\xbb\xbf", 3) == 0
		       ? 3
		       : 0;
}

/* libinih has met a line that is nothing; quote it. */
static void fail_line(struct reading *reading, unsigned int number)
{
	const char *line = "";
	size_t length = 0;

	reading->at = byte_order_mark(reading->file);
	reading->line = 0;
	while (reading->line < number)
		length = take_line(reading, &line);
	fail(reading, number, "\"%.*s\" is neither [Section] nor Key=Value",
	     (int)(length < 64 ? length : 64), line);
}

static int parse(struct reading *reading)
{
	int line;

	if (&ini_max_line)
		ini_max_line = AOVPN_PROFILE_VALUE_MAX;
	reading->at = byte_order_mark(reading->file);
	line = ini_parse_stream(next_line, reading, take_key, reading);
	if (reading->err)
		return reading->err;
	if (line < 0)
		return aovpn_error_set(reading->error, -ENOMEM,
				       "%s: out of memory", reading->ini->path);
	if (line > 0)
		fail_line(reading, (unsigned int)line);
	return reading->err;
}

int aovpn_profile_ini_read(const struct aovpn_profile_ini *ini,
			   struct aovpn_error *error)
{
	struct aovpn_file file;
	struct reading reading = {.ini = ini, .file = &file, .error = error};
	int r = aovpn_file_read_trusted(ini->path, FILE_MAX, &file, error);

	if (r < 0)
		return r;
	r = parse(&reading);
	aovpn_file_clear(&file);
	return r;
}
