/* SPDX-License-Identifier: GPL-2.0-or-later */
/* escape.c - see escape.h; UTF-8 by RFC 3629. */
#include "escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The code point at text and its length in bytes; 0 if malformed, overlong, a
 * surrogate or beyond U+10FFFF. */
static size_t decode(const unsigned char *text, size_t left, uint32_t *ret)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code;
	size_t n, i;

	if (text[0] < 0x80)
		n = 1, code = text[0];
	else if ((text[0] & 0xe0) == 0xc0)
		n = 2, code = text[0] & 0x1f;
	else if ((text[0] & 0xf0) == 0xe0)
		n = 3, code = text[0] & 0x0f;
	else if ((text[0] & 0xf8) == 0xf0)
		n = 4, code = text[0] & 0x07;
	else
		return 0;
	if (n > left)
		return 0;
	for (i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (n > 1 && code < smallest[n])
		return 0;
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret = code;
	return n;
}

/* May this character stand on a terminal as it is? Directional overrides may
 * not: they can make a certificate's name read as another. */
static bool harmless(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
		return false;
	if (code == 0x200e || code == 0x200f || code == 0x2028 ||
	    code == 0x2029 || code == 0xfeff)
		return false;
	if (code >= 0x202a && code <= 0x202e)
		return false;
	return code < 0x2066 || code > 0x2069;
}

/* Write the n bytes of one character (or malformed byte) as \xNN each. */
static size_t write_hex(const unsigned char *text, size_t n, char *out,
			size_t room)
{
	size_t i;

	if (4 * n > room)
		return 0;
	for (i = 0; i < n; i++)
		snprintf(out + 4 * i, 5, "\\x%02x", text[i]);
	return 4 * n;
}

size_t aovpn_escape(const char *text, size_t length, char *out, size_t size)
{
	const unsigned char *in = (const unsigned char *)text;
	size_t used = 0, room, n, written;
	uint32_t code;

	while (length > 0) {
		room = size - used - 1;
		n = decode(in, length, &code);
		if (n > 0 && harmless(code)) {
			written = n <= room ? n : 0;
			memcpy(out + used, in, written);
		} else {
			n = n > 0 ? n : 1;
			written = write_hex(in, n, out + used, room);
		}
		if (written == 0)
			break;
		used += written;
		in += n;
		length -= n;
	}
	out[used] = '\0';
	return used;
}

size_t aovpn_escape_string(const char *text, char *out, size_t size)
{
	return aovpn_escape(text ? text : "", text ? strlen(text) : 0, out,
			    size);
}
