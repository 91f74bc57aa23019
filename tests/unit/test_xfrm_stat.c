/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_xfrm_stat.c - the kernel's IPsec counters: what goes up is told. */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/aovpnd/xfrm_stat.h"

static char path[64];

static void write_file(const char *text)
{
	FILE *file;
	int fd;

	strcpy(path, "/tmp/aovpn-test.XXXXXX");
	fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	file = fdopen(fd, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

/* Read a file of this text. */
static int read_text(const char *text, struct xfrm_stat *ret)
{
	int code;

	write_file(text);
	code = xfrm_stat_read(path, ret);
	unlink(path);
	return code;
}

struct told {
	int count;
	struct aovpn_observation last;
};

static void tell(const struct aovpn_observation *observation, void *userdata)
{
	struct told *told = userdata;

	told->count++;
	told->last = *observation;
}

static void the_kernels_own_file_is_read(void)
{
	struct xfrm_stat stat;

	CU_ASSERT_EQUAL(xfrm_stat_read(XFRM_STAT_PATH, &stat), 0);
	if (access(XFRM_STAT_PATH, R_OK) < 0) {
		puts("SKIP: this kernel has no " XFRM_STAT_PATH);
		CU_ASSERT_EQUAL(stat.count, 0);
		return;
	}
	CU_ASSERT(stat.count >= 20);
	CU_ASSERT_STRING_EQUAL(stat.counter[0].name, "XfrmInError");
}

static void what_went_up_is_told(void)
{
	struct xfrm_stat before, now;
	struct told told = {0};

	CU_ASSERT_EQUAL(
		read_text("XfrmInError             \t0\n"
			  "XfrmInNoStates          \t7\n"
			  "XfrmInStateProtoError   \t18446744073709551600\n",
			  &before),
		0);
	CU_ASSERT_EQUAL(before.count, 3);
	CU_ASSERT_EQUAL(xfrm_stat_compare(&before, &before, tell, &told), 0);
	CU_ASSERT_EQUAL(told.count, 0);
	CU_ASSERT_EQUAL(
		read_text("XfrmInError             \t0\n"
			  "XfrmInNoStates          \t20\n"
			  "XfrmInStateProtoError   \t18446744073709551601\n",
			  &now),
		0);
	CU_ASSERT_EQUAL(xfrm_stat_compare(&before, &now, tell, &told), 2);
	CU_ASSERT_EQUAL(told.count, 2);
	CU_ASSERT_EQUAL(told.last.kind, AOVPN_OBS_XFRM_ERROR);
	CU_ASSERT_EQUAL(told.last.source, AOVPN_SOURCE_DAEMON);
	CU_ASSERT(told.last.time_ns != 0);
	CU_ASSERT_STRING_EQUAL(told.last.u.xfrm_error.name,
			       "XfrmInStateProtoError");
	CU_ASSERT_EQUAL(told.last.u.xfrm_error.count, 1);
	CU_ASSERT_EQUAL(xfrm_stat_compare(&now, &before, tell, &told), 0);
}

static void what_only_one_reading_has_tells_nothing(void)
{
	struct xfrm_stat before, now;
	struct told told = {0};

	CU_ASSERT_EQUAL(read_text("XfrmInError 1\n", &before), 0);
	CU_ASSERT_EQUAL(read_text("XfrmInOther 9\n", &now), 0);
	CU_ASSERT_EQUAL(xfrm_stat_compare(&before, &now, tell, &told), 0);
	before.count = 0;
	CU_ASSERT_EQUAL(xfrm_stat_compare(&before, &now, tell, &told), 0);
	CU_ASSERT_EQUAL(told.count, 0);
}

static void a_kernel_that_does_not_count(void)
{
	struct xfrm_stat stat = {.count = 9};

	CU_ASSERT_EQUAL(xfrm_stat_read("/nonexistent/xfrm_stat", &stat), 0);
	CU_ASSERT_EQUAL(stat.count, 0);
	stat.count = 9;
	CU_ASSERT_EQUAL(xfrm_stat_read("/proc", &stat), -EISDIR);
	CU_ASSERT_EQUAL(stat.count, 0);
}

static void odd_lines_are_passed_over(void)
{
	struct xfrm_stat stat;

	CU_ASSERT_EQUAL(read_text("\n \nXfrmA\nXfrmB \nXfrmC -1\nXfrmD 0x10\n"
				  "XfrmE 1 2\nXfrm\033F 1\n 1\nXfrmG 1\r\n"
				  "XfrmH 99999999999999999999\n9 9\nXfrmI 5\n"
				  "XfrmJ1 6",
				  &stat),
			0);
	CU_ASSERT_EQUAL_FATAL(stat.count, 3);
	CU_ASSERT_STRING_EQUAL(stat.counter[0].name, "9");
	CU_ASSERT_STRING_EQUAL(stat.counter[1].name, "XfrmI");
	CU_ASSERT_EQUAL(stat.counter[1].value, 5);
	CU_ASSERT_STRING_EQUAL(stat.counter[2].name, "XfrmJ1");
	CU_ASSERT_EQUAL(stat.counter[2].value, 6);
}

static void a_name_has_room_or_is_none(void)
{
	char text[160];
	struct xfrm_stat stat;

	memset(text, 'a', sizeof(text));
	strcpy(text + AOVPN_NAME_MAX - 1, " 3\n");
	CU_ASSERT_EQUAL(read_text(text, &stat), 0);
	CU_ASSERT_EQUAL(stat.count, 1);
	CU_ASSERT_EQUAL(strlen(stat.counter[0].name), AOVPN_NAME_MAX - 1);
	memset(text, 'a', sizeof(text));
	strcpy(text + AOVPN_NAME_MAX, " 3\n");
	CU_ASSERT_EQUAL(read_text(text, &stat), 0);
	CU_ASSERT_EQUAL(stat.count, 0);
}

static void more_than_there_is_room_for(void)
{
	const size_t lines = 3 * XFRM_STAT_MAX, size = 400 * lines;
	char *text = malloc(size), *at = text;
	struct xfrm_stat stat;
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (i = 0; i < lines; i++)
		at += sprintf(at, "XfrmNumber%zu %zu\n", i, i);
	CU_ASSERT_EQUAL(read_text(text, &stat), 0);
	CU_ASSERT_EQUAL(stat.count, XFRM_STAT_MAX);
	CU_ASSERT_STRING_EQUAL(stat.counter[XFRM_STAT_MAX - 1].name,
			       "XfrmNumber63");
	/* One line without end. */
	memset(text, 'x', size - 1);
	text[size - 1] = '\0';
	CU_ASSERT_EQUAL(read_text(text, &stat), 0);
	CU_ASSERT_EQUAL(stat.count, 0);
	free(text);
}

CU_TestInfo xfrm_stat_tests[] = {
	{"the kernel's own file is read", the_kernels_own_file_is_read},
	{"what went up is told", what_went_up_is_told},
	{"what only one reading has tells nothing",
	 what_only_one_reading_has_tells_nothing},
	{"a kernel that does not count", a_kernel_that_does_not_count},
	{"odd lines are passed over", odd_lines_are_passed_over},
	{"a name has room or is none", a_name_has_room_or_is_none},
	{"more than there is room for", more_than_there_is_room_for},
	CU_TEST_INFO_NULL,
};
