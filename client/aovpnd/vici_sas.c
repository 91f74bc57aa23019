/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_sas.c - see vici_sas.h; the keys are those of list-sas in strongSwan's
 * vici/README.md. */
#include "vici_sas.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvici.h>

/* libvici takes char* that it does not change. */
static char *mutable(const char *text)
{
	union {
		const char *in;
		char *out;
	} u = {.in = text};

	return u.out;
}

/* A message is { NAME { KEY=VALUE ... child-sas { CHILD { KEY=VALUE ... } } }
 * }: keys of depth 1 are the IKE_SA's, those of depth 3 a CHILD_SA's. */
static void take_value(vici_res_t *message, unsigned int depth,
		       struct vici_sa *sa)
{
	const char *value = vici_parse_value_str(message);

	if (!value)
		return;
	if (depth == 1 && vici_parse_name_eq(message, mutable("uniqueid")))
		sa->id = (uint32_t)strtoul(value, NULL, 10);
	else if (depth == 1 &&
		 vici_parse_name_eq(message, mutable("initiator-spi")))
		sa->spi_i = strtoull(value, NULL, 16);
	else if (depth == 1 && vici_parse_name_eq(message, mutable("state")))
		sa->established = strcmp(value, "ESTABLISHED") == 0;
	else if (depth == 3 && vici_parse_name_eq(message, mutable("state")))
		sa->child_installed |= strcmp(value, "INSTALLED") == 0;
}

static void on_sa(void *user, char *event, vici_res_t *message)
{
	struct vici_sas *list = user;
	struct vici_sa sa = {0};
	unsigned int depth = 0;
	vici_parse_t part;

	(void)event;
	while ((part = vici_parse(message)) != VICI_PARSE_END &&
	       part != VICI_PARSE_ERROR) {
		if (part == VICI_PARSE_BEGIN_SECTION && depth++ == 0)
			snprintf(sa.name, sizeof(sa.name), "%s",
				 vici_parse_name(message) ?: "");
		else if (part == VICI_PARSE_END_SECTION && depth > 0)
			depth--;
		else if (part == VICI_PARSE_KEY_VALUE)
			take_value(message, depth, &sa);
	}
	if (part == VICI_PARSE_END && list->count < VICI_SAS_MAX)
		list->sa[list->count++] = sa;
}

int vici_sas_list(const char *uri, struct vici_sas *ret)
{
	vici_conn_t *connection = vici_connect(mutable(uri));
	vici_res_t *answer = NULL;

	ret->count = 0;
	if (!connection)
		return errno ? -errno : -ECONNREFUSED;
	if (vici_register(connection, mutable("list-sa"), on_sa, ret) == 0)
		answer = vici_submit(vici_begin(mutable("list-sas")),
				     connection);
	if (answer)
		vici_free_res(answer);
	vici_disconnect(connection);
	return answer ? 0 : -ECONNRESET;
}
