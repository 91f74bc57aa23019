/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_loop.h - an event loop in the place of sd-event's, and workers without
 * threads: what comes next, and when, is the target's choice, so that a run can
 * be repeated, and an hour passes in no time. Timers fire in the order in which
 * they are due; workers end in any order.
 */
#ifndef FUZZ_LOOP_H
#define FUZZ_LOOP_H

#include <errno.h>
#include <poll.h>
#include <systemd/sd-event.h>

#include "client/aovpnd/worker.h"
#include "fuzz.h"

struct sd_event_source {
	struct sd_event_source *next;
	int fd; /* -1: a timer */
	uint32_t events;
	uint64_t due_us;
	int enabled;
	sd_event_io_handler_t on_io;
	sd_event_time_handler_t on_time;
	void *userdata;
};

struct sd_event {
	struct sd_event_source *first;
	uint64_t now_us;
};

#define LOOP_WORKERS_MAX 32

struct loop_worker {
	worker_run_t run;
	worker_done_t done;
	void *job;
};

static struct sd_event loop;
static struct loop_worker loop_workers[LOOP_WORKERS_MAX];
static size_t loop_worker_count;

/* --- what the daemon calls --------------------------------------------------
 */

static int loop_add(sd_event_source **ret, sd_event_source source)
{
	sd_event_source *copy = malloc(sizeof(*copy));

	PROMISE(copy && ret);
	source.next = loop.first;
	*copy = source;
	loop.first = *ret = copy;
	return 0;
}

int sd_event_add_io(sd_event *event, sd_event_source **ret, int fd,
		    uint32_t events, sd_event_io_handler_t handler,
		    void *userdata)
{
	(void)event;
	return loop_add(ret, (sd_event_source){.fd = fd,
					       .events = events,
					       .enabled = SD_EVENT_ON,
					       .on_io = handler,
					       .userdata = userdata});
}

int sd_event_add_time_relative(sd_event *event, sd_event_source **ret,
			       clockid_t clock, uint64_t usec,
			       uint64_t accuracy,
			       sd_event_time_handler_t handler, void *userdata)
{
	(void)event;
	(void)clock;
	(void)accuracy;
	return loop_add(ret, (sd_event_source){.fd = -1,
					       .due_us = loop.now_us + usec,
					       .enabled = SD_EVENT_ONESHOT,
					       .on_time = handler,
					       .userdata = userdata});
}

sd_event_source *sd_event_source_disable_unref(sd_event_source *source)
{
	sd_event_source **link = &loop.first;

	if (!source)
		return NULL;
	while (*link != source) {
		PROMISE(*link); /* else it is gone already */
		link = &(*link)->next;
	}
	*link = source->next;
	free(source);
	return NULL;
}

int sd_event_source_get_enabled(sd_event_source *source, int *ret)
{
	if (ret)
		*ret = source ? source->enabled : SD_EVENT_OFF;
	return source && source->enabled != SD_EVENT_OFF;
}

int sd_event_source_set_enabled(sd_event_source *source, int enabled)
{
	source->enabled = enabled;
	return 0;
}

int sd_event_source_set_io_events(sd_event_source *source, uint32_t events)
{
	source->events = events;
	return 0;
}

int sd_event_source_set_priority(sd_event_source *source, int64_t priority)
{
	(void)source;
	(void)priority;
	return 0;
}

int sd_event_source_set_time_relative(sd_event_source *source, uint64_t usec)
{
	source->due_us = loop.now_us + usec;
	return 0;
}

int worker_start(sd_event *event, worker_run_t run, worker_done_t done,
		 void *job)
{
	(void)event;
	if (loop_worker_count == LOOP_WORKERS_MAX)
		return -EAGAIN;
	loop_workers[loop_worker_count++] =
		(struct loop_worker){run, done, job};
	return 0;
}

bool worker_busy(void)
{
	return loop_worker_count > 0;
}

/* --- what the target calls --------------------------------------------------
 */

/* The worker of that number, counted around, comes to its end. */
static inline void loop_end_worker(size_t number)
{
	struct loop_worker worker;

	if (loop_worker_count == 0)
		return;
	number %= loop_worker_count;
	worker = loop_workers[number];
	memmove(&loop_workers[number], &loop_workers[number + 1],
		(--loop_worker_count - number) * sizeof(worker));
	worker.run(worker.job);
	worker.done(worker.job);
}

/* Time passes until the next timer is due. Returns whether there is one. */
static inline bool loop_pass_time(void)
{
	sd_event_source *source, *next = NULL;

	for (source = loop.first; source; source = source->next)
		if (source->fd < 0 && source->enabled != SD_EVENT_OFF &&
		    (!next || source->due_us < next->due_us))
			next = source;
	if (!next)
		return false;
	if (next->due_us > loop.now_us)
		loop.now_us = next->due_us;
	next->enabled = SD_EVENT_OFF;
	next->on_time(next, next->due_us, next->userdata);
	return true;
}

static inline bool loop_is_ready(const sd_event_source *source)
{
	struct pollfd fd = {.fd = source->fd, .events = (short)source->events};

	return source->fd >= 0 && source->enabled != SD_EVENT_OFF &&
	       poll(&fd, 1, 0) == 1;
}

/* All that can be read is read. */
static inline void loop_read(void)
{
	sd_event_source *source;
	unsigned int turns = 0;

	do {
		for (source = loop.first; source; source = source->next)
			if (loop_is_ready(source))
				break;
		if (source)
			source->on_io(source, source->fd, source->events,
				      source->userdata);
		PROMISE(++turns < 1000); /* a reader takes what there is */
	} while (source);
}

#endif
