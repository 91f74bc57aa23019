/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.c - see trace.h. */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "charon_name.h"
#include "charon_source.h"
#include "connections.h"
#include "kernel_watch.h"
#include "observation_json.h"
#include "plugin_server.h"
#include "record.h"
#include "status.h"
#include "watched.h"

/* Kept free in the queue for one "lost" line, and once more for "end". */
#define RESERVE 1024
/* Packets that pass wake nobody: a trace looks for them so often. */
#define LOOK_US 100000ull

/* What did not reach the client. */
struct losses {
	struct daemon_losses sources;
	uint64_t unread[AOVPN_SOURCE_COUNT];
};

struct trace {
	struct traces *traces;
	struct aovpn_trace_filter filter;
	int fd; /* ours, non-blocking */
	sd_event_source *source;
	bool ending; /* "end" is in the queue; nothing may follow it */
	bool broken; /* the client is gone; its hang-up is on the way */

	char *queue; /* begin to end is to be written */
	size_t begin, end;

	uint64_t shown;
	struct daemon_losses before; /* when the trace began */
	struct losses lost, told;    /* so far; in the lines so far */
};

struct traces {
	struct daemon *daemon;
	struct trace *list[TRACES_MAX];
	unsigned int count;
	unsigned int live;      /* that want more */
	sd_event_source *timer; /* while there is one */
};

int traces_new(struct daemon *daemon, struct traces **ret)
{
	struct traces *traces = calloc(1, sizeof(*traces));

	if (!traces)
		return -ENOMEM;
	traces->daemon = daemon;
	*ret = traces;
	return 0;
}

/* --- what keeps the sources looking ----------------------------------------
 */

