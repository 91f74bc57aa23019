/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_resolve.c - addresses stand for themselves, and lists of them for people
 * are bounded. What asks a resolver is tests/fetch. */
#include "resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

static struct aovpn_resolved got;

/* Nobody could answer: there is no helper, and no time. */
static void is_literal(const char *name, uint32_t family, const char *text)
{
	struct aovpn_error error;
	char out[64];

	memset(&got, 0xff, sizeof(got));
	CU_ASSERT_EQUAL_FATAL(aovpn_resolve(NULL, name, 0, &got, &error), 0);
	CU_ASSERT_EQUAL(got.gai_error, 0);
	CU_ASSERT_EQUAL_FATAL(got.count, 1);
	CU_ASSERT_EQUAL(got.address[0].family, family);
	CU_ASSERT_STRING_EQUAL(aovpn_resolved_text(&got, out, sizeof(out)),
			       text);
	aovpn_resolve_here(name, &got);
	CU_ASSERT_STRING_EQUAL(aovpn_resolved_text(&got, out, sizeof(out)),
			       text);
}

static void addresses_stand_for_themselves(void)
{
	is_literal("198.51.100.10", AF_INET, "198.51.100.10");
	is_literal("2001:DB8:0::1", AF_INET6, "2001:db8::1");
}

static void add(uint32_t family, uint8_t last)
{
	got.address[got.count].family = family;
	memset(got.address[got.count].address, 0x11, 16);
	got.address[got.count++].address[family == AF_INET ? 3 : 15] = last;
}

static void a_list_is_cut_between_addresses(void)
{
	char out[AOVPN_TEXT_MAX];
	size_t size;

	memset(&got, 0, sizeof(got));
	CU_ASSERT_STRING_EQUAL(aovpn_resolved_text(&got, out, sizeof(out)), "");
	add(AF_INET, 1);
	add(AF_INET6, 2);
	add(AF_INET, 3);
	CU_ASSERT_STRING_EQUAL(
		aovpn_resolved_text(&got, out, sizeof(out)),
		"17.17.17.1, 1111:1111:1111:1111:1111:1111:1111:1102, "
		"17.17.17.3");
	CU_ASSERT_STRING_EQUAL(aovpn_resolved_text(&got, out, 50),
			       "17.17.17.1, ...");
	for (size = 8; size < 80; size++) {
		memset(out, 'x', sizeof(out));
		aovpn_resolved_text(&got, out, size);
		CU_ASSERT_TRUE(strlen(out) < size);
	}
	while (got.count < AOVPN_ADDRESSES_MAX)
		add(AF_INET6, (uint8_t)got.count);
	aovpn_resolved_text(&got, out, sizeof(out));
	CU_ASSERT_STRING_EQUAL(out + strlen(out) - 5, ", ...");
}

static void only_an_answer_is_final(void)
{
	static const int final[] = {0, EAI_NONAME, EAI_NODATA, EAI_ADDRFAMILY};
	static const int open[] = {EAI_AGAIN, EAI_FAIL, EAI_SYSTEM, EAI_MEMORY};
	size_t i;

	for (i = 0; i < 4; i++) {
		got.gai_error = final[i];
		CU_ASSERT_TRUE(aovpn_resolved_is_final(&got));
		got.gai_error = open[i];
		CU_ASSERT_FALSE(aovpn_resolved_is_final(&got));
	}
}

CU_TestInfo resolve_tests[] = {
	{"addresses stand for themselves", addresses_stand_for_themselves},
	{"a list is cut between addresses", a_list_is_cut_between_addresses},
	{"only an answer is final", only_an_answer_is_final},
	CU_TEST_INFO_NULL,
};
