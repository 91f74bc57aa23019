// SPDX-License-Identifier: GPL-2.0
/*
 * aovpn.bpf.c - what the kernel knows of our IKEv2 packets.
 *
 * IKE messages that pass (cgroup_skb), attempts to send (cgroup/sendmsg4 and
 * sendmsg6: before routing and netfilter, so an attempt that nothing follows
 * was stopped in this machine), and packets that the kernel drops, with the
 * reason (tp_btf/kfree_skb). Only the daemon's own network namespace counts.
 * Nothing here needs kprobes or fentry; kernels 5.15 and later.
 *
 * Sources: RFC 7296 3.1 (IKE header), RFC 3948 2.1 to 2.3 (ESP in UDP, the
 * non-ESP marker, keepalives), RFC 791 3.1, RFC 8200 4 (extension headers).
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "kernel.h"

#define IKE_PORT             500
#define IKE_NATT_PORT        4500
#define NON_ESP_MARKER_BYTES 4
#define IP_FRAGMENT_OFFSET   0x1fff
#define IP6_FRAGMENT_OFFSET  0xfff8
#define IP6_EXTENSIONS_MAX   6
#define SKB_DST_PTRMASK      (~1UL)
#define RING_BYTES           (256 * 1024)
#define CGROUP_ALLOW         1
/* Dropped ESP tells the same thing each time: one event in this time. */
#define DATA_DROP_INTERVAL_NS 100000000ULL
/* While data passes, an attempt to send on 4500 says nothing new. */
#define DATA_FRESH_NS 1000000000ULL

char LICENSE[] SEC("license") = "GPL";

/* Set before load: the network namespace whose packets are reported. */
const volatile __u32 own_netns_inum = 0;
const volatile __u64 own_netns_cookie = 0;

/* Events that did not fit into the ring buffer, for each reporting hook. */
__u64 lost[AOVPN_HOOK_COUNT];

/* When a dropped packet without an IKE header was last reported. */
static __u64 data_drop_ns;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} events SEC(".maps");

struct socket_state {
	__u64 data_sent_ns; /* ESP in UDP last went out here, 0 never */
};

/*
 * The sockets that sent to an IKE port from our namespace. On Linux 6.12 and
 * older cgroup_skb programs cannot ask for the namespace; sendmsg programs can
 * everywhere: these mark the socket, those look for the mark. It lives and dies
 * with the socket. (A connected socket bypasses sendmsg programs; charon's are
 * not.)
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct socket_state);
} own_sockets SEC(".maps");

struct ike_header {
	__be64 spi_i;
	__be64 spi_r;
	__u8 next_payload;
	__u8 version;
	__u8 exchange;
	__u8 flags;
	__be32 message_id;
	__be32 length;
};

/* A packet from its IP header on, as one of the two program types sees it. */
struct packet {
	bool dropped; /* constant after inlining: kfree_skb or cgroup */
	struct __sk_buff *skb; /* cgroup */
	unsigned char *start;  /* kfree_skb: the linear part of the sk_buff */
	unsigned char *end;
};

static __always_inline bool load(const struct packet *packet, __u32 offset,
				 void *to, __u32 size)
{
	unsigned char *from;

	if (!packet->dropped)
		return !bpf_skb_load_bytes(packet->skb, offset, to, size);
	from = packet->start + offset;
	/* Beyond the linear part lies other people's memory. */
	if (from + size > packet->end)
		return false;
	return !bpf_probe_read_kernel(to, size, from);
}

static __always_inline bool is_ike_port(__u16 port)
{
	return port == IKE_PORT || port == IKE_NATT_PORT;
}

/* ESP of its own is of interest only where it is dropped. */
static __always_inline bool is_wanted(const struct packet *packet,
				      __u8 protocol, const struct udphdr *udp)
{
	if (protocol == IPPROTO_ESP)
		return packet->dropped;
	return protocol == IPPROTO_UDP &&
	       (is_ike_port(bpf_ntohs(udp->source)) ||
		is_ike_port(bpf_ntohs(udp->dest)));
}

static __always_inline void begin_event(struct aovpn_event *event,
					__u8 ip_version, __u8 protocol,
					const struct udphdr *udp)
{
	__builtin_memset(event, 0, sizeof(*event));
	event->ip_version = ip_version;
	event->protocol = protocol;
	if (protocol != IPPROTO_UDP)
		return;
	event->source_port = bpf_ntohs(udp->source);
	event->destination_port = bpf_ntohs(udp->dest);
}

/*
 * Fill event's flow and *ret_payload, the offset behind the UDP header. One
 * load for the usual header without options: this runs for every packet.
 */
