/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - what the BPF programs and user space share: the records of the ring
 * buffer, and one page of memory by which aovpnd steers the programs and reads
 * their counters.
 *
 * The page is mapped: aovpnd reads and writes it without a system call and
 * without any right on BPF. Numbers are in host order, addresses as on the wire
 * (IPv4 in the first 4 bytes).
 */
#ifndef AOVPN_EVENT_H
#define AOVPN_EVENT_H

#include <linux/types.h>

/* Who reports. Also the index of the counters. */
enum aovpn_hook {
	/* Attached while the tracer is open. */
	AOVPN_HOOK_KFREE_SKB,      /* the kernel dropped a packet */
	AOVPN_HOOK_TCP_STATE,      /* a TCP connection of charon's failed */
	AOVPN_HOOK_TCP_RESET,      /* its peer reset it */
	AOVPN_HOOK_TCP_RETRANSMIT, /* it sent a segment once more */
	AOVPN_HOOK_NEIGHBOUR,      /* an address on the link does not answer */
	/* Attached while a dial or a trace is open. */
	AOVPN_HOOK_EGRESS,      /* an IKE message passed netfilter OUTPUT */
	AOVPN_HOOK_INGRESS,     /* an IKE message came to the socket */
	AOVPN_HOOK_SENDMSG4,    /* a socket was asked to send */
	AOVPN_HOOK_SENDMSG6,    /* the same by IPv6 */
	AOVPN_HOOK_NAME,        /* charon asks for a name: reports nothing */
	AOVPN_HOOK_NAME_RESULT, /* and did not get an address for it */
	AOVPN_HOOK_COUNT
};

#define AOVPN_HOOK_FIRST_OF_DIAL AOVPN_HOOK_EGRESS

/* Bytes of the ring buffer: at 100,000 events a second the daemon may be away
 * from the processor for 70 ms. */
#define AOVPN_RING_BYTES (1024 * 1024)

/* Longer names of functions are cut. */
#define AOVPN_SYMBOL_MAX 40

/* Longest name by RFC 1035 2.3.4 with its NUL. */
#define AOVPN_HOST_NAME_MAX 256

/* Kernels before 5.17 give no reason for a drop. */
#define AOVPN_REASON_NONE 0xffffffffU

struct aovpn_event {
	__u64 time_ns;          /* CLOCK_BOOTTIME */
	__u64 spi_i;            /* IKE header, 0 where there is none in sight */
	__u64 spi_r;            /* the same */
	__u64 location;         /* drop: return address in the kernel */
	__u8 source[16];        /* sendmsg: all zero where not yet chosen;
				   TCP: our own; neighbour: 0 */
	__u8 destination[16];   /* TCP: the peer's; neighbour: its own */
	__u32 reason;           /* drop: enum skb_drop_reason of this kernel */
	__u32 length;           /* of the IP packet; sendmsg: 0, not known */
	__u32 ike_length;       /* IKE header */
	__u32 message_id;       /* IKE header */
	__u32 esp_spi;          /* drop: of ESP, also in UDP; 0: none */
	__u32 elsewhere;        /* drop: 0 in our own network namespace, else
				   the number of that where it happened */
	__s32 error;            /* TCP: sk_err; name: EAI_*; else 0 */
	__u32 interface;        /* neighbour: index */
	__u16 source_port;      /* 0 for ESP */
	__u16 destination_port; /* 0 for ESP */
	__u8 hook;              /* enum aovpn_hook */
	__u8 ip_version;        /* 4 or 6, 0 for a name */
	__u8 protocol;          /* 6 TCP, 17 UDP, 50 ESP; 1 ICMP and 58 ICMPv6:
				   an error, which was dropped; addresses and
				   ports are of the packet that it is about */
	__u8 incoming;          /* else outgoing */
	__u8 exchange;          /* IKE header, 0 where there is none in sight */
	__u8 flags;             /* IKE header */
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 tcp_connecting;           /* it had not been established */
	__u8 reserved[3];              /* 0 */
	char symbol[AOVPN_SYMBOL_MAX]; /* drop: function at location */
};

_Static_assert(sizeof(struct aovpn_event) == 152, "an event has no holes");

/* The record of AOVPN_HOOK_NAME_RESULT; every other one ends with the event. */
struct aovpn_name_event {
	struct aovpn_event event;
	char name[AOVPN_HOST_NAME_MAX];
};

/* What aovpnd wants to hear now. */
enum aovpn_interest {
	AOVPN_INTEREST_NONE, /* nothing: the programs return at once */
	AOVPN_INTEREST_SOME, /* of our namespace, and of our peers elsewhere */
};

#define AOVPN_PEERS_MAX     8
#define AOVPN_PROCESSES_MAX 4

struct aovpn_peer {
	__u8 address[16];
	__u8 ip_version; /* 4 or 6; 0: this entry is free */
	__u8 reserved[7];
};

/* Events a second, and how many may come at once; 0 a second: no limit. */
struct aovpn_limit {
	__u32 per_second;
	__u32 burst;
};

/*
 * One page: settings by aovpnd, counters by the programs. A reader may see a
 * peer's address half-written: then one packet is taken for a stranger's.
 */
struct aovpn_shared {
	/* Set once by the loader. */
	__u64 netns_cookie; /* of charon's network namespace */
	__u32 netns_inum;   /* the same one's number */
	__u32 reserved;

	/* Set by aovpnd at any time. */
	__u32 interest;                    /* enum aovpn_interest */
	struct aovpn_limit flow_limit;     /* of one flow, each direction and
					      hook */
	struct aovpn_limit data_limit;     /* of one flow's packets without an
					      IKE header: each tells the same
					      thing again */
	struct aovpn_limit stranger_limit; /* of all flows together that are not
					      with a peer */
	__u32 reserved2;
	struct aovpn_peer peers[AOVPN_PEERS_MAX]; /* gateways */
	/* Whose TCP connections count: process ids in that pid namespace. */
	__u64 pid_namespace_device;
	__u64 pid_namespace_inode;
	__u32 processes[AOVPN_PROCESSES_MAX];

	/* Of matching events each is counted once, in one of the three. */
	__u64 delivered[AOVPN_HOOK_COUNT];
	__u64 lost[AOVPN_HOOK_COUNT];       /* the ring buffer was full */
	__u64 suppressed[AOVPN_HOOK_COUNT]; /* beyond a limit */

	/* Where the ring buffer's end was when aovpnd was last woken. */
	__u64 woken_at;
};

_Static_assert(sizeof(struct aovpn_shared) <= 4096, "it is one page");

#endif
