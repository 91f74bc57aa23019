/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ike_probe.c - requests made without charon and answers that anybody may
 * have sent: ike_offer, ike_key, ike_probe, ike_answer, ike_vendor.
 */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike_probe.h"
#include "ike_vendor.h"

#define SA     33
#define KE     34
#define NONCE  40
#define NOTIFY 41
#define VENDOR 43

#define SPI_R 0x0102030405060708ull

/* --- an answer, byte by byte ------------------------------------------------
 */

static struct reply {
	uint8_t bytes[2048];
	size_t used;
	size_t next; /* where the next payload's type goes */
} reply;

static void put(const void *data, size_t size)
{
	CU_ASSERT_FATAL(reply.used + size <= sizeof(reply.bytes));
	memcpy(reply.bytes + reply.used, data, size);
	reply.used += size;
}

static void put_number(uint64_t value, size_t bytes)
{
	uint8_t byte;

	while (bytes > 0) {
		byte = (uint8_t)(value >> (8 * --bytes));
		put(&byte, 1);
	}
}

static void begin_reply(const struct ike_probe *probe, uint64_t spi_r)
{
	reply.used = 0;
	put_number(probe->spi, 8);
	put_number(spi_r, 8);
	reply.next = reply.used;
	put_number(0, 1);
	put_number(0x20, 1); /* version */
	put_number(34, 1);
	put_number(0x20, 1); /* a response */
	put_number(0, 4);
	put_number(0, 4);
}

static void payload(uint8_t type, const void *body, size_t size)
{
	reply.bytes[reply.next] = type;
	reply.next = reply.used;
	put_number(0, 2);
	put_number(4 + size, 2);
	put(body, size);
}

static void notify(uint16_t type, const void *data, size_t size)
{
	uint8_t body[128] = {0, 0, (uint8_t)(type >> 8), (uint8_t)type};

	CU_ASSERT_FATAL(size <= sizeof(body) - 4);
	if (size > 0)
		memcpy(body + 4, data, size);
	payload(NOTIFY, body, 4 + size);
}

/* aes256, sha256, its PRF, modp2048. */
static const uint8_t chosen[] = {0,    0,  0, 44, 1, 1, 0, 4, /* proposal */
				 3,    0,  0, 12, 1, 0, 0, 12,
				 0x80, 14, 1, 0,              /* AES-CBC, 256 */
				 3,    0,  0, 8,  2, 0, 0, 5, /* PRF */
				 3,    0,  0, 8,  3, 0, 0, 12,  /* integrity */
				 0,    0,  0, 8,  4, 0, 0, 14}; /* group */

static void key(uint16_t group, size_t bytes)
{
	uint8_t body[4 + IKE_KEY_MAX] = {(uint8_t)(group >> 8), (uint8_t)group};

	memset(body + 4, 0xaa, bytes);
	payload(KE, body, 4 + bytes);
}

static void nonce(size_t bytes)
{
	uint8_t body[300];

	memset(body, 0x55, sizeof(body));
	payload(NONCE, body, bytes);
}

static void take_it(const struct ike_probe *probe)
{
	begin_reply(probe, SPI_R);
	payload(SA, chosen, sizeof(chosen));
	key(14, 256);
	nonce(32);
}

static struct aovpn_error error_of_decode;

static int decode(const struct ike_probe *probe, struct ike_answer *ret)
{
	uint8_t *exact;
	int r;

	reply.bytes[26] = (uint8_t)(reply.used >> 8);
	reply.bytes[27] = (uint8_t)reply.used;
	/* As long as it is and no longer: sanitizers see what is read beyond.
	 */
	exact = malloc(reply.used);
	CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
	memcpy(exact, reply.bytes, reply.used);
	r = ike_answer_decode(probe, exact, reply.used, ret, &error_of_decode);
	free(exact);
	return r;
}

/* Is the answer refused, and for this reason? */
static bool is_broken(const struct ike_probe *probe, const char *why)
{
	struct ike_answer answer;

	if (decode(probe, &answer) == -EBADMSG &&
	    strstr(error_of_decode.text, why))
		return true;
	printf("not \"%s\" but \"%s\"\n", why, error_of_decode.text);
	return false;
}

