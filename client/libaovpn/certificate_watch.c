/* SPDX-License-Identifier: GPL-2.0-or-later */
/* certificate_watch.c - see certificate_watch.h. */
#include "certificate_watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "look.h"

static struct aovpn_watched *add(struct aovpn_watch *watch,
				 enum aovpn_watched_kind kind,
				 const struct aovpn_certificate_facts *facts,
				 uint32_t depth)
{
	struct aovpn_watched *watched;

	if (watch->count == AOVPN_WATCHED_MAX)
		return NULL;
	watched = &watch->list[watch->count++];
	*watched = (struct aovpn_watched){.kind = kind, .depth = depth};
	memcpy(watched->subject, facts->subject, sizeof(watched->subject));
	return watched;
}

static void add_certificate(struct aovpn_watch *watch,
			    const struct aovpn_certificate_facts *facts,
			    uint32_t depth)
{
	struct aovpn_watched *watched =
		add(watch, AOVPN_WATCHED_CERTIFICATE, facts, depth);

	if (!watched)
		return;
	watched->term = (struct aovpn_term){facts->not_before, facts->not_after,
					    AOVPN_URGENCY_30_DAYS};
	snprintf(watched->id, sizeof(watched->id), "%s",
		 facts->thumbprint_sha256);
}

/* Is it there already? Two certificates may name one CRL. */
static bool is_listed(const struct aovpn_watch *watch, const char *id)
{
	size_t i;

	for (i = 0; i < watch->count; i++)
		if (strcmp(watch->list[i].id, id) == 0)
			return true;
	return false;
}

static void add_crl(struct aovpn_watch *watch,
		    const struct aovpn_certificate_facts *facts, uint32_t depth,
		    const struct aovpn_fetched *crl)
{
	struct aovpn_watched *watched;

	if (crl->kind != AOVPN_FETCH_CRL || crl->state != AOVPN_FETCH_OK ||
	    crl->next_update == 0 || is_listed(watch, crl->url))
		return;
	watched = add(watch, AOVPN_WATCHED_CRL, facts, depth);
	if (!watched)
		return;
	watched->term = (struct aovpn_term){crl->this_update, crl->next_update,
					    AOVPN_URGENCY_1_DAY};
	snprintf(watched->id, sizeof(watched->id), "%s", crl->url);
}

/* A certificate whose revocation could not be asked for: a name that lasts says
 * nothing about it. A missing CDP is no news every six hours. */
static bool is_unknown(const struct aovpn_certificate_facts *facts)
{
	switch ((enum aovpn_revocation_state)facts->revocation.state) {
	case AOVPN_REVOCATION_OFFLINE:
	case AOVPN_REVOCATION_INVALID:
		return true;
	case AOVPN_REVOCATION_NOT_CHECKED:
		return facts->has_cdp || facts->has_ocsp;
	case AOVPN_REVOCATION_NOT_NEEDED:
	case AOVPN_REVOCATION_GOOD:
	case AOVPN_REVOCATION_REVOKED:
	case AOVPN_REVOCATION_NO_POINT:
	case AOVPN_REVOCATION_STALE:
		break;
	}
	return false;
}

static void say_unknown(struct aovpn_watch *watch,
			const struct aovpn_certificate_facts *facts)
{
	if (watch->unknown[0] == '\0' && is_unknown(facts))
		snprintf(watch->unknown, sizeof(watch->unknown),
			 "the CRL for \"%.90s\" could not be had%s%.120s",
			 facts->subject, facts->revocation.text[0] ? ": " : "",
			 facts->revocation.text);
}

void aovpn_watch_list(const struct aovpn_check *check, struct aovpn_watch *ret)
{
	const struct aovpn_certificate_facts *facts;
	uint32_t i, point;

	ret->count = 0;
	ret->unknown[0] = '\0';
	for (i = 0; i < check->chain.count; i++) {
		facts = &check->chain.certificate[i];
		add_certificate(ret, facts, i);
		for (point = 0; point < check->asked[i].count; point++)
			add_crl(ret, facts, i, &check->asked[i].point[point]);
		say_unknown(ret, facts);
	}
}

int aovpn_watch_profile(const struct aovpn_profile *profile,
			const struct aovpn_fetcher *fetcher, time_t now,
			struct aovpn_watch *ret, struct aovpn_error *error)
{
	struct aovpn_check_input input = {.now = now, .fetcher = fetcher};
	struct aovpn_check *check = NULL;
	struct aovpn_look look;
	int r;

	r = aovpn_look_at_profile(profile, NULL, now, &look, error);
	if (r < 0)
		return r;
	input.leaf = look.leaf;
	input.chain = look.chain;
	r = aovpn_check_run(&input, &check);
	if (r == 0) {
		aovpn_watch_list(check, ret);
		memcpy(ret->file, look.file, sizeof(ret->file));
	}
	aovpn_check_free(check);
	aovpn_look_clear(&look);
	return r < 0 ? aovpn_error_set(error, r, "%s", strerror(-r)) : 0;
}

static void when_text(const struct aovpn_watched *watched, time_t now,
		      char *out, size_t size)
{
	int64_t days = aovpn_days_until(watched->term.end, now);
	char date[32] = "a date that cannot be read";
	struct tm tm;

	if (gmtime_r(&watched->term.end, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (days < 0)
		snprintf(out, size, "on %s", date);
	else if (days == 0)
		snprintf(out, size, "within a day, on %s", date);
	else
		snprintf(out, size, "in %lld day%s, on %s", (long long)days,
			 days == 1 ? "" : "s", date);
}

void aovpn_watched_text(const struct aovpn_watched *watched, time_t now,
			char *out, size_t size)
{
	bool over = watched->term.end < now;
	char when[80];

	when_text(watched, now, when, sizeof(when));
	switch (watched->kind) {
	case AOVPN_WATCHED_CERTIFICATE:
		snprintf(out, size, "the %scertificate \"%s\" %s %s",
			 watched->depth > 0 ? "CA " : "", watched->subject,
			 over ? "expired" : "expires", when);
		break;
	case AOVPN_WATCHED_CRL:
		snprintf(out, size,
			 "the CRL at %s, which NPS needs for \"%s\", %s %s",
			 watched->id, watched->subject,
			 over ? "went stale" : "goes stale", when);
		break;
	}
}
