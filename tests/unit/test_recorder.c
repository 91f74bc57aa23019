/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_recorder.c - the JSON lines stay whole lines, whatever the disk does, in
 * generations; what syslog and Prometheus get is bounded.
 */
#include "metrics.h"
#include "record.h"
#include "record_file.h"
#include "record_syslog.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

static char path[64];
static struct record_file_limits limits = {RECORD_FILE_SIZE, RECORD_FILE_KEEP};

static void new_file(void)
{
	int fd;

	strcpy(path, "/tmp/aovpn-recorder.XXXXXX");
	fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
}

static long file_size(void)
{
	struct stat st;

	return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static int append(int number)
{
	json_t *record = json_pack("{s:i}", "number", number);
	struct aovpn_error error;
	int r = (int)record_file_append(path, &limits, record, &error);

	json_decref(record);
	if (r < 0)
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, path));
	return r;
}

static void records_follow_each_other(void)
{
	char text[64] = "";
	FILE *file;

	new_file();
	CU_ASSERT_EQUAL(append(1), 0);
	CU_ASSERT_EQUAL(append(2), 0);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fread(text, 1, sizeof(text) - 1, file), 26);
	fclose(file);
	CU_ASSERT_STRING_EQUAL(text, "{\"number\":1}\n{\"number\":2}\n");
	unlink(path);
}

/* The size limit of a process stands in for a full disk: write(2) takes a part
 * and then nothing. */
static void a_full_disk_leaves_no_half_line(void)
{
	struct rlimit before, limit;

	new_file();
	CU_ASSERT_EQUAL(append(1), 0);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 20;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	CU_ASSERT_EQUAL(append(2), -ENOSPC);
	setrlimit(RLIMIT_FSIZE, &before);
	CU_ASSERT_EQUAL(file_size(), 13);
	CU_ASSERT_EQUAL(append(3), 0);
	CU_ASSERT_EQUAL(file_size(), 26);
	unlink(path);
}

static void a_link_is_not_followed(void)
{
	char target[64];

	new_file();
	strcpy(target, path);
	strcat(path, ".link");
	CU_ASSERT_EQUAL_FATAL(symlink(target, path), 0);
	CU_ASSERT_EQUAL(append(1), -ELOOP);
	unlink(path);
	unlink(target);
}

/* --- generations ---------------------------------------------------------- */

/* A line of 13 bytes fits, and no second one. */
static const struct record_file_limits one_line = {20, 3};

static int add(int number)
{
	json_t *record = json_pack("{s:i}", "number", number);
	int r = (int)record_file_append(path, &one_line, record, NULL);

	json_decref(record);
	return r;
}

static void collect(const char *line, bool whole, void *userdata)
{
	char *text = userdata;

	CU_ASSERT_TRUE(whole);
	strncat(text, line + strlen("{\"number\":"), 1);
}

/* The numbers of all generations, in order. */
static const char *numbers(void)
{
	static char text[32];
	struct record_file_part part[RECORD_FILE_PARTS];
	int count = record_file_open(path, false, part, NULL);

	text[0] = '\0';
	CU_ASSERT_EQUAL(record_file_read(part, count, collect, text), 0);
	return text;
}

static void remove_generation(unsigned int number)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.%u", path, number);
	unlink(name);
}

static void the_oldest_generation_goes(void)
{
	int i;

	new_file();
	for (i = 1; i <= 6; i++)
		CU_ASSERT_EQUAL(add(i), 0);
	CU_ASSERT_STRING_EQUAL(numbers(), "3456");
	for (i = 1; i <= 3; i++)
		remove_generation((unsigned int)i);
	unlink(path);
}

/* A kill between two renames leaves one; what is older need not go. */
static void a_gap_is_filled(void)
{
	int i;

	new_file();
	for (i = 1; i <= 4; i++)
		add(i);
	remove_generation(2);
	CU_ASSERT_STRING_EQUAL(numbers(), "134");
	CU_ASSERT_EQUAL(add(5), 0);
	CU_ASSERT_STRING_EQUAL(numbers(), "1345");
	for (i = 1; i <= 3; i++)
		remove_generation((unsigned int)i);
	unlink(path);
}

