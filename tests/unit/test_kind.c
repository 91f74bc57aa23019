/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_kind.c - what kind a certificate is, by certificates of each shape and
 * by such as only look so; and which remarks belong to it.
 */
#include "kind.h"

#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "fixture.h"
#include "url_match.h"

static struct aovpn_chain_facts chain;
static struct aovpn_kind kind;

static void read_certificate(const char *name)
{
	X509 *certificate = fixture_certificate(name);

	aovpn_certificate_facts_read(certificate,
				     &chain.certificate[chain.count++]);
	X509_free(certificate);
}

static void find(const char *leaf, const char *issuer)
{
	memset(&chain, 0, sizeof(chain));
	memset(&kind, 0x55, sizeof(kind));
	read_certificate(leaf);
	if (issuer)
		read_certificate(issuer);
	aovpn_kind_find(&chain, &kind);
}

static const struct {
	const char *leaf;
	const char *issuer; /* or NULL */
	enum aovpn_kind_id id;
	unsigned int confidence;
	const char *vendor;
	const char *evidence[4]; /* how each begins */
} rows[] = {
	{"plain.crt", "root.crt", AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"user.crt",
	 NULL,
	 AOVPN_KIND_INTUNE_SCEP,
	 AOVPN_POSSIBLE,
	 NULL,
	 {"its SAN has a URI for the SID",
	  "its subject's CN is the UPN, so was requested"}},
	/* Cloud PKI, by host and path, by host, by its issuer's */
	{"kind-cloud-pki.crt",
	 NULL,
	 AOVPN_KIND_CLOUD_PKI,
	 AOVPN_CERTAIN,
	 NULL,
	 {"its CDP is http://primary-cdn.pki.azure.net/westeurope/crls/ef5e7",
	  "its AIA is http://primary-cdn.pki.azure.net/westeurope/cacerts/"}},
	{"kind-cloud-pki-sid.crt",
	 NULL,
	 AOVPN_KIND_CLOUD_PKI,
	 AOVPN_CERTAIN,
	 NULL,
	 {"its CDP is ", "its AIA is "}},
	{"kind-cloud-pki-path.crt",
	 NULL,
	 AOVPN_KIND_CLOUD_PKI,
	 AOVPN_LIKELY,
	 NULL,
	 {"its CDP is http://a.b.PKI.azure.net/x.crl",
	  "its AIA is http://a.b.PKI.azure.net/x.cer"}},
	{"plain.crt",
	 "kind-issuing.crt",
	 AOVPN_KIND_CLOUD_PKI,
	 AOVPN_LIKELY,
	 NULL,
	 {"its issuer's CDP is http://primary-cdn.pki.azure.net/"}},
	/* what only looks like it */
	{"kind-cloud-pki-longer.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"kind-cloud-pki-user.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"kind-cloud-pki-in-path.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"kind-cloud-pki-other.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"kind-cloud-pki-itself.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	/* Conditional Access */
	{"kind-entra.crt",
	 NULL,
	 AOVPN_KIND_CONDITIONAL_ACCESS,
	 AOVPN_CERTAIN,
	 NULL,
	 {"it has the EKU 1.3.6.1.4.1.311.87",
	  "its issuer is CN=Microsoft VPN root CA gen 1",
	  "it is valid for 65 minutes", "it has no CDP"}},
	{"kind-entra-issuer.crt",
	 NULL,
	 AOVPN_KIND_CONDITIONAL_ACCESS,
	 AOVPN_LIKELY,
	 NULL,
	 {"its issuer is CN=Microsoft VPN root CA gen 1", "it has no CDP"}},
	{"kind-entra-usage.crt",
	 NULL,
	 AOVPN_KIND_CONDITIONAL_ACCESS,
	 AOVPN_POSSIBLE,
	 NULL,
	 {"it has the EKU 1.3.6.1.4.1.311.87", "it has no CDP"}},
	/* AD CS, and Intune before it */
	{"kind-ad-cs.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_CERTAIN,
	 NULL,
	 {"its template is 1.3.6.1.4.1.311.21.8.1111111.2222222.3333333."
	  "4444444.5555555.99.1234567.7654321, version 100.7",
	  "its CDP is in Active Directory: ldap:///CN=Contoso%20CA,CN=ca1"}},
	{"kind-ad-cs-sid.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_CERTAIN,
	 NULL,
	 {"its template is 1.3.6.1.4.1.311.21.8.",
	  "its CDP is in Active Directory: "}},
	{"template.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is 1.3.6.1.4.1.311.21.8."}},
	{"template-name-odd.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is named \xc3\xbc\\x1b["}},
	{"urls.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}}, /* LDAP */
	{"kind-folder.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_POSSIBLE,
	 NULL,
	 {"its CDP is in the folder of an AD CS: "
	  "http://pki.contoso.test/CertEnroll/ca.crl"}},
	{"kind-scep.crt",
	 NULL,
	 AOVPN_KIND_INTUNE_SCEP,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is ",
	  "its CDP is in Active Directory: ", "its SAN has a URI for the SID",
	  "its subject's CN is the UPN, so was requested"}},
	{"kind-scep-device.crt",
	 NULL,
	 AOVPN_KIND_INTUNE_SCEP,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is ",
	  "its CDP is in Active Directory: ", "its SAN has a URI for the SID",
	  "its SAN has a URI IntuneDeviceId://"}},
	{"kind-ndes.crt",
	 NULL,
	 AOVPN_KIND_INTUNE_SCEP,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is named IPSECIntermediateOffline",
	  "its subject's CN is the UPN, so was requested"}},
	{"template-name.crt",
	 NULL,
	 AOVPN_KIND_AD_CS,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is named IPSECIntermediateOffline"}},
	{"kind-pkcs.crt",
	 NULL,
	 AOVPN_KIND_INTUNE_PKCS,
	 AOVPN_LIKELY,
	 NULL,
	 {"its template is ", "its CDP is in Active Directory: ",
	  "it has the extension for the SID",
	  "its subject's CN is the UPN, so was requested"}},
	/* third parties, and who only borrows their names */
	{"kind-scepman.crt",
	 NULL,
	 AOVPN_KIND_THIRD_PARTY,
	 AOVPN_LIKELY,
	 "SCEPman",
	 {"its issuer is named like one of SCEPman: O=Contoso,OU=5bd7ab3b,"
	  "CN=SCEPman-Root-CA-V1"}},
	{"kind-foxpass-name.crt",
	 NULL,
	 AOVPN_KIND_THIRD_PARTY,
	 AOVPN_POSSIBLE,
	 "Foxpass",
	 {"its issuer is named like one of Foxpass: CN=foxpass CA,"}},
	{"kind-ezca.crt",
	 NULL,
	 AOVPN_KIND_THIRD_PARTY,
	 AOVPN_LIKELY,
	 "EZCA",
	 {"its CDP is http://crl.ezca.io/1.crl, of EZCA"}},
	{"kind-smallstep.crt",
	 NULL,
	 AOVPN_KIND_THIRD_PARTY,
	 AOVPN_LIKELY,
	 "smallstep",
	 {"its OCSP responder is http://contoso.ca.smallstep.com/ocsp, of"}},
	{"kind-not-ezca.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
	{"kind-not-scepman.crt", NULL, AOVPN_KIND_UNKNOWN, 0, NULL, {0}},
};

static void check_evidence(const char *const evidence[4])
{
	uint32_t i;

	for (i = 0; i < 4 && evidence[i]; i++) {
		CU_ASSERT_FATAL(i < kind.evidence_count);
		CU_ASSERT_EQUAL(strncmp(kind.evidence[i], evidence[i],
					strlen(evidence[i])),
				0);
		if (strncmp(kind.evidence[i], evidence[i],
			    strlen(evidence[i])) != 0)
			printf("\n\"%s\" for \"%s\"", kind.evidence[i],
			       evidence[i]);
	}
	CU_ASSERT_EQUAL(kind.evidence_count, i);
}

static void recognizes_kinds(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		find(rows[i].leaf, rows[i].issuer);
		CU_ASSERT_EQUAL(kind.id, rows[i].id);
		CU_ASSERT_EQUAL(kind.confidence, rows[i].confidence);
		CU_ASSERT_EQUAL(!kind.vendor, !rows[i].vendor);
		if (kind.vendor && rows[i].vendor)
			CU_ASSERT_STRING_EQUAL(kind.vendor, rows[i].vendor);
		if (kind.id != rows[i].id ||
		    kind.confidence != rows[i].confidence)
			printf("\n%s: %s %d", rows[i].leaf,
			       aovpn_kind_name(kind.id), (int)kind.confidence);
		check_evidence(rows[i].evidence);
	}
}

