/* SPDX-License-Identifier: GPL-2.0-or-later */
// SPDX-License-Identifier: GPL-2.0
/*
 * empty.bpf.c - does nothing, where the tracer watches drops: what the kernel's
 * statistics show for this program is the cost of their own clock.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/kfree_skb")
int empty(__u64 *ctx)
{
	(void)ctx;
	return 0;
}
