/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_sas.c - see vici_sas.h; the keys are those of list-sas in strongSwan's
 * vici/README.md. */
#include "vici_sas.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charon_name.h"
#include "vici_list.h"

static uint64_t number(const char *value, int base)
{
	return strtoull(value, NULL, base);
}

static void take_ike(vici_res_t *message, const char *value, struct vici_sa *sa)
{
	if (vici_parse_name_eq(message, vici_text("uniqueid")))
		sa->id = (uint32_t)number(value, 10);
	else if (vici_parse_name_eq(message, vici_text("initiator-spi")))
		sa->spi_i = number(value, 16);
	else if (vici_parse_name_eq(message, vici_text("state")))
		sa->established = strcmp(value, "ESTABLISHED") == 0;
	else if (vici_parse_name_eq(message, vici_text("rekey-time")))
		sa->rekey_s = (uint32_t)number(value, 10);
}

static void take_child(vici_res_t *message, const char *value,
		       struct vici_sa *sa)
{
	const uint64_t n = number(value, 10);

	if (vici_parse_name_eq(message, vici_text("state")))
		sa->child_installed |= strcmp(value, "INSTALLED") == 0;
	else if (vici_parse_name_eq(message, vici_text("bytes-in")))
		sa->bytes_in += n;
	else if (vici_parse_name_eq(message, vici_text("bytes-out")))
		sa->bytes_out += n;
	else if (vici_parse_name_eq(message, vici_text("packets-in")))
		sa->packets_in += n;
	else if (vici_parse_name_eq(message, vici_text("packets-out")))
		sa->packets_out += n;
	else if (vici_parse_name_eq(message, vici_text("rekey-time")) &&
		 (sa->child_rekey_s == 0 || n < sa->child_rekey_s))
		sa->child_rekey_s = (uint32_t)n;
}

/* A message is { NAME { KEY=VALUE ... child-sas { CHILD { KEY=VALUE ... } } }
 * }: keys of depth 1 are the IKE_SA's, those of depth 3 a CHILD_SA's. */
static void take_value(vici_res_t *message, unsigned int depth,
		       struct vici_sa *sa)
{
	const char *value = vici_parse_value_str(message);

	if (value && depth == 1)
		take_ike(message, value, sa);
	else if (value && depth == 3)
		take_child(message, value, sa);
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
	if (part == VICI_PARSE_END && list->count < VICI_SAS_MAX &&
	    charon_name_connection(sa.name))
		list->sa[list->count++] = sa;
}

int vici_sas_list(const char *uri, const char *name, struct vici_sas *ret)
{
	ret->count = 0;
	return vici_list(uri, "list-sas", "list-sa", name, on_sa, ret);
}

const struct vici_sa *vici_sas_find(const struct vici_sas *sas,
				    const char *name)
{
	size_t i;

	for (i = 0; sas && i < sas->count; i++)
		if (sas->sa[i].established &&
		    strcmp(sas->sa[i].name, name) == 0)
			return &sas->sa[i];
	return NULL;
}
