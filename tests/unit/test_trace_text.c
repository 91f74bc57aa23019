/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace_text.c - the lines that a trace shows to people. The events are
 * made of observations, as aovpnd makes them. */
#include "client/aovpn/trace_text.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <CUnit/CUnit.h>

#include "observation_json.h"

/* Where the text of every line begins: behind time, source and arrow. */
#define HEAD 23

static struct aovpn_observation of(uint32_t kind)
{
	struct aovpn_observation o = {
		.kind = kind,
		.source = AOVPN_SOURCE_KERNEL,
		.time_ns = 45296789000000,
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return o;
}

static void set_flow(struct aovpn_observation *o)
{
	o->flow.family = AF_INET;
	memcpy(o->flow.local, (uint8_t[]){192, 0, 2, 10}, 4);
	memcpy(o->flow.remote, (uint8_t[]){198, 51, 100, 10}, 4);
	o->flow.local_port = 500;
	o->flow.remote_port = 500;
}

static char *line_of(const struct aovpn_observation *o)
{
	json_t *event = observation_json(o, 0);
	char *line = trace_text(event);

	json_decref(event);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	return line;
}

static void same(const char *got, const char *wanted)
{
	CU_ASSERT_STRING_EQUAL(got, wanted);
	if (strcmp(got, wanted) != 0)
		printf("\n    got:    %s\n    wanted: %s\n", got, wanted);
}

/* The line behind time and source: arrow, flow, text. */
static void reads(const struct aovpn_observation *o, const char *wanted)
{
	char *line = line_of(o);

	CU_ASSERT_TRUE_FATAL(strlen(line) > HEAD);
	same(line + HEAD, wanted);
	free(line);
}

/* The line of a JSON text, whole. */
static void shows(const char *json, const char *wanted)
{
	json_t *event = json_loads(json, 0, NULL);
	char *line = trace_text(event);

	CU_ASSERT_PTR_NOT_NULL_FATAL(event);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	same(line, wanted);
	free(line);
	json_decref(event);
}

/* None falls back to the form for kinds that this program does not know, which
 * is the kind's name and key=value. */
static void every_kind_has_a_line_of_its_own(void)
{
	struct aovpn_observation o;
	uint32_t kind;
	char *line;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		o = of(kind);
		line = line_of(&o);
		CU_ASSERT_PTR_NULL(strchr(line, '='));
		CU_ASSERT_STRING_NOT_EQUAL(line + HEAD + 3,
					   aovpn_observation_kind_name(kind));
		free(line);
	}
}

static void a_line_begins_with_time_and_source(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_CHILD_DOWN);
	char *line = line_of(&o);

	same(line, "12:34:56.789 kernel       CHILD_SA down");
	free(line);
	setenv("TZ", "XXX-02:30", 1);
	tzset();
	shows("{\"kind\":\"child_down\",\"source\":\"plugin\","
	      "\"time\":\"2026-11-25T23:00:01.002Z\"}",
	      "01:30:01.002 plugin       CHILD_SA down");
	shows("{\"kind\":\"child_down\",\"time\":\"yesterday\"}",
	      "--:--:--.---              CHILD_SA down");
}

static void packets_show_who_sends_to_whom(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_PACKET);

	set_flow(&o);
	o.u.packet.protocol = 17;
	o.u.packet.exchange = 35;
	o.u.packet.message_id = 1;
	o.u.packet.length = 364;
	o.u.packet.flags = 0x08;
	reads(&o, "-> 192.0.2.10:500 > 198.51.100.10:500  IKE_AUTH request 1, "
		  "364 bytes, left");
	o.u.packet.incoming = 1;
	o.u.packet.flags = 0x20;
	reads(&o, "<- 198.51.100.10:500 > 192.0.2.10:500  IKE_AUTH response 1, "
		  "364 bytes, arrived");
	o.kind = AOVPN_OBS_SEND;
	o.u.packet.exchange = 0;
	reads(&o, "-> 192.0.2.10:500 > 198.51.100.10:500  UDP, 364 bytes, "
		  "handed to the socket");
	o.u.packet.length = 0;
	reads(&o, "-> 192.0.2.10:500 > 198.51.100.10:500  UDP, handed to the "
		  "socket");
}

static void ipv6_addresses_stand_in_brackets(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_SEND_FAILED);

	o.flow.family = AF_INET6;
	o.flow.local[15] = 1;
	o.flow.remote[0] = 0x20;
	o.flow.remote_port = 4500;
	o.u.send_failed.error = EPERM;
	o.u.send_failed.length = 500;
	reads(&o, "-> [::1] > [2000::]:4500  charon could not send 500 bytes: "
		  "EPERM");
}

