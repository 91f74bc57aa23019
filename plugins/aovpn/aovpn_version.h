/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Is this plugin loaded into the strongSwan release that it was built for?
 */

#ifndef AOVPN_VERSION_H_
#define AOVPN_VERSION_H_

#include <library.h>

/**
 * Compare the symbols that the running strongSwan exports with those of the
 * release whose headers this plugin was compiled with (aovpn_markers.def).
 * Structures differ between releases, so that a plugin for another one would
 * crash charon. Nothing of strongSwan but its log is used.
 *
 * @return			FALSE (logged) if this is another release
 */
bool aovpn_version_check(void);

#endif /** AOVPN_VERSION_H_ */
