/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_clock_facts.c - what is remembered of the clock, and what of damage. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>
#include <unistd.h>

#include "clock_facts.h"

static char directory[32], path[64];
static struct aovpn_observation o;

static void begin(void)
{
	strcpy(directory, "/tmp/aovpn-test.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/clock.json", directory);
}

static void end(void)
{
	unlink(path);
	rmdir(directory);
}

/* The file, as if it had been written so long ago, by the wall clock and by the
 * one that counts from boot. */
static void write_file(const char *boot, int64_t ago, int64_t boot_ago)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fprintf(file, "{\"boot\":\"%s\",\"time\":%lld,\"since_boot\":%lld}\n",
		boot, (long long)(time(NULL) - ago),
		(long long)(aovpn_boottime_ns() / 1000000000u) -
			(long long)boot_ago);
	fclose(file);
}

static bool is_about(int64_t value, int64_t expected)
{
	return value >= expected - 2 && value <= expected + 2;
}

static void a_success_is_remembered(void)
{
	begin();
	CU_ASSERT_EQUAL(clock_facts_remember(directory, path), 0);
	clock_facts_look(path, &o);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_CLOCK);
	CU_ASSERT_TRUE(is_about((int64_t)o.u.clock.now, time(NULL)));
	CU_ASSERT_TRUE(is_about((int64_t)o.u.clock.latest, time(NULL)));
	CU_ASSERT_STRING_EQUAL(o.u.clock.latest_by,
			       "a dial has connected already on");
	CU_ASSERT_TRUE(is_about(o.u.clock.stepped, 0));
	end();
}

static void a_step_shows_within_one_boot(void)
{
	char boot[SD_ID128_STRING_MAX];
	sd_id128_t id;

	begin();
	CU_ASSERT_FATAL(sd_id128_get_boot(&id) >= 0);
	sd_id128_to_string(id, boot);
	write_file(boot, 90000, 10);
	clock_facts_look(path, &o);
	CU_ASSERT_TRUE(is_about(o.u.clock.stepped, 89990));
	write_file(boot, -90000, 10);
	clock_facts_look(path, &o);
	CU_ASSERT_TRUE(is_about(o.u.clock.stepped, -90010));
	CU_ASSERT_TRUE(is_about((int64_t)o.u.clock.latest, time(NULL) + 90000));
	write_file("0123456789abcdef0123456789abcdef", 90000, 10);
	clock_facts_look(path, &o);
	CU_ASSERT_EQUAL(o.u.clock.stepped, 0);
	end();
}

static void damage_tells_nothing(void)
{
	static const char *const damaged[] = {
		"",
		"{",
		"[]",
		"{\"boot\":1,\"time\":2,\"since_boot\":3}",
		"{\"boot\":\"x\",\"time\":-5,\"since_boot\":3}",
		"{\"boot\":\"x\",\"time\":5}",
		"{\"boot\":\"0123456789abcdef0123456789abcdef0\",\"time\":"
		"9223372036854775807,\"since_boot\":0}"};
	FILE *file;
	size_t i;

	begin();
	for (i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		file = fopen(path, "w");
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		fputs(damaged[i], file);
		fclose(file);
		clock_facts_look(path, &o);
		CU_ASSERT_STRING_NOT_EQUAL(o.u.clock.latest_by,
					   "a dial has connected already on");
		CU_ASSERT_EQUAL(o.u.clock.stepped, 0);
	}
	end();
}

CU_TestInfo clock_facts_tests[] = {
	{"a success is remembered", a_success_is_remembered},
	{"a step shows within one boot", a_step_shows_within_one_boot},
	{"damage tells nothing", damage_tells_nothing},
	CU_TEST_INFO_NULL,
};
