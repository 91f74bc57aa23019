/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_helper.h - reaching aovpn-fetch: a process for one request, started by
 * a service manager that listens at fetch.sock, else by us. For fetcher.c and
 * resolve.c.
 */
#ifndef AOVPN_FETCH_HELPER_H
#define AOVPN_FETCH_HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "fetch_protocol.h"

#define FETCH_HELPER_NAME "aovpn-fetch"
/* The helper itself answers in time, and can say what it waited for: this much
 * later it is not waited for any more. */
#define FETCH_HELPER_GRACE_MS 1000

/* Where helpers are, and what they get of the environment. */
struct fetch_helper_place;

/* A helper that was reached. */
struct fetch_helper {
	int socket;   /* ours; -1: none */
	pid_t pid;    /* 0: not our child */
	bool by_unit; /* a service manager started it */
};

/* runtime: directory of fetch.sock; NULL: always started by us. Errors:
 * -ENOMEM. */
int fetch_helper_place_open(const char *runtime,
			    struct fetch_helper_place **ret);
/* NULL is allowed. Returns NULL. */
struct fetch_helper_place *
fetch_helper_place_close(struct fetch_helper_place *place);

/*
 * Reach a helper and send it the request. by_unit: not by us, if that can be.
 * The caller ends it with fetch_helper_end, also after an error. Errors, with a
 * text: -errno.
 */
int fetch_helper_start(const struct fetch_helper_place *place, bool by_unit,
		       const struct fetch_request_message *request,
		       struct fetch_helper *ret, struct aovpn_error *error);

/* Read its answer, unchecked. Errors: -errno (it ended without one). */
int fetch_helper_receive(const struct fetch_helper *helper,
			 struct fetch_reply_message *ret);

/* It may have been taken over, and not end: it is ended. */
void fetch_helper_end(struct fetch_helper *helper);

/*
 * All of it for one request: the answer is unchecked. A unit that cannot start
 * the helper is gone around. Errors, with a text: -errno, -ETIMEDOUT.
 */
int fetch_helper_ask(const struct fetch_helper_place *place,
		     const struct fetch_request_message *request,
		     uint32_t timeout_ms, struct fetch_reply_message *ret,
		     struct aovpn_error *error);

#endif
