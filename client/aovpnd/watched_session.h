/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched_session.h - one IKE_SA that somebody else dialled, from its first
 * message to the record of its end. watched.c finds out whose an event is, and
 * watched_ask.c asks for what charon's messages leave open.
 */
#ifndef AOVPN_WATCHED_SESSION_H
#define AOVPN_WATCHED_SESSION_H

#include <jansson.h>

#include "chain_check.h"
#include "charon_log.h"
#include "charon_source.h"
#include "diagnosis.h"
#include "xfrm_stat.h"

enum session_state {
	SESSION_DIALLING,
	SESSION_CLOSING, /* it failed; late facts come in */
	SESSION_UP,
	SESSION_ENDING, /* it was up; late facts come in */
};

struct session {
	struct session *next;
	struct watched *owner;
	struct charon_source *charon;
	uint32_t serial; /* unlike any other, also of a former session */
	enum session_state state;
	uint64_t over_ns; /* CLOSING: since when */
	struct charon_log log;
	struct aovpn_attempt attempt;
	struct daemon_losses lost_before;
	struct xfrm_stat xfrm_before;
	sd_event_source *timer;
	json_t *record; /* the last, NULL before the first */

	/* watched_ask.c's. */
	unsigned int asking;              /* workers that have to answer */
	char server[AOVPN_TEXT_MAX];      /* the name dialled; "": unknown */
	char certificate[AOVPN_TEXT_MAX]; /* whose chain was asked for */
	bool asked_connection, asked_name, asked_cas;
	bool keyless; /* charon has that certificate, and no key of it */
	struct chain_check *check; /* that runs; NULL */
};

struct watched {
	struct daemon *daemon;
	struct session *first;
	unsigned int count;
	uint32_t serial;
	uint32_t passed_by; /* the last IKE_SA that was one too many */
};

/* A dial begins, and with it a session. NULL: there are too many, or no memory.
 */
struct session *session_new(struct watched *watched,
			    struct charon_source *charon,
			    const struct charon_event *event);

/* Free it without a record. */
void session_clear(struct session *session);

/* NULL: that session is no more. */
struct session *session_find(const struct watched *watched, uint32_t serial);

bool session_is_dialling(const struct session *session);

/* The dial failed: a record is written as soon as nothing more is to come. */
void session_close(struct session *session);

/* Something came in, or a worker answered. */
void session_touch(struct session *session);

/* The tunnel is gone: the same. */
void session_end(struct session *session);

/* The dial is over: diagnose it, and write its record, now. Frees the session
 * unless it is up. */
void session_finish(struct session *session);

/* charon has ended, and this with it. Frees the session. */
void session_lose(struct session *session);

/* Find out, each once, what there is to ask by now. */
void session_ask(struct session *session);

/* A diagnosis is due: take what the check of the certificate has found by now.
 */
void session_take_checked(struct session *session);

/* What was asked for is not needed any more. */
void session_ask_no_more(struct session *session);

/* Does something that was asked for still matter? */
bool session_lacks_facts(const struct session *session);

#endif
