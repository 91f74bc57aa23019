/* SPDX-License-Identifier: GPL-2.0-or-later */
/* certificate_check.c - the order of a check, and its verdict; see
 * certificate_check.h. */
#include "certificate_check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "chain.h"
#include "escape.h"
#include "revocation.h"

/* What is asked of everybody at once, and where the answers belong. */
struct questions {
	uint32_t count;
	struct aovpn_fetch_request request[AOVPN_CHAIN_MAX * AOVPN_POINTS_MAX];
	uint32_t depth[AOVPN_CHAIN_MAX * AOVPN_POINTS_MAX];
};

/* A check that is being made. */
struct work {
	const struct aovpn_check_input *input;
	struct aovpn_chain path;
	struct aovpn_check *check;
	struct questions questions;
};

/* The number of certificates whose revocation counts. */
static uint32_t below_root(const struct aovpn_chain_facts *chain)
{
	return chain->complete ? chain->count - 1 : chain->count;
}

/* --- the chain ------------------------------------------------------------ */

static int build(struct work *w, bool strict)
{
	const struct aovpn_chain_sources sources = {
		.roots = w->input->roots,
		.chain = w->input->chain,
		.system_store = w->input->system_store,
		.fetcher = w->input->without_aia ? NULL : w->input->fetcher,
		.now = w->input->now,
	};
	int err;

	err = aovpn_chain_build(w->input->leaf, &sources, strict, &w->path);
	if (err)
		return err;
	err = aovpn_chain_validate(&w->path, w->input->roots, w->input->now,
				   &w->check->chain);
	if (err)
		aovpn_chain_clear(&w->path);
	return err;
}

/* Is a certificate not signed by the key of the one above it? */
static bool signature_failed(const struct aovpn_chain_facts *chain,
			     uint32_t *ret_depth)
{
	uint32_t i;

	for (i = 0; i < chain->error_count; i++) {
		if (chain->error[i].x509_error !=
		    X509_V_ERR_CERT_SIGNATURE_FAILURE)
			continue;
		*ret_depth = chain->error[i].depth;
		return true;
	}
	return false;
}

/* The issuer at hand bears the right name and has another key: another way may
 * lead to the right one. If none does, the error is what there is to tell. */
static int build_again(struct work *w, uint32_t failed)
{
	struct aovpn_chain first = w->path;
	struct aovpn_chain_facts *facts = &w->check->chain;
	int err;

	err = build(w, true);
	if (err) {
		w->path = first;
		return err;
	}
	if (w->path.count > failed + 1) {
		aovpn_chain_clear(&first);
		return 0;
	}
	first.aia_count = w->path.aia_count;
	memcpy(first.aia, w->path.aia, sizeof(first.aia));
	aovpn_chain_clear(&w->path);
	w->path = first;
	return aovpn_chain_validate(&w->path, w->input->roots, w->input->now,
				    facts);
}

static void read_facts(struct work *w)
{
	struct aovpn_check *check = w->check;
	uint32_t i;

	check->chain.gathered_at = w->input->now;
	check->chain.count = w->path.count;
	check->chain.complete = w->path.complete;
	for (i = 0; i < w->path.count; i++) {
		aovpn_certificate_facts_read(w->path.certificate[i],
					     &check->chain.certificate[i]);
		check->issuer_from_aia[i] = w->path.from_aia[i];
	}
	check->aia_count = w->path.aia_count;
	memcpy(check->aia, w->path.aia, sizeof(check->aia));
}

static int find_chain(struct work *w)
{
	uint32_t depth;
	int err;

	err = build(w, false);
	if (err)
		return err;
	if (signature_failed(&w->check->chain, &depth))
		err = build_again(w, depth);
	if (!err)
		read_facts(w);
	return err;
}

/* --- revocation ----------------------------------------------------------- */

static void ask(struct work *w, uint32_t depth, uint32_t kind,
		const struct aovpn_urls *urls)
{
	struct questions *q = &w->questions;
	uint32_t i;

	for (i = 0; i < urls->count; i++) {
		q->depth[q->count] = depth;
		q->request[q->count++] = (struct aovpn_fetch_request){
			.kind = kind,
			.url = urls->url[i],
			.certificate = w->path.certificate[depth],
			.issuer = w->path.certificate[depth + 1],
		};
	}
}

/* OCSP first: what Windows prefers is what is shown and judged first. */
static void gather_questions(struct work *w)
{
	const struct aovpn_chain_facts *chain = &w->check->chain;
	uint32_t i;

	for (i = 0; i + 1 < chain->count; i++) {
		ask(w, i, AOVPN_FETCH_OCSP, &chain->certificate[i].ocsp);
		ask(w, i, AOVPN_FETCH_CRL, &chain->certificate[i].cdp);
	}
}

