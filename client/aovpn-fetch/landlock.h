/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlock.h - closes the file system to this process, but for reading where
 * the resolver's configuration and the CA store are (landlock(7)).
 */
#ifndef AOVPN_FETCH_LANDLOCK_H
#define AOVPN_FETCH_LANDLOCK_H

/*
 * Forbid all access to files that this kernel's Landlock can forbid, and
 * signals and abstract sockets to others. Wants no_new_privs. Returns 0, also
 * where the kernel has no Landlock or has it switched off, or -errno.
 */
int landlock_close(void);

#endif
