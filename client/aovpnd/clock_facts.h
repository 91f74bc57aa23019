/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_facts.h - what this machine knows about its own clock before a dial:
 * whether something keeps it right, and what it must be later than.
 */
#ifndef AOVPN_CLOCK_FACTS_H
#define AOVPN_CLOCK_FACTS_H

#include "observation.h"

/* Look at the clock now. path: what clock_facts_remember wrote; it may be
 * missing or damaged, and then tells nothing. */
void clock_facts_look(const char *path, struct aovpn_observation *ret);

/* How long this machine has slept since it started, nanoseconds:
 * CLOCK_MONOTONIC stands still in sleep and CLOCK_BOOTTIME does not. */
uint64_t clock_asleep_ns(void);

/*
 * A dial has connected, so that certificates were valid by this clock: remember
 * when that was, in path within directory. Returns 0 or -errno.
 */
int clock_facts_remember(const char *directory, const char *path);

#endif