static void make_probe(const char *words, uint16_t group, struct ike_probe *ret)
{
	struct ike_offer offer;
	struct aovpn_error error;

	CU_ASSERT_EQUAL_FATAL(ike_offer_parse(words, &offer, &error), 0);
	CU_ASSERT_EQUAL_FATAL(ike_probe_make(&offer, group, ret), 0);
	ret->flow = (struct aovpn_flow){.family = AF_INET,
					.local = {192, 0, 2, 10},
					.remote = {198, 51, 100, 10},
					.local_port = 40000,
					.remote_port = 500};
}

static struct ike_probe usual_probe(void)
{
	struct ike_probe probe;

	make_probe("aes256-sha256-modp2048", 14, &probe);
	return probe;
}

/* --- proposals --------------------------------------------------------------
 */

static void words_become_numbers_and_words_again(void)
{
	static const char *const texts[] = {
		"aes256-sha256-modp2048", "3des-sha1-modp1024",
		"aes256gcm16-prfsha384-ecp384",
		"aes128-sha384-prfsha256-ecp256",
		"chacha20poly1305-prfsha256-curve25519"};
	struct ike_offer offer;
	struct aovpn_error error;
	char out[128];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CU_ASSERT_EQUAL(ike_offer_parse(texts[i], &offer, &error), 0);
		CU_ASSERT_EQUAL(offer.count, 1);
		CU_ASSERT_STRING_EQUAL(
			ike_proposal_text(&offer.proposal[0], out, sizeof(out)),
			texts[i]);
	}
}

static void integrity_stands_for_its_prf(void)
{
	struct ike_offer offer;
	struct aovpn_error error;
	const struct ike_proposal *first = &offer.proposal[0];

	CU_ASSERT_EQUAL(ike_offer_parse("aes256-sha1-modp2048", &offer, &error),
			0);
	CU_ASSERT_EQUAL_FATAL(first->count, 4);
	CU_ASSERT_EQUAL(first->transform[3].type, IKE_PRF);
	CU_ASSERT_EQUAL(first->transform[3].id, 2);
	CU_ASSERT_EQUAL(ike_offer_parse("aes256-sha1-prfsha256-modp2048",
					&offer, &error),
			0);
	CU_ASSERT_EQUAL(first->count, 4);
}

static void words_that_are_none_are_named(void)
{
	static const char *const texts[] = {"", "aes256-", "aes256,,aes128",
					    "aes256-sha257-modp2048",
					    "a,b,c,d,e,f,g,h,i"};
	struct ike_offer offer;
	struct aovpn_error error;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_EQUAL(ike_offer_parse(texts[i], &offer, &error),
				-EINVAL);
	ike_offer_parse("aes256-sha257-modp2048", &offer, &error);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "\"sha257\""));
}

static void too_many_proposals_are_refused(void)
{
	struct ike_offer offer;
	struct aovpn_error error;

	CU_ASSERT_EQUAL(ike_offer_parse("des,des,des,des,des,des,des,des",
					&offer, &error),
			0);
	CU_ASSERT_EQUAL(ike_offer_parse("des,des,des,des,des,des,des,des,des",
					&offer, &error),
			-EINVAL);
}

static void what_is_weak_is_known(void)
{
	struct ike_offer offer;
	struct aovpn_error error;

	ike_offer_parse("3des-sha256-modp2048,aes256-sha1-modp2048,"
			"aes256-sha256-modp1024,aes256-sha256-modp2048",
			&offer, &error);
	CU_ASSERT_TRUE(ike_proposal_is_weak(&offer.proposal[0]));
	CU_ASSERT_TRUE(ike_proposal_is_weak(&offer.proposal[1]));
	CU_ASSERT_TRUE(ike_proposal_is_weak(&offer.proposal[2]));
	CU_ASSERT_FALSE(ike_proposal_is_weak(&offer.proposal[3]));
}

/* --- requests ---------------------------------------------------------------
 */

static void each_group_has_a_key_of_its_length(void)
{
	static const struct {
		uint16_t group;
		int bytes;
	} known[] = {{1, 96},   {2, 128},  {5, 192},   {14, 256}, {15, 384},
		     {16, 512}, {17, 768}, {18, 1024}, {19, 64},  {20, 96},
		     {21, 132}, {24, 256}, {31, 32},   {32, 56}};
	static const uint8_t nothing[IKE_KEY_MAX];
	uint8_t out[IKE_KEY_MAX];
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		memset(out, 0, sizeof(out));
		CU_ASSERT_EQUAL(ike_key_make(known[i].group, out),
				known[i].bytes);
		CU_ASSERT_NOT_EQUAL(
			memcmp(out, nothing, (size_t)known[i].bytes), 0);
	}
	CU_ASSERT_EQUAL(ike_key_make(77, out), -ENOTSUP);
	CU_ASSERT_EQUAL(ike_key_size(77), 0);
}

