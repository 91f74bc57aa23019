/*
 * tracer.h - the kernel as a source: loads bpf/aovpn.bpf.c, turns its events
 * into observations, and says what it could and could not attach.
 */
#ifndef AOVPN_TRACER_H
#define AOVPN_TRACER_H

#include <stdint.h>

#include "error.h"
#include "observation.h"

struct tracer;

typedef void (*observation_sink_t)(const struct aovpn_observation *observation,
				   void *userdata);

enum tracer_hook_state {
	TRACER_HOOK_ATTACHED,
	TRACER_HOOK_ABSENT,  /* this kernel has no such hook */
	TRACER_HOOK_REFUSED, /* the kernel refused to load or attach it */
};

struct tracer_hook {
	const char *name;
	enum tracer_hook_state state;
	char reason[128]; /* why, where not attached */
};

/*
 * Load and attach. cgroup: path of the cgroup v2 directory to attach to, NULL:
 * the root of the cgroup2 mount. Only packets of the caller's own network
 * namespace are reported. One hook that cannot be had does not stop the
 * others. sink is called from tracer_drain only. Errors: -EPERM, -ENOENT (no
 * BTF), -EOPNOTSUPP and others, with a text; then nothing stays attached.
 */
int tracer_open(const char *cgroup, observation_sink_t sink, void *userdata,
		struct tracer **ret, struct aovpn_error *error);

/* A descriptor that is readable while events wait (epoll). */
int tracer_fd(const struct tracer *tracer);

/* Read every event that waits now. Returns their number or -errno. */
int tracer_drain(struct tracer *tracer);

/* Events lost since tracer_open because the ring buffer was full. */
uint64_t tracer_lost(const struct tracer *tracer);

/* The hooks and how they fared; *ret_count entries, valid until closed. */
const struct tracer_hook *tracer_hooks(const struct tracer *tracer,
				       size_t *ret_count);

/* Detach and free; NULL is allowed. Returns NULL. */
struct tracer *tracer_close(struct tracer *tracer);

#endif
