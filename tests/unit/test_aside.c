/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_aside.c - what the kernel saw aside becomes evidence, and no more. */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <netdb.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "build_attempt.h"
#include "diagnosis.h"

static struct aovpn_attempt a;
static struct aovpn_outcome out;

static struct aovpn_observation kernel_fact(uint32_t kind)
{
	struct aovpn_observation o = {
		.kind = kind,
		.source = AOVPN_SOURCE_KERNEL,
		.flow = {.family = AF_INET, .remote = {203, 0, 113, 20}},
	};

	return o;
}

/* Does the cause of that slug stand, with a line of evidence that has this? */
static bool says(const char *slug, const char *text)
{
	uint32_t i, k;

	for (i = 0; i < out.count; i++)
		for (k = 0; k < out.finding[i].evidence_count; k++)
			if (strcmp(out.finding[i].cause->slug, slug) == 0 &&
			    strstr(out.finding[i].evidence[k], text))
				return true;
	return false;
}

static void begin_silent(void)
{
	attempt_begin(&a);
	add_state(&a, AOVPN_IKE_CONNECTING);
	add_out(&a, 34, 0);
	add_sent(&a, true);
	add_retransmits(&a, 2, 0, 400);
}

static void a_drop_elsewhere_is_told_and_decides_nothing(void)
{
	begin_silent();
	add_drop(&a, false, "NETFILTER_DROP");
	a.observations[a.count - 1].u.drop.elsewhere = 4026532000u;
	aovpn_diagnose(&a, &out);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, "udp500-no-answer");
	CU_ASSERT_TRUE(says("udp500-no-answer",
			    "another network namespace of this machine (number "
			    "4026532000) dropped 1 packet to"));
	CU_ASSERT_FALSE(says("local-firewall-out", ""));
	aovpn_attempt_clear(&a);
}

static void an_icmp_error_that_was_dropped_counts_as_one(void)
{
	begin_silent();
	add_drop(&a, true, "NETFILTER_DROP");
	a.observations[a.count - 1].u.drop.icmp_type = 3;
	a.observations[a.count - 1].u.drop.icmp_code = 13;
	aovpn_diagnose(&a, &out);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug, "icmp-prohibited");
	CU_ASSERT_EQUAL(out.finding[0].confidence, AOVPN_LIKELY);
	CU_ASSERT_TRUE(
		says("icmp-prohibited", "this machine's kernel dropped"));
	CU_ASSERT_FALSE(says("local-firewall-in", ""));
	aovpn_attempt_clear(&a);
}

static void what_failed_to_fetch_a_crl_is_told(void)
{
	struct aovpn_observation o;

	attempt_begin(&a);
	reach_certificate(&a);
	o = kernel_fact(AOVPN_OBS_NAME_FAILED);
	o.u.name_failed.gai_error = EAI_NONAME;
	strcpy(o.u.name_failed.name, "crl.contoso.test");
	aovpn_attempt_add(&a, &o);
	aovpn_attempt_add(&a, &o);
	o = kernel_fact(AOVPN_OBS_TCP);
	o.flow.remote_port = 80;
	o.u.tcp.event = AOVPN_TCP_RETRANSMITTED;
	aovpn_attempt_add(&a, &o);
	o.u.tcp.event = AOVPN_TCP_CONNECT_FAILED;
	o.u.tcp.error = ECONNREFUSED;
	aovpn_attempt_add(&a, &o);
	add_refused(&a, AOVPN_CERT_NPS, X509_V_ERR_UNABLE_TO_GET_CRL);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_EQUAL(out.ras_code, 860);
	CU_ASSERT_TRUE(says("nps-cert-revocation-unknown",
			    "could not resolve \"crl.contoso.test\": "));
	CU_ASSERT_TRUE(says("nps-cert-revocation-unknown",
			    "TCP connection to 203.0.113.20 port 80: "
			    "Connection refused"));
	CU_ASSERT_FALSE(
		says("nps-cert-revocation-unknown", "no answer in time"));
	aovpn_attempt_clear(&a);
}

