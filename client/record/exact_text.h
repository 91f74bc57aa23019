/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exact_text.h - text of any origin in JSON, so that it comes back byte for
 * byte.
 *
 * It is escaped as everywhere (escape.h), so that nobody's terminal is at the
 * mercy of a file; and a backslash that would read as such an escape is
 * escaped, too ("\x5c"), so that reading is unambiguous.
 */
#ifndef AOVPN_EXACT_TEXT_H
#define AOVPN_EXACT_TEXT_H

#include <jansson.h>
#include <stddef.h>

/* Returns a new reference, NULL without memory. */
json_t *exact_text_json(const char *text);

/*
 * The inverse. out: size bytes, NUL-terminated and filled up with zeros.
 * Errors: -E2BIG (it does not fit), -EINVAL (a zero byte in it); out is then
 * undefined.
 */
int exact_text_read(const char *json, char *out, size_t size);

#endif
