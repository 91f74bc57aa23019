/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_findings.c - is it this machine's clock that makes certificates look
 * expired, or not yet valid? A battery that is empty sets it back by years, and
 * nothing then fits; but a certificate may as well be what it looks like. So it
 * takes evidence: a server's time, what the machine knows to be past already, a
 * step of the clock, CAs and CRLs from the future.
 *
 * All of it can be forged or be chance: nothing here is certain.
 */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Less is no reason for a certificate to look invalid, but for NTP. */
#define DAY 86400

struct clock {
	const struct view *view;
	int64_t now; /* by this machine, when the dial began */
	bool ahead;  /* what is looked for: ahead of the time, or behind */
	char line[AOVPN_EVIDENCE_MAX][AOVPN_TEXT_MAX];
	uint32_t count;
};

static void date_text(int64_t when, char out[32])
{
	const time_t seconds = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) ||
	    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

/* The clock says `now` and something else that it is `then`. */
static void compare(struct clock *c, const char *what, int64_t now,
		    int64_t then)
{
	char ours[32], theirs[32];

	if (c->count == AOVPN_EVIDENCE_MAX ||
	    (c->ahead ? now - then : then - now) < DAY)
		return;
	date_text(now, ours);
	date_text(then, theirs);
	snprintf(c->line[c->count++], AOVPN_TEXT_MAX,
		 "this machine's clock said %s, and %.120s %s", ours, what,
		 theirs);
}

static void check_server(struct clock *c)
{
	const struct aovpn_chain_facts *chain = &c->view->attempt->chain;

	if (chain->server_time != 0)
		compare(c, "the web server of our CA's CRL said at that time",
			chain->server_asked_at, chain->server_time);
}

static void check_step(struct clock *c)
{
	const struct aovpn_observation *o = c->view->clock;
	const int64_t stepped = o ? o->u.clock.stepped : 0;

	if (c->count == AOVPN_EVIDENCE_MAX ||
	    (c->ahead ? stepped : -stepped) < DAY)
		return;
	snprintf(c->line[c->count++], AOVPN_TEXT_MAX,
		 "it was put %s by %" PRId64
		 " days since the last dial that connected",
		 c->ahead ? "forward" : "back",
		 ((c->ahead ? stepped : -stepped) + DAY / 2) / DAY);
}

static void check_past(struct clock *c)
{
	const struct aovpn_observation *o = c->view->clock;

	if (!c->ahead && o && o->u.clock.latest != 0)
		compare(c, o->u.clock.latest_by, c->now,
			(int64_t)o->u.clock.latest);
}

/* CAs are made long before what they issue, and CRLs before they are read. */
static void check_chain(struct clock *c)
{
	const struct aovpn_chain_facts *chain = &c->view->attempt->chain;
	const struct aovpn_certificate_facts *f;
	uint32_t i;

	for (i = 0; i < chain->count && !c->ahead; i++) {
		f = &chain->certificate[i];
		if (i > 0)
			compare(c, "a CA of our own chain begins on", c->now,
				f->not_before);
		if (f->revocation.this_update != 0)
			compare(c, "a CRL of our CA was issued on", c->now,
				f->revocation.this_update);
	}
}

static void add_all(const struct clock *c, struct aovpn_outcome *out)
{
	uint32_t i;

	for (i = 0; i < c->count; i++)
		finding_add(out, "client-clock-wrong", AOVPN_LIKELY, c->line[i],
			    NULL);
	if (c->view->clock && !c->view->clock->u.clock.synchronised)
		finding_add(out, "client-clock-wrong", AOVPN_LIKELY,
			    "no time service keeps this machine's clock", NULL);
}

bool clock_findings(const struct view *v, bool ahead, struct aovpn_outcome *out)
{
	struct clock c = {
		.view = v,
		.now = v->attempt->started_at,
		.ahead = ahead,
	};

	check_server(&c);
	check_step(&c);
	check_past(&c);
	check_chain(&c);
	if (c.count > 0)
		add_all(&c, out);
	return c.count > 0;
}

bool clock_is_confirmed(const struct view *v)
{
	const struct aovpn_chain_facts *chain = &v->attempt->chain;
	const int64_t off = chain->server_asked_at - chain->server_time;

	return chain->server_time != 0 && off < DAY && off > -DAY;
}

void clock_doubt(const struct view *v, struct aovpn_outcome *out)
{
	if (clock_is_confirmed(v) || !v->clock ||
	    v->clock->u.clock.synchronised)
		return;
	finding_add(out, "client-clock-wrong", AOVPN_POSSIBLE,
		    "no time service keeps this machine's clock", NULL);
}
