/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer.c - see tracer.h. */
#include "tracer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ring.h"
#include "tracer_cgroup.h"
#include "tracer_event.h"

/* More than the ring buffer holds: one drain reads all that waited when it
 * began, and comes to an end however fast new events come in. */
#define DRAIN_MAX (int)(AOVPN_RING_BYTES / sizeof(struct aovpn_event))

/* A dial has some dozens of messages, retransmissions come seconds apart; the
 * same drop of data again and again tells nothing new, and of strangers only
 * that they are there. */
static const struct aovpn_limit flow_limit = {500, 1000};
static const struct aovpn_limit data_limit = {10, 10};
static const struct aovpn_limit stranger_limit = {500, 1000};

struct tracer {
	struct loader_place place;
	char cgroup[PATH_MAX];
	int maps[LOADER_MAP_COUNT];
	int links[AOVPN_HOOK_COUNT];
	struct loader_hook hooks[AOVPN_HOOK_COUNT];
	struct drop_reasons *reasons;
	struct aovpn_shared *shared;
	struct ring *ring;
	observation_sink_t sink;
	void *userdata;
	pthread_mutex_t peers_lock;
	unsigned int next_peer;
	struct loader_answer *attached; /* of tracer_dial_attach, not settled */
};

static const char *const hook_names[AOVPN_HOOK_COUNT] = {
	[AOVPN_HOOK_KFREE_SKB] = "tp_btf/kfree_skb",
	[AOVPN_HOOK_TCP_STATE] = "tp_btf/inet_sock_set_state",
	[AOVPN_HOOK_TCP_RESET] = "tp_btf/tcp_receive_reset",
	[AOVPN_HOOK_TCP_RETRANSMIT] = "tp_btf/tcp_retransmit_skb",
	[AOVPN_HOOK_NEIGHBOUR] = "tp_btf/neigh_timer_handler",
	[AOVPN_HOOK_EGRESS] = "cgroup_skb/egress",
	[AOVPN_HOOK_INGRESS] = "cgroup_skb/ingress",
	[AOVPN_HOOK_SENDMSG4] = "cgroup/sendmsg4",
	[AOVPN_HOOK_SENDMSG6] = "cgroup/sendmsg6",
	[AOVPN_HOOK_NAME] = "uprobe/getaddrinfo",
	[AOVPN_HOOK_NAME_RESULT] = "uretprobe/getaddrinfo",
};

/* --- read ----------------------------------------------------------------- */

static void on_record(const void *record, size_t size, void *userdata)
{
	struct aovpn_observation observation;
	struct tracer *tracer = userdata;

	if (tracer_event_observe(record, size, tracer->reasons, &observation) ==
	    0)
		tracer->sink(&observation, tracer->userdata);
}

int tracer_drain(struct tracer *tracer)
{
	return ring_read(tracer->ring, on_record, tracer, DRAIN_MAX);
}

int tracer_fd(const struct tracer *tracer)
{
	return tracer->maps[LOADER_MAP_EVENTS];
}

static uint64_t sum(const __u64 *counters)
{
	uint64_t all = 0;

	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		all += __atomic_load_n(&counters[i], __ATOMIC_RELAXED);
	return all;
}

uint64_t tracer_lost(const struct tracer *tracer)
{
	return sum(tracer->shared->lost);
}

uint64_t tracer_suppressed(const struct tracer *tracer)
{
	return sum(tracer->shared->suppressed);
}

bool tracer_hook(const struct tracer *tracer, unsigned int index,
		 struct tracer_hook *ret)
{
	if (index >= AOVPN_HOOK_COUNT)
		return false;
	ret->name = hook_names[index];
	ret->state = tracer->hooks[index].state;
	ret->reason = tracer->hooks[index].reason;
	ret->delivered = tracer->shared->delivered[index];
	ret->lost = tracer->shared->lost[index];
	ret->suppressed = tracer->shared->suppressed[index];
	return true;
}

int tracer_link_fd(const struct tracer *tracer, unsigned int index)
{
	return index < AOVPN_HOOK_COUNT ? tracer->links[index] : -1;
}

bool tracer_sees_egress(const struct tracer *tracer)
{
	return tracer->hooks[AOVPN_HOOK_EGRESS].state == LOADER_HOOK_ATTACHED;
}

/* --- steer ---------------------------------------------------------------- */

