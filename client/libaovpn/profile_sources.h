/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_sources.h - a profile together with the files and lines that its
 * settings come from.
 */
#ifndef AOVPN_PROFILE_SOURCES_H
#define AOVPN_PROFILE_SOURCES_H

#include "profile.h"
#include "profile_key.h"
#include "profile_search.h"

struct aovpn_profile_source {
	enum aovpn_profile_key_index key;
	unsigned int file; /* of files */
	unsigned int line; /* from 1 */
};

struct aovpn_profile_sources {
	struct aovpn_profile_files files;
	/* What counts, in the order in which it was read: one of a key, but of
	 * a list each that added to it. */
	size_t count;
	struct aovpn_profile_source
		list[(size_t)KEY_COUNT * AOVPN_PROFILE_FILES_MAX];
};

/*
 * As aovpn_profile_load. *ret_sources, which is set where the files were found,
 * so also on -EINVAL, else NULL, ends with aovpn_profile_sources_free.
 */
int aovpn_profile_load_sources(const char *search, const char *name,
			       struct aovpn_profile *ret,
			       struct aovpn_profile_sources **ret_sources,
			       struct aovpn_error *error);

/* The same of this file alone, without drop-ins; it has no name then. */
int aovpn_profile_load_file(const char *file, struct aovpn_profile *ret,
			    struct aovpn_profile_sources **ret_sources,
			    struct aovpn_error *error);

/* Takes NULL; returns NULL. */
struct aovpn_profile_sources *
aovpn_profile_sources_free(struct aovpn_profile_sources *sources);

#endif