/* The lines of evidence that have this, of the first cause. */
static unsigned int lines_with(const char *text)
{
	unsigned int count = 0;
	uint32_t i;

	for (i = 0; i < out.finding[0].evidence_count; i++)
		count += strstr(out.finding[0].evidence[i], text) != NULL;
	return count;
}

/* The plugin tells of the first name only, the tracer of both or of none. */
static void fail_names(bool traced, bool plugin_first)
{
	struct aovpn_observation o = kernel_fact(AOVPN_OBS_NAME_FAILED);
	struct aovpn_observation told = o;

	told.source = AOVPN_SOURCE_PLUGIN;
	strcpy(told.u.name_failed.name, "crl.contoso.test");
	o.u.name_failed.gai_error = EAI_NONAME;
	strcpy(o.u.name_failed.name, "crl.contoso.test");
	attempt_begin(&a);
	reach_certificate(&a);
	if (plugin_first)
		aovpn_attempt_add(&a, &told);
	if (traced)
		aovpn_attempt_add(&a, &o);
	strcpy(o.u.name_failed.name, "ocsp.contoso.test");
	if (traced)
		aovpn_attempt_add(&a, &o);
	if (!plugin_first)
		aovpn_attempt_add(&a, &told);
	add_refused(&a, AOVPN_CERT_NPS, X509_V_ERR_UNABLE_TO_GET_CRL);
	aovpn_diagnose(&a, &out);
	aovpn_attempt_clear(&a);
}

static void a_name_without_an_error_is_told(void)
{
	uint32_t i;

	fail_names(false, true);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug,
			       "nps-cert-revocation-unknown");
	CU_ASSERT_EQUAL(lines_with("could not resolve"), 1);
	for (i = 0; i < out.finding[0].evidence_count; i++)
		if (strstr(out.finding[0].evidence[i], "could not resolve"))
			CU_ASSERT_STRING_EQUAL(out.finding[0].evidence[i],
					       "charon could not resolve "
					       "\"crl.contoso.test\"");
}

static void a_name_is_told_once_with_its_error(void)
{
	int plugin_first;

	for (plugin_first = 0; plugin_first < 2; plugin_first++) {
		fail_names(true, plugin_first);
		CU_ASSERT_EQUAL(lines_with("\"crl.contoso.test\""), 1);
		CU_ASSERT_EQUAL(lines_with("\"crl.contoso.test\": "), 1);
		CU_ASSERT_EQUAL(lines_with("\"ocsp.contoso.test\": "), 1);
	}
}

static void the_silent_neighbour_is_named(void)
{
	struct aovpn_observation o = kernel_fact(AOVPN_OBS_NEIGHBOUR_FAILED);

	begin_silent();
	add_drop(&a, false, "NEIGH_FAILED");
	o.u.neighbour.interface = 2;
	aovpn_attempt_add(&a, &o);
	aovpn_diagnose(&a, &out);
	CU_ASSERT_STRING_EQUAL(out.finding[0].cause->slug,
			       "neighbour-unreachable");
	CU_ASSERT_TRUE(says("neighbour-unreachable",
			    "203.0.113.20 does not answer on the link "
			    "(interface 2)"));
	aovpn_attempt_clear(&a);
}

CU_TestInfo aside_tests[] = {
	{"a drop elsewhere is told and decides nothing",
	 a_drop_elsewhere_is_told_and_decides_nothing},
	{"an ICMP error that was dropped counts as one",
	 an_icmp_error_that_was_dropped_counts_as_one},
	{"what failed to fetch a CRL is told",
	 what_failed_to_fetch_a_crl_is_told},
	{"a name without an error is told", a_name_without_an_error_is_told},
	{"a name is told once, with its error",
	 a_name_is_told_once_with_its_error},
	{"the silent neighbour is named", the_silent_neighbour_is_named},
	CU_TEST_INFO_NULL,
};
