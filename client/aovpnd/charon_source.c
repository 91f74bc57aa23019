/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_source.c - see charon_source.h.
 *
 * libvici tells nobody when charon closes the connection. So a second
 * connection, on which nothing is ever said, is watched by the event loop: it
 * hangs up when charon ends, and says who charon is.
 */
#include "charon_source.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "charon_name.h"
#include "log.h"
#include "unix_socket.h"
#include "vici_events.h"
#include "watched.h"
#include "worker.h"

/* A dial has some dozens; together little more than a megabyte. */
#define QUEUE_MAX 1024
/* How often charon is looked for while it is not there, and how long after its
 * socket has appeared: it is bound first, and listens then. */
#define RETRY_US    1000000ull
#define APPEARED_US 20000ull
/* The same for one that most machines never have; when its socket appears it is
 * looked for at once, and a few times as often as any. */
#define RARE_RETRY_US  60000000ull
#define APPEARED_TRIES 5
/* sd-event's own is a quarter of a second. */
#define TIMER_SLACK_US 1000

struct queued {
	struct queued *next;
	struct charon_event event;
};

struct charon_source {
	struct daemon *daemon;
	struct charon_place place;
	struct vici_events *events; /* NULL: not connected */
	int guard;                  /* the silent connection, -1 */
	pid_t pid;
	bool opening;       /* a worker connects */
	unsigned int tries; /* left, of those behind an appearance */
	sd_event_source *guard_source;
	sd_event_source *queue_source;
	sd_event_source *timer;
	sd_event_source *directory; /* where its socket appears; NULL */
	struct aovpn_error error;   /* why it is not connected */
	uint64_t told;              /* events taken out of the queue */

	/* Shared with libvici's threads. */
	pthread_mutex_t lock;
	struct queued *first, **last;
	unsigned int count;
	uint64_t lost;
	int wake; /* eventfd */
};

/* --- the queue -------------------------------------------------------------
 */