static void drops_say_where_why_and_what(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_PACKET_DROPPED);

	set_flow(&o);
	o.u.drop.protocol = 17;
	o.u.drop.exchange = 34;
	o.u.drop.length = 300;
	strcpy(o.u.drop.reason, "NETFILTER_DROP");
	strcpy(o.u.drop.location, "nft_do_chain");
	reads(&o, "-> 192.0.2.10:500 > 198.51.100.10:500  dropped here: "
		  "NETFILTER_DROP in nft_do_chain: IKE_SA_INIT message 0, "
		  "300 bytes");
	o.u.drop.elsewhere = 4026531840;
	o.u.drop.location[0] = '\0';
	o.u.drop.address = 0xffffffff81000000;
	o.u.drop.protocol = 50;
	o.u.drop.exchange = 0;
	o.u.drop.esp_spi = 0xc1;
	o.u.drop.reason[0] = '\0';
	reads(&o, "-> 192.0.2.10:500 > 198.51.100.10:500  dropped in another "
		  "network namespace (4026531840): no reason at "
		  "0xffffffff81000000: ESP, 300 bytes, ESP SPI 000000c1");
	o = of(AOVPN_OBS_PACKET_DROPPED);
	o.u.drop.incoming = 1;
	o.u.drop.protocol = 1;
	o.u.drop.icmp_type = 3;
	o.u.drop.icmp_code = 3;
	strcpy(o.u.drop.reason, "IP_RPFILTER");
	strcpy(o.u.drop.location, "ip_rcv");
	reads(&o, "<- dropped here: IP_RPFILTER in ip_rcv: ICMP 3/3 (port "
		  "unreachable), 0 bytes");
}

static void icmp_errors_are_named(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_ICMP_ERROR);

	set_flow(&o);
	o.u.icmp.type = 3;
	o.u.icmp.code = 13;
	o.u.icmp.from_family = AF_INET;
	memcpy(o.u.icmp.from, (uint8_t[]){192, 0, 2, 1}, 4);
	reads(&o, "<- 198.51.100.10:500 > 192.0.2.10:500  ICMP 3/13 "
		  "(prohibited by a filter) from 192.0.2.1");
	o.u.icmp.from_family = AF_INET6;
	o.u.icmp.type = 2;
	o.u.icmp.code = 0;
	o.u.icmp.mtu = 1280;
	reads(&o, "<- 198.51.100.10:500 > 192.0.2.10:500  ICMPv6 2/0 (too big) "
		  "from c000:201::, MTU 1280");
	o.u.icmp.type = 99;
	o.u.icmp.mtu = 0;
	reads(&o, "<- 198.51.100.10:500 > 192.0.2.10:500  ICMPv6 99/0 "
		  "(unknown) from c000:201::");
}

static void messages_name_their_notifies(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_IKE_MESSAGE);

	o.u.ike_message.exchange = 35;
	o.u.ike_message.message_id = 4;
	o.u.ike_message.incoming = 1;
	o.u.ike_message.response = 1;
	o.u.ike_message.eap_code = 1;
	o.u.ike_message.eap_type = 13;
	o.u.ike_message.notify_count = 2;
	o.u.ike_message.notify[0] = 24;
	o.u.ike_message.notify[1] = 40999;
	reads(&o, "<- IKE_AUTH response 4, EAP request/tls, "
		  "N(AUTHENTICATION_FAILED, 40999)");
	o.u.ike_message.notify_count = 0;
	o.u.ike_message.has_ms_status = 1;
	o.u.ike_message.ms_status = 0x355;
	o.u.ike_message.incoming = 0;
	o.u.ike_message.response = 0;
	o.u.ike_message.eap_code = 0;
	o.u.ike_message.eap_type = 0;
	reads(&o, "-> IKE_AUTH request 4, Windows code 0x355");
}

static void retransmissions_and_the_end_of_them(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_RETRANSMIT);

	o.u.retransmit.count = 2;
	o.u.retransmit.length = 292;
	reads(&o, "-> retransmission 2 of message 0, 292 bytes");
	o.u.retransmit.given_up = 1;
	reads(&o, "-> given up: no answer to message 0 after 2 "
		  "retransmissions");
}

