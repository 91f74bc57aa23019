/* test_certificate.c - what is read out of certificates, honest and forged. */
#include "certificate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <CUnit/CUnit.h>

#define SID "S-1-5-21-1111111111-2222222222-3333333333-1105"
#define TAG "tag:microsoft.com,2022-09-14:sid:"

static struct aovpn_certificate_facts facts;
static struct aovpn_chain_facts chain;

static const char *fixture(const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned int next;
	const char *dir = getenv("AOVPN_TEST_FIXTURES");
	char *path = paths[next++ % 8];

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return path;
}

static X509 *read_certificate(const char *name)
{
	FILE *file = fopen(fixture(name), "r");
	X509 *certificate;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
	return certificate;
}

static void read_facts(const char *name)
{
	X509 *certificate = read_certificate(name);

	memset(&facts, 0x55, sizeof(facts));
	aovpn_certificate_facts_read(certificate, &facts);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	X509_free(certificate);
}

static void reads_user(void)
{
	read_facts("user.crt");
	CU_ASSERT_STRING_EQUAL(facts.subject,
			       "CN=user1@contoso.test,O=Contoso");
	CU_ASSERT_STRING_EQUAL(facts.issuer, "CN=Contoso Issuing CA,O=Contoso");
	CU_ASSERT_STRING_EQUAL(facts.serial, "1005");
	CU_ASSERT_EQUAL(facts.not_after - facts.not_before, 365 * 86400);
	CU_ASSERT(labs(facts.not_before - time(NULL)) < 86400 * 30);
	CU_ASSERT_FALSE(facts.is_ca);
	CU_ASSERT_FALSE(facts.self_issued);
	CU_ASSERT(facts.has_cdp);
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[0],
			       "http://pki.contoso.test/issuing.crl");
	CU_ASSERT(facts.has_ocsp);
	CU_ASSERT(facts.has_eku);
	CU_ASSERT(facts.eku_client_auth);
	CU_ASSERT_FALSE(facts.eku_server_auth);
	CU_ASSERT_STRING_EQUAL(facts.upn, "user1@contoso.test");
	CU_ASSERT_STRING_EQUAL(facts.dns, "pc1.contoso.test");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, "");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, SID);
}

/* As "openssl x509 -fingerprint -sha1" prints it, without colons. */
static void reads_thumbprint(void)
{
	X509 *certificate = read_certificate("user.crt");
	unsigned char digest[20];
	char expected[41];
	int i;

	CU_ASSERT(X509_digest(certificate, EVP_sha1(), digest, NULL));
	for (i = 0; i < 20; i++)
		snprintf(expected + 2 * i, 3, "%02x", digest[i]);
	X509_free(certificate);
	read_facts("user.crt");
	CU_ASSERT_STRING_EQUAL(facts.thumbprint, expected);
}

static void reads_root(void)
{
	read_facts("root.crt");
	CU_ASSERT(facts.is_ca);
	CU_ASSERT(facts.self_issued);
	CU_ASSERT_FALSE(facts.has_cdp);
	CU_ASSERT_FALSE(facts.has_ocsp);
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[0], "");
}

