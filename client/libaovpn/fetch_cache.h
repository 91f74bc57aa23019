/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_cache.h - answers out of the network, kept as files as long as they say
 * that they are good (fetch.h).
 *
 * One file an answer, of its request's name (SHA-256 over kind, URL and both
 * certificates), 0600, in a directory of the caller's own. What is read from it
 * is checked as a helper's answer is.
 */
#ifndef AOVPN_FETCH_CACHE_H
#define AOVPN_FETCH_CACHE_H

#include <time.h>

#include "fetch_protocol.h"

#define FETCH_CACHE_FILES_MAX 256 /* the oldest make room */

/*
 * Open the directory at path, made with 0700 where it is not there (as its
 * parent is). Returns a descriptor, or, with a text, -errno of mkdir or open,
 * -ELOOP or -ENOTDIR where it is something else, -EPERM where it belongs to
 * somebody else or others may write into it.
 */
int fetch_cache_open(const char *path, struct aovpn_error *error);

/*
 * The answer to request that is in the cache and still good at the time now.
 * Checked by fetch_reply_check, it goes into ret, and *ret_made_at says when it
 * came from the network. Errors: -ENOENT, and others where there is none to
 * use.
 */
int fetch_cache_read(int directory, const struct aovpn_fetch_request *request,
		     time_t now, struct fetch_reply_message *ret,
		     time_t *ret_made_at);

/*
 * Keep a checked reply that was made now, if it is an answer and good for some
 * time. Errors: -errno of what could not be written; then nothing is kept.
 */
int fetch_cache_write(int directory, const struct aovpn_fetch_request *request,
		      time_t now, const struct fetch_reply_message *reply);

#endif
