/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetcher.c - the fetcher that asks the network (fetch.h): a helper process a
 * request, several beside each other, each with its own deadline, in front of
 * them the cache.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fetch_cache.h"
#include "fetch_helper.h"
#include "fetch_protocol.h"
#include "fetch_text.h"

#define PROCESSES 8

struct fetcher {
	struct aovpn_fetcher base; /* first: what callers see */
	struct fetch_helper_place *place;
	int cache; /* directory, or -1 */
	struct aovpn_error cache_fault;
	bool refresh;
	bool offline;
	uint32_t timeout_ms;
	uint32_t total_ms;
};

enum job_state {
	JOB_WAITING,
	JOB_RUNNING,
	JOB_DONE,
	JOB_TWIN, /* of an earlier one, whose result it gets */
};

struct job {
	enum job_state state;
	size_t twin; /* its index */
	const struct aovpn_fetch_request *request;
	struct aovpn_fetched *result;
	struct fetch_helper helper;
	int64_t started_at;
	int64_t deadline;
};

/* One call of fetch. */
struct call {
	const struct fetcher *fetcher;
	struct job job[AOVPN_FETCHES_MAX];
	size_t count;
	size_t running;
	int64_t deadline;
	struct fetch_request_message request; /* the one that is sent */
	struct fetch_reply_message reply;     /* the one that is looked at */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- one helper ----------------------------------------------------------- */

static void finish(struct call *call, struct job *job)
{
	fetch_helper_end(&job->helper);
	job->result->made_at = time(NULL);
	job->state = JOB_DONE;
	call->running--;
}

static uint32_t time_left(const struct job *job)
{
	int64_t left = job->deadline - FETCH_HELPER_GRACE_MS - now_ms();

	return left > 0 ? (uint32_t)left : 1;
}

/* Reach a helper and give it the request. */
static int hand_over(struct call *call, struct job *job, bool by_unit,
		     struct aovpn_error *error)
{
	int code;

	code = fetch_request_encode(job->request, time_left(job),
				    &call->request);
	if (code < 0)
		return aovpn_error_set(error, code,
				       "the certificate or the URL is too "
				       "large");
	return fetch_helper_start(call->fetcher->place, by_unit, &call->request,
				  &job->helper, error);
}

static void start(struct call *call, struct job *job, bool by_unit)
{
	struct aovpn_error error = {""};

	job->state = JOB_RUNNING;
	call->running++;
	if (hand_over(call, job, by_unit, &error) == 0)
		return;
	if (job->helper.by_unit) { /* which has enough of us */
		fetch_helper_end(&job->helper);
		if (hand_over(call, job, false, &error) == 0)
			return;
	}
	fetch_fail(job->result, AOVPN_FETCH_LOCAL, "%s", error.text);
	finish(call, job);
}

/* --- its answer ----------------------------------------------------------- */

static int receive(struct call *call, const struct job *job)
{
	int code = fetch_helper_receive(&job->helper, &call->reply);

	return code < 0 ? code
			: fetch_reply_check(&call->reply, job->request->kind);
}

static void keep(const struct call *call, const struct job *job)
{
	if (call->fetcher->cache >= 0 && job->result->state == AOVPN_FETCH_OK)
		(void)fetch_cache_write(call->fetcher->cache, job->request,
					time(NULL), &call->reply);
}

static void take_answer(struct call *call, struct job *job)
{
	int code = receive(call, job);

	if (code == 0) {
		fetch_reply_take(&call->reply, job->request->certificate,
				 job->result);
		keep(call, job);
	} else if (job->helper.by_unit) {
		/* Its unit cannot start it, or has too many: we can. */
		fetch_helper_end(&job->helper);
		call->running--;
		start(call, job, false);
		return;
	} else {
		fetch_fail(job->result, AOVPN_FETCH_LOCAL,
			   FETCH_HELPER_NAME " ended without an answer");
	}
	finish(call, job);
}

static void give_up(struct call *call, struct job *job)
{
	job->result->duration_ms = (uint32_t)(now_ms() - job->started_at);
	fetch_fail(job->result, AOVPN_FETCH_TIMEOUT, "no answer within %u ms",
		   job->result->duration_ms);
	finish(call, job);
}

/* --- all of a call -------------------------------------------------------- */

static bool is_same(const struct aovpn_fetch_request *a,
		    const struct aovpn_fetch_request *b)
{
	if (a->kind != b->kind || strcmp(a->url, b->url) != 0 ||
	    X509_cmp(a->certificate, b->certificate) != 0)
		return false;
	return a->kind == AOVPN_FETCH_AIA ||
	       X509_cmp(a->issuer, b->issuer) == 0;
}

static bool is_http(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0 ||
	       strncasecmp(url, "https://", 8) == 0;
}

/* Answer out of the cache, or say that there is none; false: it is to be
 * fetched. */
static bool look_up(struct call *call, struct job *job)
{
	const struct fetcher *fetcher = call->fetcher;
	time_t made_at;

	if (fetcher->cache >= 0 && !fetcher->refresh &&
	    fetch_cache_read(fetcher->cache, job->request, time(NULL),
			     &call->reply, &made_at) == 0) {
		fetch_reply_take(&call->reply, job->request->certificate,
				 job->result);
		if (job->result->state == AOVPN_FETCH_OK) {
			job->result->made_at = made_at;
			job->result->from_cache = true;
			job->result->server_time = 0;
			job->result->duration_ms = 0;
			return true;
		}
	}
	if (fetcher->offline)
		fetch_fail(job->result, AOVPN_FETCH_OFFLINE,
			   "it is not in the cache, and not to be fetched");
	return fetcher->offline;
}

static void begin(struct call *call, size_t i,
		  const struct aovpn_fetch_request *request,
		  struct aovpn_fetched *result)
{
	struct job *job = &call->job[i];

