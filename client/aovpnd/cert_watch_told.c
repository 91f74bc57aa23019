/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_watch_told.c - which warnings were given already: see cert_watch.h. */
#include <stdio.h>
#include <string.h>

#include "cert_watch.h"

/* The place where the key's urgency is kept; at first none. */
static enum aovpn_urgency *place_of(struct cert_watch_told *told,
				    const char *key)
{
	size_t i;

	for (i = 0; i < told->count; i++)
		if (strcmp(told->list[i].key, key) == 0)
			return &told->list[i].urgency;
	if (told->count < CERT_WATCH_TOLD_MAX)
		i = told->count++;
	else
		i = told->next++ % CERT_WATCH_TOLD_MAX;
	snprintf(told->list[i].key, sizeof(told->list[i].key), "%s", key);
	told->list[i].urgency = AOVPN_URGENCY_NONE;
	return &told->list[i].urgency;
}

bool cert_watch_due(struct cert_watch_told *told, const char *connection,
		    const struct aovpn_watched *watched, time_t now)
{
	char key[sizeof(told->list[0].key)];

	snprintf(key, sizeof(key), "%.63s %.511s", connection, watched->id);
	return aovpn_urgency_step(&watched->term, now, place_of(told, key));
}
