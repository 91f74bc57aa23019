/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aside.h - what the kernel saw beside the signals that decide, as further
 * evidence for causes that were found. Private to libaovpn.
 */
#ifndef AOVPN_ASIDE_H
#define AOVPN_ASIDE_H

#include "view.h"

/*
 * Add evidence to what is in the outcome already; no cause comes in by this. A
 * packet dropped in another network namespace of this machine may be a
 * container's or a test router's doing: it is told, marked, and weighs nothing.
 */
void aside_evidence(const struct view *view, struct aovpn_outcome *outcome);

#endif