	job->request = request;
	job->result = result;
	job->helper.socket = -1;
	memset(result, 0, sizeof(*result));
	result->kind = request->kind;
	snprintf(result->url, sizeof(result->url), "%s", request->url);
	for (size_t j = 0; j < i && job->state != JOB_TWIN; j++) {
		if (!is_same(request, call->job[j].request))
			continue;
		job->state = JOB_TWIN;
		job->twin = j;
	}
	if (job->state == JOB_TWIN)
		return;
	result->made_at = time(NULL);
	if (!is_http(request->url)) {
		fetch_fail(result, AOVPN_FETCH_SCHEME,
			   "only http and https are tried");
		job->state = JOB_DONE;
	} else if (look_up(call, job)) {
		job->state = JOB_DONE;
	}
}

/* Start what waits, as many as there is room for. */
static void start_some(struct call *call)
{
	const int64_t now = now_ms();
	struct job *job;

	for (size_t i = 0; i < call->count && call->running < PROCESSES; i++) {
		job = &call->job[i];
		if (job->state != JOB_WAITING)
			continue;
		job->started_at = now;
		job->deadline =
			now + call->fetcher->timeout_ms + FETCH_HELPER_GRACE_MS;
		if (job->deadline > call->deadline + FETCH_HELPER_GRACE_MS)
			job->deadline = call->deadline + FETCH_HELPER_GRACE_MS;
		start(call, job, true);
	}
}

/* Sleep until one of them has something to say or its time is over. */
static void wait_for_some(struct call *call)
{
	struct pollfd polled[PROCESSES];
	struct job *job_of[PROCESSES];
	int64_t now = now_ms(), first = INT64_MAX;
	nfds_t count = 0;

	for (size_t i = 0; i < call->count; i++) {
		struct job *job = &call->job[i];

		if (job->state != JOB_RUNNING)
			continue;
		if (job->deadline < first)
			first = job->deadline;
		job_of[count] = job;
		polled[count++] = (struct pollfd){.fd = job->helper.socket,
						  .events = POLLIN};
	}
	if (poll(polled, count, first > now ? (int)(first - now) : 0) < 0)
		return; /* a signal; there is nothing else to fail */
	now = now_ms();
	for (nfds_t i = 0; i < count; i++) {
		if (polled[i].revents)
			take_answer(call, job_of[i]);
		else if (job_of[i]->deadline <= now)
			give_up(call, job_of[i]);
	}
}

/* What got no process within the time of the call. */
static void drop_late(struct call *call)
{
	if (now_ms() < call->deadline)
		return;
	for (size_t i = 0; i < call->count; i++) {
		if (call->job[i].state != JOB_WAITING)
			continue;
		fetch_fail(call->job[i].result, AOVPN_FETCH_TIMEOUT,
			   "others took all the time: not tried");
		call->job[i].state = JOB_DONE;
	}
}

static bool is_complete(const struct call *call)
{
	if (call->running > 0)
		return false;
	for (size_t i = 0; i < call->count; i++)
		if (call->job[i].state == JOB_WAITING)
			return false;
	return true;
}

static void copy_twins(struct call *call)
{
	struct job *job;

	for (size_t i = 0; i < call->count; i++) {
		job = &call->job[i];
		if (job->state != JOB_TWIN)
			continue;
		*job->result = *call->job[job->twin].result;
		if (job->result->found)
			X509_up_ref(job->result->found);
	}
}

static int fetch(const struct aovpn_fetcher *fetcher,
		 const struct aovpn_fetch_request *requests, size_t count,
		 struct aovpn_fetched *results)
{
	struct call *call;