static int on_look(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct traces *traces = userdata;

	(void)usec;
	daemon_drain(traces->daemon);
	sd_event_source_set_time_relative(source, LOOK_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Without our plugin it is known by its messages. 0: none is there. */
static pid_t charon_pid(const struct daemon *daemon)
{
	const struct aovpn_hello *hello = plugin_server_hello(daemon->plugin);

	return hello ? (pid_t)hello->pid : charon_source_pid(daemon->charon);
}

static void begin_looking(struct traces *traces)
{
	kernel_watch_begin(traces->daemon->watch, charon_pid(traces->daemon));
	if (traces->live++ == 0)
		sd_event_add_time_relative(traces->daemon->event,
					   &traces->timer, CLOCK_MONOTONIC,
					   LOOK_US, 0, on_look, traces);
}

static void end_looking(struct traces *traces)
{
	kernel_watch_end(traces->daemon->watch);
	if (--traces->live == 0)
		traces->timer = sd_event_source_disable_unref(traces->timer);
}

static struct trace *trace_free(struct trace *trace)
{
	if (!trace)
		return NULL;
	sd_event_source_disable_unref(trace->source);
	if (trace->fd >= 0)
		close(trace->fd);
	free(trace->queue);
	free(trace);
	return NULL;
}

static void trace_close(struct trace *trace)
{
	struct traces *traces = trace->traces;
	unsigned int i;

	for (i = 0; i < TRACES_MAX; i++)
		if (traces->list[i] == trace)
			traces->list[i] = NULL;
	traces->count--;
	if (!trace->ending)
		end_looking(traces);
	trace_free(trace);
}

/* --- the queue and the socket ----------------------------------------------
 */

static size_t queued(const struct trace *trace)
{
	return trace->end - trace->begin;
}

/* Once the end is asked for, the client's side is at its end of file for ever:
 * no reason to wake up. */
static void wait_for_socket(struct trace *trace)
{
	sd_event_source_set_io_events(trace->source,
				      (trace->ending ? 0 : EPOLLIN) |
					      (queued(trace) ? EPOLLOUT : 0));
}

/* Write what the socket takes now. */
static void flush_queue(struct trace *trace)
{
	ssize_t n = 0;

	while (queued(trace) > 0 && n >= 0) {
		n = send(trace->fd, trace->queue + trace->begin, queued(trace),
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0)
			trace->begin += (size_t)n;
		else if (errno == EINTR)
			n = 0;
	}
	if (n < 0 && errno != EAGAIN) {
		trace->broken = true;
		trace->begin = trace->end;
	}
	wait_for_socket(trace);
}

/* Append the line, if the queue then holds at most limit bytes. */
static bool put_text(struct trace *trace, const char *line, size_t limit)
{
	const size_t length = strlen(line);

	if (queued(trace) + length + 1 > limit)
		return false;
	if (trace->end + length + 1 > TRACE_QUEUE_MAX) {
		memmove(trace->queue, trace->queue + trace->begin,
			queued(trace));
		trace->end -= trace->begin;
		trace->begin = 0;
	}
	memcpy(trace->queue + trace->end, line, length);
	trace->queue[trace->end + length] = '\n';
	trace->end += length + 1;
	return true;
}

static bool put_line(struct trace *trace, const json_t *object, size_t limit)
{
	char *line = record_line(object);
	bool fits = line && put_text(trace, line, limit);

	free(line);
	return fits;
}

/* --- lines -----------------------------------------------------------------
 */

static json_t *line_of(const char *kind)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return json_pack("{s:s, s:o}", "kind", kind, "time", record_time(&now));
}

static json_t *by_source(const uint64_t *now, const uint64_t *since)
{
	json_t *object = json_object();
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		if (now[i] > since[i])
			json_object_set_new(
				object, aovpn_source_name(i),
				json_integer((json_int_t)(now[i] - since[i])));
	return object;
}

static void set_losses(json_t *object, const struct losses *now,
		       const struct losses *since)
{
	json_object_set_new(object, "lost",
			    by_source(now->sources.lost, since->sources.lost));
	json_object_set_new(object, "unread",
			    by_source(now->unread, since->unread));
	json_object_set_new(
		object, "suppressed",
		json_integer((json_int_t)(now->sources.suppressed -
					  since->sources.suppressed)));
}

static void count_losses(struct trace *trace)
{
	struct daemon_losses now = daemon_losses(trace->traces->daemon);
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		trace->lost.sources.lost[i] =
			now.lost[i] - trace->before.lost[i];
	trace->lost.sources.suppressed =
		now.suppressed - trace->before.suppressed;
}

/* Say what was lost since this was said last, if anything was. */
static void tell_losses(struct trace *trace)
{
	json_t *line;

	count_losses(trace);
	if (memcmp(&trace->lost, &trace->told, sizeof(trace->lost)) == 0)
		return;
	line = line_of("lost");
	if (!line)
		return;
	set_losses(line, &trace->lost, &trace->told);
	if (put_line(trace, line, TRACE_QUEUE_MAX - RESERVE))
		trace->told = trace->lost;
	json_decref(line);
}

static void put_begin(struct trace *trace)
{
	json_t *line = line_of("begin"), *states = json_object(), *source;
	json_t *status = status_new(trace->traces->daemon, NULL);
	const char *name;

	json_object_foreach(json_object_get(status, "sources"), name, source)
		json_object_set(states, name, json_object_get(source, "state"));
	json_object_set_new(line, "sources", states);
	put_line(trace, line, TRACE_QUEUE_MAX);
	flush_queue(trace);
	json_decref(status);
	json_decref(line);
}

static void put_end(struct trace *trace)
{
	static const struct losses none;
	json_t *line;

	tell_losses(trace);
	line = line_of("end");
	json_object_set_new(line, "shown",
			    json_integer((json_int_t)trace->shown));
	set_losses(line, &trace->lost, &none);
	put_line(trace, line, TRACE_QUEUE_MAX);
	json_decref(line);
	trace->ending = true;
	end_looking(trace->traces);
	flush_queue(trace);
}

/* The line of losses comes before it, so the room for that must be left. */
static void put_event(struct trace *trace, uint32_t source, const char *line)
{
	const size_t limit = TRACE_QUEUE_MAX - 2 * RESERVE;

	if (queued(trace) + strlen(line) + 1 > limit)
		flush_queue(trace);
	if (queued(trace) + strlen(line) + 1 > limit) {
		trace->lost.unread[source]++;
		return;
	}
	tell_losses(trace);
	put_text(trace, line, TRACE_QUEUE_MAX - RESERVE);
	trace->shown++;
	flush_queue(trace);
}

/* --- the socket's news -----------------------------------------------------
 */

/* A client has nothing to say but that it has had enough. */
static bool wants_end(const struct trace *trace)
{
	char buffer[64];
	ssize_t n = recv(trace->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void on_room(struct trace *trace)
{
	flush_queue(trace);
	if (queued(trace) == 0 && !trace->ending) {
		tell_losses(trace);
		flush_queue(trace);
	}
}

static int on_socket(sd_event_source *source, int fd, uint32_t events,
		     void *userdata)
{
	struct trace *trace = userdata;

	(void)source;
	(void)fd;
	if (events & (EPOLLHUP | EPOLLERR)) {
		trace_close(trace);
		return 0;
	}
	if ((events & EPOLLIN) && !trace->ending && wants_end(trace)) {
		daemon_drain(trace->traces->daemon);
		put_end(trace);
	}
	if (events & EPOLLOUT)
		on_room(trace);
	if (trace->ending && queued(trace) == 0)
		trace_close(trace);
	return 0;
}

/* --- open and close --------------------------------------------------------
 */

static int open_socket(struct trace *trace, int *ret_fd)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	trace->fd = fds[0];
	*ret_fd = fds[1];
	return sd_event_add_io(trace->traces->daemon->event, &trace->source,
			       trace->fd, EPOLLIN, on_socket, trace);
}

static int trace_new(struct traces *traces,
		     const struct aovpn_trace_filter *filter,
		     struct trace **ret, int *ret_fd)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int r;

	if (!trace)
		return -ENOMEM;
	trace->traces = traces;
	trace->filter = *filter;
	trace->fd = *ret_fd = -1;
	trace->queue = malloc(TRACE_QUEUE_MAX);
	r = trace->queue ? open_socket(trace, ret_fd) : -ENOMEM;
	if (r < 0) {
		if (*ret_fd >= 0)
			close(*ret_fd);
		trace_free(trace);
		return r;
	}
	*ret = trace;
	return 0;
}

int traces_open(struct traces *traces, const struct aovpn_trace_filter *filter,
		int *ret_fd, struct aovpn_error *error)
{
	struct trace *trace;
	unsigned int i = 0;
	int r;

	while (i < TRACES_MAX && traces->list[i])
		i++;
	if (i == TRACES_MAX)
		return aovpn_error_set(error, -EMFILE,
				       "%d traces are open already",
				       TRACES_MAX);
	r = trace_new(traces, filter, &trace, ret_fd);
	if (r < 0)
		return aovpn_error_set(error, r, "cannot trace: %s",
				       strerror(-r));
	traces->list[i] = trace;
	traces->count++;
	begin_looking(traces);
	trace->before = daemon_losses(traces->daemon);
	put_begin(trace);
	return 0;
}

struct traces *traces_free(struct traces *traces)
{
	unsigned int i;

	for (i = 0; traces && i < TRACES_MAX; i++) {
		if (!traces->list[i])
			continue;
		if (!traces->list[i]->ending)
			put_end(traces->list[i]);
		trace_close(traces->list[i]);
	}
	free(traces);
	return NULL;
}

/* --- events ----------------------------------------------------------------
 */

/* Of the connection that is asked for? By its own word, too: a dial that was
 * refused at once is no connection's. */
static bool is_of(const struct trace *trace,
		  const struct aovpn_observation *observation,
		  const json_t *connections)
{
	const char *wanted = trace->filter.connection;
	const json_t *name;
	const char *ours;
	size_t i;

	if (wanted[0] == '\0')
		return true;
	json_array_foreach(connections, i,
			   name) if (strcmp(json_string_value(name), wanted) ==
				     0) return true;
	ours = charon_name_connection(observation->connection);
	return ours && strcmp(ours, wanted) == 0;
}

static bool takes(const struct trace *trace,
		  const struct aovpn_observation *observation,
		  const json_t *connections)
{
	return !trace->ending && !trace->broken &&
	       aovpn_trace_filter_takes(&trace->filter, observation) &&
	       is_of(trace, observation, connections);
}

static char *event_line(const struct aovpn_observation *observation,
			json_t *connections)
{
	json_t *event =
		observation_json(observation, observation_json_wall_ns());
	char *line = NULL;

	if (event && json_object_set(event, "connections", connections) == 0)
		line = record_line(event);
	json_decref(event);
	return line;
}

void traces_observe(struct traces *traces,
		    const struct aovpn_observation *observation)
{
	uint32_t source = observation->source;
	json_t *connections;
	char *line = NULL;
	unsigned int i;

	if (!traces || traces->count == 0 || source >= AOVPN_SOURCE_COUNT)
		return;
	connections =
		connections_concerned(traces->daemon->connections, observation);
	watched_concerned(traces->daemon->watched, observation, connections);
	for (i = 0; i < TRACES_MAX; i++) {
		if (!traces->list[i] ||
		    !takes(traces->list[i], observation, connections))
			continue;
		if (!line)
			line = event_line(observation, connections);
		if (line)
			put_event(traces->list[i], source, line);
		else
			traces->list[i]->lost.unread[source]++;
	}
	free(line);
	json_decref(connections);
}