static void knows_nothing_of_nothing(void)
{
	memset(&chain, 0, sizeof(chain));
	memset(&kind, 0x55, sizeof(kind));
	aovpn_kind_find(&chain, &kind);
	CU_ASSERT_EQUAL(kind.id, AOVPN_KIND_UNKNOWN);
	CU_ASSERT_EQUAL(kind.confidence, 0);
	CU_ASSERT_EQUAL(kind.evidence_count, 0);
	CU_ASSERT_EQUAL(kind.remark_count, 0);
}

/* A text of each remark that is found nowhere else. */
#define OLD       "issued before 11 February 2025"
#define NO_CDP    "no CDP by design"
#define AN_HOUR   "Linux client cannot obtain one"
#define NO_OCSP   "Cloud PKI has no OCSP"
#define NO_POLICY "tells which policy"
#define SCEP_SID  "{{OnPremisesSecurityIdentifier}}"
#define URI_SID   "Windows Server 2016 and older do not"
#define NTAUTH    "NTAuthCA"
#define CRL       "AppConfig:CRL:Source"
#define CA_SID    "depends on the CA"
#define NDES      "Cryptography\\MSCEP"
#define AD_SID    "CT_FLAG_NO_SECURITY_EXTENSION"
#define CONNECTOR "EnableSidSecurityExtension"
#define LDAP      "in Active Directory alone"
#define MIGRATION "only certificates that are issued after it"

