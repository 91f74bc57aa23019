/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history_findings.c - the gateway's address against that of the last success.
 */
#include "view.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* The address that was dialled: the flow's, or what the name resolved to. */
static uint8_t dialled(const struct view *v, uint8_t address[16])
{
	const struct aovpn_attempt *a = v->attempt;
	const char *text;
	uint32_t i;

	if (a->flow.family != 0) {
		memcpy(address, a->flow.remote, 16);
		return a->flow.family;
	}
	memset(address, 0, 16);
	for (i = 0; i < a->count; i++) {
		if (a->observations[i].kind != AOVPN_OBS_RESOLVED)
			continue;
		text = a->observations[i].u.resolved.addresses;
		if (inet_pton(AF_INET, text, address) == 1)
			return AF_INET;
		if (inet_pton(AF_INET6, text, address) == 1)
			return AF_INET6;
	}
	return 0;
}

void history_address_finding(const struct view *v, struct aovpn_outcome *out,
			     enum aovpn_confidence confidence)
{
	const struct aovpn_history *history = &v->attempt->history;
	char then[INET6_ADDRSTRLEN], now[INET6_ADDRSTRLEN], date[16];
	char line[AOVPN_TEXT_MAX];
	uint8_t address[16];
	uint8_t family = dialled(v, address);

	/* A name that has addresses of both families has not changed. */
	if (family == 0 || history->family != family ||
	    memcmp(history->address, address, sizeof(address)) == 0)
		return;
	aovpn_history_date(v->attempt, history->success_at, date);
	aovpn_address_text(family, history->address, then, sizeof(then));
	aovpn_address_text(family, address, now, sizeof(now));
	snprintf(line, sizeof(line),
		 "the server's name led to %s at the last success%s, and leads "
		 "to %s now",
		 then, date, now);
	finding_add(out, "dns-wrong-answer", confidence, line, NULL);
}
