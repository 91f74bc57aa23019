/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preflight.c - see preflight.h. */
#include "preflight.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "profile_search.h"

struct preflight_job *preflight_new(const struct daemon *daemon,
				    const struct aovpn_profile *profile,
				    const struct aovpn_password *password,
				    time_t now)
{
	struct preflight_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->profile = *profile;
	if (password)
		job->secrets.password = *password;
	job->secrets.refused = daemon->refused;
	/* Whoever changes the profile wants another try. */
	job->secrets.stamp =
		aovpn_profile_stamp(daemon->paths.profiles, profile->name);
	job->now = now;
	return job;
}

void preflight_run(void *argument)
{
	struct preflight_job *job = argument;

	job->result =
		aovpn_candidates_choose(&job->profile, &job->secrets, job->now,
					&job->choice, &job->error);
	OPENSSL_cleanse(&job->secrets.password, sizeof(job->secrets.password));
}

struct preflight_job *preflight_free(struct preflight_job *job)
{
	if (!job)
		return NULL;
	aovpn_candidates_clear(&job->choice);
	OPENSSL_cleanse(&job->secrets, sizeof(job->secrets));
	free(job);
	return NULL;
}