static void keep(struct aovpn_check *check, uint32_t depth,
		 const struct aovpn_fetched *answer)
{
	uint32_t *count = &check->asked[depth].count;

	check->asked[depth].point[(*count)++] = *answer;
}

/* Ask at most as many as go into one call, from the at-th on. */
static int ask_some(struct work *w, uint32_t at, struct aovpn_fetched *answers)
{
	const struct aovpn_fetcher *fetcher = w->input->fetcher;
	const struct questions *q = &w->questions;
	uint32_t i, count = q->count - at;
	int err;

	if (count > AOVPN_FETCHES_MAX)
		count = AOVPN_FETCHES_MAX;
	err = fetcher->fetch(fetcher, &q->request[at], count, answers);
	for (i = 0; i < count && !err; i++)
		keep(w->check, q->depth[at + i], &answers[i]);
	return err;
}

static int ask_all(struct work *w)
{
	struct aovpn_fetched *answers;
	uint32_t at;
	int err = 0;

	gather_questions(w);
	if (!w->input->fetcher || w->questions.count == 0)
		return 0;
	answers = calloc(AOVPN_FETCHES_MAX, sizeof(*answers));
	if (!answers)
		return -ENOMEM;
	for (at = 0; at < w->questions.count && !err; at += AOVPN_FETCHES_MAX)
		err = ask_some(w, at, answers);
	free(answers);
	return err;
}

/* Why nobody was asked about a certificate that names somebody. */
static const char *why_not_asked(const struct work *w, uint32_t depth)
{
	const struct aovpn_certificate_facts *c =
		&w->check->chain.certificate[depth];

	if (c->cdp.count == 0 && c->ocsp.count == 0)
		return "none of its URLs is usable here";
	if (depth + 1 == w->check->chain.count)
		return "its issuer is not at hand, whose signature the answer "
		       "must bear";
	return "nobody was asked, as the network was not to be used";
}

static void judge_revocation(struct work *w, uint32_t depth)
{
	struct aovpn_check *check = w->check;
	struct aovpn_certificate_facts *c = &check->chain.certificate[depth];

	if (!c->has_cdp && !c->has_ocsp) {
		c->revocation.state = AOVPN_REVOCATION_NO_POINT;
		snprintf(c->revocation.text, sizeof(c->revocation.text),
			 "it names neither a CRL nor an OCSP responder");
	} else if (check->asked[depth].count > 0) {
		aovpn_revocation_judge(check->asked[depth].point,
				       check->asked[depth].count, w->input->now,
				       &c->revocation);
	} else {
		snprintf(c->revocation.text, sizeof(c->revocation.text), "%s",
			 why_not_asked(w, depth));
	}
}

static int find_revocation(struct work *w)
{
	struct aovpn_chain_facts *chain = &w->check->chain;
	uint32_t i;
	int err;

	err = ask_all(w);
	if (err)
		return err;
	for (i = 0; i < below_root(chain); i++)
		judge_revocation(w, i);
	if (chain->complete)
		chain->certificate[chain->count - 1].revocation.state =
			AOVPN_REVOCATION_NOT_NEEDED;
	return 0;
}

/* --- verdict and remarks -------------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
write_sentence(char ret[AOVPN_REMARK_MAX], const char *format, ...)
{
	char line[2 * AOVPN_REMARK_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	/* A subject may have been cut within a character. */
	aovpn_escape_string(line, ret, AOVPN_REMARK_MAX);
}

/* The first prediction that might refuse; NULL for none. */
static const struct aovpn_prediction *
first_doubt(const struct aovpn_predictions *predictions)
{
	uint32_t i;

	for (i = 0; i < predictions->count; i++)
		if (!predictions->list[i].note)
			return &predictions->list[i];
	return NULL;
}

/* Say in check->unknown what keeps the verdict open; false if nothing does. */
static bool find_unknown(struct aovpn_check *check)
{
	const struct aovpn_chain_facts *chain = &check->chain;
	const struct aovpn_prediction *doubt = first_doubt(&check->predictions);
	const struct aovpn_certificate_facts *c;
	uint32_t depth;

	if (!chain->complete) {
		c = &chain->certificate[chain->count - 1];
		write_sentence(check->unknown,
			       "the chain ends before a root: the issuer "
			       "\"%.180s\" of \"%.180s\" is not at hand",
			       c->issuer, c->subject);
	} else if (aovpn_check_revocation_skipped(check, &depth)) {
		c = &chain->certificate[depth];
		write_sentence(check->unknown,
			       "the revocation of \"%.200s\" could not be "
			       "found out: %.220s",
			       c->subject, c->revocation.text);
	} else if (doubt) {
		write_sentence(check->unknown, "%s", doubt->evidence[0]);
	}
	return check->unknown[0] != '\0';
}

