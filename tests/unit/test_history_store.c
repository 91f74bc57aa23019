/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_history_store.c - what dials have proven outlives the daemon, and a
 * damaged file is no history. */
#include "history_store.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

static char directory[64], path[96];
static struct history_store *store;
static struct aovpn_error error;

static void reopen(void)
{
	history_store_free(store);
	CU_ASSERT_EQUAL_FATAL(
		history_store_open(directory, path, &store, &error), 0);
}

static void begin(void)
{
	strcpy(directory, "/tmp/aovpn-history.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/history.json", directory);
	store = NULL;
	reopen();
	CU_ASSERT_STRING_EQUAL(error.text, "");
}

static void end(void)
{
	char command[128];

	store = history_store_free(store);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void of(struct aovpn_attempt *a, const char *connection)
{
	attempt_begin(a);
	strcpy(a->connection, connection);
	strcpy(a->chain.certificate[0].issuer_key_id, "0011");
	a->flow.family = AF_INET;
	a->flow.remote[0] = 198;
}

static void note(const char *connection, time_t at)
{
	struct aovpn_attempt a;

	of(&a, connection);
	a.chain.certificate[1].has_cdp = false;
	CU_ASSERT_EQUAL(history_store_note(store, &a, false, at, &error), 0);
	CU_ASSERT_EQUAL(a.history.success_at, 0);
}

static time_t known(const char *connection)
{
	struct aovpn_attempt a;

	of(&a, connection);
	history_store_find(store, &a);
	return a.history.success_at;
}

static void outlives_the_daemon(void)
{
	struct aovpn_attempt a;
	struct stat st;

	begin();
	CU_ASSERT_EQUAL(known("corp"), 0);
	note("corp", 1795220000);
	reopen();
	CU_ASSERT_STRING_EQUAL(error.text, "");
	of(&a, "corp");
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(a.history.success_at, 1795220000);
	CU_ASSERT_EQUAL(a.history.shown_at, 1795220000);
	CU_ASSERT_EQUAL(a.history.family, AF_INET);
	CU_ASSERT_EQUAL(a.history.address[0], 198);
	CU_ASSERT_EQUAL(a.history.defect_count, 1);
	CU_ASSERT_STRING_EQUAL(a.history.defect[0].cause,
			       "client-cert-revocation-unknown");
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	end();
}

static void is_of_one_gateway_and_issuer(void)
{
	struct aovpn_attempt a;

	begin();
	note("corp", 1795220000);
	CU_ASSERT_EQUAL(known("other"), 0);
	of(&a, "corp");
	strcpy(a.server, "vpn2.contoso.test");
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(a.history.success_at, 0);
	of(&a, "corp");
	strcpy(a.chain.certificate[0].issuer, "CN=Another CA");
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(a.history.success_at, 0);
	of(&a, "corp");
	strcpy(a.chain.certificate[0].issuer_key_id, "0012");
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(a.history.success_at, 0);
	/* A renewed leaf, and a renewed certificate of the same CA. */
	of(&a, "corp");
	strcpy(a.chain.certificate[0].thumbprint, "bb");
	strcpy(a.chain.certificate[1].thumbprint, "cc");
	history_store_find(store, &a);
	CU_ASSERT_NOT_EQUAL(a.history.success_at, 0);
	end();
}

static void a_resumed_success_keeps_what_was_proven(void)
{
	struct aovpn_attempt a;

	begin();
	note("corp", 1795220000);
	of(&a, "corp");
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(history_store_note(store, &a, true, 1795250000, &error),
			0);
	history_store_find(store, &a);
	CU_ASSERT_EQUAL(a.history.success_at, 1795250000);
	CU_ASSERT_EQUAL(a.history.shown_at, 1795220000);
	CU_ASSERT_EQUAL(a.history.defect_count, 1);
	end();
}

static void those_that_connected_last_are_kept(void)
{
	char name[32];
	unsigned int i;

	begin();
	for (i = 0; i < HISTORY_ENTRIES_MAX; i++) {
		snprintf(name, sizeof(name), "corp%u", i);
		note(name, 1795220000);
	}
	note("corp0", 1795220001);
	note("new", 1795220002);
	reopen();
	CU_ASSERT_EQUAL(known("new"), 1795220002);
	CU_ASSERT_EQUAL(known("corp0"), 1795220001);
	CU_ASSERT_EQUAL(known("corp1"), 0);
	for (i = 2; i < HISTORY_ENTRIES_MAX; i++) {
		snprintf(name, sizeof(name), "corp%u", i);
		CU_ASSERT_EQUAL(known(name), 1795220000);
	}
	end();
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void a_damaged_file_is_no_history(void)
{
	static const char *const texts[] = {
		"",
		"{",
		"\xff",
		"{\"schema\":2,\"entry\":[{\"connection\":\"corp\","
		"\"server\":\"vpn.contoso.test\",\"issuer\":\"CN=Issuing CA\","
		"\"issuer_key_id\":\"0011\",\"history\":{\"success_at\":1}}]}",
		"{\"entry\":[]}",
		"{\"schema\":1,\"entry\":{}}",
		"{\"schema\":1,\"entry\":[{\"connection\":\"corp\","
		"\"server\":\"vpn.contoso.test\",\"history\":"
		"{\"success_at\":1}},{\"conection\":\"corp\"}]}",
	};
	size_t i;

	begin();
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file(texts[i]);
		reopen();
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "is damaged"));
		CU_ASSERT_EQUAL(known("corp"), 0);
		note("corp", 1795220000);
		reopen();
		CU_ASSERT_STRING_EQUAL(error.text, "");
		CU_ASSERT_EQUAL(known("corp"), 1795220000);
	}
	end();
}

static void what_cannot_be_written_is_told(void)
{
	struct aovpn_attempt a;

	begin();
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	of(&a, "corp");
	CU_ASSERT(history_store_note(store, &a, false, 1795220000, &error) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, path));
	CU_ASSERT_EQUAL(known("corp"), 1795220000);
	end();
	/* And nothing is known where there is no certificate, or no store. */
	begin();
	of(&a, "corp");
	a.chain.count = 0;
	CU_ASSERT_EQUAL(history_store_note(store, &a, false, 1, &error), 0);
	CU_ASSERT_EQUAL(history_store_note(NULL, &a, false, 1, &error), 0);
	history_store_find(NULL, &a);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	end();
}

CU_TestInfo history_store_tests[] = {
	{"outlives the daemon", outlives_the_daemon},
	{"is of one gateway and issuer", is_of_one_gateway_and_issuer},
	{"a resumed success keeps what was proven",
	 a_resumed_success_keeps_what_was_proven},
	{"those that connected last are kept",
	 those_that_connected_last_are_kept},
	{"a damaged file is no history", a_damaged_file_is_no_history},
	{"what cannot be written is told", what_cannot_be_written_is_told},
	CU_TEST_INFO_NULL,
};
