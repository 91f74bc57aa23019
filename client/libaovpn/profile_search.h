/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_search.h - which files a profile is made of: see profile.h for the
 * rules, which are systemd's (systemd.unit(5)). A search path is directories
 * with ":".
 */
#ifndef AOVPN_PROFILE_SEARCH_H
#define AOVPN_PROFILE_SEARCH_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define AOVPN_PROFILE_FILES_MAX 33 /* NAME.conf and its drop-ins */

struct aovpn_profile_files {
	size_t count;
	char *path[AOVPN_PROFILE_FILES_MAX]; /* [0] is NAME.conf */
};

/*
 * Find NAME.conf. ret has PATH_MAX bytes. Errors, with a text: -ENOENT (none,
 * or masked), -EPERM (a directory that others may write), -errno of looking.
 */
int aovpn_profile_find(const char *search, const char *name, char *ret,
		       struct aovpn_error *error);

/*
 * Find it and its drop-ins, in the order in which they count. The caller ends
 * *ret with aovpn_profile_files_clear. Errors also: -E2BIG (too many drop-ins),
 * -ENOMEM.
 */
int aovpn_profile_files_find(const char *search, const char *name,
			     struct aovpn_profile_files *ret,
			     struct aovpn_error *error);

void aovpn_profile_files_clear(struct aovpn_profile_files *files);

/*
 * Call with each directory of search that there is; it ends with the first
 * return value that is not 0. Errors, with a text: -EPERM (others may write
 * it), -ENAMETOOLONG.
 */
int aovpn_profile_each_directory(const char *search,
				 int (*call)(void *user, const char *directory,
					     struct aovpn_error *error),
				 void *user, struct aovpn_error *error);

/* Does path lead to /dev/null, which masks what later directories have? */
int aovpn_profile_is_mask(const char *path);

/*
 * When a file of the profile was last changed, in nanoseconds; 0: none there.
 * Another value: it is another profile now.
 */
uint64_t aovpn_profile_stamp(const char *search, const char *name);

#endif
