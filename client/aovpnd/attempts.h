/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attempts.h - the recordings of the last dials, one file each
 * (attempt_json.h), so that a failure can be diagnosed again, here or by
 * somebody else. They are readable by the daemon's user only, for there are
 * names and addresses in them; never a key or a password.
 */
#ifndef AOVPN_ATTEMPTS_H
#define AOVPN_ATTEMPTS_H

#include "attempt_json.h"

#define ATTEMPTS_KEPT_MAX  64
#define ATTEMPTS_BYTES_MAX (16u * 1024 * 1024)

/*
 * Save the attempt as directory/ID.json and remove the oldest of others beyond
 * the limits. The directory is made (mode 0700) where it is missing. Errors:
 * -errno, with a text; nothing of an attempt that cannot be saved stays.
 */
int attempts_save(const char *directory, const struct aovpn_attempt *attempt,
		  const struct recorded_outcome *outcome,
		  struct aovpn_error *error);

/*
 * Open the recording of this id, or of the only one that begins so, for
 * reading. Returns the descriptor, which the caller closes. Errors, with a
 * text: -EINVAL (no id begins so), -ENOENT, -ENOTUNIQ, -errno of opening it.
 */
int attempts_open(const char *directory, const char *id,
		  struct aovpn_error *error);

#endif