static const struct {
	const char *leaf;
	const char *remarks[AOVPN_KIND_REMARKS_MAX];
} remarks[] = {
	{"plain.crt", {0}},
	{"kind-cloud-pki.crt",
	 {NO_OCSP, NO_POLICY, SCEP_SID, NTAUTH, MIGRATION}},
	{"kind-cloud-pki-sid.crt",
	 {NO_OCSP, NO_POLICY, URI_SID, NTAUTH, MIGRATION}},
	{"kind-entra.crt", {NO_CDP, AN_HOUR}},
	{"kind-ad-cs.crt", {AD_SID, CONNECTOR, LDAP}},
	{"kind-ad-cs-sid.crt", {LDAP}},
	{"template.crt", {AD_SID, CONNECTOR}},
	{"kind-scep.crt", {URI_SID, LDAP, MIGRATION}},
	{"kind-ndes.crt", {SCEP_SID, NDES, MIGRATION}},
	{"kind-pkcs.crt", {CONNECTOR, LDAP, MIGRATION}},
	{"kind-scepman.crt", {NTAUTH, CRL, CA_SID}},
	{"kind-ezca.crt", {NTAUTH, CA_SID}},
};

static bool has_remark(const char *text)
{
	uint32_t i;

	for (i = 0; i < kind.remark_count; i++)
		if (strstr(kind.remarks[i], text))
			return true;
	return false;
}

static void remarks_what_belongs_to_it(void)
{
	uint32_t count;
	size_t i;

	for (i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
		find(remarks[i].leaf, NULL);
		for (count = 0; count < AOVPN_KIND_REMARKS_MAX &&
				remarks[i].remarks[count];
		     count++)
			CU_ASSERT(has_remark(remarks[i].remarks[count]));
		CU_ASSERT_EQUAL(kind.remark_count, count);
		if (kind.remark_count != count)
			printf("\n%s: %u remarks", remarks[i].leaf,
			       kind.remark_count);
	}
}

/* Before and on the day from which a strong mapping was wanted. */
static void remarks_age_without_sid(void)
{
	find("kind-cloud-pki.crt", NULL);
	chain.certificate[0].not_before = 1739232000 - 1;
	aovpn_kind_find(&chain, &kind);
	CU_ASSERT(has_remark(OLD));
	CU_ASSERT_EQUAL(kind.remark_count, AOVPN_KIND_REMARKS_MAX);
	chain.certificate[0].not_before = 1739232000;
	aovpn_kind_find(&chain, &kind);
	CU_ASSERT_FALSE(has_remark(OLD));
	chain.certificate[0].not_before = 1700000000;
	chain.certificate[0].sid_extension_state = AOVPN_SID_VALID;
	aovpn_kind_find(&chain, &kind);
	CU_ASSERT_FALSE(has_remark(OLD));
}