static void tls_and_certificates(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_TLS_ALERT);

	o.u.tls_alert.level = 2;
	o.u.tls_alert.description = 48;
	reads(&o, "<- TLS alert received: fatal 48 (unknown CA)");
	o.u.tls_alert.sent = 1;
	reads(&o, "-> TLS alert sent: fatal 48 (unknown CA)");
	o = of(AOVPN_OBS_TLS_STATE);
	o.u.tls_state.state = AOVPN_TLS_STARTED;
	o.u.tls_state.resumed = 1;
	reads(&o, "   TLS started, a session is offered");
	o.u.tls_state.state = AOVPN_TLS_FINISHED;
	o.u.tls_state.version = 0x0304;
	strcpy(o.u.tls_state.text, "TLS_AES_256_GCM_SHA384");
	reads(&o, "   TLS finished, TLS 1.3, resumed: TLS_AES_256_GCM_SHA384");
	o = of(AOVPN_OBS_CERT_REFUSED);
	o.u.cert_refused.role = AOVPN_CERT_NPS;
	o.u.cert_refused.x509_error = 10;
	strcpy(o.u.cert_refused.subject, "CN=nps");
	reads(&o, "   certificate of nps refused: certificate has expired (10) "
		  "at depth 0, subject CN=nps");
	o = of(AOVPN_OBS_CA_LIST);
	o.u.ca_list.count = 3;
	o.u.ca_list.ours = 1;
	strcpy(o.u.ca_list.names, "CN=a / CN=b");
	reads(&o, "   the server asks for a certificate of 3 CAs, ours among "
		  "them: CN=a / CN=b");
}

static void what_happens_beside_the_dial(void)
{
	struct aovpn_observation o = of(AOVPN_OBS_TCP);

	set_flow(&o);
	o.flow.local_port = 40000;
	o.flow.remote_port = 80;
	o.u.tcp.event = AOVPN_TCP_CONNECT_FAILED;
	o.u.tcp.error = ECONNREFUSED;
	reads(&o, "   tcp connection to 198.51.100.10:80 failed: ECONNREFUSED");
	o.u.tcp.event = AOVPN_TCP_RESET;
	o.u.tcp.error = 0;
	reads(&o, "   tcp connection to 198.51.100.10:80: reset");
	o.u.tcp.event = AOVPN_TCP_RETRANSMITTED;
	reads(&o, "   tcp connection to 198.51.100.10:80: retransmitted, no "
		  "answer in time");
	o = of(AOVPN_OBS_NAME_FAILED);
	o.u.name_failed.gai_error = EAI_NONAME;
	strcpy(o.u.name_failed.name, "crl.example.com");
	reads(&o, "   name crl.example.com: EAI_NONAME");
	o.u.name_failed.gai_error = 0;
	reads(&o, "   name crl.example.com: not resolved");
	o = of(AOVPN_OBS_RESOLVED);
	strcpy(o.u.resolved.name, "vpn.example.com");
	strcpy(o.u.resolved.addresses, "198.51.100.10");
	reads(&o, "   name vpn.example.com: 198.51.100.10");
	o = of(AOVPN_OBS_NEIGHBOUR_FAILED);
	set_flow(&o);
	o.u.neighbour.interface = 2;
	reads(&o, "   neighbour 198.51.100.10 does not answer on interface 2");
	o = of(AOVPN_OBS_FRAGMENT);
	o.u.fragment.protocol = 17;
	o.u.fragment.id = 4711;
	o.u.fragment.offset = 1480;
	o.u.fragment.length = 20;
	reads(&o, "<- IP fragment of udp, id 4711, offset 1480, 20 bytes, the "
		  "last");
	o = of(AOVPN_OBS_XFRM_ERROR);
	strcpy(o.u.xfrm_error.name, "XfrmInNoStates");
	o.u.xfrm_error.count = 3;
	reads(&o, "   the kernel's IPsec counts XfrmInNoStates: 3");
	o = of(AOVPN_OBS_ADDRESS_GONE);
	set_flow(&o);
	reads(&o, "   address 192.0.2.10 is gone from this machine");
	o = of(AOVPN_OBS_LOCAL_FAILURE);
	strcpy(o.u.local_failure.cause, "client-cert-missing");
	strcpy(o.u.local_failure.text, "no file");
	reads(&o, "   the dial ends here: client-cert-missing: no file");
}

static void connections_stand_at_the_end(void)
{
	shows("{\"kind\":\"child_down\",\"source\":\"plugin\","
	      "\"time\":\"2026-11-25T00:00:00.000Z\","
	      "\"connections\":[\"corp\",\"lab\"]}",
	      "00:00:00.000 plugin       CHILD_SA down  [corp lab]");
	shows("{\"kind\":\"child_down\",\"source\":\"plugin\","
	      "\"time\":\"2026-11-25T00:00:00.000Z\",\"connections\":[]}",
	      "00:00:00.000 plugin       CHILD_SA down");
}

