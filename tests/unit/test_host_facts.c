/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_host_facts.c - whose an address is. */
#include <CUnit/CUnit.h>
#include <netinet/in.h>
#include <string.h>

#include "host_facts.h"

static void addresses_of_this_machine(void)
{
	struct aovpn_flow flow = {.family = AF_INET, .local = {127, 0, 0, 1}};

	CU_ASSERT_TRUE(host_has_address(&flow));
	memcpy(flow.local, (uint8_t[]){203, 0, 113, 250}, 4);
	CU_ASSERT_FALSE(host_has_address(&flow));
	flow.family = 0;
	CU_ASSERT_FALSE(host_has_address(&flow));
}

CU_TestInfo host_facts_tests[] = {
	{"addresses of this machine", addresses_of_this_machine},
	CU_TEST_INFO_NULL,
};
