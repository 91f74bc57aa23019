/* recorder.c - see recorder.h. */
#include "recorder.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "diagnosis.h"
#include "record.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define FIELDS_MAX     40

static int write_whole(int fd, const char *line, size_t length)
{
	struct stat before;
	ssize_t n;
	int r = 0;

	if (fstat(fd, &before) < 0)
		return -errno;
	n = write(fd, line, length);
	if (n < 0)
		return -errno;
	if ((size_t)n < length) {
		r = -ENOSPC;
		if (ftruncate(fd, before.st_size) < 0)
			r = -errno;
	}
	return r;
}

int recorder_append(const char *path, const json_t *record,
		    struct aovpn_error *error)
{
	char *line = NULL, *text = record_line(record);
	int fd = -1, r = -ENOMEM, length;

	if (!text)
		goto out;
	length = asprintf(&line, "%s\n", text);
	if (length < 0) {
		line = NULL;
		goto out;
	}
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		  0640);
	r = fd < 0 ? -errno : write_whole(fd, line, (size_t)length);
out:
	if (r < 0)
		aovpn_error_set(error, r, "cannot record in \"%s\": %s", path,
				strerror(-r));
	if (fd >= 0)
		close(fd);
	free(line);
	free(text);
	return r;
}

/* "AOVPN_KEY=value" for the journal; NULL without memory. Objects and lists
 * stand there as JSON. */
static char *journal_field(const char *key, const json_t *value)
{
	char *field = NULL, *json = NULL, *p;
	const char *text = json_string_value(value);
	int n;

	if (!text)
		text = json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (!text)
		return NULL;
	n = asprintf(&field, "AOVPN_%s=%s", key, text);
	free(json);
	if (n < 0)
		return NULL;
	for (p = field; *p != '=' && *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return field;
}

static int priority_of(const json_t *record)
{
	switch (json_integer_value(json_object_get(record, "event_id"))) {
	case AOVPN_EVENT_FAILED:
		return LOG_ERR;
	case AOVPN_EVENT_TERMINATED:
		return LOG_NOTICE;
	default:
		return LOG_INFO;
	}
}

/* The catalog's text for this event hangs on it. */
static char *message_id_field(const json_t *record)
{
	char id[AOVPN_MESSAGE_ID_SIZE], *field;
	json_int_t event_id, code;

	event_id = json_integer_value(json_object_get(record, "event_id"));
	code = json_integer_value(json_object_get(record, "ras_code"));
	aovpn_message_id((uint32_t)event_id, (int32_t)code, id);
	return asprintf(&field, "MESSAGE_ID=%s", id) < 0 ? NULL : field;
}

static size_t add_field(struct iovec *fields, size_t n, char *field)
{
	if (!field || n >= FIELDS_MAX) {
		free(field);
		return n;
	}
	fields[n].iov_base = field;
	fields[n].iov_len = strlen(field);
	return n + 1;
}

int recorder_journal(const json_t *record)
{
	struct iovec fields[FIELDS_MAX];
	char *field = NULL;
	const char *key;
	json_t *value;
	size_t n = 0;
	int r;

	if (access(JOURNAL_SOCKET, F_OK) < 0)
		return 0;
	n = add_field(fields, n, message_id_field(record));
	if (asprintf(&field, "PRIORITY=%d", priority_of(record)) >= 0)
		n = add_field(fields, n, field);
	if (asprintf(&field, "MESSAGE=%s",
		     json_string_value(json_object_get(record, "message"))) >=
	    0)
		n = add_field(fields, n, field);
	json_object_foreach((json_t *)record, key, value) n =
		add_field(fields, n, journal_field(key, value));
	r = sd_journal_sendv(fields, (int)n);
	while (n > 0)
		free(fields[--n].iov_base);
	return r;
}
