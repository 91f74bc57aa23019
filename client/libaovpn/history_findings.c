/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history_findings.c - the gateway's address against that of the last success.
 */
#include "view.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* The address that was dialled: the flow's, or before there was one what the
 * name resolved to. */
static const struct aovpn_flow *dialled(const struct view *v)
{
	if (v->attempt->flow.family != 0 || !v->resolved)
		return &v->attempt->flow;
	return &v->resolved->flow;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && strncmp(text, word, length) == 0;
}

/* Does the name still lead there, among others? Where the list of them is cut
 * ("..."), nobody knows. */
static bool leads_there(const struct view *v, const char *address)
{
	const char *next = v->resolved ? v->resolved->u.resolved.addresses : "";
	size_t length;

	while (*next != '\0') {
		length = strcspn(next, ", ");
		if (is_word(next, length, address) ||
		    is_word(next, length, "..."))
			return true;
		next += length;
		next += strspn(next, ", ");
	}
	return false;
}

void history_address_finding(const struct view *v, struct aovpn_outcome *out,
			     enum aovpn_confidence confidence)
{
	const struct aovpn_history *history = &v->attempt->history;
	char then[INET6_ADDRSTRLEN], now[INET6_ADDRSTRLEN], date[16];
	char line[AOVPN_TEXT_MAX];
	const struct aovpn_flow *flow = dialled(v);

	/* A name that has addresses of both families has not changed. */
	if (flow->family == 0 || history->family != flow->family ||
	    memcmp(history->address, flow->remote, sizeof(flow->remote)) == 0)
		return;
	aovpn_address_text(flow->family, history->address, then, sizeof(then));
	if (leads_there(v, then))
		return;
	aovpn_history_date(v->attempt, history->success_at, date);
	aovpn_address_text(flow->family, flow->remote, now, sizeof(now));
	snprintf(line, sizeof(line),
		 "the server's name led to %s at the last success%s, and leads "
		 "to %s now",
		 then, date, now);
	finding_add(out, "dns-wrong-answer", confidence, line, NULL);
}
