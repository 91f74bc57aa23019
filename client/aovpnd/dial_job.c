/* dial_job.c - see dial_job.h. */
#include "dial_job.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "vici.h"

/* Resolve here and not in charon, so that the reason of a failure is known. */
static int resolve(struct dial_job *job)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
				       .ai_socktype = SOCK_DGRAM,
				       .ai_flags = AI_ADDRCONFIG};
	struct aovpn_observation *o = &job->resolved;
	const char *server = aovpn_profile_server(&job->profile, 0);
	struct addrinfo *list = NULL;

	o->kind = AOVPN_OBS_RESOLVED;
	o->source = AOVPN_SOURCE_DAEMON;
	snprintf(o->u.resolved.name, sizeof(o->u.resolved.name), "%s", server);
	o->u.resolved.gai_error = getaddrinfo(server, NULL, &hints, &list);
	o->time_ns = aovpn_boottime_ns();
	if (o->u.resolved.gai_error != 0)
		return -EHOSTUNREACH;
	aovpn_address_from_sockaddr(list->ai_addr, &job->family, job->address,
				    NULL);
	freeaddrinfo(list);
	aovpn_address_text(job->family, job->address, o->u.resolved.addresses,
			   sizeof(o->u.resolved.addresses));
	return 0;
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

	job->result = resolve(job);
	if (job->result < 0)
		return;
	if (job->tracer)
		tracer_add_peer(job->tracer, job->family, job->address);
	/* Whose IKE_SA that would be this daemon does not know: charon makes no
	 * second one beside it. */
	if (job->first)
		vici_terminate(job->vici, job->charon_name, true, NULL);
	job->result = vici_load(
		job->vici, job->charon_name, job->resolved.u.resolved.addresses,
		job->identity, &job->profile, job->interface_id, &job->error);
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
