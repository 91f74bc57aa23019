/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_attempts.c - recordings are kept up to their limits, and opened by
 * nothing but an id. */
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

static char directory[64];

static void begin(void)
{
	strcpy(directory, "/tmp/aovpn-attempts.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	strcat(directory, "/attempts");
}

static void end(void)
{
	char command[128];

	*strrchr(directory, '/') = '\0';
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void path_of(unsigned int number, char *out, size_t size)
{
	snprintf(out, size, "%s/6f0c0f5e-0000-4000-8000-%012u.json", directory,
		 number);
}

static bool is_there(unsigned int number)
{
	char path[256];

	path_of(number, path, sizeof(path));
	return access(path, F_OK) == 0;
}

static int save(unsigned int number)
{
	const struct recorded_outcome outcome = {.event_id = 20227};
	struct aovpn_attempt a;
	struct aovpn_error error;
	int r;

	attempt_begin(&a);
	snprintf(a.id, sizeof(a.id), "6f0c0f5e-0000-4000-8000-%012u", number);
	r = attempts_save(directory, &a, &outcome, &error);
	aovpn_attempt_clear(&a);
	return r;
}

/* Saved so long ago, and as large as that. */
static void change(unsigned int number, time_t age, off_t size)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - age},
				    {.tv_sec = time(NULL) - age}};
	char path[256];

	path_of(number, path, sizeof(path));
	if (size > 0)
		CU_ASSERT_EQUAL(truncate(path, size), 0);
	CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_oldest_make_way(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < ATTEMPTS_KEPT_MAX; i++) {
		CU_ASSERT_EQUAL(save(i), 0);
		change(i, 1000 + (i == 7 ? 500 : 0), 0);
	}
	CU_ASSERT(is_there(7));
	CU_ASSERT_EQUAL(save(100), 0);
	CU_ASSERT(is_there(100));
	CU_ASSERT_FALSE(is_there(7));
	for (i = 0; i < ATTEMPTS_KEPT_MAX; i++)
		CU_ASSERT_EQUAL(is_there(i), i != 7);
	end();
}

static void large_ones_make_way_sooner(void)
{
	begin();
	save(1);
	change(1, 300, 9 << 20);
	save(2);
	change(2, 200, 9 << 20);
	CU_ASSERT(is_there(1));
	save(3);
	CU_ASSERT_FALSE(is_there(1));
	CU_ASSERT(is_there(2));
	CU_ASSERT(is_there(3));
	end();
}

/* The clock was ahead, and was set right. */
static void what_is_yet_to_come_is_oldest(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < ATTEMPTS_KEPT_MAX; i++) {
		save(i);
		change(i, i < 32 ? -864000 : 10, 0);
	}
	for (i = 100; i < 110; i++)
		save(i);
	for (i = 100; i < 110; i++)
		CU_ASSERT(is_there(i));
	for (i = 32; i < ATTEMPTS_KEPT_MAX; i++)
		CU_ASSERT(is_there(i));
	end();
}

static void other_files_stay(void)
{
	char path[256], command[512];
	unsigned int i;

	begin();
	save(1);
	snprintf(command, sizeof(command),
		 "cd %s && touch notes.json 6F0C0F5E-0000-4000-8000-"
		 "000000000001.json && touch -d '2000-01-01' notes.json",
		 directory);
	CU_ASSERT_EQUAL(system(command), 0);
	for (i = 2; i < ATTEMPTS_KEPT_MAX + 5; i++)
		save(i);
	snprintf(path, sizeof(path), "%s/notes.json", directory);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	end();
}

static void files_are_private(void)
{
	struct stat st;
	char path[256];

	begin();
	save(1);
	CU_ASSERT_EQUAL(stat(directory, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0700);
	path_of(1, path, sizeof(path));
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	end();
}

static int open_id(const char *id)
{
	struct aovpn_error error = {""};
	int fd = attempts_open(directory, id, &error);

	if (fd < 0)
		CU_ASSERT_STRING_NOT_EQUAL(error.text, "");
	if (fd >= 0)
		close(fd);
	return fd;
}

static void only_ids_are_opened(void)
{
	char path[256];

	begin();
	save(1);
	save(2);
	CU_ASSERT(open_id("6f0c0f5e-0000-4000-8000-000000000001") >= 0);
	CU_ASSERT_EQUAL(open_id("6f0c0f5e"), -ENOTUNIQ);
	CU_ASSERT_EQUAL(open_id("7"), -ENOENT);
	CU_ASSERT_EQUAL(open_id(""), -EINVAL);
	CU_ASSERT_EQUAL(open_id("."), -EINVAL);
	CU_ASSERT_EQUAL(open_id("../attempts/6f0c0f5e"), -EINVAL);
	CU_ASSERT_EQUAL(open_id("6f0c0f5e-0000-4000-8000-0000000000011"),
			-EINVAL);
	/* A link is not followed to where it leads. */
	path_of(1, path, sizeof(path));
	unlink(path);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", path), 0);
	CU_ASSERT_EQUAL(open_id("6f0c0f5e-0000-4000-8000-000000000001"),
			-ELOOP);
	end();
}

static void what_cannot_be_saved_is_told(void)
{
	struct recorded_outcome outcome = {0};
	struct aovpn_error error = {""};
	struct aovpn_attempt a = {.id = ""};

	strcpy(directory, "/proc/none/attempts");
	CU_ASSERT(save(1) < 0);
	CU_ASSERT_EQUAL(attempts_save("/tmp", &a, &outcome, &error), -EINVAL);
	CU_ASSERT_STRING_NOT_EQUAL(error.text, "");
}

CU_TestInfo attempts_tests[] = {
	{"the oldest make way", the_oldest_make_way},
	{"large ones make way sooner", large_ones_make_way_sooner},
	{"what is yet to come is oldest", what_is_yet_to_come_is_oldest},
	{"other files stay", other_files_stay},
	{"files are private", files_are_private},
	{"only ids are opened", only_ids_are_opened},
	{"what cannot be saved is told", what_cannot_be_saved_is_told},
	CU_TEST_INFO_NULL,
};
