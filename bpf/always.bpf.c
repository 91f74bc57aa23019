/* SPDX-License-Identifier: GPL-2.0-or-later */
// SPDX-License-Identifier: GPL-2.0
/*
 * always.bpf.c - what the kernel does to our packets and charon's connections,
 * told by tracepoints that fire only where something goes wrong.
 *
 * These stay attached as long as aovpnd runs: a packet that passes never meets
 * them, and while nobody is interested they return at once. Packets dropped,
 * with the reason (tp_btf/kfree_skb); TCP connections of charon's own, to CRL
 * and OCSP servers, that fail; addresses on the link that do not answer.
 * Nothing here needs kprobes or fentry; kernels 5.15 and later.
 *
 * Only charon's network namespace counts, and what happens to packets of our
 * peers in another namespace of this machine (a container's or a router's),
 * which is marked.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "kernel.h"

/* The linear part of a dropped sk_buff, from its IP header on. */
struct packet {
	unsigned char *start;
	unsigned char *end;
};

#define PACKET_IS_DROPPED 1

static __always_inline bool load(const struct packet *packet, __u32 offset,
				 void *to, __u32 size)
{
	unsigned char *from = packet->start + offset;

	/* Beyond the linear part lies other people's memory. */
	if (from + size > packet->end)
		return false;
	return !bpf_probe_read_kernel(to, size, from);
}

#include "packet.h"

#define SKB_DST_PTRMASK (~1UL)
#define AF_INET         2
#define AF_INET6        10
#define NUD_FAILED      0x20
#define CONNECTIONS_MAX 256

/* include/net/tcp_states.h */
#define TCP_SYN_SENT 2
#define TCP_CLOSE    7

char LICENSE[] SEC("license") = "GPL";

/* --- packets that the kernel drops ---------------------------------------- */

static __always_inline __u32 device_netns(struct net_device *device)
{
	return device ? BPF_CORE_READ(device, nd_net.net, ns.inum) : 0;
}

/*
 * The network namespace of a packet: that of its device; in OUTPUT it has none
 * yet, but a route; a packet without either may have a socket. skb->dev of a
 * queued UDP packet is reused for other things: reading through it fails
 * harmlessly and gives 0. Such a packet is dropped by the process that reads
 * from the socket, or whose socket it was.
 */
static __always_inline __u32 packet_netns(struct sk_buff *skb)
{
	struct dst_entry *dst;
	struct sock *sk;
	__u32 inum;

	inum = device_netns(skb->dev);
	if (inum)
		return inum;
	dst = (struct dst_entry *)(skb->_skb_refdst & SKB_DST_PTRMASK);
	inum = dst ? device_netns(BPF_CORE_READ(dst, dev)) : 0;
	if (inum)
		return inum;
	sk = skb->sk;
	if (sk)
		return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	return BPF_CORE_READ(bpf_get_current_task_btf(), nsproxy, net_ns,
			     ns.inum);
}

/*
 * Whose packet is it? Sets where it was dropped and its direction. False:
 * nobody's of ours. In our namespace only the receive path sets the device by
 * which a packet came. (A socket is no sign: early demultiplexing sets it on
 * the way in.) Elsewhere all packets came by some device: there the peer tells.
 */
static __always_inline bool is_ours(const struct aovpn_shared *page,
				    struct sk_buff *skb,
				    struct aovpn_event *event)
{
	__u32 netns = packet_netns(skb);
	int peer;

	event->incoming = skb->skb_iif != 0;
	if (netns == page->netns_inum)
		return true;
	event->elsewhere = netns;
	peer = peer_of(event);
	event->incoming = peer == 2;
	return peer != 0;
}

/* ctx: sk_buff, location, and from Linux 5.17 on the reason. */
static __always_inline int dropped(__u64 *ctx)
{
	struct aovpn_shared *page = interested();
	struct sk_buff *skb = (struct sk_buff *)ctx[0];
	struct packet packet;
	struct aovpn_event event;
	__u32 payload;

	if (!page)
		return 0;
	packet.start = skb->head + skb->network_header;
	packet.end = skb->data + (skb->len - skb->data_len);
	if (!parse_flow(&packet, skb->protocol, &event, &payload))
		return 0;
	if (!is_ours(page, skb, &event))
		return 0;
	parse_ike(&packet, payload, &event);
	event.location = ctx[1];
	/* Here the kernel looks it up; /proc/kallsyms would have to be read
	 * from end to end, and shows zeros where kptr_restrict is set. */
	BPF_SNPRINTF(event.symbol, sizeof(event.symbol), "%ps", ctx[1]);
	event.reason = AOVPN_REASON_NONE;
	if (bpf_core_type_exists(enum skb_drop_reason))
		event.reason = ctx[2];
	event.hook = AOVPN_HOOK_KFREE_SKB;
	report(&event, false);
	return 0;
}

SEC("tp_btf/kfree_skb")
int kfree_skb(__u64 *ctx)
{
	return dropped(ctx);
}

