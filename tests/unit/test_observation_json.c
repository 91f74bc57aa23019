/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_observation_json.c - the JSON form of every kind of observation, which
 * is what a trace prints. */
#include "observation_json.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

/* 2026-11-25T00:54:12.345Z is 1795568052.345 s; the machine runs for 100 s. */
#define WALL_NS (1795568052345000000 - 100000000000)

static struct aovpn_observation of(uint32_t kind)
{
	return (struct aovpn_observation){
		.kind = kind,
		.source = AOVPN_SOURCE_KERNEL,
		.time_ns = 100000000000,
	};
}

static void set_flow(struct aovpn_observation *o)
{
	o->flow.family = AF_INET;
	memcpy(o->flow.local, (uint8_t[]){192, 0, 2, 10}, 4);
	memcpy(o->flow.remote, (uint8_t[]){198, 51, 100, 10}, 4);
	o->flow.local_port = 500;
	o->flow.remote_port = 4500;
}

/* The whole object must be this; keys in any order. */
static void becomes(const struct aovpn_observation *o, const char *expected)
{
	json_t *got = observation_json(o, WALL_NS);
	json_t *wanted = json_loads(expected, 0, NULL);
	char *dump = json_dumps(got, JSON_COMPACT);

	CU_ASSERT_PTR_NOT_NULL(wanted);
	CU_ASSERT_TRUE(json_equal(got, wanted));
	if (!json_equal(got, wanted))
		printf("\n    got:    %s\n    wanted: %s\n", dump, expected);
	free(dump);
	json_decref(wanted);
	json_decref(got);
}

/* The fields of the kind beside those that every one here has. */
#define LINE(kind, rest)                                \
	"{\"kind\":\"" kind "\",\"source\":\"kernel\"," \
	"\"time\":\"2026-11-25T00:54:12.345Z\","        \
	"\"time_ns\":100000000000" rest "}"
#define FLOW                                            \
	",\"local\":\"192.0.2.10\",\"local_port\":500," \
	"\"remote\":\"198.51.100.10\",\"remote_port\":4500"

/* A kind that is added to observation.h has a form without a line of code. */
static void every_kind_has_its_fields(void)
{
	const struct aovpn_field *field;
	struct aovpn_observation o;
	uint32_t kind;
	json_t *object;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		o = of(kind);
		object = observation_json(&o, WALL_NS);
		CU_ASSERT_PTR_NOT_NULL_FATAL(object);
		field = aovpn_observation_kind_fields(kind);
		for (; field->tag != 0; field++) {
			if (strcmp(field->name, "from_family") == 0)
				continue;
			CU_ASSERT_PTR_NOT_NULL(
				json_object_get(object, field->name));
			/* "state" of a kind must not be 0 or an object. */
			CU_ASSERT_FALSE(json_is_null(
				json_object_get(object, field->name)));
		}
		json_decref(object);
	}
}

static void no_kind_hides_a_common_field(void)
{
	static const char *const heads[] = {"kind", "time", "connections"};
	const struct aovpn_field *field, *common;
	uint32_t kind;
	size_t i;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		field = aovpn_observation_kind_fields(kind);
		for (; field->tag != 0; field++) {
			common = aovpn_observation_fields;
			for (; common->tag != 0; common++)
				CU_ASSERT_STRING_NOT_EQUAL(field->name,
							   common->name);
			for (i = 0; i < 3; i++)
				CU_ASSERT_STRING_NOT_EQUAL(field->name,
							   heads[i]);
		}
	}
}

static void what_is_no_kind_has_no_form(void)
{
	struct aovpn_observation o = of(0);

	CU_ASSERT_PTR_NULL(observation_json(&o, WALL_NS));
	o.kind = AOVPN_OBS_KIND_END;
	CU_ASSERT_PTR_NULL(observation_json(&o, WALL_NS));
}

static void what_a_source_knows_is_told(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_CHILD_DOWN);

	becomes(&o, LINE("child_down", ""));
	set_flow(&o);
	strcpy(o.connection, "aovpn-corp");
	o.ike_sa_id = 7;
	o.spi_i = 0x0011223344556677;
	o.spi_r = UINT64_MAX;
	becomes(&o, LINE("child_down",
			 ",\"connection\":\"aovpn-corp\",\"ike_sa_id\":7,"
			 "\"spi_i\":\"0011223344556677\","
			 "\"spi_r\":\"ffffffffffffffff\"" FLOW));
}

