/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_watch.c - see cert_watch.h. Loading, a token and the network block, so
 * that a worker does it; the warnings are given in the event loop. */
#include "cert_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "profile_list.h"
#include "worker.h"

#define INTERVAL_S   (6 * 3600)
#define FIRST_S      60 /* the network comes up, and a dial may go first */
#define INTERVAL_MAX (30 * 86400)
#define SECOND_US    1000000ull

struct cert_watch {
	sd_event *event;
	sd_event_source *timer;
	char profiles[sizeof(((struct aovpn_paths *)0)->profiles)];
	char runtime[PATH_MAX];
	char cache[PATH_MAX];
	uint64_t interval_us;
	struct job *job; /* of a worker that runs now, or NULL */
	struct cert_watch_told told;
	struct cert_watch_known *known; /* of the last look */
	size_t known_count;
};

/* What the worker has; nothing of it is shared while it runs. */
struct job {
	struct cert_watch *owner; /* NULL: gone meanwhile */
	char profiles[sizeof(((struct aovpn_paths *)0)->profiles)];
	char runtime[PATH_MAX];
	char cache[PATH_MAX];
	time_t now;
	struct cert_watch_known *results;
	size_t count;
};

/* --- in the worker --- */

static void keep(struct job *job, const char *connection,
		 const struct aovpn_watch *watch)
{
	struct cert_watch_known *results;
	size_t i;

	results = reallocarray(job->results, job->count + watch->count,
			       sizeof(*results));
	/* Without memory it is not looked at this time. */
	if (!results)
		return;
	job->results = results;
	for (i = 0; i < watch->count; i++) {
		snprintf(results[job->count].connection, AOVPN_NAME_MAX, "%s",
			 connection);
		results[job->count++].watched = watch->list[i];
	}
}

/* A profile that is broken, or without a certificate, is another matter: a dial
 * says so. */
static void look_at(struct job *job, const char *name,
		    const struct aovpn_fetcher *fetcher,
		    struct aovpn_watch *watch)
{
	struct aovpn_profile profile;

	if (aovpn_profile_load(job->profiles, name, &profile, NULL) < 0 ||
	    aovpn_watch_profile(&profile, fetcher, job->now, watch, NULL) < 0)
		return;
	if (watch->count > 0)
		keep(job, name, watch);
}

static void look(void *argument)
{
	struct job *job = argument;
	/* Not what is kept: the CA may have published a new CRL since. */
	const struct aovpn_fetcher_options options = {
		.runtime = job->runtime, .cache = job->cache, .refresh = true};
	struct aovpn_watch *watch = calloc(1, sizeof(*watch));
	struct aovpn_fetcher *fetcher = NULL;
	struct aovpn_profile_list list;
	size_t i;

	if (watch && aovpn_fetcher_open(&options, &fetcher) == 0 &&
	    aovpn_profile_list_read(job->profiles, &list, NULL) == 0)
		for (i = 0; i < list.count; i++)
			look_at(job, list.name[i], fetcher, watch);
	aovpn_fetcher_close(fetcher);
	free(watch);
}

/* --- in the event loop --- */

static void job_free(struct job *job)
{
	free(job->results);
	free(job);
}

static void warn_of(struct cert_watch *watch,
		    const struct cert_watch_known *result, time_t now)
{
	char text[2 * AOVPN_URL_MAX];

	if (!cert_watch_due(&watch->told, result->connection, &result->watched,
			    now))
		return;
	aovpn_watched_text(&result->watched, now, text, sizeof(text));
	log_warning("%s: %s", result->connection, text);
}

static void on_done(void *argument)
{
	struct job *job = argument;
	struct cert_watch *watch = job->owner;
	size_t i;

	for (i = 0; watch && i < job->count; i++)
		warn_of(watch, &job->results[i], job->now);
	if (watch) {
		watch->job = NULL;
		free(watch->known);
		watch->known = job->results;
		watch->known_count = job->count;
		job->results = NULL;
	}
	job_free(job);
}

size_t cert_watch_known(const struct cert_watch *watch,
			const struct cert_watch_known **ret)
{
	*ret = watch ? watch->known : NULL;
	return watch ? watch->known_count : 0;
}

static int start(struct cert_watch *watch)
{
	struct job *job = calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	job->owner = watch;
	job->now = time(NULL);
	memcpy(job->profiles, watch->profiles, sizeof(job->profiles));
	memcpy(job->runtime, watch->runtime, sizeof(job->runtime));
	memcpy(job->cache, watch->cache, sizeof(job->cache));
	r = worker_start(watch->event, look, on_done, job);
	if (r < 0) {
		job_free(job);
		return r;
	}
	watch->job = job;
	return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct cert_watch *watch = userdata;
	int r;

	(void)usec;
	r = watch->job ? 0 : start(watch);
	if (r < 0)
		log_warning("cannot look at the certificates: %s",
			    strerror(-r));
	r = sd_event_source_set_time_relative(source, watch->interval_us);
	return r < 0 ? r
		     : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Seconds; -EINVAL where the variable holds no such number. */
static int read_interval(struct aovpn_error *error)
{
	static const char variable[] = "AOVPN_WATCH_INTERVAL";
	const char *text = getenv(variable);
	size_t digits;

	if (!text || text[0] == '\0')
		return INTERVAL_S;
	digits = strspn(text, "0123456789");
	if (text[digits] == '\0' && digits <= 7 && atoi(text) <= INTERVAL_MAX)
		return atoi(text);
	return aovpn_error_set(error, -EINVAL,
			       "%s=\"%s\" is not a number of seconds from 0 to "
			       "%d",
			       variable, text, INTERVAL_MAX);
}

static int open_timer(struct cert_watch *watch, unsigned int first_s)
{
	/* Sleep counts: who wakes after a week is told at once. */
	return sd_event_add_time_relative(watch->event, &watch->timer,
					  CLOCK_BOOTTIME, first_s * SECOND_US,
					  SECOND_US, on_time, watch);
}

int cert_watch_new(const struct daemon *daemon, struct cert_watch **ret,
		   struct aovpn_error *error)
{
	int seconds = read_interval(error), r;
	struct cert_watch *watch;

	*ret = NULL;
	if (seconds <= 0)
		return seconds;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->event = daemon->event;
	watch->interval_us = (unsigned int)seconds * SECOND_US;
	memcpy(watch->profiles, daemon->paths.profiles,
	       sizeof(watch->profiles));
	memcpy(watch->runtime, daemon->paths.runtime, sizeof(watch->runtime));
	memcpy(watch->cache, daemon->paths.cache, sizeof(watch->cache));
	r = open_timer(watch,
		       seconds < FIRST_S ? (unsigned int)seconds : FIRST_S);
	if (r < 0) {
		free(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

bool cert_watch_busy(const struct cert_watch *watch)
{
	return watch && watch->job;
}

struct cert_watch *cert_watch_free(struct cert_watch *watch)
{
	if (!watch)
		return NULL;
	if (watch->job)
		watch->job->owner = NULL;
	sd_event_source_disable_unref(watch->timer);
	free(watch->known);
	free(watch);
	return NULL;
}