static void put(struct charon_source *source, struct queued *queued)
{
	uint64_t one = 1;
	bool full;

	pthread_mutex_lock(&source->lock);
	full = !queued || source->count == QUEUE_MAX;
	if (full) {
		source->lost++;
	} else {
		*source->last = queued;
		source->last = &queued->next;
		source->count++;
	}
	pthread_mutex_unlock(&source->lock);
	if (full)
		free(queued);
	else if (write(source->wake, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is awake */
}

static void on_event(const struct charon_event *event, void *userdata)
{
	struct queued *queued;

	if (!charon_log_is_of_interest(event) ||
	    charon_name_connection(event->name))
		return;
	queued = malloc(sizeof(*queued));
	if (queued) {
		queued->next = NULL;
		queued->event = *event;
	}
	put(userdata, queued);
}

static struct queued *take_all(struct charon_source *source)
{
	struct queued *all;

	pthread_mutex_lock(&source->lock);
	all = source->first;
	source->first = NULL;
	source->last = &source->first;
	source->count = 0;
	pthread_mutex_unlock(&source->lock);
	return all;
}

void charon_source_drain(struct charon_source *source)
{
	struct queued *queued = source ? take_all(source) : NULL, *next;

	for (; queued; queued = next) {
		next = queued->next;
		source->told++;
		watched_event(source->daemon->watched, source, &queued->event);
		free(queued);
	}
}

static int on_wake(sd_event_source *event_source, int fd, uint32_t events,
		   void *userdata)
{
	uint64_t count;

	(void)event_source;
	(void)events;
	if (read(fd, &count, sizeof(count)) == sizeof(count))
		charon_source_drain(userdata);
	return 0;
}

/* --- coming and going ------------------------------------------------------
 */

static void look_later(struct charon_source *source, uint64_t after_us);
static void look_again(struct charon_source *source);

static void disconnect(struct charon_source *source)
{
	source->events = vici_events_close(source->events);
	source->guard_source =
		sd_event_source_disable_unref(source->guard_source);
	if (source->guard >= 0)
		close(source->guard);
	source->guard = -1;
	source->pid = 0;
}

/* charon says nothing on this connection, so anything is its end. */
static int on_guard(sd_event_source *event_source, int fd, uint32_t events,
		    void *userdata)
{
	struct charon_source *source = userdata;

	(void)event_source;
	(void)fd;
	(void)events;
	if (source->opening)
		return sd_event_source_set_enabled(source->guard_source,
						   SD_EVENT_OFF);
	log_info("%s closed its vici socket", source->place.name);
	disconnect(source);
	charon_source_drain(source);
	aovpn_error_set(&source->error, -ENOTCONN, "%s went away",
			source->place.name);
	watched_charon_gone(source->daemon->watched, source);
	look_again(source);
	return 0;
}

struct opening {
	struct charon_source *source;
	struct vici_events *events;
	struct aovpn_error error;
	int result;
};

static void run_open(void *argument)
{
	struct opening *opening = argument;

	opening->result = vici_events_open(opening->source->place.uri, on_event,
					   opening->source, &opening->events,
					   &opening->error);
}

static void on_opened(void *argument)
{
	struct opening *opening = argument;
	struct charon_source *source = opening->source;

	source->opening = false;
	source->events = opening->events;
	if (opening->result < 0) {
		source->error = opening->error;
		disconnect(source);
		look_again(source);
	} else {
		log_info("%s tells of its connections (process %d)",
			 source->place.name, (int)source->pid);
		sd_event_source_set_enabled(source->guard_source, SD_EVENT_ON);
	}
	free(opening);
}

static void start_opening(struct charon_source *source)
{
	struct opening *opening = calloc(1, sizeof(*opening));

	if (opening) {
		opening->source = source;
		source->opening = worker_start(source->daemon->event, run_open,
					       on_opened, opening) == 0;
	}
	if (source->opening)
		return;
	free(opening);
	disconnect(source);
	look_again(source);
}

/* Who accepted the connection, by the kernel. */
static pid_t peer_of(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return 0;
	return peer.pid;
}

static void look(struct charon_source *source)
{
	const char *uri = source->place.uri;
	int r;

	/* paths.c has checked the prefix. */
	r = source->guard =
		aovpn_unix_connect(uri + strlen("unix://"), SOCK_STREAM);
	if (r >= 0)
		r = sd_event_add_io(source->daemon->event,
				    &source->guard_source, source->guard,
				    EPOLLIN, on_guard, source);
	if (r >= 0) {
		source->pid = peer_of(source->guard);
		start_opening(source);
		return;
	}
	aovpn_error_set(&source->error, r, "cannot reach %s at %s: %s",
			source->place.name, uri, strerror(-r));
	disconnect(source);
	look_again(source);
}

static int on_timer(sd_event_source *event_source, uint64_t usec,
		    void *userdata)
{
	(void)event_source;
	(void)usec;
	look(userdata);
	return 0;
}

static void look_later(struct charon_source *source, uint64_t after_us)
{
	int r;

	sd_event_source_disable_unref(source->timer);
	source->timer = NULL;
	r = sd_event_add_time_relative(source->daemon->event, &source->timer,
				       CLOCK_MONOTONIC, after_us,
				       TIMER_SLACK_US, on_timer, source);
	if (r < 0)
		log_error("%s is not looked for any more: %s",
			  source->place.name, strerror(-r));
}

static void look_again(struct charon_source *source)
{
	if (!source->place.is_rare)
		look_later(source, RETRY_US);
	else if (source->tries > 0 && source->tries--)
		look_later(source, RETRY_US);
	else
		look_later(source, RARE_RETRY_US);
}

static int on_directory(sd_event_source *event_source,
			const struct inotify_event *event, void *userdata)
{
	struct charon_source *source = userdata;

	(void)event_source;
	if (source->guard < 0 && event->len > 0 &&
	    strcmp(event->name, strrchr(source->place.uri, '/') + 1) == 0) {
		source->tries = APPEARED_TRIES;
		look_later(source, APPEARED_US);
	}
	return 0;
}

/* So that not even the first dial of a charon that starts is missed. Without it
 * charon is found when it is looked for again. */
static void watch_directory(struct charon_source *source)
{
	const char *path = source->place.uri + strlen("unix://");
	char directory[PATH_MAX];
	int r;

	snprintf(directory, sizeof(directory), "%.*s",
		 (int)(strrchr(path, '/') - path), path);
	r = sd_event_add_inotify(source->daemon->event, &source->directory,
				 directory[0] ? directory : "/",
				 IN_CREATE | IN_MOVED_TO | IN_ONLYDIR,
				 on_directory, source);
	if (r < 0)
		log_warning("cannot watch \"%s\": %s", directory, strerror(-r));
}

int charon_source_new(struct daemon *daemon, const struct charon_place *place,
		      struct charon_source **ret)
{
	struct charon_source *source = calloc(1, sizeof(*source));
	int r;

	if (!source)
		return -ENOMEM;
	source->daemon = daemon;
	source->place = *place;
	source->guard = -1;
	source->last = &source->first;
	pthread_mutex_init(&source->lock, NULL);
	source->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = source->wake < 0
		    ? -errno
		    : sd_event_add_io(daemon->event, &source->queue_source,
				      source->wake, EPOLLIN, on_wake, source);
	if (r < 0) {
		charon_source_free(source);
		return r;
	}
	watch_directory(source);
	look(source);
	*ret = source;
	return 0;
}

/* A worker that still connects uses it: then the end of the process frees it.
 */
struct charon_source *charon_source_free(struct charon_source *source)
{
	struct queued *queued, *next;

	if (!source || source->opening)
		return NULL;
	disconnect(source);
	for (queued = take_all(source); queued; queued = next) {
		next = queued->next;
		free(queued);
	}
	sd_event_source_disable_unref(source->directory);
	sd_event_source_disable_unref(source->timer);
	sd_event_source_disable_unref(source->queue_source);
	if (source->wake >= 0)
		close(source->wake);
	pthread_mutex_destroy(&source->lock);
	free(source);
	return NULL;
}

/* --- what is known of it ---------------------------------------------------
 */

bool charon_source_live(const struct charon_source *source)
{
	return source && source->events;
}

const char *charon_source_uri(const struct charon_source *source)
{
	return source->place.uri;
}

pid_t charon_source_pid(const struct charon_source *source)
{
	return source ? source->pid : 0;
}

uint64_t charon_source_lost(const struct charon_source *source)
{
	return source ? __atomic_load_n(&source->lost, __ATOMIC_RELAXED) : 0;
}

json_t *charon_source_status(const struct charon_source *source)
{
	json_t *object;

	/* Who was never there is missed by nobody. */
	if (source && source->place.is_rare && source->told == 0 &&
	    !source->events)
		return NULL;
	if (charon_source_live(source))
		object = json_pack("{s:s, s:i, s:I}", "state", "live",
				   "charon_pid", (int)source->pid, "events",
				   (json_int_t)source->told);
	else
		object = json_pack("{s:s, s:s}", "state", "absent", "reason",
				   source && source->error.text[0]
					   ? source->error.text
					   : "charon is being asked");
	json_object_set_new(
		object, "lost_events",
		json_integer((json_int_t)charon_source_lost(source)));
	return object;
}
