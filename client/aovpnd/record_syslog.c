/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_syslog.c - see record_syslog.h. */
#include "record_syslog.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "escape.h"
#include "record.h"
#include "record_journal.h"

#define TEXT_MAX    256
#define MESSAGE_MAX 1024

/* Those of the record's fields that are texts or numbers and of use in a log.
 */
static const char *const fields[] = {
	"schema",     "event_id",    "time",        "attempt_id",
	"connection", "user",        "server",      "ras_code",
	"server_ip",  "ras_name",    "stage",       "cause",
	"watched",    "lost_events", "duration_ms", "message",
};

/* The value, cut where it is a long text: at a character. */
static json_t *short_value(const char *name, const json_t *value)
{
	const char *text = json_string_value(value);
	char cut[MESSAGE_MAX];

	if (!text)
		return json_incref((json_t *)value);
	aovpn_escape_string(text, cut,
			    strcmp(name, "message") == 0 ? MESSAGE_MAX
							 : TEXT_MAX);
	return json_string(cut);
}

static json_t *cause_slugs(const json_t *record)
{
	const json_t *causes = json_object_get(record, "causes"), *cause;
	json_t *slugs = json_array();
	size_t i;

	json_array_foreach(causes, i, cause)
		json_array_append(slugs, json_object_get(cause, "cause"));
	return slugs;
}

static const json_t *confidence_of(const json_t *record)
{
	return json_object_get(
		json_array_get(json_object_get(record, "causes"), 0),
		"confidence");
}

static char *short_line(const json_t *record)
{
	json_t *object = json_object();
	const json_t *value;
	char *line;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		value = json_object_get(record, fields[i]);
		if (value)
			json_object_set_new(object, fields[i],
					    short_value(fields[i], value));
	}
	json_object_set_new(object, "causes", cause_slugs(record));
	json_object_set(object, "confidence", (json_t *)confidence_of(record));
	line = record_line(object);
	json_decref(object);
	return line;
}

int record_syslog_text(const json_t *record, time_t now, char *out, size_t size)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char *line = short_line(record);
	struct tm tm = {0};
	int length;

	if (!line)
		return -ENOMEM;
	localtime_r(&now, &tm);
	/* Not strftime: the names of RFC 3164 are English in every locale. */
	length = snprintf(
		out, size, "<%d>%.3s %2d %02d:%02d:%02d aovpnd[%d]: @cee: %s",
		LOG_DAEMON | record_priority(record),
		months + (ptrdiff_t)3 * tm.tm_mon, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, (int)getpid(), line);
	free(line);
	return (size_t)length < size ? length : -EMSGSIZE;
}

static int send_text(const char *path, const char *text, size_t length)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, r = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&address, sizeof(address)) < 0)
		r = -errno;
	close(fd);
	return r;
}

int record_syslog_send(const char *path, const json_t *record)
{
	char text[RECORD_SYSLOG_MAX];
	int length = record_syslog_text(record, time(NULL), text, sizeof(text));

	return length < 0 ? length : send_text(path, text, (size_t)length);
}
