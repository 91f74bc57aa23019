/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_name.h - how our connections are called in charon: nobody else's may
 * begin so.
 */
#ifndef AOVPN_CHARON_NAME_H
#define AOVPN_CHARON_NAME_H

#include <stdio.h>
#include <string.h>

#include "observation.h"

#define CHARON_NAME_OURS "aovpn-"

/* charon's name of the connection, cut where it would be too long. */
static inline void charon_name_make(const char *connection,
				    char ret[AOVPN_NAME_MAX])
{
	snprintf(ret, AOVPN_NAME_MAX, CHARON_NAME_OURS "%.57s", connection);
}

/* The connection behind charon's name, within it; NULL: none of ours. */
static inline const char *charon_name_connection(const char *charon_name)
{
	const size_t length = sizeof(CHARON_NAME_OURS) - 1;

	return strncmp(charon_name, CHARON_NAME_OURS, length) == 0
		       ? charon_name + length
		       : NULL;
}

#endif
