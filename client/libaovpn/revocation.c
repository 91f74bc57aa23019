/* SPDX-License-Identifier: GPL-2.0-or-later */
/* revocation.c - several answers make one, see revocation.h. */
#include "revocation.h"

#include <stdio.h>
#include <string.h>

#include "escape.h"

/* A CRL of a CA whose clock is a little ahead is not from the future. */
#define CLOCK_SKEW_S 300

/* What one point's answer comes to, the better the higher. */
enum worth {
	UNTRIED,     /* nobody was asked */
	UNREACHABLE, /* asked, and nothing usable came from here */
	UNUSABLE,    /* it came, and is not the CA's word on the certificate */
	STALE,       /* it was that, until its nextUpdate */
	GOOD,
	REVOKED,
};

static bool is_fresh(const struct aovpn_fetched *p, time_t now)
{
	return p->next_update == 0 || p->next_update >= now;
}

static enum worth worth_of_answer(const struct aovpn_fetched *p, time_t now)
{
	if (p->status == AOVPN_STATUS_REVOKED)
		return REVOKED;
	if (p->status != AOVPN_STATUS_GOOD ||
	    p->this_update > now + CLOCK_SKEW_S)
		return UNUSABLE;
	return is_fresh(p, now) ? GOOD : STALE;
}

/* What is no CRL at all may come from a portal or a proxy that only this
 * machine is behind; what is too big for us may not be for NPS. */
static enum worth worth_of(const struct aovpn_fetched *p, time_t now)
{
	switch ((enum aovpn_fetch_state)p->state) {
	case AOVPN_FETCH_OK:
		return worth_of_answer(p, now);
	case AOVPN_FETCH_SIGNATURE:
	case AOVPN_FETCH_SCOPE:
		return UNUSABLE;
	case AOVPN_FETCH_SCHEME:
	case AOVPN_FETCH_OFFLINE:
	case AOVPN_FETCH_LOCAL:
		return UNTRIED;
	case AOVPN_FETCH_NAME:
	case AOVPN_FETCH_CONNECT:
	case AOVPN_FETCH_TIMEOUT:
	case AOVPN_FETCH_TLS:
	case AOVPN_FETCH_HTTP:
	case AOVPN_FETCH_REDIRECTS:
	case AOVPN_FETCH_TOO_BIG:
	case AOVPN_FETCH_FORMAT:
	case AOVPN_FETCH_RESPONDER:
		return UNREACHABLE;
	}
	return UNTRIED;
}

static const char *const failure_texts[] = {
	[AOVPN_FETCH_SCHEME] = "only http and https can be asked from here",
	[AOVPN_FETCH_NAME] = "the server's name does not resolve",
	[AOVPN_FETCH_CONNECT] = "no connection to the server",
	[AOVPN_FETCH_TIMEOUT] = "no whole answer in time",
	[AOVPN_FETCH_TLS] = "TLS with the server failed",
	[AOVPN_FETCH_HTTP] = "the server answered with an error",
	[AOVPN_FETCH_REDIRECTS] = "the server redirects too often",
	[AOVPN_FETCH_TOO_BIG] = "the answer is too big",
	[AOVPN_FETCH_FORMAT] = "the answer is no CRL or OCSP response",
	[AOVPN_FETCH_SIGNATURE] = "the answer is not signed by the issuer",
	[AOVPN_FETCH_SCOPE] = "the answer is about something else",
	[AOVPN_FETCH_OFFLINE] = "it is not in the cache, and was not asked",
	[AOVPN_FETCH_LOCAL] = "the helper that fetches could not run",
	[AOVPN_FETCH_RESPONDER] = "the responder says that it cannot answer",
};

#define FAILURES (sizeof(failure_texts) / sizeof(failure_texts[0]))

/* Why a point gives no answer, one clause. */
static const char *why_not(const struct aovpn_fetched *p, time_t now)
{
	if (p->state == AOVPN_FETCH_OK) {
		if (p->status == AOVPN_STATUS_UNKNOWN)
			return "the responder does not know the certificate";
		if (p->this_update > now + CLOCK_SKEW_S)
			return "the answer is from the future";
		if (!is_fresh(p, now))
			return "the answer is past its next update";
		return "the answer says nothing of the certificate";
	}
	if (p->text[0] != '\0')
		return p->text;
	if (p->state < FAILURES && failure_texts[p->state])
		return failure_texts[p->state];
	return "nobody was asked";
}

