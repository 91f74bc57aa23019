/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_proposal.c - proposals: what is safe, complete, and proposed. */
#include "proposal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#define ALL (AOVPN_WEAK_3DES | AOVPN_WEAK_SHA1 | AOVPN_WEAK_MODP1024)

static struct aovpn_error error;

static int check(const char *proposal, enum aovpn_proposal_kind kind,
		 unsigned int weak)
{
	error.text[0] = '\0';
	return aovpn_proposal_check(proposal, kind, weak, &error);
}

static void takes_what_is_safe_and_complete(void)
{
	static const char *const ike[] = {
		"aes256-sha256-modp2048", "aes256gcm16-prfsha384-ecp384",
		"aes128-aes256-sha384-sha256-ecp256-modp2048"};
	static const char *const esp[] = {"aes256-sha256", "aes256gcm16",
					  "aes128gcm16-modp2048-modpnone"};
	size_t i;

	for (i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(check(ike[i], AOVPN_PROPOSAL_IKE, 0), 0);
		CU_ASSERT_EQUAL(check(esp[i], AOVPN_PROPOSAL_ESP, 0), 0);
	}
}

static void weak_ones_want_to_be_named(void)
{
	static const struct {
		const char *proposal, *name;
		unsigned int bit;
	} weak[] = {
		{"3des-sha256-modp2048", "WeakAlgorithms=3des",
		 AOVPN_WEAK_3DES},
		{"aes256-sha1-modp2048", "WeakAlgorithms=sha1",
		 AOVPN_WEAK_SHA1},
		{"aes256-sha-modp2048", "WeakAlgorithms=sha1", AOVPN_WEAK_SHA1},
		{"aes256gcm16-prfsha1-modp2048", "WeakAlgorithms=sha1",
		 AOVPN_WEAK_SHA1},
		{"aes256-sha256-modp1024", "WeakAlgorithms=modp1024",
		 AOVPN_WEAK_MODP1024},
	};
	size_t i;

	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		CU_ASSERT_EQUAL(check(weak[i].proposal, AOVPN_PROPOSAL_IKE,
				      ALL & ~weak[i].bit),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, weak[i].name));
		CU_ASSERT_EQUAL(check(weak[i].proposal, AOVPN_PROPOSAL_IKE,
				      weak[i].bit),
				0);
	}
}

static void broken_ones_are_never_taken(void)
{
	static const char *const broken[] = {
		"des-sha256-modp2048", "null-sha256-modp2048",
		"aes256-md5-modp2048", "aes256-sha256-modp768",
		"aes256gcm16-prfmd5-modp2048"};
	size_t i;

	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		CU_ASSERT_EQUAL(check(broken[i], AOVPN_PROPOSAL_IKE, ALL),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "never proposed"));
	}
}

static void incomplete_ones_are_told(void)
{
	static const struct {
		const char *proposal, *says;
		enum aovpn_proposal_kind kind;
	} bad[] = {
		{"sha256-modp2048", "no encryption", AOVPN_PROPOSAL_IKE},
		{"aes256-modp2048", "no integrity", AOVPN_PROPOSAL_IKE},
		{"aes256-sha256", "Diffie-Hellman", AOVPN_PROPOSAL_IKE},
		{"aes256gcm16-modp2048", "no PRF", AOVPN_PROPOSAL_IKE},
		{"aes256gcm16-aes256-sha256-prfsha256-ecp256", "mixes",
		 AOVPN_PROPOSAL_IKE},
		{"aes256-sha256-modp2048-esn", "ESP only", AOVPN_PROPOSAL_IKE},
		{"aes256-sha256-prfsha256", "IKE only", AOVPN_PROPOSAL_ESP},
		{"aes265-sha256", "\"aes265\" is no algorithm",
		 AOVPN_PROPOSAL_ESP},
		{"aes256--sha256", "\"\" is no algorithm", AOVPN_PROPOSAL_ESP},
		{"default", "\"default\" is no algorithm", AOVPN_PROPOSAL_IKE},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(check(bad[i].proposal, bad[i].kind, ALL),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, bad[i].says));
	}
}

/* Is each proposal of the default one that a profile may name with weak? */
static void check_defaults(enum aovpn_proposal_kind kind, unsigned int weak)
{
	char list[512], *rest = list, *item;

	aovpn_proposal_defaults(kind, weak, list, sizeof(list));
	CU_ASSERT(strlen(list) < sizeof(list) - 1);
	while ((item = strsep(&rest, ",")))
		CU_ASSERT_EQUAL(check(item, kind, weak), 0);
}

static void defaults_have_what_was_named_and_no_more(void)
{
	static const char *const names[] = {"3des", "sha1", "modp1024"};
	unsigned int weak, i;
	char list[512];

	for (weak = 0; weak <= ALL; weak++) {
		check_defaults(AOVPN_PROPOSAL_IKE, weak);
		check_defaults(AOVPN_PROPOSAL_ESP, weak);
		aovpn_proposal_defaults(AOVPN_PROPOSAL_IKE, weak, list,
					sizeof(list));
		for (i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(!!strstr(list, names[i]),
					!!(weak & 1u << i));
	}
}

static void reads_names_of_weak_ones(void)
{
	CU_ASSERT_EQUAL(aovpn_proposal_weak_mask("3des,sha1,modp1024"), ALL);
	CU_ASSERT_EQUAL(aovpn_proposal_weak_mask("sha1"), AOVPN_WEAK_SHA1);
	CU_ASSERT_EQUAL(aovpn_proposal_weak_mask("sha1,md5"), 0);
	CU_ASSERT_EQUAL(aovpn_proposal_weak_mask(""), 0);
}

CU_TestInfo proposal_tests[] = {
	{"takes what is safe and complete", takes_what_is_safe_and_complete},
	{"weak ones want to be named", weak_ones_want_to_be_named},
	{"broken ones are never taken", broken_ones_are_never_taken},
	{"incomplete ones are told", incomplete_ones_are_told},
	{"defaults have what was named and no more",
	 defaults_have_what_was_named_and_no_more},
	{"reads the names of weak ones", reads_names_of_weak_ones},
	CU_TEST_INFO_NULL,
};
