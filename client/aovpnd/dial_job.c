/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dial_job.c - see dial_job.h. */
#include "dial_job.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "vici.h"

/* How long a resolver may take: glibc asks two servers twice for five seconds
 * each. */
#define RESOLVE_MS 25000

/* Resolve here and not in charon, so that the reason of a failure is known. */
void resolve_job_run(void *argument)
{
	struct dial_job *job = argument;

	job->result = aovpn_resolve(job->runtime, job->server, RESOLVE_MS,
				    &job->resolved, &job->error);
	if (job->result < 0)
		aovpn_resolve_here(job->server, &job->resolved);
}

static void clean_up(struct dial_job *job)
{
	/* Whatever a failed dial left: an IKE_SA without CHILD_SA stays up
	 * in charon. What cannot be ended now is gone with charon itself. */
	vici_terminate(job->vici, job->charon_name, true, NULL);
	vici_unload(job->vici, job->charon_name, NULL);
}

void dial_job_run(void *argument)
{
	struct dial_job *job = argument;

	char address[INET6_ADDRSTRLEN];

	aovpn_address_text(job->family, job->address, address, sizeof(address));
	if (job->tracer)
		tracer_add_peer(job->tracer, job->family, job->address);
	/* Whose IKE_SA that would be this daemon does not know: charon makes no
	 * second one beside it. */
	if (job->first)
		vici_terminate(job->vici, job->charon_name, true, NULL);
	job->result =
		vici_load(job->vici, job->charon_name, address, job->identity,
			  &job->profile, job->interface_id, &job->error);
	if (job->result == 0)
		job->result = vici_initiate(job->vici, job->charon_name,
					    job->profile.dial_timeout_s * 1000,
					    &job->error);
	if (job->result < 0)
		clean_up(job);
}

void hangup_job_run(void *argument)
{
	struct dial_job *job = argument;

	job->result =
		vici_terminate(job->vici, job->charon_name, false, &job->error);
	clean_up(job);
}

void clean_up_job_run(void *argument)
{
	clean_up(argument);
}

void cancel_job_run(void *argument)
{
	struct dial_job *job = argument;

	job->result =
		vici_terminate(job->vici, job->charon_name, true, &job->error);
}