/* The request, held against the bytes of RFC 7296. */
static void a_request_is_as_the_rfc_has_it(void)
{
	static const uint8_t after_spis[] = {33, 0x20, 34, 0x08, 0, 0, 0, 0};
	struct ike_probe probe = usual_probe();
	uint8_t out[IKE_PROBE_MAX];
	int size = ike_probe_encode(&probe, out);

	CU_ASSERT_FATAL(size > 28);
	CU_ASSERT_EQUAL(memcmp(out + 16, after_spis, sizeof(after_spis)), 0);
	CU_ASSERT_EQUAL(out[26] << 8 | out[27], size);
	/* SA: then KE, 4 + 44 bytes; the proposal's number and contents. */
	CU_ASSERT_EQUAL(out[28], KE);
	CU_ASSERT_EQUAL(out[31], 48);
	CU_ASSERT_EQUAL(out[32 + 7], 4);
	CU_ASSERT_EQUAL(memcmp(out + 40, chosen + 8, 12), 0);
	/* KE: then the nonce; group 14, 256 bytes. */
	CU_ASSERT_EQUAL(out[76], NONCE);
	CU_ASSERT_EQUAL(out[78] << 8 | out[79], 264);
	CU_ASSERT_EQUAL(out[81], 14);
	CU_ASSERT_EQUAL(memcmp(out + 84, probe.key, 256), 0);
	CU_ASSERT_EQUAL(out[340], NOTIFY);
	CU_ASSERT_EQUAL(memcmp(out + 344, probe.nonce, IKE_NONCE_BYTES), 0);
	/* Two hashes and one notify without data follow. */
	CU_ASSERT_EQUAL(size, 376 + 28 + 28 + 8);
	CU_ASSERT_EQUAL(out[size - 2] << 8 | out[size - 1], 16430);
}

static void port_4500_has_the_marker_before_it(void)
{
	struct ike_probe probe = usual_probe();
	uint8_t plain[IKE_PROBE_MAX], marked[IKE_PROBE_MAX];
	int size = ike_probe_encode(&probe, plain);

	probe.flow.remote_port = 4500;
	CU_ASSERT_EQUAL(ike_probe_encode(&probe, marked), size + 4);
	CU_ASSERT_EQUAL(memcmp(marked, "\0\0\0\0", 4), 0);
	CU_ASSERT_EQUAL(memcmp(marked + 4, plain, 84), 0);
}

static void a_cookie_comes_first(void)
{
	struct ike_probe probe = usual_probe();
	uint8_t out[IKE_PROBE_MAX];

	memcpy(probe.cookie, "abc", 3);
	probe.cookie_size = 3;
	CU_ASSERT_TRUE(ike_probe_encode(&probe, out) > 0);
	CU_ASSERT_EQUAL(out[16], NOTIFY);
	CU_ASSERT_EQUAL(out[28], SA);
	CU_ASSERT_EQUAL(memcmp(out + 34,
			       "\x40\x06"
			       "abc",
			       5),
			0);
}

static void a_request_is_filled_up_to_a_size(void)
{
	struct ike_probe probe = usual_probe();
	uint8_t out[IKE_PROBE_MAX];
	int bare = ike_probe_encode(&probe, out);

	probe.size = 1472;
	CU_ASSERT_EQUAL(ike_probe_encode(&probe, out), 1472);
	CU_ASSERT_EQUAL(out[26] << 8 | out[27], 1472);
	CU_ASSERT_EQUAL(out[bare - 8], VENDOR);
	probe.size = (uint32_t)bare + 3; /* no payload is so small */
	CU_ASSERT_EQUAL(ike_probe_encode(&probe, out), bare);
	probe.size = IKE_PROBE_MAX + 1;
	CU_ASSERT_EQUAL(ike_probe_encode(&probe, out), -E2BIG);
}