static __always_inline bool parse_ip4(const struct packet *packet,
				      struct aovpn_event *event,
				      __u32 *ret_payload)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
	} header;
	__u32 transport;

	if (!load(packet, 0, &header, sizeof(header)))
		return false;
	if (header.ip.protocol != IPPROTO_UDP &&
	    header.ip.protocol != IPPROTO_ESP)
		return false;
	/* Later fragments carry no ports. */
	if (header.ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return false;
	transport = header.ip.ihl * 4;
	if (transport < sizeof(header.ip))
		return false;
	if (transport > sizeof(header.ip) &&
	    !load(packet, transport, &header.udp, sizeof(header.udp)))
		return false;
	if (!is_wanted(packet, header.ip.protocol, &header.udp))
		return false;

	begin_event(event, 4, header.ip.protocol, &header.udp);
	__builtin_memcpy(event->source, &header.ip.saddr, 4);
	__builtin_memcpy(event->destination, &header.ip.daddr, 4);
	event->length = bpf_ntohs(header.ip.tot_len);
	*ret_payload = transport + sizeof(header.udp);
	return true;
}

/*
 * Step over one IPv6 extension header. False: *protocol is no extension
 * header, or what follows is a later fragment without ports.
 */
static __always_inline bool skip_extension(const struct packet *packet,
					   __u8 *protocol, __u32 *offset)
{
	struct {
		__u8 next;
		__u8 length;
		__be16 fragment;
	} header;

	if (*protocol != IPPROTO_HOPOPTS && *protocol != IPPROTO_ROUTING &&
	    *protocol != IPPROTO_DSTOPTS && *protocol != IPPROTO_FRAGMENT)
		return false;
	if (!load(packet, *offset, &header, sizeof(header)))
		return false;
	if (*protocol != IPPROTO_FRAGMENT) {
		*offset += (header.length + 1) * 8;
	} else {
		if (header.fragment & bpf_htons(IP6_FRAGMENT_OFFSET))
			return false;
		*offset += 8;
	}
	*protocol = header.next;
	return true;
}

/* As parse_ip4. */
static __always_inline bool parse_ip6(const struct packet *packet,
				      struct aovpn_event *event,
				      __u32 *ret_payload)
{
	struct ipv6hdr ip;
	struct udphdr udp;
	__u32 offset = sizeof(ip);
	__u8 protocol;

	if (!load(packet, 0, &ip, sizeof(ip)))
		return false;
	protocol = ip.nexthdr;
#pragma unroll
	for (int i = 0; i < IP6_EXTENSIONS_MAX; i++)
		if (!skip_extension(packet, &protocol, &offset))
			break;
	if (protocol != IPPROTO_UDP && protocol != IPPROTO_ESP)
		return false;
	if (!load(packet, offset, &udp, sizeof(udp)) ||
	    !is_wanted(packet, protocol, &udp))
		return false;

	begin_event(event, 6, protocol, &udp);
	__builtin_memcpy(event->source, &ip.saddr, 16);
	__builtin_memcpy(event->destination, &ip.daddr, 16);
	event->length = sizeof(ip) + bpf_ntohs(ip.payload_len);
	*ret_payload = offset + sizeof(udp);
	return true;
}

/* ethertype: network order. */
static __always_inline bool parse_flow(const struct packet *packet,
				       __u16 ethertype,
				       struct aovpn_event *event,
				       __u32 *ret_payload)
{
	if (ethertype == bpf_htons(ETH_P_IP))
		return parse_ip4(packet, event, ret_payload);
	if (ethertype == bpf_htons(ETH_P_IPV6))
		return parse_ip6(packet, event, ret_payload);
	return false;
}

/*
 * Is this UDP payload an IKE message? Then fill event's part of it. A packet
 * from and to ports other than 500 begins with the non-ESP marker, or else is
 * ESP or a keepalive of one byte (RFC 3948 2).
 */
static __always_inline bool parse_ike(const struct packet *packet, __u32 offset,
				      struct aovpn_event *event)
{
	struct ike_header ike;
	__u32 marker;

	if (event->protocol != IPPROTO_UDP)
		return false;
	if (event->source_port != IKE_PORT &&
	    event->destination_port != IKE_PORT) {
		if (!load(packet, offset, &marker, sizeof(marker)) || marker)
			return false;
		offset += NON_ESP_MARKER_BYTES;
	}
	if (!load(packet, offset, &ike, sizeof(ike)))
		return false;
	event->spi_i = bpf_be64_to_cpu(ike.spi_i);
	event->spi_r = bpf_be64_to_cpu(ike.spi_r);
	event->exchange = ike.exchange;
	event->flags = ike.flags;
	event->message_id = bpf_ntohl(ike.message_id);
	event->ike_length = bpf_ntohl(ike.length);
	return true;
}

static __always_inline void emit(struct aovpn_event *event, __u8 hook)
{
	event->hook = hook;
	event->time_ns = bpf_ktime_get_boot_ns();
	if (bpf_ringbuf_output(&events, event, sizeof(*event), 0))
		__sync_fetch_and_add(&lost[hook], 1);
}

/* --- packets that pass ---------------------------------------------------- */

