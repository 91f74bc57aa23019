/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_expiry.c - when a warning is due, and that it is due once. */
#include "expiry.h"

#include <CUnit/CUnit.h>

#define HOUR 3600
#define DAY  86400
#define END  1800000000

/* A certificate of a year. */
static const struct aovpn_term year = {
	.begin = END - 365 * DAY,
	.end = END,
	.first = AOVPN_URGENCY_30_DAYS,
};

static const struct aovpn_term crl = {
	.begin = END - 7 * DAY,
	.end = END,
	.first = AOVPN_URGENCY_1_DAY,
};

static void knows_the_thresholds(void)
{
	static const struct {
		time_t left;
		enum aovpn_urgency year, crl;
	} rows[] = {
		{365 * DAY, AOVPN_URGENCY_NONE, AOVPN_URGENCY_NONE},
		{30 * DAY + 1, AOVPN_URGENCY_NONE, AOVPN_URGENCY_NONE},
		{30 * DAY, AOVPN_URGENCY_30_DAYS, AOVPN_URGENCY_NONE},
		{14 * DAY + 1, AOVPN_URGENCY_30_DAYS, AOVPN_URGENCY_NONE},
		{14 * DAY, AOVPN_URGENCY_14_DAYS, AOVPN_URGENCY_NONE},
		{7 * DAY, AOVPN_URGENCY_7_DAYS, AOVPN_URGENCY_NONE},
		{DAY + 1, AOVPN_URGENCY_7_DAYS, AOVPN_URGENCY_NONE},
		{DAY, AOVPN_URGENCY_1_DAY, AOVPN_URGENCY_1_DAY},
		{0, AOVPN_URGENCY_1_DAY, AOVPN_URGENCY_1_DAY},
		{-1, AOVPN_URGENCY_OVER, AOVPN_URGENCY_OVER},
		{-400 * DAY, AOVPN_URGENCY_OVER, AOVPN_URGENCY_OVER},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(aovpn_urgency_at(&year, END - rows[i].left),
				rows[i].year);
		CU_ASSERT_EQUAL(aovpn_urgency_at(&crl, END - rows[i].left),
				rows[i].crl);
	}
}

/* What lives for an hour has no last day; what lives for a month has no last 30
 * days. */
static void short_lives_have_fewer_thresholds(void)
{
	const struct aovpn_term hour = {END - HOUR, END, year.first};
	const struct aovpn_term month = {END - 30 * DAY, END, year.first};
	const struct aovpn_term unknown = {0, END, year.first};

	CU_ASSERT_EQUAL(aovpn_urgency_at(&hour, END - HOUR),
			AOVPN_URGENCY_NONE);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&hour, END - 1), AOVPN_URGENCY_NONE);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&hour, END + 1), AOVPN_URGENCY_OVER);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&month, END - 30 * DAY),
			AOVPN_URGENCY_NONE);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&month, END - 14 * DAY),
			AOVPN_URGENCY_14_DAYS);
	CU_ASSERT_EQUAL(aovpn_urgency_at(&unknown, END - DAY),
			AOVPN_URGENCY_1_DAY);
}

/* Looked at every six hours for a year and a week. */
static void each_is_due_once(void)
{
	enum aovpn_urgency told = AOVPN_URGENCY_NONE;
	unsigned int due = 0;
	time_t now;

	for (now = year.begin; now < END + 7 * DAY; now += 6 * HOUR)
		due += aovpn_urgency_step(&year, now, &told);
	CU_ASSERT_EQUAL(due, 5);
	CU_ASSERT_EQUAL(told, AOVPN_URGENCY_OVER);
}

/* A machine that slept for a month is told the last one and no other. */
static void what_was_missed_is_told_as_one(void)
{
	enum aovpn_urgency told = AOVPN_URGENCY_NONE;

	CU_ASSERT_FALSE(aovpn_urgency_step(&year, END - 31 * DAY, &told));
	CU_ASSERT(aovpn_urgency_step(&year, END - 2 * DAY, &told));
	CU_ASSERT_EQUAL(told, AOVPN_URGENCY_7_DAYS);
	CU_ASSERT_FALSE(aovpn_urgency_step(&year, END - 2 * DAY, &told));
}

/* A clock without battery starts somewhere, and NTP puts it right. */
static void a_clock_that_jumps_back_forgets(void)
{
	enum aovpn_urgency told = AOVPN_URGENCY_NONE;

	CU_ASSERT(aovpn_urgency_step(&year, END + 900 * DAY, &told));
	CU_ASSERT_FALSE(aovpn_urgency_step(&year, END - 40 * DAY, &told));
	CU_ASSERT_EQUAL(told, AOVPN_URGENCY_NONE);
	CU_ASSERT(aovpn_urgency_step(&year, END - 30 * DAY, &told));
	/* But not for seconds. */
	CU_ASSERT_FALSE(aovpn_urgency_step(&year, END - 30 * DAY - 5, &told));
	CU_ASSERT_FALSE(aovpn_urgency_step(&year, END - 30 * DAY, &told));
}

static void counts_days(void)
{
	CU_ASSERT_EQUAL(aovpn_days_until(END, END - DAY), 1);
	CU_ASSERT_EQUAL(aovpn_days_until(END, END - DAY + 1), 0);
	CU_ASSERT_EQUAL(aovpn_days_until(END, END), 0);
	CU_ASSERT_EQUAL(aovpn_days_until(END, END + 1), -1);
	CU_ASSERT_EQUAL(aovpn_days_until(END, END + DAY), -1);
	CU_ASSERT_EQUAL(aovpn_days_until(END, END + DAY + 1), -2);
}

CU_TestInfo expiry_tests[] = {
	{"knows the thresholds", knows_the_thresholds},
	{"short lives have fewer thresholds",
	 short_lives_have_fewer_thresholds},
	{"each is due once", each_is_due_once},
	{"what was missed is told as one", what_was_missed_is_told_as_one},
	{"a clock that jumps back forgets", a_clock_that_jumps_back_forgets},
	{"counts days", counts_days},
	CU_TEST_INFO_NULL,
};
