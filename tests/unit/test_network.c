/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_network.c - requests to aovpn-network, its plans, and their text. */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "network_plan.h"

static struct network_request r;
static struct network_plan plan;

static void good_request(void)
{
	memset(&r, 0, sizeof(r));
	r.version = NETWORK_VERSION;
	r.operation = NETWORK_APPLY;
	r.slot = 3;
	strcpy(r.name, "corp");
	CU_ASSERT_TRUE(network_prefixes_add("10.99.0.10", r.addresses,
					    NETWORK_ADDRESSES_MAX,
					    &r.address_count));
	CU_ASSERT_TRUE(network_prefixes_add(
		"10.0.0.0/8, 172.16.0.0/12[tcp/443],fd00::/8", r.routes,
		NETWORK_ROUTES_MAX, &r.route_count));
	CU_ASSERT_EQUAL(r.route_count, 3);
	CU_ASSERT_EQUAL(network_request_check(&r, NULL), 0);
}

static void expect_refused(void)
{
	struct aovpn_error error = {""};

	CU_ASSERT_EQUAL(network_request_check(&r, &error), -EBADMSG);
	CU_ASSERT_TRUE(error.text[0] != '\0');
	good_request();
}

static void what_is_out_of_bounds_is_refused(void)
{
	good_request();
	r.operation = 9;
	expect_refused();
	r.slot = NETWORK_SLOTS + 1;
	expect_refused();
	r.slot = 0;
	expect_refused();
	memset(r.name, 'a', sizeof(r.name));
	expect_refused();
	strcpy(r.name, "../corp");
	expect_refused();
	r.route_count = NETWORK_ROUTES_MAX + 1;
	expect_refused();
	r.route_count = UINT32_MAX;
	expect_refused();
	r.routes[1].length = 33;
	expect_refused();
	r.routes[1].family = AF_UNIX;
	expect_refused();
	r.server_count = 1;
	expect_refused();
	r.own_link = 2;
	expect_refused();
	r.domain_count = 1;
	strcpy(r.domains[0].name, "a\nnameserver 6.6.6.6");
	expect_refused();
	r.domain_count = 1;
	memset(r.domains[0].name, 'a', sizeof(r.domains[0].name));
	expect_refused();
	r.version = 2;
	CU_ASSERT_EQUAL(network_request_check(&r, NULL), -EPROTONOSUPPORT);
}

static void lists_are_bounded(void)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0/8",
					  "x",           "10.0.0.0/8/8",
					  "::/129",      "1.2.3.4/"};
	struct network_prefix two[2];
	uint32_t count = 0, i;

	CU_ASSERT_FALSE(network_prefixes_add("1.1.1.1,2.2.2.2,3.3.3.3", two, 2,
					     &count));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		count = 0;
		CU_ASSERT_FALSE(network_prefixes_add(bad[i], two, 2, &count));
	}
	good_request();
	CU_ASSERT_FALSE(network_domains_add("a..b", false, &r));
	CU_ASSERT_FALSE(network_domains_add(".", true, &r));
	CU_ASSERT_TRUE(network_domains_add("corp.test., .", false, &r));
	CU_ASSERT_STRING_EQUAL(r.domains[0].name, "corp.test");
}

static bool has_line(const char *wanted)
{
	char line[NETWORK_STEP_LINE_MAX];
	uint32_t i;

	for (i = 0; i < plan.count; i++) {
		network_step_write(&plan.steps[i], line);
		if (strcmp(line, wanted) == 0)
			return true;
	}
	return false;
}

static void a_link_has_routes_and_a_rule(void)
{
	good_request();
	r.own_link = 1;
	r.metric = 7;
	r.gateway.family = AF_INET;
	r.gateway.length = 32;
	network_plan_make(&r, &plan);
	CU_ASSERT_TRUE(has_line("link device=aovpn-corp number=1634664451"));
	CU_ASSERT_TRUE(has_line("address device=aovpn-corp "
				"prefix=10.99.0.10/32"));
	CU_ASSERT_TRUE(has_line("route device=aovpn-corp prefix=10.0.0.0/8 "
				"source=10.99.0.10/32 table=1634664451 "
				"metric=7"));
	CU_ASSERT_TRUE(has_line("throw prefix=0.0.0.0/32 table=1634664451 "
				"metric=7"));
	CU_ASSERT_TRUE(has_line("rule family=ipv4 table=254 metric=31006 "
				"more_than=12"));
	CU_ASSERT_TRUE(has_line("rule family=ipv4 table=1634664451 "
				"metric=31007 more_than=128"));
	/* There is no address of IPv6 in it. */
	CU_ASSERT_EQUAL(plan.count, 8);
}

static void all_is_all(void)
{
	good_request();
	r.force = 1;
	network_plan_make(&r, &plan);
	CU_ASSERT_TRUE(has_line("unreachable prefix=::/0 table=220 metric=3"));
	CU_ASSERT_TRUE(has_line("rule family=ipv6 table=254 metric=103 "
				"more_than=0"));
}

static void links_have_names_of_their_own(void)
{
	char one[IFNAMSIZ], other[IFNAMSIZ];

	network_link_name("corp-1234", 1, one);
	CU_ASSERT_STRING_EQUAL(one, "aovpn-corp-1234");
	network_link_name("corp-office-north", 1, one);
	network_link_name("corp-office-south", 2, other);
	CU_ASSERT_STRING_NOT_EQUAL(one, other);
	CU_ASSERT_TRUE(strlen(one) < IFNAMSIZ);
}

static void text_comes_back(void)
{
	char before[NETWORK_STEP_LINE_MAX], after[NETWORK_STEP_LINE_MAX];
	struct network_step step;
	uint32_t i;

	good_request();
	r.own_link = r.force = 1;
	network_plan_make(&r, &plan);
	CU_ASSERT_TRUE(plan.count > 5);
	for (i = 0; i < plan.count; i++) {
		network_step_write(&plan.steps[i], before);
		CU_ASSERT_EQUAL_FATAL(network_step_read(before, &step, NULL),
				      0);
		network_step_write(&step, after);
		CU_ASSERT_STRING_EQUAL(before, after);
	}
}

static void other_text_is_refused(void)
{
	static const char *const bad[] = {
		"",
		"link",
		"link device=a",
		"link device=a number=1 number=2",
		"link device=a number=4294967296",
		"link device=../a number=1",
		"link device=abcdefghijklmnop number=1",
		"up device=a metric=1",
		"rule family=ipv5 table=1 metric=1 more_than=0",
		"rule family=ipv4 table=1 metric=1 more_than=129",
		"resolvconf record=-d",
		"resolvconf record=a/b",
		"sleep device=a",
	};
	struct aovpn_error error;
	struct network_step step;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(network_step_read(bad[i], &step, &error),
				-EINVAL);
}

CU_TestInfo network_tests[] = {
	{"what is out of bounds is refused", what_is_out_of_bounds_is_refused},
	{"lists are bounded", lists_are_bounded},
	{"a link has routes and a rule", a_link_has_routes_and_a_rule},
	{"all is all, of both families", all_is_all},
	{"links have names of their own", links_have_names_of_their_own},
	{"a step's text comes back", text_comes_back},
	{"other text is refused", other_text_is_refused},
	CU_TEST_INFO_NULL,
};
