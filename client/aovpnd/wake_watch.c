/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wake_watch.c - see wake_watch.h. */
#include "wake_watch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock_facts.h"
#include "log.h"

struct wake_watch {
	woken_t woken;
	void *userdata;
	int timer; /* never rings, is only cancelled */
	sd_event_source *source;
	uint64_t asleep_ns; /* of the machine's life, at the last look */
	uint64_t before_ns; /* the same, when logind said that it will sleep */
};

/* --- the kernel ------------------------------------------------------------
 */

static int arm(int timer)
{
	/* In some 30,000 years. */
	const struct itimerspec never = {.it_value.tv_sec = INT64_C(1) << 40};

	return timerfd_settime(timer,
			       TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
			       &never, NULL) < 0
		       ? -errno
		       : 0;
}

/* To the nearest second: the clocks of which it is the difference are not read
 * in the same instant. */
static uint64_t seconds_since(struct wake_watch *watch, uint64_t then_ns)
{
	watch->asleep_ns = clock_asleep_ns();
	return watch->asleep_ns > then_ns
		       ? (watch->asleep_ns - then_ns + 500000000u) / 1000000000u
		       : 0;
}

static int on_cancelled(sd_event_source *source, int fd, uint32_t events,
			void *userdata)
{
	struct wake_watch *watch = userdata;
	uint64_t expirations;

	(void)source;
	(void)events;
	if (read(fd, &expirations, sizeof(expirations)) >= 0 ||
	    errno != ECANCELED)
		return 0;
	if (arm(fd) < 0)
		log_warning("cannot watch the clock any more: %s",
			    strerror(errno));
	watch->woken(seconds_since(watch, watch->asleep_ns), watch->userdata);
	return 0;
}

/* --- logind ----------------------------------------------------------------
 */

static int on_prepare_for_sleep(sd_bus_message *message, void *userdata,
				sd_bus_error *ret_error)
{
	struct wake_watch *watch = userdata;
	uint64_t slept_s;
	int begins;

	(void)ret_error;
	if (sd_bus_message_read(message, "b", &begins) < 0)
		return 0;
	if (begins) {
		watch->before_ns = clock_asleep_ns();
		return 0;
	}
	slept_s = seconds_since(watch, watch->before_ns);
	/* It says that there was a sleep, however short. */
	watch->woken(slept_s ? slept_s : 1, watch->userdata);
	return 0;
}

/* A bus without logind has nobody who sends it: that is fine. */
static void on_bus(sd_bus *connection, void *userdata)
{
	int r = sd_bus_match_signal_async(
		connection, NULL, "org.freedesktop.login1",
		"/org/freedesktop/login1", "org.freedesktop.login1.Manager",
		"PrepareForSleep", on_prepare_for_sleep, NULL, userdata);

	if (r < 0)
		log_warning("cannot follow logind: %s", strerror(-r));
}

/* --- both ------------------------------------------------------------------
 */

static int start(struct wake_watch *watch, sd_event *event)
{
	int r;

	watch->timer =
		timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (watch->timer < 0)
		return -errno;
	r = arm(watch->timer);
	return r < 0 ? r
		     : sd_event_add_io(event, &watch->source, watch->timer,
				       EPOLLIN, on_cancelled, watch);
}

int wake_watch_new(sd_event *event, struct system_bus *bus, woken_t woken,
		   void *userdata, struct wake_watch **ret)
{
	struct wake_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->woken = woken;
	watch->userdata = userdata;
	watch->timer = -1;
	watch->asleep_ns = watch->before_ns = clock_asleep_ns();
	r = start(watch, event);
	if (r >= 0 && bus)
		r = system_bus_follow(bus, on_bus, watch);
	if (r < 0) {
		wake_watch_free(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

struct wake_watch *wake_watch_free(struct wake_watch *watch)
{
	if (!watch)
		return NULL;
	sd_event_source_disable_unref(watch->source);
	if (watch->timer >= 0)
		close(watch->timer);
	free(watch);
	return NULL;
}
