/* SPDX-License-Identifier: GPL-2.0-or-later */
/* charon_match.c - see charon_match.h. */
#include "charon_match.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *match_number(const char *text, unsigned long *ret)
{
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*ret = strtoul(text, &end, 10);
	return errno ? NULL : end;
}

/* Match up to the pattern's end or its '~', which *ret_rest gets. */
static const char *match_begin(const char *text, const char *pattern,
			       struct charon_found *found,
			       const char **ret_rest)
{
	unsigned int numbers = 0;

	for (; *pattern != '\0' && *pattern != '~'; pattern++) {
		if (strcmp(pattern, "...") == 0)
			break;
		if (*pattern == '#' && numbers < CHARON_NUMBERS_MAX) {
			text = match_number(text, &found->number[numbers++]);
			if (!text)
				return NULL;
		} else if (*text++ != *pattern) {
			return NULL;
		}
	}
	*ret_rest = pattern;
	return text;
}

bool charon_match(const char *text, bool cut, const char *pattern,
		  struct charon_found *found)
{
	const char *rest;
	size_t length, tail;

	text = match_begin(text, pattern, found, &rest);
	if (!text)
		return false;
	if (*rest == '\0')
		return *text == '\0';
	if (strcmp(rest, "...") == 0)
		return true;
	found->part = text;
	length = strlen(text);
	if (strcmp(++rest, "...") == 0)
		rest = "";
	tail = strlen(rest);
	if (tail > 0 &&
	    (cut || length < tail || strcmp(text + length - tail, rest) != 0))
		return false;
	found->length = length - tail;
	return true;
}

void charon_found_copy(char *out, size_t size, const struct charon_found *found)
{
	snprintf(out, size, "%.*s", (int)found->length, found->part);
}

const char *charon_found_last(const struct charon_found *found,
			      const char *text)
{
	size_t length = strlen(text), at;

	if (found->length < length)
		return NULL;
	for (at = found->length - length;; at--) {
		if (memcmp(found->part + at, text, length) == 0)
			return found->part + at;
		if (at == 0)
			return NULL;
	}
}
