/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_server_name.c - which names a pattern of ServerNames stands for. */
#include "server_name.h"

#include <stddef.h>
#include <string.h>

#include <CUnit/CUnit.h>

static const struct {
	const char *pattern, *name;
	bool matches;
} table[] = {
	{"nps.*\\.contoso\\.test", "nps.contoso.test", true},
	{"nps.*\\.contoso\\.test", "nps2.contoso.test", true},
	{"nps.*\\.contoso\\.test", "NPS2.Contoso.Test", true},
	{"nps.*\\.contoso\\.test", "ldap.contoso.test", false},
	/* As a whole: neither end may hang over. */
	{"nps.*\\.contoso\\.test", "nps.contoso.test.evil.example", false},
	{"nps.*\\.contoso\\.test", "my-nps.contoso.test", false},
	{"a.*|b", "b.evil.example", false},
	{"*.contoso.test", "nps.contoso.test", true},
	{"*.contoso.test", "a.b.contoso.test", true},
	{"*.contoso.test", "contoso.test", false},
	{"*.contoso.test", ".contoso.test", false},
	{"*.contoso.test", "npsxcontoso.test", false},
	{"*.contoso.test", "nps.contoso.test.evil.example", false},
	{"nps(.*", "nps(", false},
};

static void patterns_match_whole_names(void)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CU_ASSERT_EQUAL(aovpn_server_name_matches(table[i].pattern,
							  table[i].name),
				table[i].matches);
}

static void only_an_asterisk_makes_a_pattern(void)
{
	CU_ASSERT_TRUE(aovpn_server_name_is_pattern("nps.*"));
	CU_ASSERT_FALSE(aovpn_server_name_is_pattern("nps.contoso.test"));
}

static void what_is_no_expression_is_refused(void)
{
	char longer[300];

	memset(longer, '*', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	CU_ASSERT_TRUE(aovpn_server_name_pattern_valid("nps[0-9]*\\.x"));
	CU_ASSERT_TRUE(aovpn_server_name_pattern_valid("*.x"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("nps(.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("nps[.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("*."));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("*.x.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("nps .*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("nps\x1b.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid(longer));
}

static void what_would_fill_the_memory_is_refused(void)
{
	CU_ASSERT_TRUE(aovpn_server_name_pattern_valid("a+b+\\.+[0-9]{2,4}.*"));
	CU_ASSERT_TRUE(aovpn_server_name_pattern_valid("\\+*x?.*?"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("a+b+c+d+e+f+g+.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("(a)*+"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("((a{99}){99}){99}.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("a{,30000}.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("(a*)\\1.*"));
	CU_ASSERT_TRUE(aovpn_server_name_pattern_valid("(nps[0-9]\\.){2}x.*"));
	CU_ASSERT_FALSE(aovpn_server_name_pattern_valid("(a|b*|b*){23,}"));
}

CU_TestInfo server_name_tests[] = {
	{"what would fill the memory is refused",
	 what_would_fill_the_memory_is_refused},
	{"patterns match whole names", patterns_match_whole_names},
	{"only an asterisk makes a pattern", only_an_asterisk_makes_a_pattern},
	{"what is no expression is refused", what_is_no_expression_is_refused},
	CU_TEST_INFO_NULL,
};