static void no_two_requests_are_alike(void)
{
	struct ike_probe a = usual_probe(), b = usual_probe();

	CU_ASSERT_NOT_EQUAL(a.spi, b.spi);
	CU_ASSERT_NOT_EQUAL(memcmp(a.nonce, b.nonce, sizeof(a.nonce)), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a.key, b.key, 256), 0);
}

/* --- answers ----------------------------------------------------------------
 */

static void what_is_accepted_is_told(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	char out[128];

	take_it(&probe);
	notify(IKE_FRAGMENTATION_SUPPORTED, NULL, 0);
	payload(VENDOR, "strange", 7);
	CU_ASSERT_EQUAL_FATAL(decode(&probe, &answer), 0);
	CU_ASSERT_TRUE(answer.accepted);
	CU_ASSERT_TRUE(answer.fragmentation);
	CU_ASSERT_EQUAL(answer.error, 0);
	CU_ASSERT_EQUAL(answer.spi_r, SPI_R);
	CU_ASSERT_EQUAL(answer.vendor_count, 1);
	CU_ASSERT_EQUAL(answer.vendor[0].size, 7);
	CU_ASSERT_STRING_EQUAL(
		ike_proposal_text(&answer.chosen, out, sizeof(out)),
		"aes256-sha256-modp2048");
}

static void a_refusal_is_told(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	char out[32];

	begin_reply(&probe, 0);
	notify(IKE_NO_PROPOSAL_CHOSEN, NULL, 0);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_FALSE(answer.accepted);
	CU_ASSERT_EQUAL(answer.error, IKE_NO_PROPOSAL_CHOSEN);
	CU_ASSERT_STRING_EQUAL(ike_notify_text(answer.error, out, sizeof(out)),
			       "NO_PROPOSAL_CHOSEN");
	begin_reply(&probe, 0);
	notify(IKE_INVALID_KE_PAYLOAD, "\0\x13", 2);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_EQUAL(answer.error, IKE_INVALID_KE_PAYLOAD);
	CU_ASSERT_EQUAL(answer.key_group, 19);
}

static void a_cookie_is_kept(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	char long_one[IKE_COOKIE_MAX + 1] = "x";

	begin_reply(&probe, 0);
	notify(IKE_COOKIE, "abc", 3);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_FALSE(answer.accepted);
	CU_ASSERT_EQUAL(answer.cookie_size, 3);
	CU_ASSERT_EQUAL(memcmp(answer.cookie, "abc", 3), 0);
	begin_reply(&probe, 0);
	notify(IKE_COOKIE, NULL, 0);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	begin_reply(&probe, 0);
	notify(IKE_COOKIE, long_one, sizeof(long_one));
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
}

static void addresses_that_were_changed_are_seen(void)
{
	static const uint8_t translated[16] = {203, 0, 113, 7};
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	uint8_t hash[IKE_HASH_BYTES];

	take_it(&probe);
	ike_nat_hash(probe.spi, SPI_R, AF_INET, probe.flow.remote, 500, hash);
	notify(IKE_NAT_DETECTION_SOURCE_IP, hash, sizeof(hash));
	ike_nat_hash(probe.spi, SPI_R, AF_INET, translated, 40000, hash);
	notify(IKE_NAT_DETECTION_DESTINATION_IP, hash, sizeof(hash));
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_TRUE(answer.has_source && answer.source_fits);
	CU_ASSERT_TRUE(answer.has_destination && !answer.destination_fits);
	take_it(&probe);
	ike_nat_hash(probe.spi, SPI_R, AF_INET, probe.flow.local, 40000, hash);
	notify(IKE_NAT_DETECTION_DESTINATION_IP, hash, sizeof(hash));
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_FALSE(answer.has_source || answer.source_fits);
	CU_ASSERT_TRUE(answer.destination_fits);
}

static void answers_of_other_exchanges_are_passed_over(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	static const uint8_t places[] = {0 /* SPI */, 18 /* exchange */};
	size_t i;

	for (i = 0; i < sizeof(places); i++) {
		take_it(&probe);
		reply.bytes[places[i]] ^= 1;
		CU_ASSERT_EQUAL(decode(&probe, &answer), -ENOENT);
	}
	take_it(&probe);
	reply.bytes[19] = 0x08; /* our own request, sent back */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -ENOENT);
	probe.flow.remote_port = 4500;
	take_it(&probe); /* without the marker */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -ENOENT);
}