/* Predictions are in the order of their confidence. */
static void judge(struct aovpn_check *check)
{
	if (check->predictions.count > 0 &&
	    check->predictions.list[0].confidence >= AOVPN_LIKELY)
		check->verdict = AOVPN_CHECK_REFUSED;
	else if (find_unknown(check))
		check->verdict = AOVPN_CHECK_UNKNOWN;
	else
		check->verdict = AOVPN_CHECK_ACCEPTED;
}

static char *next_remark(struct aovpn_check *check)
{
	return check->remark[check->remark_count++];
}

/* What NPS trusts is in its own stores. */
static void remark_on_trust(struct aovpn_check *check)
{
	const struct aovpn_chain_facts *chain = &check->chain;
	const struct aovpn_certificate_facts *c;

	c = &chain->certificate[chain->count - 1];
	if (chain->complete && !chain->root_given)
		write_sentence(next_remark(check),
			       "NPS must hold the root \"%.200s\" (thumbprint "
			       "%s) among its trusted roots, which cannot be "
			       "seen from here",
			       c->subject, c->thumbprint);
	if (chain->count < 2)
		return;
	c = &chain->certificate[1];
	write_sentence(next_remark(check),
		       "the issuing CA \"%.200s\" (thumbprint %s) must be in "
		       "NTAuth, which cannot be seen from here: on the NPS "
		       "server `certutil -enterprise -viewstore NTAuth` lists "
		       "it",
		       c->subject, c->thumbprint);
}

/* An issuer that had to be fetched is one that the client does not send. */
static void remark_on_aia(struct aovpn_check *check)
{
	uint32_t i;

	for (i = 1; i < below_root(&check->chain); i++)
		if (check->issuer_from_aia[i])
			write_sentence(
				next_remark(check),
				"the CA certificate \"%.200s\" was fetched by "
				"AIA: NPS must fetch it too unless the client "
				"sends it (Chain= in the profile)",
				check->chain.certificate[i].subject);
}

static int run(struct work *w)
{
	struct aovpn_check *check = w->check;
	int err;

	err = find_chain(w);
	if (err)
		return err;
	err = find_revocation(w);
	if (err)
		return err;
	aovpn_kind_find(&check->chain, &check->kind);
	aovpn_predict(&check->chain, w->input->now, &check->predictions);
	judge(check);
	remark_on_trust(check);
	remark_on_aia(check);
	return 0;
}

/* What one of the servers called the time. */
static void note_server_time(struct aovpn_check *result)
{
	const struct aovpn_fetched *f;
	uint32_t i, k;

	for (i = 0; i < result->chain.count; i++)
		for (k = 0; k < result->asked[i].count; k++) {
			f = &result->asked[i].point[k];
			if (f->server_time == 0)
				continue;
			result->chain.server_time = f->server_time;
			result->chain.server_asked_at = f->made_at;
			return;
		}
}

int aovpn_check_run(const struct aovpn_check_input *input,
		    struct aovpn_check **ret)
{
	struct work *w = calloc(1, sizeof(*w));
	int err = -ENOMEM;

	if (!w)
		return -ENOMEM;
	w->input = input;
	w->check = calloc(1, sizeof(*w->check));
	if (w->check)
		err = run(w);
	if (err) {
		aovpn_check_free(w->check);
	} else {
		note_server_time(w->check);
		*ret = w->check;
	}
	aovpn_chain_clear(&w->path);
	free(w);
	ERR_clear_error();
	return err;
}

struct aovpn_check *aovpn_check_free(struct aovpn_check *check)
{
	free(check);
	return NULL;
}

uint32_t aovpn_check_leaf_revocation(const struct aovpn_check *check)
{
	return check->chain.certificate[0].revocation.state;
}

bool aovpn_check_revocation_skipped(const struct aovpn_check *check,
				    uint32_t *ret_depth)
{
	uint32_t i, state;

	for (i = 0; i < below_root(&check->chain); i++) {
		state = check->chain.certificate[i].revocation.state;
		if (state == AOVPN_REVOCATION_GOOD ||
		    state == AOVPN_REVOCATION_REVOKED)
			continue;
		*ret_depth = i;
		return true;
	}
	return false;
}

const char *aovpn_check_verdict_name(enum aovpn_check_verdict verdict)
{
	switch (verdict) {
	case AOVPN_CHECK_ACCEPTED:
		return "accepted";
	case AOVPN_CHECK_REFUSED:
		return "refused";
	case AOVPN_CHECK_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}
