/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - the kernel's own types as far as aovpn.bpf.c reads them.
 *
 * Written by hand instead of dumping a whole vmlinux.h: libbpf relocates each
 * field by its name to where the running kernel has it (CO-RE), so neither
 * order nor the fields left out matter. Types of the stable interface come
 * from the UAPI headers.
 */
#ifndef AOVPN_KERNEL_H
#define AOVPN_KERNEL_H

#include <linux/in6.h>
#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct nsproxy {
	struct net *net_ns;
};

struct task_struct {
	struct nsproxy *nsproxy;
};

struct net_device {
	possible_net_t nd_net;
	int ifindex;
};

struct dst_entry {
	struct net_device *dev;
};

struct sock_common {
	possible_net_t skc_net;
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	__be16 skc_dport;
	unsigned short skc_family;
	volatile unsigned char skc_state;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	int sk_err;
};

struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};

struct neigh_table {
	int family;
};

struct neighbour {
	struct neigh_table *tbl;
	struct net_device *dev;
	__u8 nud_state;
	__u8 primary_key[];
};

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned int data_len;
	int skb_iif;
	__be16 protocol;
	__u16 network_header;
	unsigned char *head;
	unsigned char *data;
};

#pragma clang attribute pop

/* Only asked for its existence: Linux 5.17 and later have it. */
enum skb_drop_reason {
	SKB_DROP_REASON_NOT_SPECIFIED___local,
};

#endif