static void every_cut_is_seen(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	size_t whole, size;

	take_it(&probe);
	notify(IKE_FRAGMENTATION_SUPPORTED, NULL, 0);
	whole = reply.used;
	for (size = 28; size < whole; size++) {
		reply.used = size;
		CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	}
	for (size = 1; size < 28; size++)
		CU_ASSERT_EQUAL(ike_answer_decode(&probe, reply.bytes, size,
						  &answer, NULL),
				-ENOENT);
	reply.used = whole;
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	put_number(0, 1); /* and one byte too many */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
}

/* In an answer that accepts, one byte is another. */
struct spoiled {
	size_t at;
	uint8_t value;
	const char *why;
};

static void spoil_each(const struct spoiled *list, size_t count)
{
	struct ike_probe probe = usual_probe();
	size_t i;

	for (i = 0; i < count; i++) {
		take_it(&probe);
		CU_ASSERT_NOT_EQUAL(reply.bytes[list[i].at], list[i].value);
		reply.bytes[list[i].at] = list[i].value;
		CU_ASSERT_TRUE(is_broken(&probe, list[i].why));
	}
}

static void what_was_not_offered_is_not_accepted(void)
{
	/* Header 28, payload 4, proposal 8: then the transforms. */
	static const struct spoiled list[] = {
		{40 + 7, 20, "not offered"},  /* GCM */
		{40 + 11, 1, "not offered"},  /* 257 bits */
		{52 + 7, 2, "not offered"},   /* PRF of SHA-1 */
		{68 + 7, 2, "not offered"},   /* another group */
		{68 + 4, 3, "not offered"},   /* two of a type */
		{68 + 4, 200, "not offered"}, /* an unknown type */
	};

	spoil_each(list, sizeof(list) / sizeof(list[0]));
}

static void lengths_and_numbers_that_are_wrong_are_seen(void)
{
	static const struct spoiled list[] = {
		{17, 0x10, "another version"},
		{19, 0x28, "flags or message id"}, /* from an initiator */
		{23, 1, "flags or message id"},    /* message 1 */
		{30, 9, "a payload of it"},        /* length of SA */
		{31, 3, "a payload of it"},        /* below its header */
		{32, 2, "more than one proposal"},
		{35, 45, "its proposal has"},
		{37, 3, "not one of IKE"},       /* ESP's */
		{38, 8, "not one of IKE"},       /* with an SPI */
		{39, 3, "number of transforms"}, /* fewer */
		{39, 255, "more transforms"},    /* than there is room for */
		{40, 0, "number of transforms"}, /* the last one */
		{43, 7, "a transform of it has a wrong"}, /* its length */
		{43, 60, "a transform of it has a wrong"},
		{48, 0, "other than a key"}, /* a long attribute */
		{81, 15, "length of its group"},
	};

	spoil_each(list, sizeof(list) / sizeof(list[0]));
}

static void the_length_in_the_header_is_that_of_the_packet(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;

	take_it(&probe);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	reply.bytes[27]++;
	CU_ASSERT_EQUAL(ike_answer_decode(&probe, reply.bytes, reply.used,
					  &answer, NULL),
			-EBADMSG);
	reply.bytes[27]--;
	reply.bytes[24] = 1;
	CU_ASSERT_EQUAL(ike_answer_decode(&probe, reply.bytes, reply.used,
					  &answer, NULL),
			-EBADMSG);
}

/* An answer with this in its SA payload; the proposal's length is set here. */
static void take_with(const struct ike_probe *probe, const uint8_t *sa,
		      size_t size)
{
	uint8_t copy[128];

	CU_ASSERT_FATAL(size <= sizeof(copy));
	memcpy(copy, sa, size);
	copy[3] = (uint8_t)size;
	begin_reply(probe, SPI_R);
	payload(SA, copy, size);
	key(14, 256);
	nonce(32);
}

