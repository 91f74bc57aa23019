/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer.h - the kernel as a source: the BPF programs that aovpn-loader
 * attached for us, their events as observations, and how each hook fared.
 *
 * This process has no right on BPF. It maps the ring buffer and the shared page
 * (bpf/event.h), and holds the links: when it ends, however it ends, nothing
 * stays attached.
 */
#ifndef AOVPN_TRACER_H
#define AOVPN_TRACER_H

#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "loader_client.h"
#include "observation.h"

struct tracer;

typedef void (*observation_sink_t)(const struct aovpn_observation *observation,
				   void *userdata);

/* A hook and how it fared; counts since the tracer was opened. */
struct tracer_hook {
	const char *name;
	enum loader_hook_state state;
	const char *reason; /* why, where absent or refused, else "" */
	uint64_t delivered;
	uint64_t lost;       /* the ring buffer was full */
	uint64_t suppressed; /* beyond a limit */
};

/*
 * Take over maps and links of an answer to LOADER_OPEN whose bpf.code is 0; its
 * other parts stay the caller's. place and cgroup ("": charon's own) are for
 * later requests. sink is called from tracer_drain only. Errors, with a text:
 * -errno of mmap, -ENOMEM; then the answer is as before.
 */
int tracer_new(struct loader_answer *answer, const struct loader_place *place,
	       const char *cgroup, observation_sink_t sink, void *userdata,
	       struct tracer **ret, struct aovpn_error *error);

/* Detach and free; NULL is allowed. Returns NULL. */
struct tracer *tracer_close(struct tracer *tracer);

/* A descriptor that is readable when the kernel has something to tell. */
int tracer_fd(const struct tracer *tracer);

/* Read every event that waits now. Returns their number. */
int tracer_drain(struct tracer *tracer);

/* While nobody is interested, which is how it begins, the programs return at
 * once and nothing is reported or counted. */
void tracer_set_interest(struct tracer *tracer, bool interested);

/* Packets to and from this gateway count also in other network namespaces of
 * this machine, and before strangers' where there are too many. Beyond
 * AOVPN_PEERS_MAX the oldest makes way. Any thread. */
void tracer_add_peer(struct tracer *tracer, uint8_t family,
		     const uint8_t address[16]);
void tracer_forget_peers(struct tracer *tracer);

/* Whose TCP connections count: those of the process itself and of charon. */
void tracer_watch_process(struct tracer *tracer, pid_t charon);

/* Events a second and at once; per_second 0: no limit. For tests and bench. */
void tracer_set_limits(struct tracer *tracer, struct aovpn_limit flow,
		       struct aovpn_limit data, struct aovpn_limit stranger);

/*
 * Attach the hooks of a dial: to charon's cgroup, and to its look-ups of names.
 * Blocks until the loader is done. charon: 0 where it is not known. May run in
 * a thread of its own, one at a time; what it changes is not read before
 * tracer_dial_settle. Errors, with a text: of loader_ask, and what the loader
 * says.
 */
int tracer_dial_attach(struct tracer *tracer, pid_t charon,
		       struct aovpn_error *error);

/* In the event loop, when tracer_dial_attach has returned: its links count. */
void tracer_dial_settle(struct tracer *tracer);

/* The descriptors of their links; whoever closes these detaches them. */
struct tracer_dial_links {
	int fds[AOVPN_HOOK_COUNT]; /* -1: none */
};

/* Take them out of the tracer: for it they are detached now. To close them may
 * take the kernel some tenths of a second. Returns whether there are any. */
bool tracer_dial_release(struct tracer *tracer, struct tracer_dial_links *ret);

/* Any thread. */
void tracer_dial_links_close(struct tracer_dial_links *links);

/* Whether packets that leave are seen now. */
bool tracer_sees_egress(const struct tracer *tracer);

/* Events lost and suppressed since tracer_new. */
uint64_t tracer_lost(const struct tracer *tracer);
uint64_t tracer_suppressed(const struct tracer *tracer);

/* The hook of that number; false where there is none. */
bool tracer_hook(const struct tracer *tracer, unsigned int index,
		 struct tracer_hook *ret);

/* The descriptor of its link, -1 where it is not attached. */
int tracer_link_fd(const struct tracer *tracer, unsigned int index);

#endif