	if (count > AOVPN_FETCHES_MAX)
		return -E2BIG;
	call = calloc(1, sizeof(*call));
	if (!call)
		return -ENOMEM;
	call->fetcher = (const struct fetcher *)fetcher;
	call->count = count;
	call->deadline = now_ms() + call->fetcher->total_ms;
	for (size_t i = 0; i < count; i++)
		begin(call, i, &requests[i], &results[i]);
	while (!is_complete(call)) {
		drop_late(call);
		start_some(call);
		if (call->running > 0)
			wait_for_some(call);
	}
	copy_twins(call);
	free(call);
	return 0;
}

/* --- the fetcher ---------------------------------------------------------- */

static void open_cache(struct fetcher *fetcher, const char *path)
{
	fetcher->cache = -1;
	if (path && path[0] != '\0')
		fetcher->cache = fetch_cache_open(path, &fetcher->cache_fault);
	if (fetcher->cache < 0)
		fetcher->cache = -1;
}

int aovpn_fetcher_open(const struct aovpn_fetcher_options *options,
		       struct aovpn_fetcher **ret)
{
	struct fetcher *fetcher = calloc(1, sizeof(*fetcher));

	if (!fetcher)
		return -ENOMEM;
	fetcher->base.fetch = fetch;
	fetcher->refresh = options->refresh;
	fetcher->offline = options->offline;
	fetcher->timeout_ms = options->timeout_ms ? options->timeout_ms
						  : AOVPN_FETCH_TIMEOUT_MS;
	fetcher->total_ms =
		options->total_ms ? options->total_ms : AOVPN_FETCH_TOTAL_MS;
	open_cache(fetcher, options->cache);
	if (fetch_helper_place_open(options->runtime, &fetcher->place) < 0) {
		aovpn_fetcher_close(&fetcher->base);
		return -ENOMEM;
	}
	*ret = &fetcher->base;
	return 0;
}

const char *aovpn_fetcher_cache_fault(const struct aovpn_fetcher *fetcher)
{
	return ((const struct fetcher *)fetcher)->cache_fault.text;
}

struct aovpn_fetcher *aovpn_fetcher_close(struct aovpn_fetcher *fetcher)
{
	struct fetcher *own = (struct fetcher *)fetcher;

	if (!own)
		return NULL;
	fetch_helper_place_close(own->place);
	if (own->cache >= 0)
		close(own->cache);
	free(own);
	return NULL;
}
