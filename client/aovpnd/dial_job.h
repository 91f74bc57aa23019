/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial_job.h - the part of a dial that blocks, run in a worker: resolve a
 * server; load the connection into charon, initiate, clean up on failure.
 */
#ifndef AOVPN_DIAL_JOB_H
#define AOVPN_DIAL_JOB_H

#include "attempt.h"
#include "profile.h"
#include "resolve.h"
#include "tracer.h"

struct dial_job {
	/* Input, copies: the thread shares nothing but the tracer, which takes
	 * peers from any. */
	struct aovpn_profile profile;
	char vici[PATH_MAX];
	char charon_name[AOVPN_NAME_MAX];
	char identity[AOVPN_TEXT_MAX];
	char runtime[PATH_MAX];
	char server[AOVPN_TEXT_MAX]; /* to be resolved */
	uint8_t family;              /* of the address to be dialled */
	uint8_t address[16];
	struct tracer *tracer; /* to be told the gateway's address; NULL */
	bool first; /* dial of this connection: charon may have an IKE_SA that a
		       daemon before this one left */
	uint32_t interface_id; /* of the CHILD_SA, 0: none */
	void *owner;           /* for the one who takes the result */

	/* Output. */
	struct aovpn_resolved resolved;
	/* 0, or -errno: of vici; of the helper that could not resolve, so that
	 * this process did. */
	int result;
	struct aovpn_error error;
};

/* worker_run_t that resolves server. */
void resolve_job_run(void *job);

/* worker_run_t of a dial of that address. */
void dial_job_run(void *job);

/* worker_run_t that terminates the IKE_SA and unloads the connection. */
void hangup_job_run(void *job);

/* worker_run_t that does the same and waits for no peer. */
void clean_up_job_run(void *job);

/* worker_run_t that only terminates, so that a waiting dial_job_run returns. */
void cancel_job_run(void *job);

#endif
