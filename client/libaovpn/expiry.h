/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expiry.h - when to warn that something ends: a certificate (30, 14, 7 and 1
 * days before and when it has expired), a CRL (a day before its nextUpdate and
 * when that is past). Pure functions of dates.
 */
#ifndef AOVPN_EXPIRY_H
#define AOVPN_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* How near the end is; the greater, the nearer. */
enum aovpn_urgency {
	AOVPN_URGENCY_NONE,
	AOVPN_URGENCY_30_DAYS,
	AOVPN_URGENCY_14_DAYS,
	AOVPN_URGENCY_7_DAYS,
	AOVPN_URGENCY_1_DAY,
	AOVPN_URGENCY_OVER,
};

struct aovpn_term {
	time_t begin; /* seconds since 1970; 0: unknown */
	time_t end;
	/* The first that is of interest; earlier ones count as NONE. */
	enum aovpn_urgency first;
};

/*
 * How near is the end of term at the time now? A threshold that lies in the
 * first half of the whole term does not count: what lives for an hour is not in
 * its last day because of that.
 */
enum aovpn_urgency aovpn_urgency_at(const struct aovpn_term *term, time_t now);

/*
 * Is a warning due at the time now, where *told is the last one that was given
 * (AOVPN_URGENCY_NONE at first)? Sets *told. Each is due once, also when some
 * were missed; where a clock was set back by more than a day, they come again.
 */
bool aovpn_urgency_step(const struct aovpn_term *term, time_t now,
			enum aovpn_urgency *told);

/* Whole days from now until end, rounded down; negative where it is past. */
int64_t aovpn_days_until(time_t end, time_t now);

#endif