void tracer_set_interest(struct tracer *tracer, bool interested)
{
	__atomic_store_n(&tracer->shared->interest,
			 interested ? AOVPN_INTEREST_SOME : AOVPN_INTEREST_NONE,
			 __ATOMIC_RELAXED);
}

static bool has_peer(const struct aovpn_shared *shared,
		     const struct aovpn_peer *peer)
{
	for (int i = 0; i < AOVPN_PEERS_MAX; i++)
		if (memcmp(&shared->peers[i], peer, sizeof(*peer)) == 0)
			return true;
	return false;
}

void tracer_add_peer(struct tracer *tracer, uint8_t family,
		     const uint8_t address[16])
{
	struct aovpn_peer peer = {.ip_version = family == AF_INET6 ? 6 : 4};

	if (family != AF_INET && family != AF_INET6)
		return;
	memcpy(peer.address, address, sizeof(peer.address));
	pthread_mutex_lock(&tracer->peers_lock);
	if (!has_peer(tracer->shared, &peer)) {
		tracer->shared->peers[tracer->next_peer] = peer;
		tracer->next_peer = (tracer->next_peer + 1) % AOVPN_PEERS_MAX;
	}
	pthread_mutex_unlock(&tracer->peers_lock);
}

void tracer_forget_peers(struct tracer *tracer)
{
	pthread_mutex_lock(&tracer->peers_lock);
	memset(tracer->shared->peers, 0, sizeof(tracer->shared->peers));
	tracer->next_peer = 0;
	pthread_mutex_unlock(&tracer->peers_lock);
}

void tracer_watch_process(struct tracer *tracer, pid_t charon)
{
	struct aovpn_shared *shared = tracer->shared;
	struct stat status;

	if (stat("/proc/self/ns/pid", &status) < 0)
		return;
	shared->pid_namespace_device = status.st_dev;
	shared->pid_namespace_inode = status.st_ino;
	shared->processes[0] = (__u32)getpid();
	shared->processes[1] = (__u32)charon;
}

void tracer_set_limits(struct tracer *tracer, struct aovpn_limit flow,
		       struct aovpn_limit data, struct aovpn_limit stranger)
{
	tracer->shared->flow_limit = flow;
	tracer->shared->data_limit = data;
	tracer->shared->stranger_limit = stranger;
}

/* --- the hooks of a dial -------------------------------------------------- */

static bool is_of_dial(int hook)
{
	return hook >= AOVPN_HOOK_FIRST_OF_DIAL;
}

static int ask(const struct tracer *tracer, enum loader_operation operation,
	       pid_t charon, struct loader_answer *ret,
	       struct aovpn_error *error)
{
	struct loader_request request = {
		.version = LOADER_VERSION,
		.operation = operation,
		.charon_pid = (uint32_t)charon,
	};

	memcpy(request.cgroup, tracer->cgroup, sizeof(request.cgroup));
	/* Without one the loader says so for each hook. */
	if (request.cgroup[0] == '\0' &&
	    tracer_cgroup_find(charon, request.cgroup, sizeof(request.cgroup)) <
		    0)
		request.cgroup[0] = '\0';
	return loader_ask(&tracer->place, &request, tracer->maps, ret, error);
}

/* What is known of them from now on. Takes over the links. */
static void take_dial_hooks(struct tracer *tracer, struct loader_answer *answer)
{
	for (int i = AOVPN_HOOK_FIRST_OF_DIAL; i < AOVPN_HOOK_COUNT; i++) {
		tracer->hooks[i] = answer->reply.hooks[i];
		tracer->links[i] = answer->links[i];
		answer->links[i] = -1;
	}
}

int tracer_dial_attach(struct tracer *tracer, pid_t charon,
		       struct aovpn_error *error)
{
	struct loader_answer *answer = malloc(sizeof(*answer));
	int code;

	if (!answer)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	code = ask(tracer, LOADER_DIAL, charon, answer, error);
	if (code < 0) {
		free(answer);
		return code;
	}
	tracer->attached = answer;
	if (answer->reply.bpf.code < 0)
		return aovpn_error_set(error, answer->reply.bpf.code, "%s",
				       answer->reply.bpf.text);
	return 0;
}

void tracer_dial_settle(struct tracer *tracer)
{
	if (!tracer->attached)
		return;
	take_dial_hooks(tracer, tracer->attached);
	loader_answer_close(tracer->attached);
	free(tracer->attached);
	tracer->attached = NULL;
}

