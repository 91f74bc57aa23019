/* SPDX-License-Identifier: GPL-2.0-or-later */
/* held_key.c - see held_key.h. */
#include "held_key.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connections.h"
#include "plugin_server.h"
#include "worker.h"

struct held_key {
	unsigned int references;
	struct aovpn_credential *credential;
};

/* One signature; the worker touches nothing else. */
struct sign_job {
	struct daemon *daemon;
	struct held_key *key;
	struct aovpn_sign request;
	struct aovpn_signed answer;
	struct aovpn_error error;
};

struct held_key *held_key_new(struct aovpn_credential *credential)
{
	struct held_key *key = calloc(1, sizeof(*key));

	if (!key)
		return NULL;
	key->references = 1;
	key->credential = credential;
	return key;
}

struct held_key *held_key_unref(struct held_key *key)
{
	if (!key || --key->references > 0)
		return NULL;
	aovpn_credential_free(key->credential);
	free(key);
	return NULL;
}

static void sign_run(void *argument)
{
	struct sign_job *job = argument;
	size_t size = 0;

	job->answer.error = aovpn_credential_sign(
		job->key->credential, (enum aovpn_scheme)job->request.scheme,
		job->request.digest, job->request.digest_size,
		job->answer.signature, &size, &job->error);
	job->answer.size = job->answer.error ? 0 : (uint32_t)size;
}

static void answer(struct sign_job *job)
{
	job->answer.id = job->request.id;
	if (job->answer.error)
		snprintf(job->answer.text, sizeof(job->answer.text), "%.250s",
			 job->error.text);
	plugin_server_signed(job->daemon->plugin, &job->answer);
	if (job->answer.error)
		connections_sign_failed(job->daemon->connections, &job->request,
					job->error.text);
}

static void sign_done(void *argument)
{
	struct sign_job *job = argument;

	answer(job);
	held_key_unref(job->key);
	free(job);
}

static void refuse(struct daemon *daemon, const struct aovpn_sign *request,
		   int code, const char *why)
{
	struct sign_job job = {.daemon = daemon, .request = *request};

	job.answer.error = aovpn_error_set(&job.error, code, "%s", why);
	answer(&job);
}

void held_key_sign(struct daemon *daemon, struct held_key *key,
		   const struct aovpn_sign *request)
{
	struct sign_job *job;
	int r = -ENOMEM;

	if (!key) {
		refuse(daemon, request, -ENOKEY, "no key is held for this");
		return;
	}
	job = calloc(1, sizeof(*job));
	if (job) {
		job->daemon = daemon;
		job->key = key;
		job->request = *request;
		key->references++;
		r = worker_start(daemon->event, sign_run, sign_done, job);
	}
	if (r == 0)
		return;
	if (job)
		held_key_unref(key);
	free(job);
	refuse(daemon, request, r, strerror(-r));
}
