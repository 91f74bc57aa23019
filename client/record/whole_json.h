/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whole_json.h - JSON that is all there, or none. jansson's builders leave out
 * what there was no memory for, and its dump leaves out a key; what is kept or
 * shown must not look whole then.
 */
#ifndef AOVPN_WHOLE_JSON_H
#define AOVPN_WHOLE_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* From now on, remember that there was no memory for JSON. */
void whole_json_watch(void);

/* Forget it: JSON of this thread begins anew. */
void whole_json_begin(void);

/* Was there no memory for JSON of this thread since whole_json_begin? */
bool whole_json_failed(void);

/*
 * The value as compact text, which the caller frees. NULL: out of memory, here
 * or, after whole_json_watch, for any JSON of this thread since
 * whole_json_begin: it may be this value that lacks something.
 */
char *whole_json_text(const json_t *value);

#endif
