/*
 * event.h - the record of the ring buffer: what bpf/aovpn.bpf.c tells aovpnd.
 *
 * The only header that both share. Numbers are in host order, addresses as on
 * the wire (IPv4 in the first 4 bytes).
 */
#ifndef AOVPN_EVENT_H
#define AOVPN_EVENT_H

#include <linux/types.h>

/* Who reports. Also the index of the counters of lost events. */
enum aovpn_hook {
	AOVPN_HOOK_EGRESS,    /* an IKE message passed netfilter OUTPUT */
	AOVPN_HOOK_INGRESS,   /* an IKE message came to the socket */
	AOVPN_HOOK_SENDMSG4,  /* a socket was asked to send */
	AOVPN_HOOK_SENDMSG6,  /* the same by IPv6 */
	AOVPN_HOOK_KFREE_SKB, /* the kernel dropped a packet */
	AOVPN_HOOK_COUNT
};

/* Longer names of functions are cut. */
#define AOVPN_SYMBOL_MAX 40

/* Kernels before 5.17 give no reason for a drop. */
#define AOVPN_REASON_NONE 0xffffffffU

struct aovpn_event {
	__u64 time_ns;          /* CLOCK_BOOTTIME */
	__u64 spi_i;            /* IKE header, 0 where there is none in sight */
	__u64 spi_r;            /* the same */
	__u64 location;         /* drop: return address in the kernel */
	__u8 source[16];        /* sendmsg: all zero where not yet chosen */
	__u8 destination[16];   /* as source */
	__u32 reason;           /* drop: enum skb_drop_reason of this kernel */
	__u32 length;           /* of the IP packet; sendmsg: 0, not known */
	__u32 ike_length;       /* IKE header */
	__u32 message_id;       /* IKE header */
	__u16 source_port;      /* 0 for ESP */
	__u16 destination_port; /* 0 for ESP */
	__u8 hook;              /* enum aovpn_hook */
	__u8 ip_version;        /* 4 or 6 */
	__u8 protocol;          /* 17 UDP, 50 ESP */
	__u8 incoming;          /* else outgoing */
	__u8 exchange;          /* IKE header, 0 where there is none in sight */
	__u8 flags;             /* IKE header */
	__u8 reserved[6];       /* 0 */
	char symbol[AOVPN_SYMBOL_MAX]; /* drop: function at location */
};

_Static_assert(sizeof(struct aovpn_event) == 136, "an event has no holes");

#endif
