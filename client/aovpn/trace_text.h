/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_text.h - the events of a trace as lines for people.
 *
 *	00:54:12.345 kernel    -> 192.0.2.10:500 > 198.51.100.10:500  ...
 *
 * Local time, source, direction, source and destination of the packet, what
 * happened. A kind that this program does not know, of a newer aovpnd, is told
 * by its name and its fields.
 */
#ifndef AOVPN_TRACE_TEXT_H
#define AOVPN_TRACE_TEXT_H

#include <jansson.h>
#include <stdbool.h>

/*
 * The line of an event as aovpnd sends it (client/aovpnd/trace.h), without a
 * newline, and without anything that could steer a terminal. The caller frees
 * it; NULL: no memory, or it is no event.
 */
char *trace_text(const json_t *event);

/* Does the event tell of something that went wrong? */
bool trace_text_is_trouble(const json_t *event);

/* "12 events shown; lost: kernel 3; ..." out of an "end" object; as above. */
char *trace_text_summary(const json_t *end);

#endif
