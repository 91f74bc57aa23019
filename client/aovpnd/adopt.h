/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adopt.h - what a daemon that was killed has left: its tunnels, which charon
 * has kept up, are taken over; those that are gone are told to have ended; and
 * an IKE_SA of a dial that nobody waits for any more is terminated.
 */
#ifndef AOVPN_ADOPT_H
#define AOVPN_ADOPT_H

#include "daemon.h"

/*
 * Begin, and call done from the event loop when every connection is either up
 * or idle. Errors: -errno; then nothing is taken over, and done is not called.
 */
int adopt_begin(struct daemon *daemon, void (*done)(struct daemon *daemon));

#endif
