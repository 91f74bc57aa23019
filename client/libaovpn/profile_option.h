/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_option.h - the command line's names for a profile's keys: section and
 * key in small letters with "-" between words, without the section Connection.
 * [Gateway] TrustedRoots= is --gateway-trusted-roots, [Connection] Server= is
 * --server.
 */
#ifndef AOVPN_PROFILE_OPTION_H
#define AOVPN_PROFILE_OPTION_H

#include <stddef.h>

#include "profile_key.h"

#define AOVPN_PROFILE_OPTION_MAX 48 /* bytes of a name with its NUL */

/* The name of key's option, without "--". out has AOVPN_PROFILE_OPTION_MAX. */
void aovpn_profile_option(const struct aovpn_profile_key *key, char *out);

#endif
