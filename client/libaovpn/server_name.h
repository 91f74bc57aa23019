/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server_name.h - the names that an EAP server's certificate may carry, as a
 * profile lists them: exact, or a pattern, by the rule of Windows'
 * EapTlsConnectionPropertiesV1 ServerNames (a name with "*" is a regular
 * expression). For the profile's reader and for the plugin.
 */
#ifndef AOVPN_SERVER_NAME_H
#define AOVPN_SERVER_NAME_H

#include <stdbool.h>

/* Does this entry of the list hold a "*" and so stand for many names? */
bool aovpn_server_name_is_pattern(const char *entry);

/*
 * May this pattern be used? It is a POSIX extended regular expression, or
 * begins with "*." for every name below a domain; printable ASCII without ";".
 * Refused are back-references, repetition of a repetition ("*+"), and more of
 * it by "+" and "{}" than 64 copies, all multiplied ("+" counts 2).
 */
bool aovpn_server_name_pattern_valid(const char *pattern);

/*
 * Does name match the pattern, as a whole and without regard to case (as
 * Windows 11 22H2 compares)? False for a pattern that is not valid.
 */
bool aovpn_server_name_matches(const char *pattern, const char *name);

#endif
