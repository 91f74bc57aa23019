/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges.h - the rights that aovpnd gives up at its start.
 */
#ifndef AOVPN_PRIVILEGES_H
#define AOVPN_PRIVILEGES_H

/*
 * Give up every capability that the loader is there for, and those that no part
 * of this program ever wants. A service unit takes them from the bounding set,
 * too; where aovpnd was started by hand as root the bounding set stays as it
 * is, for the loader that it starts gets its rights from there. Of its
 * memory no core is written any more. Returns 0 or -errno of capset(2)
 * or prctl(2): then that is as before.
 */
int privileges_drop(void);

#endif
