/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_journal.c - see record_journal.h. */
#include "record_journal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "diagnosis.h"
#include "whole_json.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define FIELDS_MAX     40

bool record_journal_is_there(void)
{
	return access(JOURNAL_SOCKET, F_OK) == 0;
}

/* "AOVPN_KEY=value" for the journal; NULL without memory. Objects and lists
 * stand there as JSON. */
static char *journal_field(const char *key, const json_t *value)
{
	char *field = NULL, *json = NULL, *p;
	const char *text = json_string_value(value);
	int n;

	if (!text)
		text = json = whole_json_text(value);
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

int record_priority(const json_t *record)
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

int record_journal_send(const json_t *record)
{
	struct iovec fields[FIELDS_MAX];
	char *field = NULL;
	const char *key;
	json_t *value;
	size_t n = 0;
	int r;

	if (!record_journal_is_there())
		return 0;
	n = add_field(fields, n, message_id_field(record));
	n = add_field(fields, n, strdup("SYSLOG_IDENTIFIER=aovpnd"));
	if (asprintf(&field, "PRIORITY=%d", record_priority(record)) >= 0)
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
