/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock_facts.c - see clock_facts.h. */
#include "clock_facts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <systemd/sd-id128.h>
#include <time.h>

#include "state_file.h"

#define SECONDS_MAX 100000000000ll /* the year 5138 */

/* What connected when: by both clocks, the second counting since that boot. */
struct remembered {
	char boot[SD_ID128_STRING_MAX];
	int64_t time, since_boot;
};

static void this_boot(char out[SD_ID128_STRING_MAX])
{
	sd_id128_t boot;

	out[0] = '\0';
	if (sd_id128_get_boot(&boot) >= 0)
		sd_id128_to_string(boot, out);
}

static int64_t seconds_since_boot(void)
{
	return (int64_t)(aovpn_boottime_ns() / 1000000000u);
}

static bool recall(const char *path, struct remembered *ret)
{
	json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_int_t when, since_boot;
	const char *boot;
	bool good;

	good = object &&
	       json_unpack(object, "{s:s, s:I, s:I}", "boot", &boot, "time",
			   &when, "since_boot", &since_boot) == 0 &&
	       strlen(boot) < sizeof(ret->boot) && when > 0 &&
	       when < SECONDS_MAX && since_boot >= 0 &&
	       since_boot < SECONDS_MAX;
	if (good) {
		snprintf(ret->boot, sizeof(ret->boot), "%s", boot);
		ret->time = when;
		ret->since_boot = since_boot;
	}
	json_decref(object);
	return good;
}

/* adjtimex(2): does NTP or the like discipline the clock? */
static bool is_synchronised(void)
{
	struct timex timex = {.modes = 0};

	return adjtimex(&timex) != TIME_ERROR;
}

static int32_t bounded(int64_t seconds)
{
	if (seconds > INT32_MAX)
		return INT32_MAX;
	return seconds < INT32_MIN ? INT32_MIN : (int32_t)seconds;
}

static void later_than(struct aovpn_observation *o, int64_t when,
		       const char *what)
{
	if (when <= 0 || (uint64_t)when <= o->u.clock.latest)
		return;
	o->u.clock.latest = (uint64_t)when;
	snprintf(o->u.clock.latest_by, sizeof(o->u.clock.latest_by), "%s",
		 what);
}

void clock_facts_look(const char *path, struct aovpn_observation *ret)
{
	char boot[SD_ID128_STRING_MAX];
	const int64_t now = time(NULL);
	struct remembered last;
	struct stat program;

	memset(ret, 0, sizeof(*ret));
	ret->kind = AOVPN_OBS_CLOCK;
	ret->source = AOVPN_SOURCE_DAEMON;
	ret->time_ns = aovpn_boottime_ns();
	ret->u.clock.now = (uint64_t)now;
	ret->u.clock.synchronised = is_synchronised();
	if (stat("/proc/self/exe", &program) == 0)
		later_than(ret, program.st_mtime,
			   "aovpnd itself was installed on");
	if (!recall(path, &last))
		return;
	later_than(ret, last.time, "a dial has connected already on");
	this_boot(boot);
	if (strcmp(boot, last.boot) == 0)
		ret->u.clock.stepped =
			bounded(now - last.time -
				(seconds_since_boot() - last.since_boot));
}

uint64_t clock_asleep_ns(void)
{
	struct timespec awake = {0};

	clock_gettime(CLOCK_MONOTONIC, &awake);
	return aovpn_boottime_ns() -
	       ((uint64_t)awake.tv_sec * 1000000000u + (uint64_t)awake.tv_nsec);
}

int clock_facts_remember(const char *directory, const char *path)
{
	char boot[SD_ID128_STRING_MAX];
	json_t *object;
	int r;

	this_boot(boot);
	object = json_pack("{s:s, s:I, s:I}", "boot", boot, "time",
			   (json_int_t)time(NULL), "since_boot",
			   (json_int_t)seconds_since_boot());
	r = object ? state_file_write(directory, path, object) : -ENOMEM;
	json_decref(object);
	return r;
}
