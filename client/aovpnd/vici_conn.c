/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_conn.c - see vici_conn.h; the keys are those of list-conns in
 * strongSwan's vici/README.md. */
#include "vici_conn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vici_list.h"

struct search {
	struct vici_conn *conn;
	bool found;
	unsigned int servers, certificates;

	/* Where in the message: a connection's own keys are at depth 1, those
	 * of how it authenticates itself in its section "local-1" at depth 2.
	 */
	unsigned int depth;
	bool in_local;
	enum { LIST_OTHER, LIST_SERVERS, LIST_CERTIFICATES } list;
};

static void begin_section(struct search *search, const char *name)
{
	if (++search->depth == 2)
		search->in_local = strncmp(name, "local-", 6) == 0;
}

static void begin_list(struct search *search, const char *name)
{
	search->list = LIST_OTHER;
	if (search->depth == 1 && strcmp(name, "remote_addrs") == 0)
		search->list = LIST_SERVERS;
	else if (search->depth == 2 && search->in_local &&
		 strcmp(name, "certs") == 0)
		search->list = LIST_CERTIFICATES;
}

/* One of several may be any. */
static void take(char out[AOVPN_TEXT_MAX], unsigned int *count,
		 const char *value)
{
	snprintf(out, AOVPN_TEXT_MAX, "%s", (*count)++ == 0 ? value : "");
}

static void take_item(struct search *search, const char *value)
{
	switch (search->list) {
	case LIST_SERVERS:
		take(search->conn->server, &search->servers, value);
		break;
	case LIST_CERTIFICATES:
		take(search->conn->certificate, &search->certificates, value);
		break;
	case LIST_OTHER:
		break;
	}
}

static void on_connection(void *user, char *event, vici_res_t *message)
{
	struct search *search = user;
	vici_parse_t part;

	(void)event;
	search->found = true;
	while ((part = vici_parse(message)) != VICI_PARSE_END &&
	       part != VICI_PARSE_ERROR) {
		if (part == VICI_PARSE_BEGIN_SECTION)
			begin_section(search, vici_parse_name(message) ?: "");
		else if (part == VICI_PARSE_END_SECTION && search->depth > 0)
			search->depth--;
		else if (part == VICI_PARSE_BEGIN_LIST)
			begin_list(search, vici_parse_name(message) ?: "");
		else if (part == VICI_PARSE_LIST_ITEM)
			take_item(search, vici_parse_value_str(message) ?: "");
	}
}

int vici_conn_find(const char *uri, const char *name, struct vici_conn *ret)
{
	struct search search = {.conn = ret};
	int r;

	memset(ret, 0, sizeof(*ret));
	r = vici_list(uri, "list-conns", "list-conn", name, on_connection,
		      &search);
	return r == 0 && !search.found ? -ENOENT : r;
}
