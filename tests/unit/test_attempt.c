/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_attempt.c - attempts beside each other stay apart and stay bounded. */
#include "attempt.h"

#include <string.h>

#include <CUnit/CUnit.h>

#include "build_attempt.h"

static struct aovpn_observation of(uint32_t id, uint64_t spi, const char *name)
{
	struct aovpn_observation o = {.kind = AOVPN_OBS_RETRANSMIT};

	o.ike_sa_id = id;
	o.spi_i = spi;
	strcpy(o.connection, name);
	return o;
}

static void begin(struct aovpn_attempt *a)
{
	attempt_begin(a);
	add_state(a, AOVPN_IKE_CONNECTING); /* id 1, TEST_SPI */
}

static void ids_and_spis_decide(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o;

	begin(&a);
	o = of(1, 0, "aovpn-corp");
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	o = of(2, TEST_SPI, "aovpn-corp"); /* the id is the more exact */
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
	o = of(0, TEST_SPI, "");
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	o = of(0, TEST_SPI + 1, "");
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_clear(&a);
}

static void before_an_ike_sa_the_name_decides(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o = of(5, 0, "aovpn-corp");

	attempt_begin(&a);
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	strcpy(o.connection, "aovpn-other");
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_clear(&a);
}

static void what_has_only_addresses_belongs_to_the_flow(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o = of(0, 0, "");

	begin(&a);
	o.flow.family = AF_INET;
	memcpy(o.flow.remote, "\xc6\x33\x64\x0a", 4);
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	o.flow.remote[3]++;
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_clear(&a);
}

static void a_late_word_of_an_older_ike_sa_teaches_nothing(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o = of(1, TEST_SPI, "aovpn-corp");

	attempt_begin(&a);
	o.source = AOVPN_SOURCE_PLUGIN;
	o.kind = AOVPN_OBS_IKE_STATE;
	o.u.ike_state.state = AOVPN_IKE_DESTROYING;
	aovpn_attempt_add(&a, &o);
	CU_ASSERT_EQUAL(a.ike_sa_id, 0);
	o.ike_sa_id = 2;
	o.u.ike_state.state = AOVPN_IKE_CONNECTING;
	aovpn_attempt_add(&a, &o);
	CU_ASSERT_EQUAL(a.ike_sa_id, 2);
	/* After a rekeying the connection goes on under a new id. */
	o.ike_sa_id = 3;
	o.u.ike_state.state = AOVPN_IKE_REKEYED;
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_add(&a, &o);
	CU_ASSERT_EQUAL(a.ike_sa_id, 3);
	aovpn_attempt_clear(&a);
}

static void a_flood_keeps_beginning_and_end(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o = of(0, TEST_SPI, "");
	uint64_t began_ns;
	uint32_t i;

	begin(&a);
	began_ns = a.observations[0].time_ns;
	for (i = 0; i < 10000; i++) {
		o.time_ns = began_ns + i;
		CU_ASSERT_EQUAL(aovpn_attempt_add(&a, &o), 0);
		CU_ASSERT_FATAL(a.count <= AOVPN_ATTEMPT_OBSERVATIONS_MAX);
	}
	CU_ASSERT_EQUAL(a.observations[0].kind, AOVPN_OBS_IKE_STATE);
	CU_ASSERT_EQUAL(a.observations[100].time_ns, began_ns + 99);
	CU_ASSERT_EQUAL(a.observations[a.count - 1].time_ns, began_ns + 9999);
	CU_ASSERT_EQUAL(a.count + a.discarded, 10001);
	aovpn_attempt_clear(&a);
}

static void a_second_try_belongs_to_the_same_attempt(void)
{
	struct aovpn_attempt a;
	struct aovpn_observation o = of(2, TEST_SPI + 1, "aovpn-corp");

	begin(&a);
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_restart(&a);
	CU_ASSERT_EQUAL(a.count, 0);
	CU_ASSERT_STRING_EQUAL(a.connection, "corp");
	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	aovpn_attempt_clear(&a);
}