static void an_ipv6_flow_is_text(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_CHILD_DOWN);

	o.flow.family = AF_INET6;
	o.flow.local[15] = 1;
	o.flow.remote[0] = 0x20;
	o.flow.remote[1] = 0x01;
	becomes(&o,
		LINE("child_down", ",\"local\":\"::1\",\"local_port\":0,"
				   "\"remote\":\"2001::\",\"remote_port\":0"));
}

static void enums_are_names(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_IKE_STATE);

	o.u.ike_state.state = AOVPN_IKE_ESTABLISHED;
	becomes(&o, LINE("ike_state", ",\"state\":\"established\""));
	o = of(AOVPN_OBS_ALERT);
	o.u.alert.alert = AOVPN_ALERT_PROPOSAL_MISMATCH_IKE;
	becomes(&o, LINE("alert", ",\"alert\":\"proposal_mismatch_ike\","
				  "\"text\":\"\",\"issuer\":\"\""));
	o = of(AOVPN_OBS_TCP);
	o.u.tcp.event = AOVPN_TCP_CONNECT_FAILED;
	o.u.tcp.error = ECONNREFUSED;
	becomes(&o, LINE("tcp", ",\"event\":\"connect_failed\","
				"\"error\":\"ECONNREFUSED\""));
	o = of(AOVPN_OBS_NAME_FAILED);
	o.u.name_failed.gai_error = EAI_NONAME;
	strcpy(o.u.name_failed.name, "crl.example.com");
	becomes(&o, LINE("name_failed", ",\"gai_error\":\"EAI_NONAME\","
					"\"name\":\"crl.example.com\""));
	o.u.name_failed.gai_error = 0;
	becomes(&o, LINE("name_failed", ",\"gai_error\":\"\","
					"\"name\":\"crl.example.com\""));
}

/* A string all the same: a reader need not expect two types. */
static void numbers_without_a_name_stay_strings(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_TCP);

	o.u.tcp.event = 200;
	o.u.tcp.error = -5;
	becomes(&o, LINE("tcp", ",\"event\":\"200\",\"error\":\"-5\""));
	o.u.tcp.event = 0;
	o.u.tcp.error = 0;
	becomes(&o, LINE("tcp", ",\"event\":\"0\",\"error\":\"\""));
	o = of(AOVPN_OBS_IKE_STATE);
	o.u.ike_state.state = UINT32_MAX;
	becomes(&o, LINE("ike_state", ",\"state\":\"4294967295\""));
	o = of(AOVPN_OBS_NAME_FAILED);
	o.u.name_failed.gai_error = -999;
	becomes(&o, LINE("name_failed", ",\"gai_error\":\"-999\","
					"\"name\":\"\""));
}

static void a_message_has_only_its_notifies(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_IKE_MESSAGE);

	o.u.ike_message.incoming = 1;
	o.u.ike_message.response = 1;
	o.u.ike_message.exchange = 35;
	o.u.ike_message.message_id = 3;
	o.u.ike_message.eap_code = 4;
	o.u.ike_message.notify_count = 2;
	o.u.ike_message.notify[0] = 24;
	o.u.ike_message.notify[1] = 12345;
	o.u.ike_message.notify[2] = 99;
#define MESSAGE                                               \
	",\"incoming\":true,\"response\":true,"               \
	"\"exchange\":\"IKE_AUTH\",\"eap_code\":\"failure\"," \
	"\"eap_type\":\"\",\"has_ms_status\":false,"          \
	"\"message_id\":3,\"ms_status\":0,\"notify_data\":\"\","
	becomes(&o, LINE("ike_message",
			 MESSAGE "\"notify_count\":2,\"notify\":[24,12345]"));
	/* More were in the message than we keep. */
	o.u.ike_message.notify_count = 1000;
	becomes(&o, LINE("ike_message",
			 MESSAGE "\"notify_count\":1000,\"notify\":[24,12345,"
				 "99,0,0,0,0,0,0,0,0,0,0,0,0,0]"));
}