bool tracer_dial_release(struct tracer *tracer, struct tracer_dial_links *ret)
{
	bool any = false;

	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		ret->fds[i] = -1;
		if (!is_of_dial(i) || tracer->links[i] < 0)
			continue;
		ret->fds[i] = tracer->links[i];
		tracer->links[i] = -1;
		tracer->hooks[i].state = LOADER_HOOK_LOADED;
		any = true;
	}
	return any;
}

void tracer_dial_links_close(struct tracer_dial_links *links)
{
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		if (links->fds[i] >= 0)
			close(links->fds[i]);
}

/* How the hooks of a dial will fare, before there is one. */
static void probe_dial_hooks(struct tracer *tracer)
{
	struct loader_answer answer;
	struct aovpn_error error;

	if (ask(tracer, LOADER_PROBE, 0, &answer, &error) == 0) {
		take_dial_hooks(tracer, &answer);
		loader_answer_close(&answer);
		return;
	}
	for (int i = AOVPN_HOOK_FIRST_OF_DIAL; i < AOVPN_HOOK_COUNT; i++) {
		tracer->hooks[i].state = LOADER_HOOK_REFUSED;
		snprintf(tracer->hooks[i].reason,
			 sizeof(tracer->hooks[i].reason), "%.120s", error.text);
	}
}

/* --- open and close ------------------------------------------------------- */

struct tracer *tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return NULL;
	tracer_dial_settle(tracer);
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		if (tracer->links[i] >= 0)
			close(tracer->links[i]);
	ring_close(tracer->ring);
	if (tracer->shared)
		munmap(tracer->shared, sizeof(*tracer->shared));
	for (int i = 0; i < LOADER_MAP_COUNT; i++)
		if (tracer->maps[i] >= 0)
			close(tracer->maps[i]);
	drop_reasons_free(tracer->reasons);
	pthread_mutex_destroy(&tracer->peers_lock);
	free(tracer);
	return NULL;
}

static int map_memory(struct tracer *tracer, const struct loader_answer *answer,
		      struct aovpn_error *error)
{
	void *page;
	int code;

	code = ring_open(answer->maps[LOADER_MAP_EVENTS], AOVPN_RING_BYTES,
			 &tracer->ring);
	if (code < 0)
		return aovpn_error_set(error, code, "ring buffer: %s",
				       strerror(-code));
	page = mmap(NULL, sizeof(*tracer->shared), PROT_READ | PROT_WRITE,
		    MAP_SHARED, answer->maps[LOADER_MAP_SHARED], 0);
	if (page == MAP_FAILED)
		return aovpn_error_set(error, -errno, "shared page: %s",
				       strerror(errno));
	tracer->shared = page;
	code = drop_reasons_new(answer->reply.drop_reasons,
				answer->reply.drop_reason_count,
				&tracer->reasons);
	if (code < 0)
		return aovpn_error_set(error, code, "%s", strerror(-code));
	return 0;
}

static void take_over(struct tracer *tracer, struct loader_answer *answer)
{
	for (int i = 0; i < LOADER_MAP_COUNT; i++) {
		tracer->maps[i] = answer->maps[i];
		answer->maps[i] = -1;
	}
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		if (is_of_dial(i))
			continue;
		tracer->hooks[i] = answer->reply.hooks[i];
		tracer->links[i] = answer->links[i];
		answer->links[i] = -1;
	}
}

int tracer_new(struct loader_answer *answer, const struct loader_place *place,
	       const char *cgroup, observation_sink_t sink, void *userdata,
	       struct tracer **ret, struct aovpn_error *error)
{
	struct tracer *tracer = calloc(1, sizeof(*tracer));
	int code;

	if (!tracer)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	for (int i = 0; i < LOADER_MAP_COUNT; i++)
		tracer->maps[i] = -1;
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		tracer->links[i] = -1;
	pthread_mutex_init(&tracer->peers_lock, NULL);
	tracer->place = *place;
	snprintf(tracer->cgroup, sizeof(tracer->cgroup), "%s", cgroup);
	tracer->sink = sink;
	tracer->userdata = userdata;
	code = map_memory(tracer, answer, error);
	if (code < 0) {
		tracer_close(tracer);
		return code;
	}
	take_over(tracer, answer);
	tracer_watch_process(tracer, 0);
	tracer_set_limits(tracer, flow_limit, data_limit, stranger_limit);
	probe_dial_hooks(tracer);
	*ret = tracer;
	return 0;
}