static void take_answer(const struct aovpn_fetched *p,
			struct aovpn_revocation_facts *ret)
{
	ret->checked_at = p->made_at;
	ret->this_update = p->this_update;
	ret->next_update = p->next_update;
	snprintf(ret->crl_number, sizeof(ret->crl_number), "%s", p->crl_number);
	snprintf(ret->source, sizeof(ret->source), "%s", p->url);
}

static void take_revoked(const struct aovpn_fetched *p, time_t now,
			 struct aovpn_revocation_facts *ret)
{
	ret->state = AOVPN_REVOCATION_REVOKED;
	take_answer(p, ret);
	ret->revoked_at = p->revoked_at;
	snprintf(ret->reason, sizeof(ret->reason), "%s", p->reason);
	if (!is_fresh(p, now))
		snprintf(ret->text, sizeof(ret->text),
			 "the answer is past its next update, and nothing "
			 "newer takes it back");
}

/* The first point of the highest worth. */
static const struct aovpn_fetched *best_of(const struct aovpn_fetched *points,
					   size_t count, time_t now)
{
	const struct aovpn_fetched *best = &points[0];
	size_t i;

	for (i = 1; i < count; i++)
		if (worth_of(&points[i], now) > worth_of(best, now))
			best = &points[i];
	return best;
}

static enum worth least_worth(const struct aovpn_fetched *points, size_t count,
			      time_t now)
{
	enum worth least = REVOKED;
	size_t i;

	for (i = 0; i < count; i++)
		if (worth_of(&points[i], now) < least)
			least = worth_of(&points[i], now);
	return least;
}

/* best: the highest of all points, and no answer; least: the lowest. */
static uint32_t state_without_answer(enum worth best, enum worth least)
{
	if (best == UNTRIED)
		return AOVPN_REVOCATION_NOT_CHECKED;
	if (least <= UNREACHABLE)
		return AOVPN_REVOCATION_OFFLINE;
	return best == STALE ? AOVPN_REVOCATION_STALE
			     : AOVPN_REVOCATION_INVALID;
}

/* Another point in a state of its own is named, too. */
static void write_why(const struct aovpn_fetched *best,
		      const struct aovpn_fetched *points, size_t count,
		      time_t now, char ret[AOVPN_TEXT_MAX])
{
	char line[3 * AOVPN_TEXT_MAX];
	const struct aovpn_fetched *other = NULL;
	size_t i;

	for (i = 0; i < count && !other; i++)
		if (worth_of(&points[i], now) != worth_of(best, now))
			other = &points[i];
	snprintf(line, sizeof(line), "%s%s%.100s%s%.80s", why_not(best, now),
		 other ? "; " : "", other ? other->url : "", other ? ": " : "",
		 other ? why_not(other, now) : "");
	aovpn_escape_string(line, ret, AOVPN_TEXT_MAX);
}

static bool has_web_page(const struct aovpn_fetched *points, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (points[i].web_page)
			return true;
	return false;
}

void aovpn_revocation_judge(const struct aovpn_fetched *points, size_t count,
			    time_t now, struct aovpn_revocation_facts *ret)
{
	const struct aovpn_fetched *best = best_of(points, count, now);
	enum worth worth = worth_of(best, now);

	*ret = (struct aovpn_revocation_facts){0};
	if (worth == REVOKED) {
		take_revoked(best, now, ret);
		return;
	}
	take_answer(best, ret);
	if (worth == GOOD) {
		ret->state = AOVPN_REVOCATION_GOOD;
		return;
	}
	ret->state =
		state_without_answer(worth, least_worth(points, count, now));
	write_why(best, points, count, now, ret->text);
	ret->web_page = has_web_page(points, count);
}

const char *aovpn_revocation_state_name(uint32_t state)
{
	switch ((enum aovpn_revocation_state)state) {
	case AOVPN_REVOCATION_NOT_CHECKED:
		return "not-checked";
	case AOVPN_REVOCATION_NOT_NEEDED:
		return "not-needed";
	case AOVPN_REVOCATION_GOOD:
		return "good";
	case AOVPN_REVOCATION_REVOKED:
		return "revoked";
	case AOVPN_REVOCATION_NO_POINT:
		return "no-point";
	case AOVPN_REVOCATION_OFFLINE:
		return "offline";
	case AOVPN_REVOCATION_STALE:
		return "stale";
	case AOVPN_REVOCATION_INVALID:
		return "invalid";
	}
	return "not-checked";
}
