/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_escape.c - nothing that could steer a terminal or a log gets through. */
#include "escape.h"

#include <string.h>

#include <CUnit/CUnit.h>

static void becomes(const char *in, size_t length, const char *expected)
{
	char out[128];
	size_t n = aovpn_escape(in, length, out, sizeof(out));

	CU_ASSERT_STRING_EQUAL(out, expected);
	CU_ASSERT_EQUAL(n, strlen(expected));
}

static void plain_text_passes(void)
{
	becomes("CN=User One, O=\"x\"", 18, "CN=User One, O=\"x\"");
	becomes("M\xc3\xbcnchen \xe2\x82\xac", 12,
		"M\xc3\xbcnchen \xe2\x82\xac");
	becomes("", 0, "");
}

static void controls_become_hexadecimal(void)
{
	becomes("a\x1b[31mb\n", 8, "a\\x1b[31mb\\x0a");
	becomes("nul\0l", 5, "nul\\x00l");
	becomes("\x7f", 1, "\\x7f");
	becomes("\xc2\x9b", 2, "\\xc2\\x9b"); /* CSI as C1 */
}

static void direction_overrides_become_hexadecimal(void)
{
	becomes("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
	becomes("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");
}

static void malformed_utf8_becomes_hexadecimal(void)
{
	becomes("\xff\xc3", 2, "\\xff\\xc3");
	becomes("\xc0\xaf", 2, "\\xc0\\xaf");          /* overlong */
	becomes("\xed\xa0\x80", 3, "\\xed\\xa0\\x80"); /* surrogate */
	becomes("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80");
}

static void a_small_buffer_is_cut_at_a_character(void)
{
	char out[6];

	CU_ASSERT_EQUAL(aovpn_escape("abc\x1b", 4, out, sizeof(out)), 3);
	CU_ASSERT_STRING_EQUAL(out, "abc");
	CU_ASSERT_EQUAL(aovpn_escape("abcd\xc3\xbc", 6, out, sizeof(out)), 4);
	CU_ASSERT_STRING_EQUAL(out, "abcd");
}

CU_TestInfo escape_tests[] = {
	{"plain text and UTF-8 pass", plain_text_passes},
	{"controls become \\xNN", controls_become_hexadecimal},
	{"direction overrides become \\xNN",
	 direction_overrides_become_hexadecimal},
	{"malformed UTF-8 becomes \\xNN", malformed_utf8_becomes_hexadecimal},
	{"a small buffer is cut at a character",
	 a_small_buffer_is_cut_at_a_character},
	CU_TEST_INFO_NULL,
};
