/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drop_reasons.c - see drop_reasons.h. */
#include "drop_reasons.h"

#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

#define REASON_PREFIX "SKB_DROP_REASON_"

static const char *without_prefix(const char *name)
{
	if (strncmp(name, REASON_PREFIX, strlen(REASON_PREFIX)) == 0)
		return name + strlen(REASON_PREFIX);
	return name;
}

void drop_reasons_read(const struct btf *kernel, struct loader_reply *reply)
{
	const struct btf_enum *values;
	const struct btf_type *type;
	const char *name;
	uint32_t value;
	int id;

	id = btf__find_by_name_kind(kernel, "skb_drop_reason", BTF_KIND_ENUM);
	if (id <= 0)
		return;
	type = btf__type_by_id(kernel, (uint32_t)id);
	values = btf_enum(type);
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		value = (uint32_t)values[i].val;
		name = btf__name_by_offset(kernel, values[i].name_off);
		/* Numbers beyond belong to subsystems (mac80211, openvswitch)
		 * that handle none of our packets. */
		if (!name || value >= LOADER_REASONS_MAX)
			continue;
		snprintf(reply->drop_reasons[value],
			 sizeof(reply->drop_reasons[value]), "%s",
			 without_prefix(name));
		if (value >= reply->drop_reason_count)
			reply->drop_reason_count = value + 1;
	}
}
