/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tried.c - of several addresses that were dialled, the failure that says
 * most is the dial's; and only those that could not be reached are left. */
#include "tried.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"
#include "diagnosis.h"

static struct aovpn_attempt a;
static struct aovpn_seen best;
static struct aovpn_outcome out;

static void begin(void)
{
	attempt_begin(&a);
	memset(&best, 0, sizeof(best));
}

static void end(void)
{
	aovpn_attempt_clear(&a);
	aovpn_seen_clear(&best);
}

/* --- what may be seen at an address ----------------------------------------
 */

static void send_init(void)
{
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
}

static void be_silent(void)
{
	send_init();
	add_retransmits(&a, 4, 0, 464);
}

static void be_refused_by_icmp(void)
{
	be_silent();
	add_icmp(&a, 3, 3);
}

static void have_no_route(void)
{
	send_init();
	add_send_failed(&a, ENETUNREACH);
}

static void not_resolve(void)
{
	add_resolve_error(&a, EAI_NONAME);
}

static void answer_half(void)
{
	send_init();
	add_in(&a, 34, 0, 0);
	add_out(&a, 35, 1);
	add_retransmits(&a, 4, 1, 464);
}

static void refuse_proposals(void)
{
	send_init();
	add_in(&a, 34, 0, 14);
}

static void want_cookies(void)
{
	send_init();
	add_in(&a, 34, 0, 16390);
}

static void fail_here(void)
{
	be_silent();
	add_local_failure(&a, "dial-cancelled");
}

static void connect_well(void)
{
	reach_certificate(&a);
	add_child_up(&a);
}

/* --- the dial ---------------------------------------------------------------
 */

/* An address is left; when is in thousands of a second. */
static void note_tried(const char *server, uint32_t when)
{
	struct aovpn_observation o = {.kind = AOVPN_OBS_TRIED,
				      .source = AOVPN_SOURCE_DAEMON,
				      .time_ns = when * 1000000000ull};

	strcpy(o.u.tried.server, server);
	aovpn_attempt_add(&a, &o);
}

static void leave(void (*see)(void), const char *server, uint32_t when)
{
	strcpy(a.server, server);
	see();
	note_tried(server, when);
	aovpn_tried_leave(&a, &best);
}

static void settle(void (*see)(void), const char *server, uint32_t when)
{
	strcpy(a.server, server);
	see();
	note_tried(server, when);
	aovpn_tried_settle(&a, &best);
	aovpn_diagnose(&a, &out);
}

/* Two addresses fail: whose failure is the dial's? */
static const char *of_two(void (*first)(void), void (*second)(void))
{
	static char server[AOVPN_TEXT_MAX];

	begin();
	leave(first, "one", 1);
	settle(second, "two", 2);
	memcpy(server, a.server, sizeof(server));
	end();
	return server;
}

static void who_says_more_is_told(void)
{
	/* From least to most. */
	static void (*const sights[])(void) = {not_resolve, have_no_route,
					       be_silent, be_refused_by_icmp,
					       answer_half};
	const size_t count = sizeof(sights) / sizeof(sights[0]);
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			CU_ASSERT_STRING_EQUAL(of_two(sights[i], sights[j]),
					       i > j ? "one" : "two");
}

static void overload_is_an_answer(void)
{
	CU_ASSERT_STRING_EQUAL(of_two(want_cookies, be_silent), "one");
	CU_ASSERT_STRING_EQUAL(of_two(be_silent, want_cookies), "two");
}

static void what_happened_here_stays(void)
{
	CU_ASSERT_STRING_EQUAL(of_two(answer_half, fail_here), "two");
	CU_ASSERT_STRING_EQUAL(of_two(answer_half, connect_well), "two");
}

static void an_attempt_of_which_nothing_is_known_is_not_told(void)
{
	begin();
	leave(be_silent, "one", 1);
	strcpy(a.server, "two");
	aovpn_tried_settle(&a, &best);
	CU_ASSERT_STRING_EQUAL(a.server, "one");
	CU_ASSERT_EQUAL(a.count > 1, true);
	end();
}

/* The code, the causes and the flow go with the server; all that were tried are
 * listed once, in order. */
static void all_of_it_comes_back(void)
{
	static const char *const servers[] = {"one", "two", "three"};
	uint32_t i, tried = 0;

	begin();
	a.history.success_at = 1;
	leave(be_refused_by_icmp, "one", 1);
	a.history.success_at = 2;
	leave(be_silent, "two", 2);
	a.history.success_at = 3;
	settle(not_resolve, "three", 3);
	CU_ASSERT_EQUAL(out.ras_code, 809);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug,
			       "icmp-port-unreachable");
	CU_ASSERT_STRING_EQUAL(a.server, "one");
	CU_ASSERT_EQUAL(a.history.success_at, 1);
	CU_ASSERT_EQUAL(a.spi_i, TEST_SPI);
	CU_ASSERT_NOT_EQUAL(a.flow.family, 0);
	for (i = 0; i < a.count && tried < 3; i++)
		if (a.observations[i].kind == AOVPN_OBS_TRIED)
			CU_ASSERT_STRING_EQUAL(a.observations[i].u.tried.server,
					       servers[tried++]);
	CU_ASSERT_EQUAL(i, a.count);
	CU_ASSERT_EQUAL(tried, 3);
	CU_ASSERT_PTR_NULL(best.observations);
	end();
}

static void of_one_address_nothing_changes(void)
{
	begin();
	be_silent();
	aovpn_tried_settle(&a, &best);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 809);
	CU_ASSERT_STRING_EQUAL(a.server, "vpn.contoso.test");
	end();
}

/* --- going on ---------------------------------------------------------------
 */

static bool may_go_on(void (*see)(void))
{
	bool may;

	begin();
	see();
	may = aovpn_tried_may_go_on(&a);
	end();
	return may;
}

static void be_led_to_loopback(void)
{
	refuse_proposals();
	a.flow.remote[0] = 127;
}

static void who_was_not_reached_is_left(void)
{
	CU_ASSERT_TRUE(may_go_on(be_silent));
	CU_ASSERT_TRUE(may_go_on(be_refused_by_icmp));
	CU_ASSERT_TRUE(may_go_on(have_no_route));
	CU_ASSERT_TRUE(may_go_on(not_resolve));
	CU_ASSERT_TRUE(may_go_on(answer_half));
	CU_ASSERT_TRUE(may_go_on(want_cookies));
	CU_ASSERT_TRUE(may_go_on(be_led_to_loopback));
}

static void be_refused_by_nps(void)
{
	reach_certificate(&a);
	add_eap_in(&a, 4, 0);
}

static void whose_answer_decides_is_not(void)
{
	CU_ASSERT_FALSE(may_go_on(refuse_proposals));
	CU_ASSERT_FALSE(may_go_on(be_refused_by_nps));
	CU_ASSERT_FALSE(may_go_on(fail_here));
	CU_ASSERT_FALSE(may_go_on(connect_well));
}

CU_TestInfo tried_tests[] = {
	{"who says more is told", who_says_more_is_told},
	{"overload is an answer", overload_is_an_answer},
	{"what happened here stays", what_happened_here_stays},
	{"an attempt of which nothing is known is not told",
	 an_attempt_of_which_nothing_is_known_is_not_told},
	{"all of it comes back", all_of_it_comes_back},
	{"of one address nothing changes", of_one_address_nothing_changes},
	{"who was not reached is left", who_was_not_reached_is_left},
	{"whose answer decides is not", whose_answer_decides_is_not},
	CU_TEST_INFO_NULL,
};