static void attributes_other_than_a_key_length_are_refused(void)
{
	static const uint8_t half[] = {
		0, 0, 0, 0,  1, 1, 0, 4,            /* proposal */
		3, 0, 0, 10, 1, 0, 0, 12, 0x80, 14, /* half an attribute */
		3, 0, 0, 8,  2, 0, 0, 5,  3,    0,  0, 8,
		3, 0, 0, 12, 0, 0, 0, 8,  4,    0,  0, 14};
	static const uint8_t twice[] = {
		0, 0, 0, 0,  1, 1, 0, 4, /* proposal */
		3, 0, 0, 16, 1, 0, 0, 12, 0x80, 14, 1, 0, 0x80, 14,
		1, 0, 3, 0,  0, 8, 2, 0,  0,    5,  3, 0, 0,    8,
		3, 0, 0, 12, 0, 0, 0, 8,  4,    0,  0, 14};
	struct ike_probe probe = usual_probe();

	take_with(&probe, half, sizeof(half));
	CU_ASSERT_TRUE(is_broken(&probe, "other than a key"));
	take_with(&probe, twice, sizeof(twice));
	CU_ASSERT_TRUE(is_broken(&probe, "other than a key"));
}

static void nothing_follows_the_last_transform(void)
{
	struct ike_probe probe = usual_probe();
	uint8_t sa[sizeof(chosen) + 8] = {0};

	memcpy(sa, chosen, sizeof(chosen));
	take_with(&probe, sa, sizeof(sa));
	CU_ASSERT_TRUE(is_broken(&probe, "follows its last transform"));
}

static void one_of_each_type_is_chosen(void)
{
	static const uint8_t two[] = {
		0, 0, 0, 0,  1,    1,  0, 5, /* proposal */
		3, 0, 0, 12, 1,    0,  0, 12,  0x80, 14, 1, 0, 3, 0, 0, 12,
		1, 0, 0, 12, 0x80, 14, 0, 128, 3,    0,  0, 8, 2, 0, 0, 5,
		3, 0, 0, 8,  3,    0,  0, 12,  0,    0,  0, 8, 4, 0, 0, 14};
	static const uint8_t no_integrity[] = {
		0, 0, 0, 0,  1, 1, 0, 3, /* proposal */
		3, 0, 0, 12, 1, 0, 0, 12, 0x80, 14, 1, 0, 3, 0,
		0, 8, 2, 0,  0, 5, 0, 0,  0,    8,  4, 0, 0, 14};
	struct ike_probe probe;

	make_probe("aes256-aes128-sha256-modp2048", 14, &probe);
	take_with(&probe, two, sizeof(two));
	CU_ASSERT_TRUE(is_broken(&probe, "not offered"));
	take_with(&probe, no_integrity, sizeof(no_integrity));
	CU_ASSERT_TRUE(is_broken(&probe, "not offered"));
}

static void the_key_is_of_the_group_that_was_asked_with(void)
{
	struct ike_probe probe;

	make_probe("aes256-sha256-modp2048,aes256-sha256-curve448", 32, &probe);
	take_it(&probe);
	CU_ASSERT_TRUE(is_broken(&probe, "of another group"));
}

static void a_key_has_the_length_of_its_group(void)
{
	struct ike_probe probe = usual_probe();
	static const size_t lengths[] = {0, 255, 257};
	size_t i;

	for (i = 0; i < 3; i++) {
		begin_reply(&probe, SPI_R);
		payload(SA, chosen, sizeof(chosen));
		key(14, lengths[i]);
		nonce(32);
		CU_ASSERT_TRUE(is_broken(&probe, "length of its group"));
	}
}

static void a_half_answer_is_none(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;

	begin_reply(&probe, SPI_R);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	payload(SA, chosen, sizeof(chosen));
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	key(14, 256);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	nonce(15);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	nonce(32); /* twice */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	key(14, 256);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	payload(SA, chosen, sizeof(chosen));
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	memset(reply.bytes + 8, 0, 8); /* no SPI */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
}

static void notifies_that_are_damaged_are_seen(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;

	begin_reply(&probe, 0);
	payload(NOTIFY, "\0\0\0", 3);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	begin_reply(&probe, 0);
	payload(NOTIFY, "\0\x04\0\x0e", 4); /* an SPI that is not there */
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	begin_reply(&probe, 0);
	notify(IKE_INVALID_KE_PAYLOAD, "\0", 1);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	begin_reply(&probe, 0);
	notify(0, NULL, 0);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	notify(IKE_NAT_DETECTION_SOURCE_IP, "abc", 3);
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
}

static void an_unknown_payload_may_not_be_critical(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;

	take_it(&probe);
	payload(99, "", 0);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	reply.bytes[reply.used - 3] = 0x80;
	CU_ASSERT_EQUAL(decode(&probe, &answer), -EBADMSG);
	take_it(&probe);
	reply.bytes[28 + 4 + 44 + 1] = 0x80; /* of KE, which is known */
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
}

