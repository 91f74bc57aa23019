/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel_watch.c - see kernel_watch.h. */
#include "kernel_watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "worker.h"

struct kernel_watch {
	sd_event *event;
	struct tracer *tracer;
	struct icmp_listener *icmp;
	bool icmp_on; /* it was told to watch */
	struct fragments *fragments;
	unsigned int dials; /* and traces */
	unsigned int tunnels;
	pid_t charon; /* for whom the hooks are or shall be attached */
	bool busy;    /* a worker was started and on_attached not called yet */
	bool again;   /* then, attach once more: charon or the tracer changed */

	/* The attaching worker's. */
	pthread_mutex_t lock;
	pthread_cond_t settled;
	bool attaching;
	pid_t attaching_for; /* charon as it was when the worker began */
	int result;
	struct aovpn_error error;
};

int kernel_watch_new(sd_event *event, struct kernel_watch **ret)
{
	struct kernel_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->event = event;
	pthread_mutex_init(&watch->lock, NULL);
	pthread_cond_init(&watch->settled, NULL);
	*ret = watch;
	return 0;
}

static void wait_for_worker(struct kernel_watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	while (watch->attaching)
		pthread_cond_wait(&watch->settled, &watch->lock);
	pthread_mutex_unlock(&watch->lock);
}

struct kernel_watch *kernel_watch_free(struct kernel_watch *watch)
{
	if (!watch)
		return NULL;
	wait_for_worker(watch);
	pthread_cond_destroy(&watch->settled);
	pthread_mutex_destroy(&watch->lock);
	free(watch);
	return NULL;
}

static void set_attaching(struct kernel_watch *watch, bool attaching)
{
	pthread_mutex_lock(&watch->lock);
	watch->attaching = attaching;
	pthread_cond_broadcast(&watch->settled);
	pthread_mutex_unlock(&watch->lock);
}

static void run_attach(void *argument)
{
	struct kernel_watch *watch = argument;

	watch->result = tracer_dial_attach(watch->tracer, watch->attaching_for,
					   &watch->error);
	set_attaching(watch, false);
}

static void run_close(void *links)
{
	tracer_dial_links_close(links);
}

static void on_closed(void *links)
{
	free(links);
}

/* The kernel takes its time to detach: a worker waits for it. */
static void detach(struct kernel_watch *watch)
{
	struct tracer_dial_links released, *links;

	if (!tracer_dial_release(watch->tracer, &released))
		return;
	links = malloc(sizeof(*links));
	if (links)
		*links = released;
	if (!links ||
	    worker_start(watch->event, run_close, on_closed, links) < 0) {
		tracer_dial_links_close(&released);
		free(links);
	}
}

static void attach_for(struct kernel_watch *watch, pid_t charon);

static void on_attached(void *argument)
{
	struct kernel_watch *watch = argument;

	watch->busy = false;
	if (!watch->tracer)
		return;
	tracer_dial_settle(watch->tracer);
	if (watch->result < 0)
		log_warning("without the hooks of a dial: %s",
			    watch->error.text);
	if (watch->dials == 0)
		detach(watch);
	else if (watch->again)
		attach_for(watch, watch->charon);
}

static void start_attach(struct kernel_watch *watch)
{
	int r;

	watch->attaching_for = watch->charon;
	set_attaching(watch, true);
	r = worker_start(watch->event, run_attach, on_attached, watch);
	watch->busy = r == 0;
	if (r == 0)
		return;
	log_warning("without the hooks of a dial: %s", strerror(-r));
	set_attaching(watch, false);
}

static void update_interest(struct kernel_watch *watch)
{
	bool interested = watch->dials + watch->tunnels > 0;

	if (watch->icmp && interested != watch->icmp_on)
		icmp_watch(watch->icmp, interested);
	watch->icmp_on = watch->icmp && interested;
	if (!watch->tracer)
		return;
	tracer_set_interest(watch->tracer, interested);
	if (!interested)
		tracer_forget_peers(watch->tracer);
}

static void attach_for(struct kernel_watch *watch, pid_t charon)
{
	watch->charon = charon;
	watch->again = watch->busy;
	if (!watch->tracer || watch->busy)
		return;
	tracer_watch_process(watch->tracer, charon);
	detach(watch);
	start_attach(watch);
}

void kernel_watch_set(struct kernel_watch *watch, struct tracer *tracer,
		      struct icmp_listener *icmp, struct fragments *fragments)
{
	wait_for_worker(watch);
	watch->tracer = tracer;
	watch->icmp = icmp;
	watch->icmp_on = false;
	watch->fragments = fragments;
	update_interest(watch);
	if (watch->dials == 0)
		return;
	if (fragments)
		fragments_watch(fragments, true);
	attach_for(watch, watch->charon);
}

void kernel_watch_begin(struct kernel_watch *watch, pid_t charon)
{
	bool is_first = watch->dials++ == 0;

	update_interest(watch);
	if (is_first && watch->fragments)
		fragments_watch(watch->fragments, true);
	/* What is attached to a charon that is no more sees nothing. */
	if (is_first || charon != watch->charon)
		attach_for(watch, charon);
}

void kernel_watch_end(struct kernel_watch *watch)
{
	bool is_last = --watch->dials == 0;

	update_interest(watch);
	if (is_last && watch->fragments)
		fragments_watch(watch->fragments, false);
	if (is_last && watch->tracer && !watch->busy)
		detach(watch);
}

void kernel_watch_tunnel_up(struct kernel_watch *watch)
{
	watch->tunnels++;
	update_interest(watch);
}

void kernel_watch_tunnel_down(struct kernel_watch *watch)
{
	watch->tunnels--;
	update_interest(watch);
}
