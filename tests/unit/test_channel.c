/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_channel.c - the codec between plugin and daemon: what goes in comes out,
 * and no datagram, however damaged, does harm. */
#include "channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

static void fill(struct aovpn_message *m, uint32_t kind)
{
	struct aovpn_observation *o = &m->u.observation;

	memset(m, 0, sizeof(*m));
	m->type = AOVPN_MESSAGE_OBSERVATION;
	m->sequence = 7;
	m->dropped = 3;
	o->kind = kind;
	o->source = AOVPN_SOURCE_PLUGIN;
	o->time_ns = 0x0123456789abcdefull;
	strcpy(o->connection, "aovpn-corp");
	o->ike_sa_id = 42;
	o->spi_i = 0xfedcba9876543210ull;
	o->flow.family = AF_INET;
	memcpy(o->flow.remote, "\xc6\x33\x64\x0a", 4);
	o->flow.remote_port = 4500;
}

static void an_observation_survives_the_way(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	fill(&in, AOVPN_OBS_IKE_MESSAGE);
	in.u.observation.u.ike_message.incoming = 1;
	in.u.observation.u.ike_message.exchange = 35;
	in.u.observation.u.ike_message.has_ms_status = 1;
	in.u.observation.u.ike_message.ms_status = 0x80090326;
	in.u.observation.u.ike_message.notify_count = 2;
	in.u.observation.u.ike_message.notify[0] = 24;
	in.u.observation.u.ike_message.notify[1] = 12345;
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out), 0);
	CU_ASSERT_EQUAL(memcmp(&in, &out, sizeof(in)), 0);
}

static void every_kind_survives_the_way(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	uint32_t kind;
	int n;

	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		fill(&in, kind);
		n = aovpn_message_encode(&in, buffer, sizeof(buffer));
		CU_ASSERT_FATAL(n > 0);
		CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
				0);
		CU_ASSERT_EQUAL(memcmp(&in, &out, sizeof(in)), 0);
		CU_ASSERT_PTR_NOT_NULL(aovpn_observation_kind_name(kind));
	}
}

static void a_policy_survives_the_way(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	memset(&in, 0, sizeof(in));
	in.type = AOVPN_MESSAGE_REGISTER;
	strcpy(in.u.policy.connection, "aovpn-corp");
	in.u.policy.generation = 9;
	memset(in.u.policy.nps_names, 'x', AOVPN_SERVER_NAMES_MAX - 1);
	in.u.policy.tls_max = 0x0304;
	in.u.policy.key_held = 1;
	in.u.policy.no_pss = 1;
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out), 0);
	CU_ASSERT_EQUAL(memcmp(&in, &out, sizeof(in)), 0);
}

static void a_message_cut_anywhere_is_refused_or_whole(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX], *exact;
	int n, i, whole = 0;

	fill(&in, AOVPN_OBS_CERT_REFUSED);
	strcpy(in.u.observation.u.cert_refused.subject, "CN=x");
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	for (i = 0; i < n; i++) {
		/* In memory of its own, so that a sanitizer sees one byte too
		 * many. */
		exact = malloc((size_t)i + 1);
		memcpy(exact, buffer, (size_t)i);
		if (aovpn_message_decode(exact, (size_t)i, &out) == 0)
			whole++;
		free(exact);
	}
	/* Cuts between two fields leave a shorter, sound message. */
	CU_ASSERT(whole > 0 && whole < 32);
}

static void damaged_bytes_do_no_harm(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX], copy[AOVPN_CHANNEL_MAX];
	const char *text = out.u.observation.u.child_up.dns;
	int n, i, round;

	fill(&in, AOVPN_OBS_CHILD_UP);
	memset(in.u.observation.u.child_up.dns, 'd', AOVPN_TEXT_MAX);
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	srand(1);
	for (round = 0; round < 20000; round++) {
		memcpy(copy, buffer, (size_t)n);
		for (i = 0; i < 3; i++)
			copy[rand() % n] = (uint8_t)rand();
		if (aovpn_message_decode(copy, (size_t)n, &out) < 0)
			continue;
		if (out.type == AOVPN_MESSAGE_OBSERVATION &&
		    out.u.observation.kind == AOVPN_OBS_CHILD_UP)
			CU_ASSERT_FATAL(strnlen(text, AOVPN_TEXT_MAX) <
					AOVPN_TEXT_MAX);
	}
}