static void what_is_read_later_stands_in_its_place(void)
{
	static const uint64_t times[] = {10, 30, 30, 20, 40, 5};
	static const uint64_t wanted[] = {5, 10, 20, 30, 30, 40};
	struct aovpn_observation o = {.kind = AOVPN_OBS_PACKET};
	struct aovpn_attempt a;
	uint32_t i;

	memset(&a, 0, sizeof(a));
	for (i = 0; i < 6; i++) {
		o.time_ns = times[i];
		o.u.packet.length = i;
		aovpn_attempt_add(&a, &o);
	}
	for (i = 0; i < 6; i++)
		CU_ASSERT_EQUAL(a.observations[i].time_ns, wanted[i]);
	CU_ASSERT_EQUAL(a.observations[3].u.packet.length, 1);
	aovpn_attempt_clear(&a);
}

/* A flood of packets that pass drives out nothing that decides. */
static void packets_that_pass_make_way_first(void)
{
	struct aovpn_observation packet = {.kind = AOVPN_OBS_PACKET},
				 telling = {.kind = AOVPN_OBS_TLS_STATE};
	struct aovpn_attempt a;
	uint32_t i, found = 0;

	memset(&a, 0, sizeof(a));
	for (i = 0; i < AOVPN_ATTEMPT_OBSERVATIONS_MAX - 1; i++)
		aovpn_attempt_add(&a, &packet);
	aovpn_attempt_add(&a, &telling);
	for (i = 0; i < 5000; i++)
		aovpn_attempt_add(&a, &packet);
	for (i = 0; i < a.count; i++)
		found += a.observations[i].kind == AOVPN_OBS_TLS_STATE;
	CU_ASSERT_EQUAL(found, 1);
	CU_ASSERT_EQUAL(a.count + a.discarded,
			5000 + AOVPN_ATTEMPT_OBSERVATIONS_MAX);
	aovpn_attempt_clear(&a);
}

static void what_charon_does_aside_is_everybodys(void)
{
	static const uint32_t kinds[] = {AOVPN_OBS_TCP, AOVPN_OBS_NAME_FAILED,
					 AOVPN_OBS_NEIGHBOUR_FAILED};
	struct aovpn_observation o = {.source = AOVPN_SOURCE_KERNEL};
	struct aovpn_attempt a = {.ike_sa_id = 3};
	size_t i;

	o.flow.family = AF_INET;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		o.kind = kinds[i];
		CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	}
	o.kind = AOVPN_OBS_PACKET_DROPPED;
	CU_ASSERT_FALSE(aovpn_attempt_matches(&a, &o));
}

static void a_name_that_the_plugin_tells_of_is_of_its_ike_sa(void)
{
	struct aovpn_observation o = {.kind = AOVPN_OBS_NAME_FAILED,
				      .source = AOVPN_SOURCE_PLUGIN,
				      .ike_sa_id = 3};
	struct aovpn_attempt a = {.ike_sa_id = 3}, b = {.ike_sa_id = 4};

	CU_ASSERT_TRUE(aovpn_attempt_matches(&a, &o));
	CU_ASSERT_FALSE(aovpn_attempt_matches(&b, &o));
}

CU_TestInfo attempt_tests[] = {
	{"ids and SPIs decide", ids_and_spis_decide},
	{"before an IKE_SA the name decides",
	 before_an_ike_sa_the_name_decides},
	{"what has only addresses belongs to the flow",
	 what_has_only_addresses_belongs_to_the_flow},
	{"a late word of an older IKE_SA teaches nothing",
	 a_late_word_of_an_older_ike_sa_teaches_nothing},
	{"a flood keeps beginning and end", a_flood_keeps_beginning_and_end},
	{"a second try belongs to the same attempt",
	 a_second_try_belongs_to_the_same_attempt},
	{"what is read later stands in its place",
	 what_is_read_later_stands_in_its_place},
	{"packets that pass make way first", packets_that_pass_make_way_first},
	{"what charon does aside is everybody's",
	 what_charon_does_aside_is_everybodys},
	{"a name that the plugin tells of is of its IKE_SA",
	 a_name_that_the_plugin_tells_of_is_of_its_ike_sa},
	CU_TEST_INFO_NULL,
};
