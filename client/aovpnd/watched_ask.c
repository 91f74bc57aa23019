/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched_ask.c - asks charon, a resolver and the servers of CRLs for what
 * charon's messages leave open about an attempt, while it runs. See
 * watched_session.h.
 *
 * What a connection is called and which certificate it names can be asked for
 * as soon as it is dialled, so that the certificate is checked by the time when
 * NPS refuses it, or when a certificate of the gateway looks expired and the
 * question is what time it is. What charon sends tells for sure, but later.
 */
#include "watched_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "watched_facts.h"
#include "worker.h"

static void on_checked(const struct aovpn_chain_facts *facts, void *userdata)
{
	struct session *s = userdata;

	s->check = NULL;
	if (facts && session_is_dialling(s))
		s->attempt.chain = *facts;
	session_touch(s);
}

/* What NPS will find out about our certificate: is it revoked, can its CRLs be
 * had. Only the roots that charon knows can end its chain. */
static void check_chain(struct session *s,
			const struct aovpn_credential *credential)
{
	int r;

	s->check = chain_check_forget(s->check);
	r = chain_check_start(s->owner->daemon, credential, "", on_checked, s,
			      &s->check);
	if (r < 0)
		log_warning("cannot check the certificate of \"%s\": %s",
			    s->attempt.connection, strerror(-r));
}

static void take_chain(struct session *s, const struct watched_facts *facts)
{
	s->attempt.chain = facts->chain;
	check_chain(s, facts->credential);
}

/* What charon's messages said of the CAs, with what is known now. */
static void take_cas(struct session *s, const struct watched_facts *facts)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_CA_LIST,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
		.ike_sa_id = s->attempt.ike_sa_id,
	};

	o.u.ca_list.count = s->log.ca_count;
	o.u.ca_list.ours = facts->ca_is_ours;
	memcpy(o.u.ca_list.names, s->log.ca_names, sizeof(o.u.ca_list.names));
	aovpn_attempt_add(&s->attempt, &o);
}

static void take_connection(struct session *s,
			    const struct watched_facts *facts)
{
	memcpy(s->server, facts->server, sizeof(s->server));
	if (s->certificate[0] == '\0')
		memcpy(s->certificate, facts->subject, sizeof(s->certificate));
	if (s->server[0] != '\0' && s->log.required[0] == '\0')
		memcpy(s->attempt.server, s->server, sizeof(s->attempt.server));
}

/* An answer to an older question may come last. */
static bool tells_of_chain(const struct session *s,
			   const struct watched_facts *facts)
{
	return facts->chain.count > 0 &&
	       strcmp(s->certificate, facts->subject) == 0;
}

static void take_facts(struct session *s, const struct watched_facts *facts)
{
	if (facts->connection[0] != '\0')
		take_connection(s, facts);
	if (strcmp(s->certificate, facts->subject) == 0)
		s->keyless = facts->keyless;
	if (tells_of_chain(s, facts) && facts->ca_count > 0)
		take_cas(s, facts);
	else if (tells_of_chain(s, facts))
		take_chain(s, facts);
	history_store_find(s->owner->daemon->history, &s->attempt);
	if (facts->resolved.kind != 0)
		aovpn_attempt_add(&s->attempt, &facts->resolved);
}

static void on_facts(void *argument)
{
	struct watched_facts *facts = argument;
	struct session *s = session_find(facts->owner, facts->serial);

	if (s) {
		s->asking--;
		if (session_is_dialling(s))
			take_facts(s, facts);
		session_touch(s);
	}
	watched_facts_free(facts);
}

static struct watched_facts *facts_new(struct session *s)
{
	struct watched_facts *facts = calloc(1, sizeof(*facts));
	const struct daemon *daemon = s->owner->daemon;

	if (!facts)
		return NULL;
	snprintf(facts->vici, sizeof(facts->vici), "%s",
		 charon_source_uri(s->charon));
	memcpy(facts->runtime, daemon->paths.runtime, sizeof(facts->runtime));
	facts->owner = s->owner;
	facts->serial = s->serial;
	return facts;
}

/* Takes over facts, which may be NULL. */
static void ask(struct session *s, struct watched_facts *facts)
{
	if (!facts)
		return;
	if (worker_start(s->owner->daemon->event, watched_facts_run, on_facts,
			 facts) < 0) {
		watched_facts_free(facts);
		return;
	}
	s->asking++;
}

static void ask_connection(struct session *s)
{
	struct watched_facts *facts = facts_new(s);

	if (facts)
		memcpy(facts->connection, s->attempt.charon_name,
		       sizeof(facts->connection));
	ask(s, facts);
}

static void ask_name(struct session *s)
{
	struct watched_facts *facts = facts_new(s);

	if (facts)
		memcpy(facts->name, s->log.server, sizeof(facts->name));
	ask(s, facts);
}

static void ask_certificate(struct session *s)
{
	struct watched_facts *facts = facts_new(s);

	memcpy(s->certificate, s->log.certificate, sizeof(s->certificate));
	if (facts)
		memcpy(facts->subject, s->certificate, sizeof(facts->subject));
	ask(s, facts);
}

/* Is the CA that NPS asked for, and charon knows, one of our own? */
static void ask_cas(struct session *s)
{
	struct watched_facts *facts = facts_new(s);

	if (facts) {
		memcpy(facts->subject, s->certificate, sizeof(facts->subject));
		memcpy(facts->ca, s->log.known_ca, sizeof(facts->ca));
		facts->ca_count = s->log.known_count;
	}
	ask(s, facts);
}

/* A certificate that was sent, and an end. */
static bool cas_matter(const struct session *s)
{
	return s->state == SESSION_CLOSING && s->log.certificate[0] != '\0' &&
	       s->log.known_count > 0 && s->log.known_count <= CHARON_CAS_MAX;
}

void session_ask(struct session *s)
{
	if (s->log.unresolved && !s->asked_name) {
		s->asked_name = true;
		ask_name(s);
	}
	if (s->log.certificate[0] != '\0' &&
	    strcmp(s->log.certificate, s->certificate) != 0)
		ask_certificate(s);
	if (!s->asked_connection) {
		s->asked_connection = true;
		ask_connection(s);
	}
	if (cas_matter(s) && !s->asked_cas) {
		s->asked_cas = true;
		ask_cas(s);
	}
}

void session_take_checked(struct session *s)
{
	const struct aovpn_chain_facts *facts = chain_check_so_far(s->check);

	if (facts)
		s->attempt.chain = *facts;
}

void session_ask_no_more(struct session *s)
{
	s->check = chain_check_forget(s->check);
}

bool session_lacks_facts(const struct session *s)
{
	return s->asking > 0 || (s->check && chain_check_matters(&s->attempt));
}