static void many_vendor_ids_do_no_harm(void)
{
	struct ike_probe probe = usual_probe();
	struct ike_answer answer;
	uint8_t long_one[200] = {1};
	int i;

	take_it(&probe);
	payload(VENDOR, long_one, sizeof(long_one));
	for (i = 0; i < 40; i++)
		payload(VENDOR, "", 0);
	CU_ASSERT_EQUAL(decode(&probe, &answer), 0);
	CU_ASSERT_EQUAL(answer.vendor_count, IKE_VENDORS_MAX);
	CU_ASSERT_EQUAL(answer.vendor[0].size, sizeof(long_one));
}

static void windows_is_known_by_its_vendor_id(void)
{
	static const uint8_t vid[20] = {
		0x1e, 0x2b, 0x51, 0x69, 0x05, 0x99, 0x1c, 0x7d, 0x7c, 0x96,
		0xfc, 0xbf, 0xb5, 0x87, 0xe4, 0x61, 0,    0,    0,    9};
	uint32_t version = 0;
	char out[80];

	CU_ASSERT_TRUE(ike_vendor_is_windows(vid, 20, &version));
	CU_ASSERT_EQUAL(version, 9);
	CU_ASSERT_TRUE(ike_vendor_is_windows(vid, 16, &version));
	CU_ASSERT_EQUAL(version, 0);
	CU_ASSERT_FALSE(ike_vendor_is_windows(vid, 15, &version));
	CU_ASSERT_FALSE(ike_vendor_is_windows(vid + 1, 16, &version));
	CU_ASSERT_STRING_EQUAL(ike_vendor_text(vid, 20, out, sizeof(out)),
			       "MS NT5 ISAKMPOAKLEY 9");
	CU_ASSERT_STRING_EQUAL(
		ike_vendor_text((const uint8_t *)"\033[1", 3, out, sizeof(out)),
		"1b5b31");
}

CU_TestInfo ike_probe_tests[] = {
	{"words become numbers and words again",
	 words_become_numbers_and_words_again},
	{"integrity stands for its PRF", integrity_stands_for_its_prf},
	{"words that are none are named", words_that_are_none_are_named},
	{"too many proposals are refused", too_many_proposals_are_refused},
	{"what is weak is known", what_is_weak_is_known},
	{"each group has a key of its length",
	 each_group_has_a_key_of_its_length},
	{"a request is as the RFC has it", a_request_is_as_the_rfc_has_it},
	{"port 4500 has the marker before it",
	 port_4500_has_the_marker_before_it},
	{"a cookie comes first", a_cookie_comes_first},
	{"a request is filled up to a size", a_request_is_filled_up_to_a_size},
	{"no two requests are alike", no_two_requests_are_alike},
	{"what is accepted is told", what_is_accepted_is_told},
	{"a refusal is told", a_refusal_is_told},
	{"a cookie is kept", a_cookie_is_kept},
	{"addresses that were changed are seen",
	 addresses_that_were_changed_are_seen},
	{"answers of other exchanges are passed over",
	 answers_of_other_exchanges_are_passed_over},
	{"every cut is seen", every_cut_is_seen},
	{"what was not offered is not accepted",
	 what_was_not_offered_is_not_accepted},
	{"lengths and numbers that are wrong are seen",
	 lengths_and_numbers_that_are_wrong_are_seen},
	{"the length in the header is that of the packet",
	 the_length_in_the_header_is_that_of_the_packet},
	{"attributes other than a key length are refused",
	 attributes_other_than_a_key_length_are_refused},
	{"nothing follows the last transform",
	 nothing_follows_the_last_transform},
	{"one of each type is chosen", one_of_each_type_is_chosen},
	{"the key is of the group that was asked with",
	 the_key_is_of_the_group_that_was_asked_with},
	{"a key has the length of its group",
	 a_key_has_the_length_of_its_group},
	{"a half answer is none", a_half_answer_is_none},
	{"notifies that are damaged are seen",
	 notifies_that_are_damaged_are_seen},
	{"an unknown payload may not be critical",
	 an_unknown_payload_may_not_be_critical},
	{"many vendor IDs do no harm", many_vendor_ids_do_no_harm},
	{"Windows is known by its vendor ID",
	 windows_is_known_by_its_vendor_id},
	CU_TEST_INFO_NULL,
};
