/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - how an event gets to aovpnd: limits, ring buffer, waking,
 * counters. Shared by the BPF objects, whose maps of these names are the same
 * ones.
 */
#ifndef AOVPN_REPORT_H
#define AOVPN_REPORT_H

#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"

#define FLOWS_MAX     4096
#define NS_PER_SECOND 1000000000ULL
/* Wake for quiet events, too, when so much waits. */
#define WAKE_AT_BYTES (AOVPN_RING_BYTES / 4)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, AOVPN_RING_BYTES);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct aovpn_shared);
} shared SEC(".maps");

/* A bucket of tokens for each flow. Who floods with ever new addresses only
 * drives out others' buckets, which are full again then. */
struct flow_key {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;
	__u16 destination_port;
	__u8 hook;
	__u8 kind; /* enum below */
	__u8 reserved[2];
};

enum {
	KIND_STRANGERS, /* all of them together */
	KIND_MESSAGE,
	KIND_DATA,
};

struct bucket {
	__u64 filled_ns; /* until when tokens were given */
	__u64 tokens;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FLOWS_MAX);
	__type(key, struct flow_key);
	__type(value, struct bucket);
} flows SEC(".maps");

/* The shared page where anybody is interested, else NULL: then an event is not
 * worth another instruction. */
static __always_inline struct aovpn_shared *interested(void)
{
	struct aovpn_shared *page;
	__u32 zero = 0;

	page = bpf_map_lookup_elem(&shared, &zero);
	return page && page->interest != AOVPN_INTEREST_NONE ? page : NULL;
}

static __always_inline bool is_ike_port(__u16 port)
{
	return port == 500 || port == 4500;
}

static __always_inline bool same_address(const __u8 *a, const __u8 *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[0] == y[0] && x[1] == y[1];
}

/* Functions that are not static are verified once, on their own, and not again
 * with each way that leads to them: that saves most of the time of loading.
 * Such a function may get NULL, as far as the verifier knows. */

/* Is the event's packet to (1) or from (2) a gateway of ours? 0: neither. */
__noinline int peer_of(struct aovpn_event *event)
{
	struct aovpn_shared *page;
	__u32 zero = 0;

	page = bpf_map_lookup_elem(&shared, &zero);
	if (!page || !event)
		return 0;
	for (int i = 0; i < AOVPN_PEERS_MAX; i++) {
		const struct aovpn_peer *peer = &page->peers[i];

		if (peer->ip_version != event->ip_version)
			continue;
		if (same_address(peer->address, event->destination))
			return 1;
		if (same_address(peer->address, event->source))
			return 2;
	}
	return 0;
}

/* Take one token. Two processors at once may take the same one: a limit is no
 * count, and the counters are exact. */
static __always_inline bool take_token(const struct flow_key *key, __u64 now,
				       const struct aovpn_limit *limit)
{
	__u32 per_second = limit->per_second, burst = limit->burst;
	struct bucket fresh = {.filled_ns = now, .tokens = burst};
	struct bucket *bucket;
	__u64 more;

	if (per_second == 0)
		return true;
	bucket = bpf_map_lookup_elem(&flows, key);
	if (!bucket) {
		fresh.tokens--;
		bpf_map_update_elem(&flows, key, &fresh, BPF_ANY);
		return true;
	}
	/* Another processor may have filled it for a later moment than ours. */
	more = 0;
	if (now > bucket->filled_ns)
		more = (now - bucket->filled_ns) * per_second / NS_PER_SECOND;
	if (more > 0) {
		bucket->tokens += more;
		if (bucket->tokens > burst)
			bucket->tokens = burst;
		bucket->filled_ns += more * NS_PER_SECOND / per_second;
	}
	if (bucket->tokens == 0)
		return false;
	bucket->tokens--;
	return true;
}

/* A dropped packet of which no more is known than that it is one. */
static __always_inline bool is_data(const struct aovpn_event *event)
{
	return event->hook == AOVPN_HOOK_KFREE_SKB && event->exchange == 0 &&
	       event->icmp_type == 0;
}

static __always_inline bool within_limits(const struct aovpn_shared *page,
					  struct aovpn_event *event)
{
	struct flow_key key = {.hook = event->hook};
	const struct aovpn_limit *limit = &page->flow_limit;
	__u64 now = event->time_ns;

	if (peer_of(event) == 0 &&
	    !take_token(&key, now, &page->stranger_limit))
		return false;
	__builtin_memcpy(key.source, event->source, sizeof(key.source));
	__builtin_memcpy(key.destination, event->destination,
			 sizeof(key.destination));
	key.source_port = event->source_port;
	key.destination_port = event->destination_port;
	key.kind = KIND_MESSAGE;
	if (is_data(event)) {
		key.kind = KIND_DATA;
		limit = &page->data_limit;
	}
	return take_token(&key, now, limit);
}

/*
 * Does aovpnd have to be woken for the record that is about to be written?
 * Once, until it has read as far as it was woken for; for quiet records (which
 * only say something together with others) not before much of the ring buffer
 * is full. Should a wake-up be lost in a race, nothing else is: whatever wakes
 * aovpnd next, it reads all that is there.
 */
static __always_inline __u64 wake_flag(struct aovpn_shared *page, bool quiet)
{
	if (quiet &&
	    bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < WAKE_AT_BYTES)
		return BPF_RB_NO_WAKEUP;
	if (bpf_ringbuf_query(&events, BPF_RB_CONS_POS) < page->woken_at)
		return BPF_RB_NO_WAKEUP;
	page->woken_at = bpf_ringbuf_query(&events, BPF_RB_PROD_POS) + 1;
	return BPF_RB_FORCE_WAKEUP;
}

/* Set the time; is this event to be told? If not it is counted. */
__noinline int admit(struct aovpn_event *event)
{
	struct aovpn_shared *page = interested();
	__u32 hook;

	if (!page || !event)
		return 0;
	hook = event->hook;
	if (hook >= AOVPN_HOOK_COUNT)
		return 0;
	event->time_ns = bpf_ktime_get_boot_ns();
	if (within_limits(page, event))
		return 1;
	__sync_fetch_and_add(&page->suppressed[hook], 1);
	return 0;
}

static __always_inline void count(struct aovpn_shared *page, __u32 hook,
				  bool written)
{
	if (hook >= AOVPN_HOOK_COUNT)
		return;
	if (written)
		__sync_fetch_and_add(&page->delivered[hook], 1);
	else
		__sync_fetch_and_add(&page->lost[hook], 1);
}

/* Tell aovpnd, or count why not. */
__noinline int report(struct aovpn_event *event, int quiet)
{
	struct aovpn_shared *page = interested();

	if (!page || !event || !admit(event))
		return 0;
	count(page, event->hook,
	      !bpf_ringbuf_output(&events, event, sizeof(*event),
				  wake_flag(page, quiet)));
	return 0;
}

#endif
