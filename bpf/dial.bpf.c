/* SPDX-License-Identifier: GPL-2.0-or-later */
// SPDX-License-Identifier: GPL-2.0
/*
 * dial.bpf.c - a dial as this machine's sockets see it: attached while a dial
 * or a trace is open, and to charon's cgroup, for these programs cost something
 * for each packet.
 *
 * IKE messages that pass (cgroup_skb), attempts to send (cgroup/sendmsg4 and
 * sendmsg6: before routing and netfilter, so an attempt that nothing follows
 * was stopped in this machine), and names that charon could not resolve
 * (uprobe on getaddrinfo). No field of the kernel's own types is read here: the
 * object loads without them, within a few milliseconds.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* A packet that passes, as a cgroup_skb program sees it. */
struct packet {
	struct __sk_buff *skb;
};

#define PACKET_IS_DROPPED 0

static __always_inline bool load(const struct packet *packet, __u32 offset,
				 void *to, __u32 size)
{
	return !bpf_skb_load_bytes(packet->skb, offset, to, size);
}

#include "packet.h"

#define CGROUP_ALLOW 1
/* While data passes, an attempt to send on 4500 says nothing new. */
#define DATA_FRESH_NS 1000000000ULL
#define QUESTIONS_MAX 256

char LICENSE[] SEC("license") = "GPL";

struct socket_state {
	__u64 data_sent_ns; /* ESP in UDP last went out here, 0 never */
};

/*
 * The sockets that sent to an IKE port from our namespace. On Linux 6.12 and
 * older cgroup_skb programs cannot ask for the namespace; sendmsg programs can
 * everywhere: these mark the socket, those look for the mark. It lives and dies
 * with the socket, as its cookie does, and no table of cookies has to be kept.
 * (A connected socket bypasses sendmsg programs; charon's are not.)
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct socket_state);
} own_sockets SEC(".maps");

/* --- packets that pass ---------------------------------------------------- */

static __always_inline int passed(struct __sk_buff *skb, __u8 hook)
{
	struct packet packet = {.skb = skb};
	struct aovpn_shared *page = interested();
	struct socket_state *state;
	struct aovpn_event event;
	struct bpf_sock *sk;
	__u32 payload;

	if (!page || !parse_flow(&packet, skb->protocol, &event, &payload))
		return CGROUP_ALLOW;
	sk = skb->sk;
	if (!sk)
		return CGROUP_ALLOW;
	state = bpf_sk_storage_get(&own_sockets, sk, NULL, 0);
	if (!state)
		return CGROUP_ALLOW;
	if (!parse_ike(&packet, payload, &event)) {
		if (hook == AOVPN_HOOK_EGRESS)
			state->data_sent_ns = bpf_ktime_get_boot_ns();
		return CGROUP_ALLOW;
	}
	event.incoming = hook == AOVPN_HOOK_INGRESS;
	event.hook = hook;
	report(&event, true);
	return CGROUP_ALLOW;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return passed(skb, AOVPN_HOOK_EGRESS);
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	return passed(skb, AOVPN_HOOK_INGRESS);
}

/* --- attempts to send ----------------------------------------------------- */

/* Mark the socket as ours. False: it is not, or the attempt says nothing. */
static __always_inline bool is_news(const struct aovpn_shared *page,
				    struct bpf_sock_addr *ctx,
				    struct bpf_sock *sk, __u16 port)
{
	struct socket_state *state;

	if (bpf_get_netns_cookie(ctx) != page->netns_cookie)
		return false;
	state = bpf_sk_storage_get(&own_sockets, sk, NULL,
				   BPF_SK_STORAGE_GET_F_CREATE);
	/* With ESP in user space every data packet comes by here, unseen
	 * inside. As long as such packets get out, no attempt is news. */
	return !state || port == IKE_PORT || !state->data_sent_ns ||
	       bpf_ktime_get_boot_ns() - state->data_sent_ns > DATA_FRESH_NS;
}

static __always_inline bool begin_attempt(const struct aovpn_shared *page,
					  struct bpf_sock_addr *ctx,
					  struct aovpn_event *event,
					  __u8 ip_version)
{
	__u16 port = bpf_ntohs(ctx->user_port);
	struct bpf_sock *sk = ctx->sk;

	if (!page || !is_ike_port(port) || !sk || !is_news(page, ctx, sk, port))
		return false;
	__builtin_memset(event, 0, sizeof(*event));
	event->ip_version = ip_version;
	event->protocol = IPPROTO_UDP;
	event->source_port = sk->src_port;
	event->destination_port = port;
	return true;
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
	struct aovpn_shared *page = interested();
	struct aovpn_event event;
	__u32 source, destination;

	if (!begin_attempt(page, ctx, &event, 4))
		return CGROUP_ALLOW;
	source = ctx->msg_src_ip4;
	destination = ctx->user_ip4;
	__builtin_memcpy(event.source, &source, sizeof(source));
	__builtin_memcpy(event.destination, &destination, sizeof(destination));
	event.hook = AOVPN_HOOK_SENDMSG4;
	report(&event, true);
	return CGROUP_ALLOW;
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
	struct aovpn_shared *page = interested();
	__u32 source[4], destination[4];
	struct aovpn_event event;

	if (!begin_attempt(page, ctx, &event, 6))
		return CGROUP_ALLOW;
#pragma unroll
	for (int i = 0; i < 4; i++) {
		source[i] = ctx->msg_src_ip6[i];
		destination[i] = ctx->user_ip6[i];
	}
	__builtin_memcpy(event.source, source, sizeof(source));
	__builtin_memcpy(event.destination, destination, sizeof(destination));
	event.hook = AOVPN_HOOK_SENDMSG6;
	report(&event, true);
	return CGROUP_ALLOW;
}

/* --- names ---------------------------------------------------------------- */

/* Names that threads are asking for: thread to the name's address there. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, QUESTIONS_MAX);
	__type(key, __u64);
	__type(value, __u64);
} questions SEC(".maps");

/* getaddrinfo(node, ...) of POSIX. */
SEC("uprobe/getaddrinfo")
int name(struct pt_regs *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 node = PT_REGS_PARM1(ctx);

	if (interested() && node)
		bpf_map_update_elem(&questions, &thread, &node, BPF_ANY);
	return 0;
}

SEC("uretprobe/getaddrinfo")
int name_result(struct pt_regs *ctx)
{
	struct aovpn_event event = {.hook = AOVPN_HOOK_NAME_RESULT};
	__u64 thread = bpf_get_current_pid_tgid(), *node;
	struct aovpn_shared *page = interested();
	struct aovpn_name_event *record;

	node = bpf_map_lookup_elem(&questions, &thread);
	if (!node)
		return 0;
	event.error = PT_REGS_RC(ctx);
	if (page && event.error != 0 && admit(&event)) {
		record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
		if (record) {
			record->event = event;
			record->name[0] = '\0';
			bpf_probe_read_user_str(record->name,
						sizeof(record->name),
						(const void *)*node);
			bpf_ringbuf_submit(record, wake_flag(page, false));
		}
		count(page, AOVPN_HOOK_NAME_RESULT, record != NULL);
	}
	bpf_map_delete_elem(&questions, &thread);
	return 0;
}
