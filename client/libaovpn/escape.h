/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.h - makes text from peers, packets, certificates and files safe to
 * show on a terminal and to write into a log.
 */
#ifndef AOVPN_ESCAPE_H
#define AOVPN_ESCAPE_H

#include <stddef.h>

/*
 * Copy at most length bytes of text into out (size bytes, size > 0), which
 * ends up NUL-terminated. Printable ASCII and well-formed UTF-8 above U+009F
 * pass; everything else (C0 and C1 controls, DEL, bidirectional overrides
 * U+202A-202E and U+2066-2069, malformed bytes) becomes \xNN per byte. The
 * result is valid UTF-8; text that does not fit is cut at a character.
 * Returns the number of bytes written without the NUL.
 */
size_t aovpn_escape(const char *text, size_t length, char *out, size_t size);

/* The same for a NUL-terminated string; NULL gives "". */
size_t aovpn_escape_string(const char *text, char *out, size_t size);

#endif
