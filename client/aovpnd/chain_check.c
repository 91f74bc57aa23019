/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chain_check.c - see chain_check.h. */
#include "chain_check.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "certificate_check.h"
#include "diagnosis.h"
#include "log.h"
#include "pki.h"
#include "worker.h"

struct chain_check {
	chain_check_done_t done; /* NULL: forgotten */
	void *userdata;

	/* The worker's. */
	X509 *leaf;
	STACK_OF(X509) *chain;
	char roots[PATH_MAX];
	char runtime[PATH_MAX];
	char cache[PATH_MAX];
	struct aovpn_check *result; /* NULL: without memory */

	/* Set once by the worker, which leaves it alone then; or NULL. */
	_Atomic(struct aovpn_check *) local;
};

static void check_free(struct chain_check *check)
{
	if (!check)
		return;
	X509_free(check->leaf);
	sk_X509_pop_free(check->chain, X509_free);
	aovpn_check_free(check->result);
	aovpn_check_free(atomic_load(&check->local));
	free(check);
}

/* --- in the worker --- */

/* A file of roots that cannot be read is reported where the dial uses it. */
static void add_roots(struct chain_check *check)
{
	STACK_OF(X509) *roots = NULL;
	X509 *root;

	if (check->roots[0] == '\0' ||
	    aovpn_roots_load(check->roots, &roots, NULL) < 0)
		return;
	while ((root = sk_X509_shift(roots)) != NULL)
		if (!sk_X509_push(check->chain, root))
			X509_free(root);
	sk_X509_free(roots);
}

static void run_locally(struct chain_check *check,
			const struct aovpn_check_input *input)
{
	struct aovpn_check *local = NULL;

	if (aovpn_check_run(input, &local) == 0)
		atomic_store(&check->local, local);
}

static void run(void *argument)
{
	struct chain_check *check = argument;
	const struct aovpn_fetcher_options options = {.runtime = check->runtime,
						      .cache = check->cache};
	struct aovpn_check_input input = {
		.leaf = check->leaf,
		.chain = check->chain,
		.now = time(NULL),
		.without_aia = true,
	};
	struct aovpn_fetcher *fetcher = NULL;

	add_roots(check);
	run_locally(check, &input);
	if (aovpn_fetcher_open(&options, &fetcher) == 0)
		input.fetcher = fetcher;
	aovpn_check_run(&input, &check->result);
	aovpn_fetcher_close(fetcher);
}

/* --- in the event loop --- */

static void on_done(void *argument)
{
	struct chain_check *check = argument;

	if (check->done && check->result)
		check->done(&check->result->chain, check->userdata);
	else if (check->done)
		check->done(NULL, check->userdata);
	check_free(check);
}

static struct chain_check *check_new(const struct daemon *daemon,
				     const struct aovpn_credential *credential,
				     const char *roots)
{
	struct chain_check *check = calloc(1, sizeof(*check));

	if (!check)
		return NULL;
	if (X509_up_ref(credential->certificate))
		check->leaf = credential->certificate;
	check->chain = credential->chain ? X509_chain_up_ref(credential->chain)
					 : sk_X509_new_null();
	if (!check->leaf || !check->chain) {
		check_free(check);
		return NULL;
	}
	snprintf(check->roots, sizeof(check->roots), "%s", roots);
	memcpy(check->runtime, daemon->paths.runtime, sizeof(check->runtime));
	memcpy(check->cache, daemon->paths.cache, sizeof(check->cache));
	return check;
}

int chain_check_start(struct daemon *daemon,
		      const struct aovpn_credential *credential,
		      const char *roots, chain_check_done_t done,
		      void *userdata, struct chain_check **ret)
{
	struct chain_check *check = check_new(daemon, credential, roots);
	int r;

	*ret = NULL;
	if (!check)
		return -ENOMEM;
	check->done = done;
	check->userdata = userdata;
	r = worker_start(daemon->event, run, on_done, check);
	if (r < 0) {
		check_free(check);
		return r;
	}
	*ret = check;
	return 0;
}

const struct aovpn_chain_facts *
chain_check_so_far(const struct chain_check *check)
{
	const struct aovpn_check *local =
		check ? atomic_load(&check->local) : NULL;

	return local ? &local->chain : NULL;
}

struct chain_check *chain_check_forget(struct chain_check *check)
{
	if (check)
		check->done = NULL;
	return NULL;
}

bool chain_check_matters(const struct aovpn_attempt *attempt)
{
	const enum aovpn_stage stage = aovpn_attempt_stage(attempt);

	return stage >= AOVPN_STAGE_EAP_TLS ||
	       stage == AOVPN_STAGE_CREDENTIAL ||
	       stage == AOVPN_STAGE_GATEWAY_AUTH;
}