static void a_drop_says_where_and_why(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_PACKET_DROPPED);

	set_flow(&o);
	o.u.drop.protocol = IPPROTO_ICMP;
	o.u.drop.length = 92;
	o.u.drop.address = 0xffffffff81234567;
	strcpy(o.u.drop.reason, "NETFILTER_DROP");
	strcpy(o.u.drop.location, "nft_do_chain");
	o.u.drop.esp_spi = 0xc0ffee;
	o.u.drop.icmp_type = 3;
	o.u.drop.icmp_code = 13;
	o.u.drop.elsewhere = 4026531840;
	becomes(&o, LINE("packet_dropped", FLOW
			 ",\"incoming\":false,\"protocol\":\"icmp\","
			 "\"exchange\":\"\",\"message_id\":0,\"length\":92,"
			 "\"address\":\"ffffffff81234567\","
			 "\"reason\":\"NETFILTER_DROP\","
			 "\"location\":\"nft_do_chain\","
			 "\"esp_spi\":\"00c0ffee\",\"icmp_type\":3,"
			 "\"icmp_code\":13,\"elsewhere\":4026531840"));
}

static void an_icmp_error_names_its_sender(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_ICMP_ERROR);

	o.u.icmp.type = 3;
	o.u.icmp.code = 4;
	o.u.icmp.mtu = 1400;
	o.u.icmp.from_family = AF_INET;
	memcpy(o.u.icmp.from, (uint8_t[]){192, 0, 2, 1}, 4);
	becomes(&o, LINE("icmp_error", ",\"type\":3,\"code\":4,"
				       "\"from\":\"192.0.2.1\",\"mtu\":1400,"
				       "\"esp_spi\":\"00000000\""));
	o.u.icmp.from_family = 0;
	o.u.icmp.esp_spi = 0xc1c2c3c4;
	becomes(&o, LINE("icmp_error", ",\"type\":3,\"code\":4,"
				       "\"from\":\"\",\"mtu\":1400,"
				       "\"esp_spi\":\"c1c2c3c4\""));
}

/* No raw byte above or below printable ASCII leaves, whatever comes in. */
static void hostile_text_is_escaped(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_CERT_REFUSED);
	json_t *object;
	char *line;
	size_t i;

	strcpy(o.connection, "a\x1b[31m");
	strcpy(o.u.cert_refused.subject, "CN=\"\n\x1b]0;x\x07\xff\xe2\x80\xae");
	memset(o.u.cert_refused.issuer, 0x01, AOVPN_TEXT_MAX - 1);
	object = observation_json(&o, WALL_NS);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(object, "subject")),
		"CN=\"\\x0a\\x1b]0;x\\x07\\xff\\xe2\\x80\\xae");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(object, "connection")),
		"a\\x1b[31m");
	CU_ASSERT_EQUAL(json_string_length(json_object_get(object, "issuer")),
			4 * (AOVPN_TEXT_MAX - 1));
	line = json_dumps(object, JSON_COMPACT);
	for (i = 0; line[i] != '\0'; i++)
		if (!isprint((unsigned char)line[i]))
			CU_FAIL("a byte that is not printable");
	free(line);
	json_decref(object);
}

CU_TestInfo observation_json_tests[] = {
	{"every_kind_has_its_fields", every_kind_has_its_fields},
	{"no_kind_hides_a_common_field", no_kind_hides_a_common_field},
	{"what_is_no_kind_has_no_form", what_is_no_kind_has_no_form},
	{"what_a_source_knows_is_told", what_a_source_knows_is_told},
	{"an_ipv6_flow_is_text", an_ipv6_flow_is_text},
	{"enums_are_names", enums_are_names},
	{"numbers_without_a_name_stay_strings",
	 numbers_without_a_name_stay_strings},
	{"a_message_has_only_its_notifies", a_message_has_only_its_notifies},
	{"a_drop_says_where_and_why", a_drop_says_where_and_why},
	{"an_icmp_error_names_its_sender", an_icmp_error_names_its_sender},
	{"hostile_text_is_escaped", hostile_text_is_escaped},
	CU_TEST_INFO_NULL,
};
