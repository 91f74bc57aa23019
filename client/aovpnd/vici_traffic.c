/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_traffic.c - see vici_traffic.h; list-sas of strongSwan's vici/README.md.
 */
#include "vici_traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vici_list.h"

struct traffic {
	uint64_t out, in;
	unsigned int found;
};

static void add(vici_res_t *message, struct traffic *traffic)
{
	const char *value;

	if (vici_parse_name_eq(message, vici_text("packets-out"))) {
		value = vici_parse_value_str(message);
		traffic->out += value ? strtoull(value, NULL, 10) : 0;
		traffic->found++;
	} else if (vici_parse_name_eq(message, vici_text("packets-in"))) {
		value = vici_parse_value_str(message);
		traffic->in += value ? strtoull(value, NULL, 10) : 0;
	}
}

/* The counters are the only ones of that name, in whatever section. */
static void on_sa(void *user, char *name, vici_res_t *message)
{
	vici_parse_t part;

	(void)name;
	while ((part = vici_parse(message)) != VICI_PARSE_END &&
	       part != VICI_PARSE_ERROR)
		if (part == VICI_PARSE_KEY_VALUE)
			add(message, user);
}

int vici_traffic(const char *uri, const char *charon_name, uint64_t *ret_out,
		 uint64_t *ret_in)
{
	struct traffic traffic = {0};
	int r = vici_list(uri, "list-sas", "list-sa", charon_name, on_sa,
			  &traffic);

	if (r < 0)
		return r;
	if (!traffic.found)
		return -ENOENT;
	*ret_out = traffic.out;
	*ret_in = traffic.in;
	return 0;
}
