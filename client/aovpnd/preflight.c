/* preflight.c - see preflight.h. */
#include "preflight.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

/* Whoever changes the profile wants another try. */
static uint64_t profile_stamp(const struct daemon *daemon, const char *name)
{
	char path[2 * PATH_MAX];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s.conf", daemon->paths.profiles,
		 name);
	if (stat(path, &status) < 0)
		return 0;
	return (uint64_t)status.st_mtim.tv_sec * 1000000000u +
	       (uint64_t)status.st_mtim.tv_nsec;
}

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
	job->secrets.stamp = profile_stamp(daemon, profile->name);
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
