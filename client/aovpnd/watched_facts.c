/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watched_facts.c - see watched_facts.h. */
#include "watched_facts.h"

#include <netdb.h>
#include <stdio.h>

#include "vici_certs.h"

static void find_chain(struct watched_facts *facts)
{
	struct aovpn_credential *credential;
	struct aovpn_error error;

	if (vici_certs_find(facts->vici, facts->subject, &credential, &error) <
	    0)
		return;
	aovpn_chain_facts_read(credential, NULL, &facts->chain);
	aovpn_credential_free(credential);
}

/* charon says only that it could not; the resolver here says why. */
static void resolve(struct watched_facts *facts)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct aovpn_observation *o = &facts->resolved;
	struct addrinfo *list = NULL;

	o->kind = AOVPN_OBS_RESOLVED;
	o->source = AOVPN_SOURCE_DAEMON;
	snprintf(o->u.resolved.name, sizeof(o->u.resolved.name), "%s",
		 facts->name);
	o->u.resolved.gai_error = getaddrinfo(facts->name, NULL, &hints, &list);
	o->time_ns = aovpn_boottime_ns();
	if (list)
		freeaddrinfo(list);
}

void watched_facts_run(void *argument)
{
	struct watched_facts *facts = argument;

	if (facts->subject[0] != '\0')
		find_chain(facts);
	if (facts->name[0] != '\0')
		resolve(facts);
}
