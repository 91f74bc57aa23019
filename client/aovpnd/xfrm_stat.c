/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xfrm_stat.c - see xfrm_stat.h. */
#include "xfrm_stat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file has about 1,000 bytes. */
#define FILE_BYTES_MAX 8192
#define DIGITS         "0123456789"
#define NAME_CHARACTERS                     \
	DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	       "abcdefghijklmnopqrstuvwxyz"

/* The whole file or its beginning, with a NUL. Returns its length or -errno. */
static ssize_t read_text(const char *path, char *text, size_t size)
{
	size_t length = 0;
	ssize_t n = 1;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	while (n > 0 && length < size - 1) {
		n = read(fd, text + length, size - 1 - length);
		length += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	text[length] = '\0';
	return n < 0 ? n : (ssize_t)length;
}

/* "Name   123", with nothing else in the line. */
static bool parse_line(const char *line, char name[AOVPN_NAME_MAX],
		       uint64_t *ret_value)
{
	const size_t length = strspn(line, NAME_CHARACTERS);
	const size_t blanks = strspn(line + length, " \t");
	const char *number = line + length + blanks;
	char *end;

	if (length == 0 || length >= AOVPN_NAME_MAX || blanks == 0 ||
	    strspn(number, DIGITS) == 0)
		return false;
	errno = 0;
	*ret_value = strtoull(number, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	memcpy(name, line, length);
	name[length] = '\0';
	return true;
}

int xfrm_stat_read(const char *path, struct xfrm_stat *ret)
{
	char text[FILE_BYTES_MAX], *line, *rest = text;
	ssize_t length;
	uint32_t i = 0;

	ret->count = 0;
	length = read_text(path, text, sizeof(text));
	if (length < 0)
		return length == -ENOENT ? 0 : (int)length;
	while (i < XFRM_STAT_MAX && (line = strsep(&rest, "\n")) != NULL)
		i += parse_line(line, ret->counter[i].name,
				&ret->counter[i].value);
	ret->count = i;
	return 0;
}

static const uint64_t *find(const struct xfrm_stat *stat, const char *name)
{
	uint32_t i;

	for (i = 0; i < stat->count; i++)
		if (strcmp(stat->counter[i].name, name) == 0)
			return &stat->counter[i].value;
	return NULL;
}

int xfrm_stat_compare(const struct xfrm_stat *before,
		      const struct xfrm_stat *now, observation_sink_t sink,
		      void *userdata)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_XFRM_ERROR,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};
	const uint64_t *was;
	uint32_t i;
	int told = 0;

	for (i = 0; i < now->count; i++) {
		was = find(before, now->counter[i].name);
		if (!was || now->counter[i].value <= *was)
			continue;
		memcpy(o.u.xfrm_error.name, now->counter[i].name,
		       sizeof(o.u.xfrm_error.name));
		o.u.xfrm_error.count = now->counter[i].value - *was;
		sink(&o, userdata);
		told++;
	}
	return told;
}