static void other_versions_and_strangers_are_told_apart(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	fill(&in, AOVPN_OBS_RETRANSMIT);
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	buffer[4]++;
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EPROTONOSUPPORT);
	buffer[4]--;
	buffer[0] = 'X';
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EBADMSG);
	buffer[0] = 'A';
	buffer[5] = 99;
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EBADMSG);
}

static void too_many_notifies_are_refused(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	fill(&in, AOVPN_OBS_IKE_MESSAGE);
	in.u.observation.u.ike_message.notify_count = AOVPN_NOTIFY_MAX + 1;
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EBADMSG);
}

static void a_signature_survives_the_way(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	memset(&in, 0, sizeof(in));
	in.type = AOVPN_MESSAGE_SIGN;
	strcpy(in.u.sign.connection, "aovpn-corp");
	in.u.sign.generation = 3;
	in.u.sign.id = 0x80000001;
	in.u.sign.scheme = AOVPN_SCHEME_RSA_PSS;
	in.u.sign.digest_size = AOVPN_DIGEST_MAX;
	memset(in.u.sign.digest, 0xa5, sizeof(in.u.sign.digest));
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out), 0);
	CU_ASSERT_EQUAL(memcmp(&in, &out, sizeof(in)), 0);
	memset(&in, 0, sizeof(in));
	in.type = AOVPN_MESSAGE_SIGNED;
	in.u.signature.error = -EIO;
	strcpy(in.u.signature.text, "the token says no");
	in.u.signature.size = AOVPN_SIGNATURE_MAX;
	memset(in.u.signature.signature, 0x5a, AOVPN_SIGNATURE_MAX);
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_FATAL(n > 0);
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out), 0);
	CU_ASSERT_EQUAL(memcmp(&in, &out, sizeof(in)), 0);
}

static void sizes_beyond_their_array_are_refused(void)
{
	struct aovpn_message in, out;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	memset(&in, 0, sizeof(in));
	in.type = AOVPN_MESSAGE_SIGN;
	in.u.sign.digest_size = AOVPN_DIGEST_MAX + 1;
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EBADMSG);
	memset(&in, 0, sizeof(in));
	in.type = AOVPN_MESSAGE_SIGNED;
	in.u.signature.size = AOVPN_SIGNATURE_MAX + 1;
	n = aovpn_message_encode(&in, buffer, sizeof(buffer));
	CU_ASSERT_EQUAL(aovpn_message_decode(buffer, (size_t)n, &out),
			-EBADMSG);
}

static void a_small_buffer_and_an_unknown_kind_are_refused(void)
{
	struct aovpn_message in;
	uint8_t buffer[AOVPN_CHANNEL_MAX];

	fill(&in, AOVPN_OBS_RETRANSMIT);
	CU_ASSERT_EQUAL(aovpn_message_encode(&in, buffer, 20), -EMSGSIZE);
	in.u.observation.kind = AOVPN_OBS_KIND_END;
	CU_ASSERT_EQUAL(aovpn_message_encode(&in, buffer, sizeof(buffer)),
			-EINVAL);
}

CU_TestInfo channel_tests[] = {
	{"an observation survives the way", an_observation_survives_the_way},
	{"every kind survives the way", every_kind_survives_the_way},
	{"a policy survives the way", a_policy_survives_the_way},
	{"a signature survives the way", a_signature_survives_the_way},
	{"sizes beyond their array are refused",
	 sizes_beyond_their_array_are_refused},
	{"a message cut anywhere is refused or whole",
	 a_message_cut_anywhere_is_refused_or_whole},
	{"damaged bytes do no harm", damaged_bytes_do_no_harm},
	{"other versions and strangers are told apart",
	 other_versions_and_strangers_are_told_apart},
	{"too many notifies are refused", too_many_notifies_are_refused},
	{"a small buffer and an unknown kind are refused",
	 a_small_buffer_and_an_unknown_kind_are_refused},
	CU_TEST_INFO_NULL,
};
