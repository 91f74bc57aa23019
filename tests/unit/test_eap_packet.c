/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_eap_packet.c - EAP-TLS requests, good and bad, and what is answered. */
#include "plugins/aovpn/aovpn_eap_packet.h"

#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

static aovpn_eap_packets_t p;

static void begin(size_t fragment_size)
{
	memset(&p, 0, sizeof(p));
	p.fragment_size = fragment_size;
}

/* Take a request of this type with flags and data after it; flags < 0: none. */
static aovpn_eap_step_t take(uint8_t type, int flags, const void *data,
			     size_t len)
{
	uint8_t *packet = malloc(6 + len); /* exact, for the sanitizer */
	aovpn_eap_step_t step;
	size_t n = flags < 0 ? 5 : 6 + len;

	packet[0] = 1;
	packet[1] = (uint8_t)(p.requests + 7);
	packet[2] = (uint8_t)(n >> 8);
	packet[3] = (uint8_t)n;
	packet[4] = type;
	packet[5] = (uint8_t)flags;
	memcpy(packet + 6, data, len);
	step = aovpn_eap_packets_take(&p, packet, n);
	free(packet);
	return step;
}

static void start(void)
{
	CU_ASSERT_EQUAL(take(13, 0x20, "", 0), AOVPN_EAP_FLIGHT);
	CU_ASSERT_EQUAL(p.in_len, 0);
}

/* The request is refused for this reason, and nothing is left over. */
static void refused(aovpn_eap_step_t step, enum aovpn_eap_error error)
{
	CU_ASSERT_EQUAL(step, AOVPN_EAP_BROKEN);
	CU_ASSERT_EQUAL(p.error, error);
	CU_ASSERT_PTR_NOT_NULL(p.text);
	CU_ASSERT_PTR_NULL(p.in);
	CU_ASSERT_PTR_NULL(p.out);
}

/* The answer is these bytes. */
static void answers(const char *bytes, size_t len, bool last)
{
	uint8_t *packet;
	size_t n = 0;
	bool l = false;

	packet = aovpn_eap_packets_respond(&p, &n, &l);
	CU_ASSERT_PTR_NOT_NULL_FATAL(packet);
	CU_ASSERT_EQUAL(n, len);
	CU_ASSERT_EQUAL(l, last);
	CU_ASSERT(n == len && memcmp(packet, bytes, len) == 0);
	free(packet);
}

static void send_flight(const char *bytes)
{
	aovpn_eap_packets_send(&p, (uint8_t *)strdup(bytes), strlen(bytes));
}

static void puts_fragments_together(void)
{
	begin(100);
	start();
	CU_ASSERT_EQUAL(take(13, 0xc0, "\0\0\0\5abc", 7), AOVPN_EAP_PART);
	answers("\2\10\0\6\15\0", 6, false);
	CU_ASSERT_EQUAL(take(13, 0, "de", 2), AOVPN_EAP_FLIGHT);
	CU_ASSERT_EQUAL(p.in_len, 5);
	CU_ASSERT_EQUAL(memcmp(p.in, "abcde", 5), 0);
	aovpn_eap_packets_clear(&p);
}

static void cuts_our_flight(void)
{
	begin(3);
	start();
	send_flight("abcdefg");
	answers("\2\7\0\15\15\300\0\0\0\7abc", 13, false);
	CU_ASSERT_EQUAL(take(13, 0, "", 0), AOVPN_EAP_NEXT);
	answers("\2\10\0\11\15\100def", 9, false);
	CU_ASSERT_EQUAL(take(13, 0, "", 0), AOVPN_EAP_NEXT);
	answers("\2\11\0\7\15\0g", 7, true);
	answers("\2\11\0\6\15\0", 6, false);
}

static void ignores_reserved_flags(void)
{
	begin(3);
	CU_ASSERT_EQUAL(take(13, 0x3f, "", 0), AOVPN_EAP_FLIGHT);
	send_flight("abcd");
	answers("\2\7\0\15\15\300\0\0\0\4abc", 13, false);
	CU_ASSERT_EQUAL(take(13, 0x1f, "", 0), AOVPN_EAP_NEXT);
	answers("\2\10\0\7\15\0d", 7, true);
	CU_ASSERT_EQUAL(take(13, 0x1f, "x", 1), AOVPN_EAP_FLIGHT);
	aovpn_eap_packets_clear(&p);
}

