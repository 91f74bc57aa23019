/*
 * profile.c - see profile.h.
 *
 * libinih is lenient where a profile must be strict, and differs between
 * distributions. So the reader below, which hands it the lines, first refuses
 * what libinih would take silently: a line longer than its buffer (it would cut
 * it in two), a line that begins with white space (a continuation of the one
 * before), " ;" behind a value (a comment, in a file in which ";" also
 * separates names), text behind "]" and unknown sections without a key.
 * Comments stand on lines of their own.
 */
#include "profile.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "escape.h"
#include "file.h"
#include "profile_key.h"

#define FILE_MAX     (64 * 1024)
#define LINE_MAX_INI 8192 /* bytes, so that a path of PATH_MAX fits */

/* In Debian's libinih the length of a line is a variable; elsewhere it is fixed
 * at 200 bytes and this symbol is missing. */
extern int ini_max_line __attribute__((weak));

/* One file while it is read. */
struct reading {
	const char *path;
	const struct aovpn_file *file;
	size_t at;                     /* where the next line begins */
	unsigned int line;             /* of the last one handed out, from 1 */
	unsigned int given[KEY_COUNT]; /* the line of each key, 0: not yet */
	struct aovpn_profile *profile;
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
				       reading->path, line, text);
	return 0;
}

/* Append to a list in text. */
static void append(char *text, size_t size, const char *item)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? ", " : "", item);
}

static int fail_section(struct reading *reading, const char *section)
{
	char known[128] = "";
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (i == 0 || strcmp(aovpn_profile_keys[i].section,
				     aovpn_profile_keys[i - 1].section) != 0)
			append(known, sizeof(known),
			       aovpn_profile_keys[i].section);
	return fail(reading, reading->line,
		    "unknown section [%.64s]; known sections: %s", section,
		    known);
}

static int fail_key(struct reading *reading, const char *section,
		    const char *name)
{
	char known[256] = "";
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, section) == 0)
			append(known, sizeof(known),
			       aovpn_profile_keys[i].name);
	return fail(reading, reading->line,
		    "unknown key \"%.64s\" in [%s]; known keys: %s", name,
		    section, known);
}

static bool is_section(const char *name)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, name) == 0)
			return true;
	return false;
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
	return is_section(name) || fail_section(reading, name);
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

static const struct aovpn_profile_key *find_key(const char *section,
						const char *name)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, section) == 0 &&
		    strcmp(aovpn_profile_keys[i].name, name) == 0)
			return &aovpn_profile_keys[i];
	return NULL;
}

/* Would value look the same on a terminal? */
static bool is_printable(const char *value)
{
	char escaped[LINE_MAX_INI];

	aovpn_escape_string(value, escaped, sizeof(escaped));
	return strcmp(value, escaped) == 0;
}

static int store(struct reading *reading, const struct aovpn_profile_key *key,
		 const char *value)
{
	void *out = (char *)reading->profile + key->offset;
	char copy[LINE_MAX_INI];
	const char *bad = copy;

	snprintf(copy, sizeof(copy), "%s", value);
	if (key->parse(key, copy, out, &bad))
		return 1;
	return fail(reading, reading->line, "%s in [%s]: \"%.128s\" is not %s",
		    key->name, key->section, bad, key->must_be);
}

/* Text must fit where it goes; numbers are judged by their parsers. */
static bool is_too_long(const struct aovpn_profile_key *key, const char *value)
{
	return key->size > sizeof(uint32_t) && strlen(value) >= key->size;
}

/* Note that key is given here; a second time is once too often. */
static int mark_given(struct reading *reading,
		      const struct aovpn_profile_key *key)
{
	unsigned int *given = &reading->given[key - aovpn_profile_keys];

	if (*given)
		return fail(reading, reading->line,
			    "%s in [%s] is given twice, first in line %u",
			    key->name, key->section, *given);
	*given = reading->line;
	return 1;
}

/* What holds for the value of any key. */
static int check_value(struct reading *reading,
		       const struct aovpn_profile_key *key, const char *value)
{
	if (value[0] == '\0')
		return fail(reading, reading->line,
			    "%s in [%s] is empty; leave the line out for the "
			    "default",
			    key->name, key->section);
	if (!is_printable(value))
		return fail(reading, reading->line,
			    "%s in [%s]: \"%.128s\" has characters that cannot "
			    "be printed",
			    key->name, key->section, value);
	if (is_too_long(key, value))
		return fail(reading, reading->line,
			    "%s in [%s]: \"%.64s...\" is longer than %zu bytes",
			    key->name, key->section, value, key->size - 1);
	return 1;
}

/* libinih's handler: one key. Returns 1, or 0 on failure. */
static int take_key(void *user, const char *section, const char *name,
		    const char *value)
{
	struct reading *reading = user;
	const struct aovpn_profile_key *key = find_key(section, name);

	if (section[0] == '\0')
		return fail(reading, reading->line,
			    "\"%.64s\" stands before the first [Section]",
			    name);
	if (!key)
		return fail_key(reading, section, name);
	return mark_given(reading, key) && check_value(reading, key, value) &&
	       store(reading, key, value);
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

static bool check_required(struct reading *reading)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		if (!aovpn_profile_keys[i].required || reading->given[i])
			continue;
		reading->err = aovpn_error_set(
			reading->error, -EINVAL, "%s: %s= in [%s] is missing",
			reading->path, aovpn_profile_keys[i].name,
			aovpn_profile_keys[i].section);
		return false;
	}
	return true;
}

