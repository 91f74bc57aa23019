/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state_file.h - small files that the daemon keeps from one life to the next,
 * each written whole or not at all.
 */
#ifndef AOVPN_STATE_FILE_H
#define AOVPN_STATE_FILE_H

#include <jansson.h>

/*
 * Write object as one line in place of what path has, by way of a file NEW in
 * the same directory, which is of this function alone. Mode 0600. Returns 0 or
 * -errno; path then is as it was.
 */
int state_file_write(const char *directory, const char *path,
		     const json_t *object);

#endif