static __always_inline int passed(struct __sk_buff *skb, __u8 hook)
{
	struct packet packet = {.dropped = false, .skb = skb};
	struct socket_state *state;
	struct aovpn_event event;
	struct bpf_sock *sk;
	__u32 payload;

	if (!parse_flow(&packet, skb->protocol, &event, &payload))
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
	emit(&event, hook);
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
static __always_inline bool is_news(struct bpf_sock_addr *ctx,
				    struct bpf_sock *sk, __u16 port)
{
	struct socket_state *state;

	if (bpf_get_netns_cookie(ctx) != own_netns_cookie)
		return false;
	state = bpf_sk_storage_get(&own_sockets, sk, NULL,
				   BPF_SK_STORAGE_GET_F_CREATE);
	/* With ESP in user space every data packet comes by here, unseen
	 * inside. As long as such packets get out, no attempt is news. */
	return !state || port == IKE_PORT || !state->data_sent_ns ||
	       bpf_ktime_get_boot_ns() - state->data_sent_ns > DATA_FRESH_NS;
}

static __always_inline bool begin_attempt(struct bpf_sock_addr *ctx,
					  struct aovpn_event *event,
					  __u8 ip_version)
{
	__u16 port = bpf_ntohs(ctx->user_port);
	struct bpf_sock *sk = ctx->sk;

	if (!is_ike_port(port) || !sk || !is_news(ctx, sk, port))
		return false;
	__builtin_memset(event, 0, sizeof(*event));
	event->ip_version = ip_version;
	event->protocol = IPPROTO_UDP;
	event->source_port = sk->src_port;
	event->destination_port = port;
	return true;
}

static __always_inline int attempt4(struct bpf_sock_addr *ctx)
{
	struct aovpn_event event;
	__u32 source, destination;

	if (!begin_attempt(ctx, &event, 4))
		return CGROUP_ALLOW;
	source = ctx->msg_src_ip4;
	destination = ctx->user_ip4;
	__builtin_memcpy(event.source, &source, sizeof(source));
	__builtin_memcpy(event.destination, &destination, sizeof(destination));
	emit(&event, AOVPN_HOOK_SENDMSG4);
	return CGROUP_ALLOW;
}

static __always_inline int attempt6(struct bpf_sock_addr *ctx)
{
	struct aovpn_event event;
	__u32 source[4], destination[4];

	if (!begin_attempt(ctx, &event, 6))
		return CGROUP_ALLOW;
#pragma unroll
	for (int i = 0; i < 4; i++) {
		source[i] = ctx->msg_src_ip6[i];
		destination[i] = ctx->user_ip6[i];
	}
	__builtin_memcpy(event.source, source, sizeof(source));
	__builtin_memcpy(event.destination, destination, sizeof(destination));
	emit(&event, AOVPN_HOOK_SENDMSG6);
	return CGROUP_ALLOW;
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
	return attempt4(ctx);
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
	return attempt6(ctx);
}

/* --- packets that the kernel drops ---------------------------------------- */

static __always_inline __u32 device_netns(struct net_device *device)
{
	return device ? BPF_CORE_READ(device, nd_net.net, ns.inum) : 0;
}

/*
 * The network namespace of a packet: that of its device; in OUTPUT it has none
 * yet, but a route; a packet without either may have a socket. skb->dev of a
 * queued UDP packet is reused for other things: reading through it fails
 * harmlessly and gives 0.
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
	return sk ? BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum) : 0;
}

/* At most one event in DATA_DROP_INTERVAL_NS; a race lets one more through. */
static __always_inline bool is_data_drop_due(void)
{
	__u64 now = bpf_ktime_get_boot_ns();

	if (data_drop_ns && now - data_drop_ns < DATA_DROP_INTERVAL_NS)
		return false;
	data_drop_ns = now;
	return true;
}

/* ctx: sk_buff, location, and from Linux 5.17 on the reason. */
static __always_inline int dropped(__u64 *ctx)
{
	struct sk_buff *skb = (struct sk_buff *)ctx[0];
	struct packet packet = {
		.dropped = true,
		.start = skb->head + skb->network_header,
		.end = skb->data + (skb->len - skb->data_len),
	};
	struct aovpn_event event;
	__u32 payload;

	if (!parse_flow(&packet, skb->protocol, &event, &payload))
		return 0;
	if (packet_netns(skb) != own_netns_inum)
		return 0;
	if (!parse_ike(&packet, payload, &event) && !is_data_drop_due())
		return 0;
	/* Only the receive path sets the device by which a packet came. (A
	 * socket is no sign: early demultiplexing sets it on the way in.) */
	event.incoming = skb->skb_iif != 0;
	event.location = ctx[1];
	/* Here the kernel looks it up; /proc/kallsyms would have to be read
	 * from end to end, and shows zeros where kptr_restrict is set. */
	BPF_SNPRINTF(event.symbol, sizeof(event.symbol), "%ps", ctx[1]);
	event.reason = AOVPN_REASON_NONE;
	if (bpf_core_type_exists(enum skb_drop_reason))
		event.reason = ctx[2];
	emit(&event, AOVPN_HOOK_KFREE_SKB);
	return 0;
}

SEC("tp_btf/kfree_skb")
int kfree_skb(__u64 *ctx)
{
	return dropped(ctx);
}
