/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel_sources.c - see kernel_sources.h. */
#include "kernel_sources.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel_watch.h"
#include "loader_client.h"
#include "log.h"

static void sink(const struct aovpn_observation *observation, void *userdata)
{
	daemon_observe(userdata, observation);
}

static int on_tracer(sd_event_source *source, int fd, uint32_t events,
		     void *userdata)
{
	(void)source;
	(void)fd;
	(void)events;
	tracer_drain(((struct daemon *)userdata)->tracer);
	return 0;
}

static int on_icmp(sd_event_source *source, int fd, uint32_t events,
		   void *userdata)
{
	(void)source;
	(void)fd;
	(void)events;
	icmp_drain(((struct daemon *)userdata)->icmp);
	return 0;
}

static int on_fragments(sd_event_source *source, int fd, uint32_t events,
			void *userdata)
{
	(void)source;
	(void)fd;
	(void)events;
	fragments_drain(((struct daemon *)userdata)->fragments);
	return 0;
}

void kernel_sources_drain(struct daemon *daemon)
{
	if (daemon->tracer)
		tracer_drain(daemon->tracer);
	if (daemon->icmp)
		icmp_drain(daemon->icmp);
	if (daemon->fragments)
		fragments_drain(daemon->fragments);
}

void kernel_sources_losses(const struct daemon *daemon,
			   struct daemon_losses *sum)
{
	if (daemon->tracer) {
		sum->lost[AOVPN_SOURCE_KERNEL] += tracer_lost(daemon->tracer);
		sum->suppressed += tracer_suppressed(daemon->tracer);
	}
	if (daemon->icmp)
		sum->lost[AOVPN_SOURCE_ICMP] += icmp_lost(daemon->icmp);
	if (daemon->fragments) {
		sum->lost[AOVPN_SOURCE_FRAGMENTS] +=
			fragments_lost(daemon->fragments);
		sum->suppressed += fragments_suppressed(daemon->fragments);
	}
}

static void open_tracer(struct daemon *daemon, const struct loader_place *place,
			struct loader_answer *answer)
{
	const char *cgroup = getenv("AOVPN_CGROUP");
	int r = answer->reply.bpf.code;

	if (r < 0)
		aovpn_error_set(&daemon->tracer_error, r, "%s",
				answer->reply.bpf.text);
	else
		r = tracer_new(answer, place, cgroup ?: "", sink, daemon,
			       &daemon->tracer, &daemon->tracer_error);
	if (r < 0)
		log_warning("working without the tracer: %s",
			    daemon->tracer_error.text);
	else if (sd_event_add_io(daemon->event, &daemon->tracer_source,
				 tracer_fd(daemon->tracer), EPOLLIN, on_tracer,
				 daemon) < 0)
		daemon->tracer = tracer_close(daemon->tracer);
}

static void open_icmp(struct daemon *daemon, struct loader_answer *answer)
{
	int *raw = answer->sockets;

	if (icmp_open(sink, daemon, raw[RAW_ICMP4], raw[RAW_ICMP6],
		      &daemon->icmp, &daemon->icmp_error) < 0)
		log_warning("working without ICMP: %s",
			    daemon->icmp_error.text);
	else if (sd_event_add_io(daemon->event, &daemon->icmp_source,
				 icmp_fd(daemon->icmp), EPOLLIN, on_icmp,
				 daemon) < 0)
		daemon->icmp = icmp_close(daemon->icmp);
	raw[RAW_ICMP4] = raw[RAW_ICMP6] = -1;
}

static void open_fragments(struct daemon *daemon, struct loader_answer *answer)
{
	int *raw = answer->sockets;

	if (fragments_open(sink, daemon, raw[RAW_FRAGMENTS4],
			   raw[RAW_FRAGMENTS6], &daemon->fragments,
			   &daemon->fragments_error) < 0)
		log_warning("working without fragments: %s",
			    daemon->fragments_error.text);
	else if (sd_event_add_io(daemon->event, &daemon->fragments_source,
				 fragments_fd(daemon->fragments), EPOLLIN,
				 on_fragments, daemon) < 0)
		daemon->fragments = fragments_close(daemon->fragments);
	raw[RAW_FRAGMENTS4] = raw[RAW_FRAGMENTS6] = -1;
}

/* Nothing came back: then that is why each of them is missing. */
static void set_errors(struct daemon *daemon, const struct aovpn_error *error)
{
	log_warning("working without the kernel's sources: %s", error->text);
	daemon->tracer_error = *error;
	daemon->icmp_error = *error;
	daemon->fragments_error = *error;
}

/* All of them are optional: without them a dial still gets a code. charon:
 * whose network namespace counts, 0: this process's own. */
static void open_all(struct daemon *daemon, uint32_t charon)
{
	const struct loader_request request = {.version = LOADER_VERSION,
					       .operation = LOADER_OPEN,
					       .charon_pid = charon};
	struct loader_answer *answer = malloc(sizeof(*answer));
	struct aovpn_error error = {"out of memory"};
	struct loader_place place;

	loader_place_find(daemon->paths.runtime, &place);
	if (!answer || loader_ask(&place, &request, NULL, answer, &error) < 0) {
		set_errors(daemon, &error);
	} else {
		open_tracer(daemon, &place, answer);
		open_icmp(daemon, answer);
		open_fragments(daemon, answer);
		loader_answer_close(answer);
	}
	free(answer);
}

void kernel_sources_close(struct daemon *daemon)
{
	kernel_sources_losses(daemon, &daemon->past_losses);
	daemon->fragments_source =
		sd_event_source_disable_unref(daemon->fragments_source);
	daemon->icmp_source =
		sd_event_source_disable_unref(daemon->icmp_source);
	daemon->tracer_source =
		sd_event_source_disable_unref(daemon->tracer_source);
	daemon->fragments = fragments_close(daemon->fragments);
	daemon->icmp = icmp_close(daemon->icmp);
	daemon->tracer = tracer_close(daemon->tracer);
}

/* The cookie of this process's network namespace, 0 where the kernel does not
 * tell. */
static uint64_t own_netns(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(uint64_t);
	uint64_t cookie = 0;

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) < 0)
		cookie = 0;
	close(fd);
	return cookie;
}

void kernel_sources_open(struct daemon *daemon)
{
	open_all(daemon, 0);
	daemon->watched_netns = own_netns();
	kernel_watch_set(daemon->watch, daemon->tracer, daemon->icmp,
			 daemon->fragments);
}

/* Mostly charon is where we are, and all is open already. */
void kernel_sources_follow(struct daemon *daemon,
			   const struct aovpn_hello *hello)
{
	if (hello->netns_cookie == 0 ||
	    hello->netns_cookie == daemon->watched_netns)
		return;
	log_info("charon is in another network namespace, looking there");
	kernel_watch_set(daemon->watch, NULL, NULL, NULL);
	kernel_sources_close(daemon);
	open_all(daemon, hello->netns_cookie == own_netns() ? 0 : hello->pid);
	daemon->watched_netns = hello->netns_cookie;
	kernel_watch_set(daemon->watch, daemon->tracer, daemon->icmp,
			 daemon->fragments);
}