/* A mixed CDP can be asked from outside. */
static void remarks_ldap_alone(void)
{
	find("kind-ad-cs-sid.crt", NULL);
	CU_ASSERT(has_remark(LDAP));
	strcpy(chain.certificate[0].cdp.url[1], "http://pki.contoso.test/");
	chain.certificate[0].cdp.count = 2;
	aovpn_kind_find(&chain, &kind);
	CU_ASSERT_FALSE(has_remark(LDAP));
}

static void names_every_kind(void)
{
	unsigned int id, other;

	for (id = 0; id < AOVPN_KINDS; id++)
		for (other = 0; other < id; other++)
			CU_ASSERT_NOT_EQUAL(strcmp(aovpn_kind_name(id),
						   aovpn_kind_name(other)),
					    0);
	CU_ASSERT_STRING_EQUAL(aovpn_kind_name(AOVPN_KIND_CLOUD_PKI),
			       "cloud-pki");
	CU_ASSERT_STRING_EQUAL(aovpn_kind_title(AOVPN_KIND_CLOUD_PKI),
			       "Microsoft Cloud PKI for Intune");
	CU_ASSERT_STRING_EQUAL(aovpn_kind_name(AOVPN_KIND_UNKNOWN), "unknown");
}

static const struct {
	const char *url;
	const char *host; /* NULL: not taken apart */
	const char *path;
} urls[] = {
	{"http://a.test/x/y", "a.test", "/x/y"},
	{"HTTPS://A.Test:8080/X?q#f", "a.test", "/X"},
	{"http://a.test", "a.test", "/"},
	{"http://a.test@b.test/", NULL, NULL},
	{"http://a.test:80@b.test/", NULL, NULL},
	{"http://b.test/@a.test/", NULL, NULL},
	{"http://b.test#@a.test/", NULL, NULL},
	{"http://b.test?@a.test/", NULL, NULL},
	{"http://b.test\\@a.test/", NULL, NULL},
	{"http://b.test\\.a.test/", NULL, NULL},
	{"http://b.test%2f.a.test/", NULL, NULL},
	{"http://[::1]/", NULL, NULL},
	{"http:///x", NULL, NULL},
	{"http://a.test:99999/", NULL, NULL},
	{"ldap://a.test/x", NULL, NULL},
	{"a.test/x", NULL, NULL},
	{"", NULL, NULL},
};

static void takes_urls_apart(void)
{
	struct aovpn_url_parts parts;
	bool taken;
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		taken = aovpn_url_take_apart(urls[i].url, &parts);
		CU_ASSERT_EQUAL(taken, urls[i].host != NULL);
		if (taken != (urls[i].host != NULL))
			printf("\n%s", urls[i].url);
		if (!taken || !urls[i].host)
			continue;
		CU_ASSERT_STRING_EQUAL(parts.host, urls[i].host);
		CU_ASSERT_STRING_EQUAL(parts.path, urls[i].path);
	}
}

static void tells_names_below_a_domain(void)
{
	CU_ASSERT(aovpn_host_is_below("a.b.test", "b.test"));
	CU_ASSERT(aovpn_host_is_below("x.a.b.test", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below("b.test", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below("ab.test", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below(".b.test", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below("a..b.test", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below("a.b.test.", "b.test"));
	CU_ASSERT_FALSE(aovpn_host_is_below("test", "b.test"));
}

static void matches_whole_paths(void)
{
	CU_ASSERT(aovpn_path_matches("/crls/a.crl", "/crls/[a-z]\\.crl"));
	CU_ASSERT(aovpn_path_matches("/CRLs/A.crl", "/crls/[a-z]\\.crl"));
	CU_ASSERT_FALSE(
		aovpn_path_matches("/x/crls/a.crl", "/crls/[a-z]\\.crl"));
	CU_ASSERT_FALSE(
		aovpn_path_matches("/crls/a.crl.x", "/crls/[a-z]\\.crl"));
	CU_ASSERT_FALSE(aovpn_path_matches("/crls/a.crl", "[")); /* none */
}

CU_TestInfo kind_tests[] = {
	{"recognizes kinds", recognizes_kinds},
	{"knows nothing of nothing", knows_nothing_of_nothing},
	{"remarks what belongs to it", remarks_what_belongs_to_it},
	{"remarks age without a SID", remarks_age_without_sid},
	{"remarks LDAP alone", remarks_ldap_alone},
	{"names every kind", names_every_kind},
	{"takes URLs apart", takes_urls_apart},
	{"matches whole paths", matches_whole_paths},
	{"tells names below a domain", tells_names_below_a_domain},
	CU_TEST_INFO_NULL,
};
