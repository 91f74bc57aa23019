/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exact_text.c - see exact_text.h. */
#include "exact_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

#define ESCAPED 4 /* characters of one escaped byte: \x1b */

/* The value of a digit as aovpn_escape writes them, else -1. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Does an escaped byte begin here? Returns it, or -1. */
static int escaped_byte(const char *text)
{
	if (text[0] != '\\' || text[1] != 'x' || digit(text[2]) < 0 ||
	    digit(text[3]) < 0)
		return -1;
	return digit(text[2]) * 16 + digit(text[3]);
}

json_t *exact_text_json(const char *text)
{
	const size_t size = ESCAPED * strlen(text) + 1;
	char *out = malloc(size);
	const char *end;
	size_t used = 0;
	json_t *json;

	if (!out)
		return NULL;
	out[0] = '\0';
	while (*text != '\0') {
		if (escaped_byte(text) >= 0) {
			memcpy(out + used, "\\x5c", ESCAPED + 1);
			used += ESCAPED;
			text++;
			continue;
		}
		for (end = text + 1; *end != '\0' && *end != '\\';)
			end++;
		used += aovpn_escape(text, (size_t)(end - text), out + used,
				     size - used);
		text = end;
	}
	json = json_string(out);
	free(out);
	return json;
}

int exact_text_read(const char *json, char *out, size_t size)
{
	size_t used = 0;
	int byte;

	while (*json != '\0') {
		byte = escaped_byte(json);
		if (byte == 0)
			return -EINVAL;
		if (used + 1 >= size)
			return -E2BIG;
		out[used++] = byte > 0 ? (char)byte : *json;
		json += byte > 0 ? ESCAPED : 1;
	}
	memset(out + used, 0, size - used);
	return 0;
}
