/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker.c - see worker.h. */
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct worker {
	pthread_t thread;
	int fd; /* becomes readable when run has returned */
	worker_run_t run;
	worker_done_t done;
	void *job;
};

/* Those that are under way; only the event loop counts. */
static unsigned int running;

static void *thread_main(void *argument)
{
	struct worker *worker = argument;
	uint64_t one = 1;

	worker->run(worker->job);
	/* Cannot fail: the counter is 0 and nobody else writes it. Somebody
	 * waits for it, so if it does, then once. */
	if (write(worker->fd, &one, sizeof(one)) < 0 &&
	    write(worker->fd, &one, sizeof(one)) < 0)
		abort();
	return NULL;
}

static void worker_free(struct worker *worker)
{
	close(worker->fd);
	free(worker);
}

static int on_done(sd_event_source *source, int fd, uint32_t events,
		   void *userdata)
{
	struct worker *worker = userdata;
	worker_done_t done = worker->done;
	void *job = worker->job;

	(void)fd;
	(void)events;
	sd_event_source_disable_unref(source);
	pthread_join(worker->thread, NULL);
	worker_free(worker);
	running--;
	done(job);
	return 0;
}

/* Signals belong to the event loop's thread. */
static int create_thread(struct worker *worker)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&worker->thread, NULL, thread_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}

int worker_start(sd_event *event, worker_run_t run, worker_done_t done,
		 void *job)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	sd_event_source *source = NULL;
	int r;

	if (!worker)
		return -ENOMEM;
	worker->run = run;
	worker->done = done;
	worker->job = job;
	worker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (worker->fd < 0) {
		r = -errno;
		free(worker);
		return r;
	}
	r = sd_event_add_io(event, &source, worker->fd, EPOLLIN, on_done,
			    worker);
	if (r >= 0)
		r = create_thread(worker);
	if (r < 0) {
		sd_event_source_disable_unref(source);
		worker_free(worker);
		return r;
	}
	running++;
	return 0;
}

bool worker_busy(void)
{
	return running > 0;
}
