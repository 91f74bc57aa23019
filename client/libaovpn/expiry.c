/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expiry.c - see expiry.h. */
#include "expiry.h"

#include <stddef.h>

#define DAY 86400

/* Seconds before the end. */
static const int64_t thresholds[] = {
	[AOVPN_URGENCY_30_DAYS] = 30 * DAY, [AOVPN_URGENCY_14_DAYS] = 14 * DAY,
	[AOVPN_URGENCY_7_DAYS] = 7 * DAY,   [AOVPN_URGENCY_1_DAY] = DAY,
	[AOVPN_URGENCY_OVER] = 0,
};

static bool counts(const struct aovpn_term *term, enum aovpn_urgency urgency)
{
	int64_t whole = (int64_t)term->end - (int64_t)term->begin;

	return urgency >= term->first &&
	       (term->begin == 0 || 2 * thresholds[urgency] <= whole ||
		urgency == AOVPN_URGENCY_OVER);
}

enum aovpn_urgency aovpn_urgency_at(const struct aovpn_term *term, time_t now)
{
	int64_t left = (int64_t)term->end - (int64_t)now;
	enum aovpn_urgency urgency;

	for (urgency = AOVPN_URGENCY_OVER; urgency > AOVPN_URGENCY_NONE;
	     urgency--)
		if (counts(term, urgency) && left <= thresholds[urgency])
			/* The end itself is still within (RFC 5280 4.1.2.5). */
			if (urgency != AOVPN_URGENCY_OVER || left < 0)
				return urgency;
	return AOVPN_URGENCY_NONE;
}

bool aovpn_urgency_step(const struct aovpn_term *term, time_t now,
			enum aovpn_urgency *told)
{
	enum aovpn_urgency current = aovpn_urgency_at(term, now);
	enum aovpn_urgency tomorrow = aovpn_urgency_at(term, now + DAY);
	bool due = current > *told;

	/* A clock that is put right by seconds, just at a threshold, must not
	 * make it come twice. */
	if (due || tomorrow < *told)
		*told = current;
	return due;
}

int64_t aovpn_days_until(time_t end, time_t now)
{
	int64_t left = (int64_t)end - (int64_t)now;

	return left < 0 ? -((-left + DAY - 1) / DAY) : left / DAY;
}
