/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_match.h - patterns of charon's messages, and what stands in them.
 */
#ifndef AOVPN_CHARON_MATCH_H
#define AOVPN_CHARON_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#define CHARON_NUMBERS_MAX 3

/* The place of one message in the text. */
struct charon_found {
	const char *part; /* what stands for '~', not NUL-terminated */
	size_t length;
	unsigned long number[CHARON_NUMBERS_MAX]; /* what stands for each '#' */
};

/*
 * Does a text have this form? '#' is a number, '~' any text, once; "..." at the
 * end: what follows does not count. What follows '~' must be the end of the
 * text, so that nothing inside it can be taken for it; of a text that was cut
 * there is no end. *ret is of use where this returns true, and points into the
 * text.
 */
bool charon_match(const char *text, bool cut, const char *pattern,
		  struct charon_found *ret);

/* Copy a part, cut to size - 1. */
void charon_found_copy(char *out, size_t size,
		       const struct charon_found *found);

/* Where a part has a text, the last one, as those before may be the peer's;
 * NULL: nowhere. */
const char *charon_found_last(const struct charon_found *found,
			      const char *text);

#endif
