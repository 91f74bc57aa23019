/* test_recorder.c - the JSON lines stay whole lines, whatever the disk does. */
#include "record_file.h"

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

CU_TestInfo recorder_tests[] = {
	{"records follow each other", records_follow_each_other},
	{"a full disk leaves no half line", a_full_disk_leaves_no_half_line},
	{"a link is not followed", a_link_is_not_followed},
	CU_TEST_INFO_NULL,
};
