/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake_watch.h - tells when the machine has woken up from sleep, and when its
 * clock was set: what was waited for may be due, and a gateway has likely
 * forgotten us.
 */
#ifndef AOVPN_WAKE_WATCH_H
#define AOVPN_WAKE_WATCH_H

#include <stdint.h>

#include "system_bus.h"

struct wake_watch;

/* slept_s: how long, in seconds; 0: it did not sleep, its clock was set. May
 * come twice for one sleep. */
typedef void (*woken_t)(uint64_t slept_s, void *userdata);

/*
 * Two ways lead to it, each of which is enough: the kernel's word, by a timer
 * that is cancelled when CLOCK_REALTIME is set or the machine resumes
 * (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET), and logind's signal
 * PrepareForSleep (org.freedesktop.login1(5)), where there is a system bus
 * (bus may be NULL). Errors: -errno.
 */
int wake_watch_new(sd_event *event, struct system_bus *bus, woken_t woken,
		   void *userdata, struct wake_watch **ret);
/* NULL is allowed. Returns NULL. Before bus is freed. */
struct wake_watch *wake_watch_free(struct wake_watch *watch);

#endif