/* --- TCP connections of charon and aovpnd --------------------------------- */

/*
 * Connections that they began, by socket cookie. Only connect(2) runs in the
 * process whose connection it is; all that follows may happen anywhere, and the
 * cookie tells whose it is.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONNECTIONS_MAX);
	__type(key, __u64);
	__type(value, __u8);
} connections SEC(".maps");

static __always_inline bool is_watched_process(const struct aovpn_shared *page)
{
	struct bpf_pidns_info ids = {0};

	if (bpf_get_ns_current_pid_tgid(page->pid_namespace_device,
					page->pid_namespace_inode, &ids,
					sizeof(ids)))
		return false;
	for (int i = 0; i < AOVPN_PROCESSES_MAX; i++)
		if (page->processes[i] == ids.tgid)
			return true;
	return false;
}

static __always_inline bool is_watched_connection(struct sock *sk)
{
	__u64 cookie = bpf_get_socket_cookie(sk);

	return bpf_map_lookup_elem(&connections, &cookie) != NULL;
}

static __always_inline void report_tcp(struct sock *sk, __u8 hook,
				       bool connecting)
{
	struct aovpn_event event = {
		.hook = hook,
		.protocol = IPPROTO_TCP,
		.tcp_connecting = connecting,
		.ip_version = 4,
	};
	struct sock_common *common = &sk->__sk_common;

	if (common->skc_family == AF_INET6) {
		event.ip_version = 6;
		BPF_CORE_READ_INTO(&event.source, sk,
				   __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&event.destination, sk,
				   __sk_common.skc_v6_daddr);
	} else {
		__builtin_memcpy(event.source, &common->skc_rcv_saddr, 4);
		__builtin_memcpy(event.destination, &common->skc_daddr, 4);
	}
	/* skc_num is gone when the last state is told */
	event.source_port =
		bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
	event.destination_port = bpf_ntohs(common->skc_dport);
	event.error = sk->sk_err;
	report(&event, false);
}

/* ctx: sock, old state, new state. The tracepoint is SCTP's, too. */
SEC("tp_btf/inet_sock_set_state")
int tcp_state(__u64 *ctx)
{
	struct aovpn_shared *page = interested();
	struct sock *sk = (struct sock *)ctx[0];
	int before = ctx[1], now = ctx[2];
	__u64 cookie;
	__u8 one = 1;

	if (!page || (now != TCP_SYN_SENT && now != TCP_CLOSE) ||
	    sk->sk_protocol != IPPROTO_TCP)
		return 0;
	cookie = bpf_get_socket_cookie(sk);
	if (now == TCP_SYN_SENT) {
		if (is_watched_process(page))
			bpf_map_update_elem(&connections, &cookie, &one,
					    BPF_ANY);
		return 0;
	}
	if (!bpf_map_lookup_elem(&connections, &cookie))
		return 0;
	bpf_map_delete_elem(&connections, &cookie);
	if (before == TCP_SYN_SENT || sk->sk_err != 0)
		report_tcp(sk, AOVPN_HOOK_TCP_STATE, before == TCP_SYN_SENT);
	return 0;
}

/* ctx: sock. */
SEC("tp_btf/tcp_receive_reset")
int tcp_reset(__u64 *ctx)
{
	struct aovpn_shared *page = interested();
	struct sock *sk = (struct sock *)ctx[0];

	if (page && is_watched_connection(sk))
		report_tcp(sk, AOVPN_HOOK_TCP_RESET,
			   sk->__sk_common.skc_state == TCP_SYN_SENT);
	return 0;
}

/* ctx: sock, sk_buff. */
SEC("tp_btf/tcp_retransmit_skb")
int tcp_retransmit(__u64 *ctx)
{
	struct aovpn_shared *page = interested();
	struct sock *sk = (struct sock *)ctx[0];

	if (page && is_watched_connection(sk))
		report_tcp(sk, AOVPN_HOOK_TCP_RETRANSMIT,
			   sk->__sk_common.skc_state == TCP_SYN_SENT);
	return 0;
}

/* --- addresses on the link ------------------------------------------------ */

/* ctx: neighbour. Its timer has given up asking. */
SEC("tp_btf/neigh_timer_handler")
int neighbour(__u64 *ctx)
{
	struct aovpn_shared *page = interested();
	struct neighbour *neighbour = (struct neighbour *)ctx[0];
	struct aovpn_event event = {.hook = AOVPN_HOOK_NEIGHBOUR};
	struct net_device *device;
	__u32 bytes = 4;

	if (!page || neighbour->nud_state != NUD_FAILED)
		return 0;
	device = neighbour->dev;
	if (device_netns(device) != page->netns_inum)
		return 0;
	event.ip_version = 4;
	if (neighbour->tbl->family == AF_INET6) {
		event.ip_version = 6;
		bytes = 16;
	}
	bpf_probe_read_kernel(event.destination, bytes, neighbour->primary_key);
	event.interface = device->ifindex;
	report(&event, false);
	return 0;
}
