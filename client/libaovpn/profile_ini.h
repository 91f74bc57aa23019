/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_ini.h - reads one INI file strictly. Only for profile.c.
 *
 * libinih is lenient where a profile must be strict, and differs between
 * distributions. So the reader, which hands it the lines, first refuses what
 * libinih would take silently: a line longer than its buffer (it would cut it
 * in two), a line that begins with white space (a continuation of the one
 * before), " ;" behind a value (a comment, in a file in which ";" also
 * separates names), text behind "]" and unknown sections without a key.
 * Comments stand on lines of their own.
 */
#ifndef AOVPN_PROFILE_INI_H
#define AOVPN_PROFILE_INI_H

#include <stdbool.h>

#include "error.h"

#define AOVPN_PROFILE_VALUE_MAX 8192 /* so that a path of PATH_MAX fits */

struct aovpn_profile_ini {
	const char *path;
	/* One key, whose section is known and whose value can be printed, but
	 * may be empty. 0, or -EINVAL and why, without file and line. */
	int (*take)(void *user, const char *section, const char *name,
		    const char *value, unsigned int line,
		    struct aovpn_error *error);
	void *user;
};

/*
 * Read ini->path. Errors, with a text that begins with path and, of its
 * contents, ":LINE": -EINVAL, -EPERM (somebody else may write it), -ENOMEM,
 * -EFBIG, those of opening and reading it.
 */
int aovpn_profile_ini_read(const struct aovpn_profile_ini *ini,
			   struct aovpn_error *error);

#endif
