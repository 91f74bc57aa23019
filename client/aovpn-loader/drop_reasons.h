/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drop_reasons.h - the names of enum skb_drop_reason in the running kernel's
 * types: the numbers differ from kernel to kernel, the names do not.
 */
#ifndef AOVPN_LOADER_DROP_REASONS_H
#define AOVPN_LOADER_DROP_REASONS_H

#include "loader_protocol.h"

struct btf;

/* Fill reply's drop reasons; a kernel without them (before 5.17) has none. */
void drop_reasons_read(const struct btf *kernel, struct loader_reply *reply);

#endif