static void fewer_are_kept_than_before(void)
{
	const struct record_file_limits fewer = {20, 1};
	json_t *record = json_pack("{s:i}", "number", 5);
	int i;

	new_file();
	for (i = 1; i <= 4; i++)
		add(i);
	CU_ASSERT_EQUAL(record_file_append(path, &fewer, record, NULL), 0);
	CU_ASSERT_STRING_EQUAL(numbers(), "45");
	json_decref(record);
	remove_generation(1);
	unlink(path);
}

/* --- syslog --------------------------------------------------------------- */

/* The longest texts there can be, each byte of which JSON writes as two. */
static void a_message_for_syslog_is_short_and_whole(void)
{
	char name[AOVPN_TEXT_MAX], message[RECORD_SYSLOG_MAX];
	struct aovpn_attempt attempt = {.started_ns = 1};
	const struct aovpn_outcome outcome = {.event_id =
						      AOVPN_EVENT_DEVICE_LINK};
	json_t *record, *object;
	char *text;

	memset(name, 1, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	strcpy(attempt.user, name);
	strcpy(attempt.server, name);
	snprintf(attempt.connection, sizeof(attempt.connection), "%s", "a\"");
	record = record_new(&attempt, &outcome, 1);
	CU_ASSERT(record_syslog_text(record, 0, message, sizeof(message)) > 0);
	text = strstr(message, "@cee: ");
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	object = json_loads(text + strlen("@cee: "), 0, NULL);
	CU_ASSERT_PTR_NOT_NULL(object);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(object, "event_id")),
			20223);
	json_decref(object);
	json_decref(record);
}

/* --- metrics -------------------------------------------------------------- */

/* How many series of a name there are. */
static int series(const char *text, const char *name)
{
	int count = 0;

	for (; (text = strstr(text, name)); text++)
		count += text[-1] == '\n';
	return count;
}

/* A gateway may send any number, and anybody may dial any name. */
static void the_sets_of_labels_are_bounded(void)
{
	const struct metrics_now now = {0};
	struct metrics *metrics = metrics_new(0);
	char name[32], *text;
	json_t *record;
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		record =
			json_pack("{s:i, s:i, s:s, s:s}", "event_id", 20227,
				  "ras_code", 1000000 + i, "cause",
				  i % 2 ? "unknown" : name, "connection", name);
		CU_ASSERT_TRUE(metrics_count(metrics, record, 1));
		json_decref(record);
	}
	text = metrics_text(metrics, &now);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL(series(text, "aovpn_connection_up{"),
			METRICS_CONNECTIONS_MAX);
	CU_ASSERT_EQUAL(series(text, "aovpn_dial_failures_total{"), 2);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "code=\"other\",cause=\"other\"} 500"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "aovpn_omitted_events_total 488\n"));
	free(text);
	metrics_free(metrics);
}

/* --- time ----------------------------------------------------------------- */

/* The wall clock is not asked for it, and a recording may say anything. */
static void a_duration_is_of_the_boot_clock_and_never_negative(void)
{
	struct aovpn_attempt attempt = {.started_ns = 5000000000u,
					.started_at = 1};
	const struct aovpn_outcome outcome = {.event_id = AOVPN_EVENT_DIALLING};
	json_t *record = record_new(&attempt, &outcome, 7000000000u);

	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(record, "duration_ms")),
		2000);
	json_decref(record);
	record = record_new(&attempt, &outcome, 4000000000u);
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(record, "duration_ms")), 0);
	json_decref(record);
}

CU_TestInfo recorder_tests[] = {
	{"the oldest generation goes", the_oldest_generation_goes},
	{"a gap in the generations is filled", a_gap_is_filled},
	{"fewer generations are kept than before", fewer_are_kept_than_before},
	{"a message for syslog is short and whole",
	 a_message_for_syslog_is_short_and_whole},
	{"the metrics' sets of labels are bounded",
	 the_sets_of_labels_are_bounded},
	{"a duration is of the boot clock and never negative",
	 a_duration_is_of_the_boot_clock_and_never_negative},
	{"records follow each other", records_follow_each_other},
	{"a full disk leaves no half line", a_full_disk_leaves_no_half_line},
	{"a link is not followed", a_link_is_not_followed},
	CU_TEST_INFO_NULL,
};