static void an_unknown_kind_is_told_by_its_fields(void)
{
	shows("{\"kind\":\"quantum_leap\",\"source\":\"kernel\","
	      "\"time\":\"2026-11-25T00:00:00.000Z\",\"time_ns\":1,"
	      "\"incoming\":true,\"local\":\"192.0.2.10\",\"local_port\":1,"
	      "\"remote\":\"192.0.2.1\",\"remote_port\":2,\"how\":[1,\"a\"]}",
	      "00:00:00.000 kernel    <- 192.0.2.1:2 > 192.0.2.10:1  "
	      "quantum_leap incoming=true how=[1,\"a\"]");
}

static void what_is_missing_is_told(void)
{
	json_t *end = json_loads("{\"kind\":\"end\",\"shown\":12,\"lost\":"
				 "{\"kernel\":3},\"unread\":{\"plugin\":1,"
				 "\"icmp\":2},\"suppressed\":5}",
				 0, NULL);
	char *line;

	shows("{\"kind\":\"lost\",\"time\":\"2026-11-25T00:00:00.000Z\","
	      "\"lost\":{},\"unread\":{\"kernel\":7},\"suppressed\":0}",
	      "00:00:00.000              events are missing here; not read in "
	      "time: kernel 7");
	line = trace_text_summary(end);
	same(line, "12 events shown; lost: kernel 3; not read in time: plugin "
		   "1, icmp 2; kept back by limits: 5");
	free(line);
	json_object_clear(json_object_get(end, "lost"));
	json_object_clear(json_object_get(end, "unread"));
	json_object_set_new(end, "suppressed", json_integer(0));
	line = trace_text_summary(end);
	same(line, "12 events shown; none lost");
	free(line);
	json_decref(end);
}

/* The daemon escapes; a line that something else wrote must do no harm. */
static void nothing_raw_reaches_the_terminal(void)
{
	static const char *const texts[] = {
		"{\"kind\":\"local_failure\",\"cause\":\"\\u001b[2J\\n\","
		"\"text\":\"\\u009b31m\\u202e\",\"source\":\"\\r\","
		"\"time\":\"2026-11-25T00:00:00\\u001b[1m\"}",
		"{\"kind\":\"\\u001b[2J\",\"x\\u0007\":\"\\u001b\","
		"\"incoming\":true,\"remote\":\"\\u0007\"}",
		"{\"kind\":\"begin\",\"sources\":{\"\\u001b\":\"\\u0007\"}}",
		"{\"kind\":\"child_up\",\"addresses\":5,\"dns\":null,"
		"\"connections\":[\"\\n\",7]}",
	};
	json_t *event;
	char *line;
	size_t i, j;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		event = json_loads(texts[i], 0, NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(event);
		line = trace_text(event);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line);
		for (j = 0; line[j] != '\0'; j++)
			if (!isprint((unsigned char)line[j]))
				CU_FAIL("a byte that is not printable");
		free(line);
		json_decref(event);
	}
}

static void what_is_no_event_has_no_line(void)
{
	json_t *array = json_array(), *object = json_object();

	CU_ASSERT_PTR_NULL(trace_text(array));
	CU_ASSERT_PTR_NULL(trace_text(object));
	json_decref(array);
	json_decref(object);
}

CU_TestInfo trace_text_tests[] = {
	{"every_kind_has_a_line_of_its_own", every_kind_has_a_line_of_its_own},
	{"a_line_begins_with_time_and_source",
	 a_line_begins_with_time_and_source},
	{"packets_show_who_sends_to_whom", packets_show_who_sends_to_whom},
	{"ipv6_addresses_stand_in_brackets", ipv6_addresses_stand_in_brackets},
	{"drops_say_where_why_and_what", drops_say_where_why_and_what},
	{"icmp_errors_are_named", icmp_errors_are_named},
	{"messages_name_their_notifies", messages_name_their_notifies},
	{"retransmissions_and_the_end_of_them",
	 retransmissions_and_the_end_of_them},
	{"tls_and_certificates", tls_and_certificates},
	{"what_happens_beside_the_dial", what_happens_beside_the_dial},
	{"connections_stand_at_the_end", connections_stand_at_the_end},
	{"an_unknown_kind_is_told_by_its_fields",
	 an_unknown_kind_is_told_by_its_fields},
	{"what_is_missing_is_told", what_is_missing_is_told},
	{"nothing_raw_reaches_the_terminal", nothing_raw_reaches_the_terminal},
	{"what_is_no_event_has_no_line", what_is_no_event_has_no_line},
	CU_TEST_INFO_NULL,
};
