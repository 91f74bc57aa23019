/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_traffic.c - see vici_traffic.h; list-sas of strongSwan's vici/README.md.
 */
#include "vici_traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libvici.h>

struct traffic {
	uint64_t out, in;
	unsigned int found;
};

/* libvici takes char* that it does not change. */
static char *mutable(const char *text)
{
	union {
		const char *in;
		char *out;
	} u = {.in = text};

	return u.out;
}

static void add(vici_res_t *message, struct traffic *traffic)
{
	const char *value;

	if (vici_parse_name_eq(message, mutable("packets-out"))) {
		value = vici_parse_value_str(message);
		traffic->out += value ? strtoull(value, NULL, 10) : 0;
		traffic->found++;
	} else if (vici_parse_name_eq(message, mutable("packets-in"))) {
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

static int list(vici_conn_t *connection, const char *charon_name,
		struct traffic *traffic)
{
	vici_req_t *request;
	vici_res_t *answer;

	if (vici_register(connection, mutable("list-sa"), on_sa, traffic) != 0)
		return -ECONNRESET;
	request = vici_begin(mutable("list-sas"));
	vici_add_key_value(request, mutable("ike"), mutable(charon_name),
			   (int)strlen(charon_name));
	answer = vici_submit(request, connection);
	if (!answer)
		return -ECONNRESET;
	vici_free_res(answer);
	return traffic->found ? 0 : -ENOENT;
}

int vici_traffic(const char *uri, const char *charon_name, uint64_t *ret_out,
		 uint64_t *ret_in)
{
	vici_conn_t *connection = vici_connect(mutable(uri));
	struct traffic traffic = {0};
	int r;

	if (!connection)
		return errno ? -errno : -ECONNREFUSED;
	r = list(connection, charon_name, &traffic);
	vici_disconnect(connection);
	if (r < 0)
		return r;
	*ret_out = traffic.out;
	*ret_in = traffic.in;
	return 0;
}
