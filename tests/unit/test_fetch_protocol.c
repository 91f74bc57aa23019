/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_fetch_protocol.c - a helper that somebody has taken over can say nothing
 * that harms whoever asked, and what does not fit into a request is refused. */
#include "fetch_protocol.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>
#include <openssl/pem.h>

static struct fetch_reply_message reply;

static X509 *load(const char *name)
{
	char path[4096];
	X509 *certificate;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.crt", getenv("AOVPN_TEST_FIXTURES"),
		 name);
	file = fopen(path, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
	return certificate;
}

/* A reply that is as it should be: a CRL that revokes. */
static struct aovpn_fetched *make_good(void)
{
	struct aovpn_fetched *fetched = &reply.fetched;

	memset(&reply, 0, sizeof(reply));
	reply.version = FETCH_VERSION;
	fetched->state = AOVPN_FETCH_OK;
	fetched->status = AOVPN_STATUS_REVOKED;
	fetched->this_update = 1700000000;
	fetched->revoked_at = 1690000000;
	strcpy(fetched->reason, "keyCompromise");
	strcpy(fetched->crl_number, "0a1f");
	return fetched;
}

static int check(void)
{
	return fetch_reply_check(&reply, AOVPN_FETCH_CRL);
}

static void a_good_reply_passes(void)
{
	struct aovpn_fetched got = {.kind = AOVPN_FETCH_CRL, .url = "http://a"};

	make_good();
	CU_ASSERT_EQUAL_FATAL(check(), 0);
	fetch_reply_take(&reply, NULL, &got);
	CU_ASSERT_EQUAL(got.status, AOVPN_STATUS_REVOKED);
	CU_ASSERT_STRING_EQUAL(got.url, "http://a");
	CU_ASSERT_STRING_EQUAL(got.reason, "keyCompromise");
	CU_ASSERT_EQUAL(got.revoked_at, 1690000000);
}

static void what_is_not_a_helper_s_to_say_is_dropped(void)
{
	struct aovpn_fetched *fetched = make_good();

	memset(&fetched->from_cache, 0xff, sizeof(fetched->from_cache));
	memset(&fetched->found, 0xff, sizeof(fetched->found));
	fetched->made_at = 5;
	fetched->kind = 77;
	strcpy(fetched->url, "http://elsewhere/");
	CU_ASSERT_EQUAL_FATAL(check(), 0);
	CU_ASSERT_FALSE(fetched->from_cache);
	CU_ASSERT_PTR_NULL(fetched->found);
	CU_ASSERT_EQUAL(fetched->made_at, 0);
	CU_ASSERT_EQUAL(fetched->kind, AOVPN_FETCH_CRL);
	CU_ASSERT_STRING_EQUAL(fetched->url, "");
	fetched->status = AOVPN_STATUS_GOOD;
	CU_ASSERT_EQUAL_FATAL(check(), 0);
	CU_ASSERT_EQUAL(fetched->revoked_at, 0);
	CU_ASSERT_STRING_EQUAL(fetched->reason, "");
}

static void texts_must_end_and_be_escaped(void)
{
	memset(make_good()->text, 'x', sizeof(reply.fetched.text));
	CU_ASSERT_EQUAL(check(), -EPROTO);
	strcpy(make_good()->text, "red \x1b[31m");
	CU_ASSERT_EQUAL(check(), -EPROTO);
	strcpy(make_good()->responder, "two\nlines");
	CU_ASSERT_EQUAL(check(), -EPROTO);
	strcpy(make_good()->reason, "\xff");
	CU_ASSERT_EQUAL(check(), -EPROTO);
	strcpy(make_good()->crl_number, "0x1f");
	CU_ASSERT_EQUAL(check(), -EPROTO);
	strcpy(make_good()->text, "escaped \\x1b[31m");
	CU_ASSERT_EQUAL(check(), 0);
}

static void numbers_must_be_those_of_their_enums(void)
{
	make_good()->state = 0;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->state = AOVPN_FETCH_RESPONDER + 1;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->state = AOVPN_FETCH_OFFLINE;
	reply.fetched.status = AOVPN_STATUS_NONE;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->status = AOVPN_STATUS_UNKNOWN + 1;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->status = AOVPN_STATUS_UNKNOWN; /* OCSP alone says so */
	CU_ASSERT_EQUAL(check(), -EPROTO);
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_OCSP), 0);
	make_good()->status = AOVPN_STATUS_NONE;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->state = AOVPN_FETCH_TLS; /* and yet a status */
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good();
	reply.version++;
	CU_ASSERT_EQUAL(check(), -EPROTO);
}

