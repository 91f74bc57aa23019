/*
 * dial_job.h - the part of a dial that blocks, run in a worker: resolve the
 * server, load the connection into charon, initiate, clean up on failure.
 */
#ifndef AOVPN_DIAL_JOB_H
#define AOVPN_DIAL_JOB_H

#include "attempt.h"
#include "profile.h"
#include "tracer.h"

struct dial_job {
	/* Input, copies: the thread shares nothing but the tracer, which takes
	 * peers from any. */
	struct aovpn_profile profile;
	char vici[PATH_MAX];
	char charon_name[AOVPN_NAME_MAX];
	char identity[AOVPN_TEXT_MAX];
	struct tracer *tracer; /* to be told the gateway's address; NULL */
	bool first; /* dial of this connection: charon may have an IKE_SA that a
		       daemon before this one left */
	uint32_t interface_id; /* of the CHILD_SA, 0: none */
	void *owner;           /* for the one who takes the result */

	/* Output. */
	struct aovpn_observation resolved;
	uint8_t family; /* of the address that was dialled */
	uint8_t address[16];
	int result; /* 0, or -errno: of vici, -EHOSTUNREACH: not resolved */
	struct aovpn_error error;
};

/* worker_run_t of a dial. */
void dial_job_run(void *job);

/* worker_run_t that terminates the IKE_SA and unloads the connection. */
void hangup_job_run(void *job);

/* worker_run_t that does the same and waits for no peer. */
void clean_up_job_run(void *job);

/* worker_run_t that only terminates, so that a waiting dial_job_run returns. */
void cancel_job_run(void *job);

#endif