/* Both keys are given; the later one is where it goes wrong. */
static bool fail_pair(struct reading *reading, enum aovpn_profile_key_index one,
		      enum aovpn_profile_key_index other)
{
	const unsigned int *given = reading->given;

	return fail(
		reading, given[one] > given[other] ? given[one] : given[other],
		"%s and %s in [Credential] exclude each other",
		aovpn_profile_keys[one].name, aovpn_profile_keys[other].name);
}

/* One certificate, or a directory of candidates that bring all along. */
static bool check_credential(struct reading *reading)
{
	static const enum aovpn_profile_key_index singles[] = {
		KEY_CERTIFICATE, KEY_PRIVATE_KEY, KEY_PASSWORD_FILE,
		KEY_PASSWORD_CREDENTIAL};
	const unsigned int *given = reading->given;
	size_t i;

	for (i = 0; i < sizeof(singles) / sizeof(singles[0]); i++)
		if (given[KEY_CERTIFICATE_DIRECTORY] && given[singles[i]])
			return fail_pair(reading, singles[i],
					 KEY_CERTIFICATE_DIRECTORY);
	if (given[KEY_PASSWORD_FILE] && given[KEY_PASSWORD_CREDENTIAL])
		return fail_pair(reading, KEY_PASSWORD_FILE,
				 KEY_PASSWORD_CREDENTIAL);
	if (given[KEY_CERTIFICATE] || given[KEY_CERTIFICATE_DIRECTORY])
		return true;
	reading->err = aovpn_error_set(
		reading->error, -EINVAL,
		"%s: Certificate= or CertificateDirectory= in [Credential] is "
		"missing",
		reading->path);
	return false;
}

static void set_defaults(struct reading *reading)
{
	struct aovpn_profile *profile = reading->profile;

	if (!reading->given[KEY_GATEWAY_NAME])
		memcpy(profile->gateway_name, profile->server,
		       sizeof(profile->gateway_name));
	if (reading->given[KEY_NPS_ROOTS])
		return;
	memcpy(profile->nps_roots, profile->gateway_roots,
	       sizeof(profile->nps_roots));
	if (!reading->given[KEY_NPS_ROOT_THUMBPRINTS])
		memcpy(profile->nps_root_thumbprints,
		       profile->gateway_root_thumbprints,
		       sizeof(profile->nps_root_thumbprints));
}

static bool check_versions(struct reading *reading)
{
	const unsigned int *given = reading->given;
	const struct aovpn_profile *profile = reading->profile;

	if (profile->tls_min <= profile->tls_max)
		return true;
	/* The defaults are the extremes, so both are given. */
	return fail(reading,
		    given[KEY_TLS_MIN] > given[KEY_TLS_MAX]
			    ? given[KEY_TLS_MIN]
			    : given[KEY_TLS_MAX],
		    "MinVersion in [TLS], 1.3, is above MaxVersion, 1.2");
}

static int parse(struct reading *reading)
{
	int line;

	if (&ini_max_line)
		ini_max_line = LINE_MAX_INI;
	reading->at = byte_order_mark(reading->file);
	line = ini_parse_stream(next_line, reading, take_key, reading);
	if (reading->err)
		return reading->err;
	if (line < 0)
		return aovpn_error_set(reading->error, -ENOMEM,
				       "%s: out of memory", reading->path);
	if (line > 0)
		fail_line(reading, (unsigned int)line);
	else if (check_required(reading) && check_credential(reading) &&
		 check_versions(reading))
		set_defaults(reading);
	return reading->err;
}

int aovpn_profile_name_check(const char *name, struct aovpn_error *error)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t length = strlen(name);

	if (length > 0 && length < sizeof(((struct aovpn_profile *)0)->name) &&
	    name[0] != '.' && name[0] != '-' &&
	    name[strspn(name, allowed)] == '\0')
		return 0;
	return aovpn_error_set(
		error, -EINVAL,
		"\"%.64s\" cannot name a profile: 1 to 55 characters out of "
		"A-Z a-z 0-9 . _ -, not beginning with . or -",
		name);
}

/* Parse file into a profile with the defaults in it. */
static int parse_file(const char *path, const struct aovpn_file *file,
		      const char *name, struct aovpn_profile *ret,
		      struct aovpn_error *error)
{
	struct aovpn_profile profile = {
		.dial_timeout_s = 60,
		.remote_networks = "0.0.0.0/0",
		.tls_min = 0x0303,
		.tls_max = 0x0304,
		.fragment_size = 1400,
	};
	struct reading reading = {
		.path = path,
		.file = file,
		.profile = &profile,
		.error = error,
	};
	int err;

	err = parse(&reading);
	if (err)
		return err;
	snprintf(profile.name, sizeof(profile.name), "%s", name);
	*ret = profile;
	return 0;
}

int aovpn_profile_load(const char *dir, const char *name,
		       struct aovpn_profile *ret, struct aovpn_error *error)
{
	char path[PATH_MAX];
	struct aovpn_file file;
	int err;

	err = aovpn_profile_name_check(name, error);
	if (err)
		return err;
	err = snprintf(path, sizeof(path), "%s/%s.conf", dir, name);
	if (err < 0 || (size_t)err >= sizeof(path))
		return aovpn_error_set(error, -ENAMETOOLONG,
				       "%.64s...: path too long", dir);
	err = aovpn_file_read(path, FILE_MAX, &file, error);
	if (err)
		return err;
	err = parse_file(path, &file, name, ret, error);
	aovpn_file_clear(&file);
	return err;
}
