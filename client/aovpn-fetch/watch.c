/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.c - see watch.h; RFC 9112 4 and 5, RFC 9110 6.6.1, 10.2.2. */
#include "watch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool ends_header(const struct watch *watch)
{
	const char *end = watch->header + watch->length;

	return (watch->length >= 2 && memcmp(end - 2, "\n\n", 2) == 0) ||
	       (watch->length >= 3 && memcmp(end - 3, "\n\r\n", 3) == 0);
}

static void note(struct watch *watch, const char *data, size_t size)
{
	for (size_t i = 0; i < size && !watch->complete; i++) {
		if (watch->length == WATCH_HEADER_MAX) {
			watch->too_long = true;
			return;
		}
		watch->header[watch->length++] = data[i];
		watch->header[watch->length] = '\0';
		watch->complete = ends_header(watch);
	}
}

static int watch_read(BIO *bio, char *data, int size)
{
	struct watch *watch = BIO_get_data(bio);
	int got;

	if (watch->too_long)
		return -1;
	got = BIO_read(BIO_next(bio), data, size);
	BIO_clear_retry_flags(bio);
	BIO_copy_next_retry(bio);
	if (got > 0)
		note(watch, data, (size_t)got);
	else if (!BIO_should_retry(bio))
		watch->broken = true;
	return got;
}

static int watch_write(BIO *bio, const char *data, int size)
{
	int sent = BIO_write(BIO_next(bio), data, size);

	BIO_clear_retry_flags(bio);
	BIO_copy_next_retry(bio);
	return sent;
}

static long watch_ctrl(BIO *bio, int command, long number, void *pointer)
{
	return BIO_next(bio) ? BIO_ctrl(BIO_next(bio), command, number, pointer)
			     : 0;
}

static int watch_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

BIO *watch_new(struct watch *watch)
{
	static BIO_METHOD *method;
	BIO *bio;

	if (!method) {
		method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_FILTER,
				      "watch");
		if (!method || !BIO_meth_set_read(method, watch_read) ||
		    !BIO_meth_set_write(method, watch_write) ||
		    !BIO_meth_set_ctrl(method, watch_ctrl) ||
		    !BIO_meth_set_create(method, watch_create))
			return NULL;
	}
	bio = BIO_new(method);
	if (bio)
		BIO_set_data(bio, watch);
	return bio;
}

unsigned int watch_status(const struct watch *watch)
{
	const char *at = watch->header;

	if (strncmp(at, "HTTP/", 5) != 0)
		return 0;
	at += strcspn(at, " ");
	at += strspn(at, " ");
	if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]) ||
	    !isdigit((unsigned char)at[2]) || isdigit((unsigned char)at[3]) ||
	    at[0] == '0')
		return 0;
	return (unsigned int)strtoul(at, NULL, 10);
}

/* The value of a header, whose name ends with ":"; NULL: there is none. Its
 * length without white space goes to *ret_length. */
static const char *find_header(const struct watch *watch, const char *name,
			       size_t *ret_length)
{
	const char *line = strchr(watch->header, '\n');
	size_t length;

	while (line && strncasecmp(line + 1, name, strlen(name)) != 0)
		line = strchr(line + 1, '\n');
	if (!line)
		return NULL;
	line += 1 + strlen(name);
	line += strspn(line, " \t");
	length = strcspn(line, "\r\n");
	while (length > 0 &&
	       (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	*ret_length = length;
	return line;
}

time_t watch_date(const struct watch *watch)
{
	static const char form[] = "%a, %d %b %Y %H:%M:%S GMT";
	size_t length;
	const char *date = find_header(watch, "date:", &length);
	struct tm tm = {0};

	if (!date || strptime(date, form, &tm) != date + length)
		return 0;
	return timegm(&tm);
}

bool watch_location(const struct watch *watch, char ret[URL_MAX])
{
	size_t length;
	const char *value = find_header(watch, "location:", &length);

	if (!value || length == 0 || length >= URL_MAX)
		return false;
	memcpy(ret, value, length);
	ret[length] = '\0';
	return true;
}
