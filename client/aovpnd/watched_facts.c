/* watched_facts.c - see watched_facts.h. */
#include "watched_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolve.h"
#include "vici_certs.h"
#include "vici_conn.h"

/* As dial_job.c has it: glibc asks two servers twice for five seconds each. */
#define RESOLVE_MS 25000

static void find_connection(struct watched_facts *facts)
{
	struct vici_conn conn;

	if (vici_conn_find(facts->vici, facts->connection, &conn) < 0)
		return;
	memcpy(facts->server, conn.server, sizeof(facts->server));
	if (facts->subject[0] == '\0')
		memcpy(facts->subject, conn.certificate,
		       sizeof(facts->subject));
}

static void find_chain(struct watched_facts *facts)
{
	struct aovpn_error error;

	if (vici_certs_find(facts->vici, facts->subject, &facts->credential,
			    &error) == 0)
		aovpn_chain_facts_read(facts->credential, NULL, &facts->chain);
}

/* charon says only that it could not; whom it asked says why. */
static void resolve(struct watched_facts *facts)
{
	struct aovpn_observation *o = &facts->resolved;
	struct aovpn_resolved resolved;
	struct aovpn_error error;

	if (aovpn_resolve(facts->runtime, facts->name, RESOLVE_MS, &resolved,
			  &error) < 0)
		aovpn_resolve_here(facts->name, &resolved);
	o->kind = AOVPN_OBS_RESOLVED;
	o->source = AOVPN_SOURCE_DAEMON;
	o->time_ns = aovpn_boottime_ns();
	snprintf(o->u.resolved.name, sizeof(o->u.resolved.name), "%s",
		 facts->name);
	o->u.resolved.gai_error = resolved.gai_error;
	if (resolved.count > 0)
		aovpn_address_text((uint8_t)resolved.address[0].family,
				   resolved.address[0].address,
				   o->u.resolved.addresses,
				   sizeof(o->u.resolved.addresses));
}

void watched_facts_run(void *argument)
{
	struct watched_facts *facts = argument;

	if (facts->connection[0] != '\0')
		find_connection(facts);
	if (facts->subject[0] != '\0')
		find_chain(facts);
	if (facts->name[0] != '\0')
		resolve(facts);
}

void watched_facts_free(struct watched_facts *facts)
{
	if (!facts)
		return;
	aovpn_credential_free(facts->credential);
	free(facts);
}
