/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - reads a whole small file of a bounded size, for profiles,
 * certificates and keys.
 */
#ifndef AOVPN_FILE_H
#define AOVPN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "error.h"

struct aovpn_file {
	unsigned char *data; /* size bytes and one NUL behind them */
	size_t size;
};

/*
 * Read all of path, which must be a regular file (a symbolic link to one is
 * followed) of at most limit bytes. The caller ends it with aovpn_file_clear.
 * Errors, with a text that begins with path: -errno of opening or reading it,
 * -EISDIR, -EINVAL (a device, pipe or socket), -EFBIG, -ENOMEM.
 */
int aovpn_file_read(const char *path, size_t limit, struct aovpn_file *ret,
		    struct aovpn_error *error);

/*
 * The same of a file that decides what root does: -EPERM, too, where another
 * user than root or our own may write it.
 */
int aovpn_file_read_trusted(const char *path, size_t limit,
			    struct aovpn_file *ret, struct aovpn_error *error);

/* May only root, and our own user, write what this is of? */
bool aovpn_file_is_trusted(const struct stat *st);

/* Wipe the contents, for there may be a key in it, and free them. */
void aovpn_file_clear(struct aovpn_file *file);

#endif
