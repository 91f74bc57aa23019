/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_curl_error.c - the name in libcurl's words, whoever chose it. */
#include "plugins/aovpn/aovpn_curl_error.h"

#include <CUnit/CUnit.h>
#include <string.h>

#define HOST "Could not resolve host: "

/* Does libcurl's text give this name? NULL: none. */
static void gives(int code, const char *text, const char *name)
{
	char out[256];
	bool found = aovpn_curl_error_name(code, text, out, sizeof(out));

	CU_ASSERT_EQUAL(found, name != NULL);
	if (found && name)
		CU_ASSERT_STRING_EQUAL(out, name);
}

static void the_name_is_found(void)
{
	gives(6, HOST "crl.example.com", "crl.example.com");
	gives(6, HOST "crl.example.com (Domain name not found)",
	      "crl.example.com");
	gives(5, "Could not resolve proxy: proxy.example.com",
	      "proxy.example.com");
}

static void other_failures_give_none(void)
{
	gives(7, "Failed to connect to crl.example.com port 80", NULL);
	gives(28, "Resolving timed out after 3000 milliseconds", NULL);
	gives(28, HOST "crl.example.com", NULL);
	gives(6, "Could not resolve proxy: proxy.example.com", NULL);
	gives(6, HOST, NULL);
	gives(6, HOST " (why)", NULL);
	gives(6, "Could not", NULL);
	gives(6, "", NULL);
}

static void a_hostile_name_is_escaped_and_cut(void)
{
	char text[400] = HOST, out[9];

	gives(6, HOST "a\033[2Jb\nc", "a\\x1b[2Jb\\x0ac");
	memset(text + strlen(HOST), 'a', 300);
	CU_ASSERT_TRUE(aovpn_curl_error_name(6, text, out, sizeof(out)));
	CU_ASSERT_STRING_EQUAL(out, "aaaaaaaa");
}

CU_TestInfo curl_error_tests[] = {
	{"the name is found", the_name_is_found},
	{"other failures give none", other_failures_give_none},
	{"a hostile name is escaped and cut",
	 a_hostile_name_is_escaped_and_cut},
	CU_TEST_INFO_NULL,
};