static void times_must_be_ones_that_can_be_shown(void)
{
	make_good()->this_update = INT64_MAX;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->next_update = INT64_MIN;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->revoked_at = 253402300800;
	CU_ASSERT_EQUAL(check(), -EPROTO);
	make_good()->revoked_at = 253402300799;
	CU_ASSERT_EQUAL(check(), 0);
}

static void certificates_must_be_within_the_reply(void)
{
	make_good()->status = AOVPN_STATUS_NONE;
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), -EPROTO);
	reply.found_count = 1;
	reply.found_size[0] = 0;
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), -EPROTO);
	reply.found_size[0] = FETCH_CERTIFICATE_MAX + 1;
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), -EPROTO);
	reply.found_count = 3;
	for (int i = 0; i < 3; i++)
		reply.found_size[i] = FETCH_CERTIFICATE_MAX;
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), -EPROTO);
	reply.found_count = FETCH_FOUND_MAX + 1;
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), -EPROTO);
	make_good();
	reply.found_count = 1;
	reply.found_size[0] = 1;
	CU_ASSERT_EQUAL(check(), -EPROTO);
}

/* Whatever the helper calls an issuer: name and signature decide. */
static const char *state_with(const char *candidate)
{
	X509 *user = load("user"), *issuer = load(candidate);
	struct aovpn_fetched got = {.kind = AOVPN_FETCH_AIA};
	uint8_t *at = reply.found;
	const char *state;

	make_good()->status = AOVPN_STATUS_NONE;
	reply.found_count = 1;
	reply.found_size[0] = (uint32_t)i2d_X509(issuer, &at);
	CU_ASSERT_EQUAL(fetch_reply_check(&reply, AOVPN_FETCH_AIA), 0);
	fetch_reply_take(&reply, user, &got);
	state = aovpn_fetch_state_name(got.state);
	CU_ASSERT_EQUAL(got.found != NULL, got.state == AOVPN_FETCH_OK);
	aovpn_fetched_clear(&got, 1);
	X509_free(issuer);
	X509_free(user);
	return state;
}

static void an_issuer_must_be_one(void)
{
	CU_ASSERT_STRING_EQUAL(state_with("issuing"), "ok");
	CU_ASSERT_STRING_EQUAL(state_with("other"), "signature");
	CU_ASSERT_STRING_EQUAL(state_with("user"), "signature");
}

static void requests_are_bounded(void)
{
	static struct fetch_request_message message;
	char url[AOVPN_URL_MAX + 1];
	struct aovpn_fetch_request request = {
		.kind = AOVPN_FETCH_CRL,
		.url = "http://a/",
		.certificate = load("user"),
		.issuer = load("issuing"),
	};

	CU_ASSERT_EQUAL(fetch_request_encode(&request, 5, &message), 0);
	CU_ASSERT_TRUE(message.certificate_size > 0 && message.issuer_size > 0);
	memset(url, 'a', sizeof(url));
	url[AOVPN_URL_MAX] = '\0';
	request.url = url;
	CU_ASSERT_EQUAL(fetch_request_encode(&request, 5, &message), -E2BIG);
	url[AOVPN_URL_MAX - 1] = '\0';
	CU_ASSERT_EQUAL(fetch_request_encode(&request, 5, &message), 0);
	X509_free(request.issuer);
	request.issuer = NULL;
	CU_ASSERT_EQUAL(fetch_request_encode(&request, 5, &message), -EINVAL);
	request.kind = AOVPN_FETCH_AIA;
	CU_ASSERT_EQUAL(fetch_request_encode(&request, 5, &message), 0);
	CU_ASSERT_EQUAL(message.issuer_size, 0);
	X509_free(request.certificate);
}

CU_TestInfo fetch_protocol_tests[] = {
	{"a good reply passes", a_good_reply_passes},
	{"what is not a helper's to say is dropped",
	 what_is_not_a_helper_s_to_say_is_dropped},
	{"texts must end and be escaped", texts_must_end_and_be_escaped},
	{"numbers must be those of their enums",
	 numbers_must_be_those_of_their_enums},
	{"times must be ones that can be shown",
	 times_must_be_ones_that_can_be_shown},
	{"certificates must be within the reply",
	 certificates_must_be_within_the_reply},
	{"an issuer must be one", an_issuer_must_be_one},
	{"requests are bounded", requests_are_bounded},
	CU_TEST_INFO_NULL,
};
