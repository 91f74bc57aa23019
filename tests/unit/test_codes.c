/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_codes.c - the vocabulary as the rest of the program sees it: every
 * look-up, what a person may type for a code, and that each cause says all it
 * has to say.
 */
#include "codes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <CUnit/CUnit.h>

/* Slugs are never renamed: others filter their logs by them. */
static const char *const slugs[] = {
	"address-unavailable",
	"bad-checksum",
	"captive-portal",
	"charon-absent",
	"child-rekey-failed",
	"client-cert-ambiguous",
	"client-cert-cloud-only-sid",
	"client-cert-crl-stale",
	"client-cert-expired",
	"client-cert-filtered",
	"client-cert-missing",
	"client-cert-no-client-auth",
	"client-cert-no-sid",
	"client-cert-no-upn",
	"client-cert-not-yet-valid",
	"client-cert-predates-account",
	"client-cert-rejected",
	"client-cert-revocation-unknown",
	"client-cert-revoked",
	"client-cert-sid-mismatch",
	"client-cert-sid-uri-only",
	"client-cert-untrusted",
	"client-cert-weak",
	"client-chain-incomplete",
	"client-chain-invalid",
	"client-clock-wrong",
	"client-key-no-pss",
	"client-key-password",
	"client-key-unusable",
	"client-pin-locked",
	"client-signature-refused",
	"client-token-absent",
	"configuration-required",
	"dial-cancelled",
	"dial-in-progress",
	"dns-no-answer",
	"dns-no-such-name",
	"dns-not-applied",
	"dns-wrong-answer",
	"eap-keys-differ",
	"eap-stalled",
	"eap-success-early",
	"eap-success-unconfirmed",
	"eap-tls-malformed",
	"eap-tls-too-long",
	"eap-type-mismatch",
	"esp-blocked",
	"esp-proposal-mismatch",
	"fragments-lost",
	"gateway-cert-expired",
	"gateway-cert-name-mismatch",
	"gateway-cert-no-server-auth",
	"gateway-cert-revocation-unknown",
	"gateway-cert-revoked",
	"gateway-cert-unavailable",
	"gateway-cert-untrusted",
	"gateway-cert-weak",
	"gateway-chain-incomplete",
	"gateway-overloaded",
	"gateway-refused-us",
	"gateway-signature-refused",
	"icmp-host-unreachable",
	"icmp-port-unreachable",
	"icmp-prohibited",
	"ike-group-refused",
	"ike-invalid-message",
	"ike-port-in-use",
	"ike-proposal-mismatch",
	"inner-mtu",
	"kernel-no-esp",
	"lb-split-500-4500",
	"link-lost",
	"local-firewall-in",
	"local-firewall-out",
	"neighbour-unreachable",
	"network-changed",
	"no-route",
	"nps-cert-expired",
	"nps-cert-name-mismatch",
	"nps-cert-no-server-auth",
	"nps-cert-revocation-unknown",
	"nps-cert-revoked",
	"nps-cert-untrusted",
	"nps-cert-weak",
	"nps-chain-incomplete",
	"nps-policy",
	"nps-policy-after-tls",
	"nps-unreachable",
	"path-mtu",
	"peer-closed",
	"plugin-missing",
	"profile-invalid",
	"profile-unknown",
	"receive-buffer-full",
	"route-conflict",
	"rp-filter",
	"service-stopped",
	"suspended",
	"tls-broken",
	"tls-resumption-refused",
	"tls-version-mismatch",
	"traffic-selectors-refused",
	"udp4500-no-answer",
	"udp500-no-answer",
	"unknown",
	"user-disconnected",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void finds_codes_by_number(void)
{
	static const struct {
		int32_t code;
		const char *symbol;
	} known[] = {
		{853, "ERROR_EAP_USER_CERT_INVALID"},
		{809, "ERROR_VPN_TIMEOUT"},
		{13801, "ERROR_IPSEC_IKE_AUTH_FAIL"},
		{13868, "ERROR_IPSEC_IKE_POLICY_MATCH"},
		{-2146762487, "CERT_E_UNTRUSTEDROOT"},
		{0, "ERROR_SUCCESS"},
	};

	for (size_t i = 0; i < COUNT(known); i++) {
		const struct aovpn_code *code = aovpn_code_find(known[i].code);

		CU_ASSERT_PTR_NOT_NULL_FATAL(code);
		CU_ASSERT_EQUAL(code->code, known[i].code);
		CU_ASSERT_STRING_EQUAL(code->symbol, known[i].symbol);
	}
}

static void finds_codes_by_symbol(void)
{
	const struct aovpn_code *code;

	code = aovpn_code_find_symbol("CERT_E_UNTRUSTEDROOT");
	CU_ASSERT_PTR_NOT_NULL_FATAL(code);
	CU_ASSERT_EQUAL(code->code, -2146762487);
	for (size_t i = 0; aovpn_code_at(i); i++)
		CU_ASSERT_PTR_EQUAL(
			aovpn_code_find_symbol(aovpn_code_at(i)->symbol),
			aovpn_code_at(i));
}

static void finds_nps_reasons(void)
{
	const struct aovpn_nps_reason *reason = aovpn_nps_reason_find(258);

	CU_ASSERT_PTR_NOT_NULL_FATAL(reason);
	CU_ASSERT_EQUAL(reason->reason, 258);
	CU_ASSERT_PTR_NOT_NULL(strstr(reason->meaning, "revocation"));
	CU_ASSERT_PTR_NOT_NULL(aovpn_nps_reason_find(0));
	CU_ASSERT_PTR_NOT_NULL(aovpn_nps_reason_find(303));
}

static void unknown_gives_null(void)
{
	CU_ASSERT_PTR_NULL(aovpn_code_find(-1));
	CU_ASSERT_PTR_NULL(aovpn_code_find(INT32_MIN));
	CU_ASSERT_PTR_NULL(aovpn_code_find(INT32_MAX));
	CU_ASSERT_PTR_NULL(aovpn_code_find_symbol(""));
	CU_ASSERT_PTR_NULL(aovpn_code_find_symbol("ERROR_VPN"));
	CU_ASSERT_PTR_NULL(aovpn_nps_reason_find(11));
	CU_ASSERT_PTR_NULL(aovpn_nps_reason_find(UINT16_MAX));
	CU_ASSERT_PTR_NULL(aovpn_cause_find(""));
	CU_ASSERT_PTR_NULL(aovpn_cause_find("dns"));
	CU_ASSERT_PTR_NULL(aovpn_code_at(SIZE_MAX));
	CU_ASSERT_PTR_NULL(aovpn_cause_at(SIZE_MAX));
}

static void reads_what_a_person_types(void)
{
	static const struct {
		const char *text;
		int32_t code;
	} typed[] = {
		{"853", 853},
		{"0", 0},
		{"-2146762487", -2146762487},
		{"0x800B0109", -2146762487},
		{"0X800b0109", -2146762487},
		{"0x355", 853},
		{"0xFFFFFFFF", -1},
		{"CERT_E_UNTRUSTEDROOT", -2146762487},
		{"ERROR_VPN_TIMEOUT", 809},
		{"HRESULT_FROM_WIN32(ERROR_NETNAME_DELETED)", -2147024832},
		{"2147483647", INT32_MAX},
		{"-2147483648", INT32_MIN},
		{"4711", 4711}, /* a number, though in no table */
	};

	for (size_t i = 0; i < COUNT(typed); i++) {
		int32_t code = 12345;

		CU_ASSERT_EQUAL(aovpn_code_parse(typed[i].text, &code), 0);
		CU_ASSERT_EQUAL(code, typed[i].code);
	}
}

static void refuses_what_is_no_code(void)
{
	static const char *const typed[] = {
		"",
		"85x",
		"x85",
		" 853",
		"853 ",
		"+853",
		"-",
		"--1",
		"0x",
		"0xG",
		"0x-1",
		"-0x1",
		"0x1FFFFFFFF",
		"0x000000000",
		"99999999999",
		"99999999999999999999999999",
		"-99999999999999999999999999",
		"2147483648",
		"-2147483649",
		"8.5",
		"1e3",
		"ERROR_NO_SUCH_SYMBOL",
		"error_vpn_timeout",
	};

	for (size_t i = 0; i < COUNT(typed); i++) {
		int32_t code = 12345;

		CU_ASSERT_EQUAL(aovpn_code_parse(typed[i], &code), -EINVAL);
		CU_ASSERT_EQUAL(code, 12345);
	}
}

static void tables_are_sorted(void)
{
	const struct aovpn_code *code;
	const struct aovpn_cause *cause;

	CU_ASSERT_PTR_NOT_NULL_FATAL(aovpn_code_at(0));
	CU_ASSERT_PTR_NOT_NULL_FATAL(aovpn_cause_at(0));
	for (size_t i = 1; (code = aovpn_code_at(i)); i++)
		CU_ASSERT(aovpn_code_at(i - 1)->code < code->code);
	for (size_t i = 1; (cause = aovpn_cause_at(i)); i++)
		CU_ASSERT(strcmp(aovpn_cause_at(i - 1)->slug, cause->slug) < 0);
}

static void every_slug_is_there(void)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(slugs); i++) {
		const struct aovpn_cause *cause = aovpn_cause_find(slugs[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(cause);
		CU_ASSERT_STRING_EQUAL(cause->slug, slugs[i]);
	}
	while (aovpn_cause_at(count))
		count++;
	CU_ASSERT(count >= COUNT(slugs));
}

static void every_cause_is_complete(void)
{
	const struct aovpn_cause *cause;

	for (size_t i = 0; (cause = aovpn_cause_at(i)); i++) {
		CU_ASSERT(*cause->stages != '\0');
		CU_ASSERT(*cause->mend_at != '\0');
		CU_ASSERT(*cause->summary != '\0');
		CU_ASSERT(strlen(cause->summary) <= 90);
		CU_ASSERT(*cause->why != '\0');
		CU_ASSERT(*cause->check != '\0');
		CU_ASSERT(*cause->fix != '\0');
	}
}

/* Causes that are no failure of the dial, or one that RasClient has no word
 * for, have no code. */
static bool may_lack_a_code(const char *slug)
{
	static const char *const without[] = {
		"dns-not-applied", "esp-blocked",    "inner-mtu",
		"kernel-no-esp",   "route-conflict",
	};

	for (size_t i = 0; i < COUNT(without); i++)
		if (strcmp(slug, without[i]) == 0)
			return true;
	return false;
}

static void every_number_of_a_cause_has_a_meaning(void)
{
	const struct aovpn_cause *cause;

	for (size_t i = 0; (cause = aovpn_cause_at(i)); i++) {
		CU_ASSERT_EQUAL(cause->codes[0] == 0,
				may_lack_a_code(cause->slug));
		for (size_t k = 0; k < COUNT(cause->codes); k++) {
			const struct aovpn_code *code =
				aovpn_code_find(cause->codes[k]);

			CU_ASSERT_PTR_NOT_NULL_FATAL(code);
			CU_ASSERT(code->code == 0 || *code->meaning != '\0');
		}
		for (size_t k = 0; k < COUNT(cause->nps_reasons); k++)
			CU_ASSERT_PTR_NOT_NULL(
				aovpn_nps_reason_find(cause->nps_reasons[k]));
	}
}

/* No cause twice, and who names the code first stands before who names it
 * later, but for those that codes.txt puts in front. */
static void causes_of_a_code_are_ranked(void)
{
	const struct aovpn_code *code = aovpn_code_find(853);
	const struct aovpn_cause *cause;
	size_t i, first = 0, count = 0;
	bool later = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(code);
	for (i = 0; (cause = aovpn_code_cause(code, i)); i++) {
		for (size_t k = 0; k < i; k++)
			CU_ASSERT_PTR_NOT_EQUAL(aovpn_code_cause(code, k),
						cause);
		CU_ASSERT_FALSE(later && cause->codes[0] == 853);
		first += cause->codes[0] == 853;
		later |= cause->codes[0] != 853;
	}
	for (size_t k = 0; (cause = aovpn_cause_at(k)); k++)
		for (size_t n = 0; n < COUNT(cause->codes); n++)
			count += cause->codes[n] == 853;
	CU_ASSERT_EQUAL(i, count);
	CU_ASSERT(first > 10);
	CU_ASSERT(later);
	CU_ASSERT_STRING_EQUAL(aovpn_code_cause(code, 0)->slug,
			       "client-cert-revocation-unknown");
}

static void an_hresult_has_the_causes_that_codes_txt_names(void)
{
	const struct aovpn_code *code =
		aovpn_code_find_symbol("CRYPT_E_NO_REVOCATION_CHECK");

	CU_ASSERT_PTR_NOT_NULL_FATAL(code);
	CU_ASSERT_STRING_EQUAL(aovpn_code_cause(code, 0)->slug,
			       "client-cert-revocation-unknown");
	CU_ASSERT_PTR_NULL(aovpn_code_cause(code, 1));
	code = aovpn_code_find(806);
	CU_ASSERT_PTR_NULL(aovpn_code_cause(code, 0));
}

static void causes_of_a_reason_are_all_that_name_it(void)
{
	const struct aovpn_nps_reason *reason;
	const struct aovpn_cause *cause;
	size_t named = 0, got = 0;

	for (size_t i = 0; (cause = aovpn_cause_at(i)); i++)
		for (size_t k = 0; k < COUNT(cause->nps_reasons); k++)
			named += cause->nps_reasons[k] != 0;
	for (uint16_t number = 1; number < 400; number++) {
		reason = aovpn_nps_reason_find(number);
		for (size_t i = 0;
		     reason && (cause = aovpn_nps_reason_cause(reason, i)); i++)
			got++;
	}
	/* And more, where a reason itself names causes. */
	CU_ASSERT(got > named);
	reason = aovpn_nps_reason_find(38);
	CU_ASSERT_STRING_EQUAL(aovpn_nps_reason_cause(reason, 0)->slug,
			       "nps-policy");
	reason = aovpn_nps_reason_find(258);
	CU_ASSERT_STRING_EQUAL(aovpn_nps_reason_cause(reason, 0)->slug,
			       "client-cert-revocation-unknown");
	CU_ASSERT_STRING_EQUAL(aovpn_nps_reason_cause(reason, 1)->slug,
			       "client-cert-rejected");
}

/* Others filter the journal by them, so they never change. */
static void message_ids_are_stable(void)
{
	static const struct {
		uint32_t event;
		int32_t code;
		const char *id;
	} known[] = {
		{20221, 0, "8f0a3d5c1f7b4a5e9c7e5d1e00004efd"},
		{20224, 0, "8f0a3d5c1f7b4a5e9c7e5d1e00004efd"},
		{20225, 0, "8f0a3d5c1f7b4a5e9c7e5d1e00004f01"},
		{20226, 829, "8f0a3d5c1f7b4a5e9c7e5d1e00004f02"},
		{20227, 853, "8f0a3d5c1f7b4a5e9c7e5d1e00000355"},
		{20227, -2146762495, "8f0a3d5c1f7b4a5e9c7e5d1e800b0101"},
		{20227, 601, "8f0a3d5c1f7b4a5e9c7e5d1e2b6a4c31"},
		{20227, 47110815, "8f0a3d5c1f7b4a5e9c7e5d1e2b6a4c31"},
	};
	char id[AOVPN_MESSAGE_ID_SIZE];

	for (size_t i = 0; i < COUNT(known); i++) {
		aovpn_message_id(known[i].event, known[i].code, id);
		CU_ASSERT_STRING_EQUAL(id, known[i].id);
	}
}

/* A backslash must come through awk and C unharmed. */
static void texts_arrive_as_written(void)
{
	const struct aovpn_cause *cause;

	cause = aovpn_cause_find("client-cert-revocation-unknown");
	CU_ASSERT_PTR_NOT_NULL_FATAL(cause);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(cause->lowers_security,
		       "IgnoreNoRevocationCheck = 1 under HKLM\\SYSTEM\\"
		       "CurrentControlSet\\Services\\RasMan\\PPP\\EAP\\13."));
	CU_ASSERT_PTR_NULL(strstr(cause->fix, "IgnoreNoRevocationCheck"));
	CU_ASSERT_STRING_EQUAL(cause->check_windows, "");
	CU_ASSERT_STRING_EQUAL(cause->stages, "eap-tls,authorize");
	CU_ASSERT_STRING_EQUAL(cause->mend_at, "nps,ca");
	CU_ASSERT_EQUAL(cause->codes[0], 853);
	CU_ASSERT_EQUAL(cause->codes[1], 812);
	CU_ASSERT_EQUAL(cause->codes[2], 0);
	CU_ASSERT_EQUAL(cause->nps_reasons[0], 258);
}

CU_TestInfo codes_tests[] = {
	{"codes are found by number", finds_codes_by_number},
	{"codes are found by symbol", finds_codes_by_symbol},
	{"NPS reasons are found by number", finds_nps_reasons},
	{"what is unknown gives NULL", unknown_gives_null},
	{"all forms of a code that people type are read",
	 reads_what_a_person_types},
	{"what is no code is refused and leaves the result alone",
	 refuses_what_is_no_code},
	{"the tables are sorted", tables_are_sorted},
	{"no slug was renamed or lost", every_slug_is_there},
	{"every cause has all its parts", every_cause_is_complete},
	{"every number that a cause names has a meaning",
	 every_number_of_a_cause_has_a_meaning},
	{"the causes of a code are ranked", causes_of_a_code_are_ranked},
	{"an HRESULT has the causes that codes.txt names",
	 an_hresult_has_the_causes_that_codes_txt_names},
	{"the causes of an NPS reason are all that name it",
	 causes_of_a_reason_are_all_that_name_it},
	{"the journal's message ids are stable", message_ids_are_stable},
	{"texts arrive as written", texts_arrive_as_written},
	CU_TEST_INFO_NULL,
};
