/* SPDX-License-Identifier: GPL-2.0-or-later */
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
	X509 *certificate;

	if (vici_certs_find(facts->vici, facts->subject, &facts->credential,
			    &error) == 0) {
		aovpn_chain_facts_read(facts->credential, NULL, &facts->chain);
		return;
	}
	certificate = vici_certs_find_any(facts->vici, facts->subject);
	facts->keyless = certificate != NULL;
	X509_free(certificate);
}

static bool is_in_chain(const struct aovpn_chain_facts *chain,
			const char *subject)
{
	uint32_t i;

	for (i = 0; i < chain->count; i++)
		if (strcmp(chain->certificate[i].issuer, subject) == 0)
			return true;
	return false;
}

/* charon prints names in a way of its own; so it is asked for the certificate
 * that it means. One that cannot be had may be any. */
static bool is_above(const struct watched_facts *facts, const char *ca)
{
	struct aovpn_credential of = {
		.certificate = vici_certs_find_any(facts->vici, ca),
	};
	struct aovpn_chain_facts itself = {0};
	bool above;

	if (!of.certificate)
		return true;
	aovpn_chain_facts_read(&of, NULL, &itself);
	above = itself.count == 0 ||
		is_in_chain(&facts->chain, itself.certificate[0].subject);
	X509_free(of.certificate);
	return above;
}

static void compare_cas(struct watched_facts *facts)
{
	uint32_t i;

	for (i = 0; i < facts->ca_count && !facts->ca_is_ours; i++)
		facts->ca_is_ours = is_above(facts, facts->ca[i]);
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
	if (facts->chain.count > 0)
		compare_cas(facts);
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
