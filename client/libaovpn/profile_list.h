/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_list.h - the names of all profiles there are.
 */
#ifndef AOVPN_PROFILE_LIST_H
#define AOVPN_PROFILE_LIST_H

#include <stddef.h>

#include "error.h"
#include "profile.h"

#define AOVPN_PROFILES_MAX 1024

struct aovpn_profile_list {
	char name[AOVPN_PROFILES_MAX]
		 [sizeof(((struct aovpn_profile *)0)->name)];
	size_t count;
};

/*
 * List what the directories in path, with ":", hold as NAME.conf with a NAME
 * fit for a profile and not masked, sorted, each once. No such directory is an
 * empty list. Errors, with a text: -errno of reading one, -EPERM (others may
 * write it), -E2BIG (more than AOVPN_PROFILES_MAX).
 */
int aovpn_profile_list_read(const char *path, struct aovpn_profile_list *ret,
			    struct aovpn_error *error);

#endif