static void refuses_short_packets(void)
{
	uint8_t head[5] = {1, 0, 0, 4, 13};

	begin(100);
	refused(aovpn_eap_packets_take(&p, head, 0), AOVPN_EAP_MALFORMED);
	refused(aovpn_eap_packets_take(&p, head, 4), AOVPN_EAP_MALFORMED);
	refused(take(13, -1, "", 0), AOVPN_EAP_MALFORMED);
	refused(take(13, 0xa0, "\0\0\0", 3), AOVPN_EAP_MALFORMED);
}

static void refuses_start_at_wrong_times(void)
{
	begin(100);
	refused(take(13, 0, "", 0), AOVPN_EAP_MALFORMED);
	refused(take(13, 0x60, "", 0), AOVPN_EAP_MALFORMED);
	refused(take(13, 0x20, "x", 1), AOVPN_EAP_MALFORMED);
	start();
	refused(take(13, 0x20, "", 0), AOVPN_EAP_MALFORMED);
}

static void refuses_wrong_lengths(void)
{
	begin(100);
	start();
	refused(take(13, 0x80, "\0\0\0\1ab", 6), AOVPN_EAP_MALFORMED);
	refused(take(13, 0x80, "\0\0\0\3ab", 6), AOVPN_EAP_MALFORMED);
	refused(take(13, 0x80, "\0\0\0\0ab", 6), AOVPN_EAP_MALFORMED);
	refused(take(13, 0xc0, "\0\0\0\2ab", 6), AOVPN_EAP_MALFORMED);
	take(13, 0xc0, "\0\0\0\5ab", 6);
	refused(take(13, 0xc0, "\0\0\0\6ab", 6), AOVPN_EAP_MALFORMED);
	take(13, 0x40, "ab", 2);
	refused(take(13, 0xc0, "\0\0\0\6ab", 6), AOVPN_EAP_MALFORMED);
	refused(take(13, 0x40, "", 0), AOVPN_EAP_MALFORMED);
}

static void refuses_what_is_too_long(void)
{
	static const char data[4096];
	aovpn_eap_step_t step;
	int i;

	begin(100);
	start();
	refused(take(13, 0xc0, "\0\1\0\1ab", 6), AOVPN_EAP_TOO_LONG);
	for (i = 0; i < 16; i++) {
		step = take(13, 0x40, data, sizeof(data));
		CU_ASSERT_EQUAL(step, AOVPN_EAP_PART);
	}
	refused(take(13, 0, "x", 1), AOVPN_EAP_TOO_LONG);
}

static void refuses_requests_without_end(void)
{
	int i;

	begin(100);
	start();
	for (i = 1; i < AOVPN_EAP_REQUESTS_MAX; i++)
		CU_ASSERT_EQUAL(take(13, 0x40, "x", 1), AOVPN_EAP_PART);
	refused(take(13, 0x40, "x", 1), AOVPN_EAP_TOO_MANY);
}

static void wants_acknowledgements_empty(void)
{
	static const int flags[] = {0x40, 0x80, 0xc0, 0};
	size_t i;

	for (i = 0; i < 4; i++) {
		begin(3);
		start();
		send_flight("abcdefg");
		refused(take(13, flags[i], "\0\0\0\0", 4), AOVPN_EAP_MALFORMED);
	}
}

static void refuses_other_types(void)
{
	begin(100);
	start();
	refused(take(4, 0, "x", 1), AOVPN_EAP_OTHER_TYPE);
	refused(take(254, 0, "\0\0\0\0\0\0\15", 7), AOVPN_EAP_OTHER_TYPE);
}

static void answers_a_notification(void)
{
	begin(100);
	start();
	CU_ASSERT_EQUAL(take(13, 0x40, "ab", 2), AOVPN_EAP_PART);
	CU_ASSERT_EQUAL(take(2, 'h', "ello", 4), AOVPN_EAP_NOTIFIED);
	answers("\2\11\0\5\2", 5, false);
	CU_ASSERT_EQUAL(take(13, 0, "c", 1), AOVPN_EAP_FLIGHT);
	CU_ASSERT_EQUAL(p.in_len, 3);
	aovpn_eap_packets_clear(&p);
}

CU_TestInfo eap_packet_tests[] = {
	{"puts fragments together", puts_fragments_together},
	{"cuts our flight", cuts_our_flight},
	{"ignores reserved flags", ignores_reserved_flags},
	{"refuses short packets", refuses_short_packets},
	{"refuses Start at wrong times", refuses_start_at_wrong_times},
	{"refuses wrong lengths", refuses_wrong_lengths},
	{"refuses what is too long", refuses_what_is_too_long},
	{"refuses requests without end", refuses_requests_without_end},
	{"wants acknowledgements empty", wants_acknowledgements_empty},
	{"refuses other types", refuses_other_types},
	{"answers a notification", answers_a_notification},
	CU_TEST_INFO_NULL,
};
