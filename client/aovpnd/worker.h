/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.h - blocking work (name resolution, vici) in a thread of its own, its
 * result brought back into the event loop.
 */
#ifndef AOVPN_WORKER_H
#define AOVPN_WORKER_H

#include <systemd/sd-event.h>

/* In the thread. Must not touch what the event loop owns. */
typedef void (*worker_run_t)(void *job);
/* In the event loop, once, after run has returned. Owns job from then on. */
typedef void (*worker_done_t)(void *job);

/*
 * Start run(job) in a thread. Returns 0, or -errno where no thread could be
 * started; then done is not called and job stays the caller's.
 */
int worker_start(sd_event *event, worker_run_t run, worker_done_t done,
		 void *job);

#endif