static void reads_sid_extension(void)
{
	read_facts("sid-extension.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, SID);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
}

static void reads_sid_out_of_joined_uris(void)
{
	read_facts("sid-uri-joined.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, SID);
	read_facts("sid-uri-second.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, SID);
}

static void ignores_what_is_no_sid(void)
{
	read_facts("sid-extension-bad.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, "");
	read_facts("sid-extension-garbage.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, "");
	read_facts("sid-uri-bad.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
	read_facts("sid-uri-inside.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
	read_facts("plain.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, "");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
}

/* The SID that is read out of a URI entry of this text, through a certificate
 * made for it. */
static void expect_sid_of_uri(const char *text, const char *expected)
{
	X509 *certificate = read_certificate("plain.crt");
	GENERAL_NAME *name = GENERAL_NAME_new();
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	ASN1_IA5STRING *uri = ASN1_IA5STRING_new();

	ASN1_STRING_set(uri, text, -1);
	GENERAL_NAME_set0_value(name, GEN_URI, uri);
	sk_GENERAL_NAME_push(names, name);
	X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0,
			  X509V3_ADD_REPLACE);
	aovpn_certificate_facts_read(certificate, &facts);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, expected);
	GENERAL_NAMES_free(names);
	X509_free(certificate);
}

static void finds_tag_where_uri_begins(void)
{
	expect_sid_of_uri(TAG "S-1-5-18", "S-1-5-18");
	expect_sid_of_uri("a:b," TAG "S-1-5-18,c:d", "S-1-5-18");
	expect_sid_of_uri("a:b, " TAG "S-1-5-18 , c:d", "S-1-5-18");
	expect_sid_of_uri(TAG "x," TAG "S-1-5-18," TAG "S-1-5-19", "S-1-5-18");
	expect_sid_of_uri("x" TAG "S-1-5-18", "");
	expect_sid_of_uri(TAG, "");
	expect_sid_of_uri("tag:microsoft.com,2022-09-14:S-1-5-18", "");
}

static void expect_sid(const char *text, bool good)
{
	char uri[512];

	snprintf(uri, sizeof(uri), TAG "%s", text);
	expect_sid_of_uri(uri, good ? text : "");
}

static void tells_sid_by_its_grammar(void)
{
	expect_sid("S-1-5-18", true);
	expect_sid("S-1-12-1-4294967295-0-1-2", true);
	expect_sid("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", true);
	expect_sid("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", false);
	expect_sid("S-1-12-1-4294967296", false);
	expect_sid("S-1-5-12345678901", false);
	expect_sid("S-1-5-00000000018", false);
	expect_sid("S-1-5", false);
	expect_sid("S-1-", false);
	expect_sid("S-1", false);
	expect_sid("", false);
	expect_sid("S-1-5-", false);
	expect_sid("S-1-5-18-", false);
	expect_sid("S-1-5--18", false);
	expect_sid("S-1-5-1x", false);
	expect_sid("S-2-5-18", false);
	expect_sid("s-1-5-18", false);
}

static void ignores_other_names(void)
{
	read_facts("other-names.crt");
	CU_ASSERT_STRING_EQUAL(facts.upn, "");
	CU_ASSERT_STRING_EQUAL(facts.dns, "");
	CU_ASSERT_FALSE(facts.has_ocsp);
}

static void reads_extended_key_usage(void)
{
	read_facts("plain.crt");
	CU_ASSERT_FALSE(facts.has_eku);
	CU_ASSERT(facts.eku_client_auth);
	CU_ASSERT(facts.eku_server_auth);
	read_facts("eku-any.crt");
	CU_ASSERT(facts.has_eku);
	CU_ASSERT(facts.eku_client_auth);
	read_facts("eku-ms-any.crt");
	CU_ASSERT(facts.has_eku);
	CU_ASSERT(facts.eku_client_auth);
	read_facts("eku-server.crt");
	CU_ASSERT(facts.has_eku);
	CU_ASSERT_FALSE(facts.eku_client_auth);
	CU_ASSERT(facts.eku_server_auth);
	read_facts("eku-garbage.crt");
	CU_ASSERT(facts.has_eku);
	CU_ASSERT_FALSE(facts.eku_client_auth);
	CU_ASSERT_FALSE(facts.eku_server_auth);
}

/* An OID that does not fit is left out, not cut to another. */
static void keeps_oids_of_extended_key_usage(void)
{
	read_facts("eku-several.crt");
	CU_ASSERT_EQUAL_FATAL(facts.eku_count, 3);
	CU_ASSERT_STRING_EQUAL(facts.eku[0], "1.3.6.1.5.5.7.3.2");
	CU_ASSERT_STRING_EQUAL(facts.eku[1], "1.3.6.1.4.1.311.87");
	CU_ASSERT_STRING_EQUAL(facts.eku[2], "1.3.6.1.5.5.8.2.2");
	read_facts("eku-thirty.crt");
	CU_ASSERT_EQUAL(facts.eku_count, AOVPN_EKU_MAX);
	CU_ASSERT_STRING_EQUAL(facts.eku[23], "1.3.6.1.4.1.99999.23");
	read_facts("plain.crt");
	CU_ASSERT_EQUAL(facts.eku_count, 0);
	read_facts("eku-garbage.crt");
	CU_ASSERT_EQUAL(facts.eku_count, 0);
}

static void wants_uri_of_distribution_point(void)
{
	read_facts("plain.crt");
	CU_ASSERT_FALSE(facts.has_cdp);
	read_facts("cdp-no-uri.crt");
	CU_ASSERT_FALSE(facts.has_cdp);
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[0], "");
}

static void is_not_fooled_by_nul(void)
{
	read_facts("nul.crt");
	CU_ASSERT_STRING_EQUAL(facts.dns, "");
	CU_ASSERT_STRING_EQUAL(facts.upn, "");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
}

static void escapes_names(void)
{
	read_facts("odd-name.crt");
	CU_ASSERT_STRING_EQUAL(facts.subject,
			       "CN=\\xe2\\x80\\xaeb,O=A\\, \xc3\xbc\\1B[31m");
}

static void leaves_huge_serial_out(void)
{
	X509 *certificate = read_certificate("plain.crt");
	unsigned char bytes[32];
	ASN1_INTEGER *serial;

	memset(bytes, 0x77, sizeof(bytes));
	serial = X509_get_serialNumber(certificate);
	CU_ASSERT(ASN1_STRING_set(serial, bytes, 31));
	aovpn_certificate_facts_read(certificate, &facts);
	CU_ASSERT_EQUAL(strlen(facts.serial), 62);
	CU_ASSERT(ASN1_STRING_set(serial, bytes, 32));
	aovpn_certificate_facts_read(certificate, &facts);
	CU_ASSERT_STRING_EQUAL(facts.serial, "");
	X509_free(certificate);
}

/* Facts of the user's chain from these fixtures, NULL for none. */
static void read_chain(const char *intermediates, const char *roots)
{
	struct aovpn_credential_source source = {
		.certificate = fixture("user.crt"),
		.key = fixture("user.key"),
		.chain = intermediates ? fixture(intermediates) : "",
		.password_file = "",
	};
	struct aovpn_credential *credential;
	struct aovpn_error error;

	memset(&chain, 0x55, sizeof(chain));
	CU_ASSERT_EQUAL_FATAL(
		aovpn_credential_load(&source, &credential, &error), 0);
	aovpn_chain_facts_read(credential, roots ? fixture(roots) : NULL,
			       &chain);
	aovpn_credential_free(credential);
}

static void follows_chain(void)
{
	read_chain("chain.pem", NULL);
	CU_ASSERT_EQUAL_FATAL(chain.count, 3);
	CU_ASSERT(chain.complete);
	CU_ASSERT(labs(chain.gathered_at - time(NULL)) < 60);
	CU_ASSERT_STRING_EQUAL(chain.certificate[0].upn, "user1@contoso.test");
	CU_ASSERT_STRING_EQUAL(chain.certificate[1].subject,
			       "CN=Contoso Issuing CA,O=Contoso");
	CU_ASSERT_STRING_EQUAL(chain.certificate[2].subject,
			       "CN=Contoso Root CA,O=Contoso");
	CU_ASSERT(chain.certificate[2].self_issued);
	CU_ASSERT_STRING_EQUAL(chain.certificate[3].subject, "");
}

static void finds_issuers_among_roots(void)
{
	read_chain("issuing.crt", "roots.pem");
	CU_ASSERT_EQUAL(chain.count, 3);
	CU_ASSERT(chain.complete);
	read_chain(NULL, "chain.pem");
	CU_ASSERT_EQUAL(chain.count, 3);
	CU_ASSERT(chain.complete);
}

static void tells_incomplete_chain(void)
{
	read_chain(NULL, "roots.pem");
	CU_ASSERT_EQUAL(chain.count, 1);
	CU_ASSERT_FALSE(chain.complete);
	read_chain("issuing.crt", "other.crt");
	CU_ASSERT_EQUAL(chain.count, 2);
	CU_ASSERT_FALSE(chain.complete);
	read_chain("issuing.crt", "missing");
	CU_ASSERT_EQUAL(chain.count, 2);
	read_chain("issuing.crt", "roots-damaged.pem");
	CU_ASSERT_EQUAL(chain.count, 2);
}

static void leaves_circle(void)
{
	struct aovpn_credential_source source = {
		.certificate = fixture("circle-leaf.crt"),
		.key = fixture("ec.key"),
		.chain = fixture("circle.pem"),
		.password_file = "",
	};
	struct aovpn_credential *credential;
	struct aovpn_error error;

	CU_ASSERT_EQUAL_FATAL(
		aovpn_credential_load(&source, &credential, &error), 0);
	CU_ASSERT_EQUAL(sk_X509_num(credential->chain), 2);
	aovpn_chain_facts_read(credential, NULL, &chain);
	CU_ASSERT_EQUAL(chain.count, 3);
	CU_ASSERT_FALSE(chain.complete);
	aovpn_credential_free(credential);
}

/* Same name and key, one with and one without a CDP. */
static void prefers_what_came_with_credential(void)
{
	read_chain("chain-two.pem", NULL);
	CU_ASSERT_FALSE(chain.certificate[1].has_cdp);
	read_chain("chain-two-cdp.pem", NULL);
	CU_ASSERT(chain.certificate[1].has_cdp);
	read_chain("issuing.crt", "chain-two-cdp.pem");
	CU_ASSERT_FALSE(chain.certificate[1].has_cdp);
	CU_ASSERT(chain.complete);
	read_chain(NULL, "chain-two-cdp.pem");
	CU_ASSERT(chain.certificate[1].has_cdp);
}

/* An issuer by name and key identifier, with another key, is none. */
static void wants_signature_of_issuer(void)
{
	X509 *impostor = read_certificate("issuing.crt");
	X509 *other = read_certificate("other.crt");
	struct aovpn_credential credential = {
		.certificate = read_certificate("plain.crt"),
		.chain = sk_X509_new_null(),
	};

	X509_set_pubkey(impostor, X509_get0_pubkey(other));
	sk_X509_push(credential.chain, impostor);
	aovpn_chain_facts_read(&credential, NULL, &chain);
	CU_ASSERT_EQUAL(chain.count, 1);
	CU_ASSERT_FALSE(chain.complete);
	sk_X509_pop_free(credential.chain, X509_free);
	X509_free(credential.certificate);
	X509_free(other);
}

CU_TestInfo certificate_tests[] = {
	{"reads a user's certificate", reads_user},
	{"reads the thumbprint", reads_thumbprint},
	{"reads a root", reads_root},
	{"reads the SID extension", reads_sid_extension},
	{"reads the SID out of joined URIs", reads_sid_out_of_joined_uris},
	{"ignores what is no SID", ignores_what_is_no_sid},
	{"finds the SID's tag where a URI begins", finds_tag_where_uri_begins},
	{"ignores names of other kinds", ignores_other_names},
	{"tells a SID by its grammar", tells_sid_by_its_grammar},
	{"reads the extended key usage", reads_extended_key_usage},
	{"keeps the OIDs of the extended key usage",
	 keeps_oids_of_extended_key_usage},
	{"wants a URI of a CDP", wants_uri_of_distribution_point},
	{"is not fooled by NUL in names", is_not_fooled_by_nul},
	{"escapes names", escapes_names},
	{"leaves a huge serial out", leaves_huge_serial_out},
	{"follows the chain", follows_chain},
	{"finds issuers among the roots", finds_issuers_among_roots},
	{"tells an incomplete chain", tells_incomplete_chain},
	{"leaves a circle of CAs", leaves_circle},
	{"prefers what came with the credential",
	 prefers_what_came_with_credential},
	{"wants the signature of the issuer", wants_signature_of_issuer},
	CU_TEST_INFO_NULL,
};
