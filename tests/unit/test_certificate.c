/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_certificate.c - what is read out of certificates, honest and forged. */
#include "certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <CUnit/CUnit.h>

#include "fixture.h"
#include "pki.h"

#define TEMPLATE                                                           \
	"1.3.6.1.4.1.311.21.8.1111111.2222222.3333333.4444444.5555555.99." \
	"1234567.7654321"
#define SID "S-1-5-21-1111111111-2222222222-3333333333-1105"

static struct aovpn_certificate_facts facts;
static struct aovpn_chain_facts chain;

static void read_facts(const char *name)
{
	X509 *certificate = fixture_certificate(name);

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

/* As "openssl x509 -fingerprint" prints them, without colons. */
static void expect_digest(const EVP_MD *md, const char *thumbprint)
{
	X509 *certificate = fixture_certificate("user.crt");
	unsigned char digest[EVP_MAX_MD_SIZE];
	char expected[2 * EVP_MAX_MD_SIZE + 1];
	unsigned int size, i;

	CU_ASSERT(X509_digest(certificate, md, digest, &size));
	for (i = 0; i < size; i++)
		snprintf(expected + 2 * i, 3, "%02x", digest[i]);
	X509_free(certificate);
	CU_ASSERT_STRING_EQUAL(thumbprint, expected);
}

static void reads_thumbprints(void)
{
	read_facts("user.crt");
	expect_digest(EVP_sha1(), facts.thumbprint);
	expect_digest(EVP_sha256(), facts.thumbprint_sha256);
}

static void reads_root(void)
{
	read_facts("root.crt");
	CU_ASSERT(facts.is_ca);
	CU_ASSERT(facts.self_issued);
	CU_ASSERT_FALSE(facts.has_cdp);
	CU_ASSERT_FALSE(facts.has_ocsp);
	CU_ASSERT_EQUAL(facts.cdp.count, 0);
	CU_ASSERT_EQUAL(facts.cdp.unusable, 0);
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

static void reads_urls(void)
{
	read_facts("urls.crt");
	CU_ASSERT(facts.has_cdp);
	CU_ASSERT_EQUAL_FATAL(facts.cdp.count, 3);
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[0],
			       "http://pki.contoso.test/a.crl");
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[1],
			       "ftp://pki.contoso.test/a.crl");
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[2],
			       "ldap:///CN=Contoso,CN=CDP,DC=contoso,DC=test"
			       "?certificateRevocationList?base");
	CU_ASSERT_EQUAL(facts.cdp.unusable, 0);
	CU_ASSERT(facts.has_ocsp);
	CU_ASSERT_EQUAL_FATAL(facts.ocsp.count, 1);
	CU_ASSERT_STRING_EQUAL(facts.ocsp.url[0], "http://ocsp.contoso.test/");
	CU_ASSERT_EQUAL_FATAL(facts.aia.count, 2);
	CU_ASSERT_STRING_EQUAL(facts.aia.url[0],
			       "http://pki.contoso.test/a.crt");
	CU_ASSERT_STRING_EQUAL(facts.aia.url[1],
			       "https://pki.contoso.test/b.crt");
}

/* With a space, a control character, beyond ASCII, or too long: points all the
 * same, as Windows would ask there. */
static void counts_unusable_urls(void)
{
	read_facts("urls-unusable.crt");
	CU_ASSERT_EQUAL(facts.cdp.count, 0);
	CU_ASSERT_EQUAL(facts.cdp.unusable, 4);
	CU_ASSERT(facts.has_cdp);
	CU_ASSERT_EQUAL(facts.ocsp.count, 0);
	CU_ASSERT_EQUAL(facts.ocsp.unusable, 1);
	CU_ASSERT(facts.has_ocsp);
	read_facts("urls-longest.crt");
	CU_ASSERT_EQUAL(facts.cdp.count, 1);
	CU_ASSERT_EQUAL(strlen(facts.cdp.url[0]), AOVPN_URL_MAX - 1);
	read_facts("urls-six.crt");
	CU_ASSERT_EQUAL(facts.cdp.count, AOVPN_URLS_MAX);
	CU_ASSERT_EQUAL(facts.cdp.unusable, 2);
	CU_ASSERT_STRING_EQUAL(facts.cdp.url[3], "http://4.test");
}

static void expect_key(const char *name, const char *type, uint32_t bits)
{
	read_facts(name);
	CU_ASSERT_STRING_EQUAL(facts.key_type, type);
	CU_ASSERT_EQUAL(facts.key_bits, bits);
}

static void reads_key(void)
{
	expect_key("user.crt", "RSA", 2048);
	expect_key("rsa512.crt", "RSA", 512);
	expect_key("pss.crt", "RSA-PSS", 2048);
	expect_key("ec.crt", "EC P-256", 256);
	expect_key("ec-brainpool.crt", "EC brainpoolP256r1", 256);
	expect_key("ed25519.crt", "ED25519", 256);
	expect_key("x25519.crt", "X25519", 253);
}

/* An algorithm that OpenSSL does not know is one in digits. */
static void names_key_of_unknown_algorithm(void)
{
	X509 *certificate = fixture_certificate("plain.crt"), *again;
	X509_PUBKEY *key = X509_get_X509_PUBKEY(certificate);
	unsigned char *der = NULL;
	int size;

	X509_PUBKEY_set0_param(key, OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1),
			       V_ASN1_UNDEF, NULL, OPENSSL_memdup("key", 3), 3);
	/* Encoded anew: a decoded key stays with its certificate. */
	CU_ASSERT(i2d_re_X509_tbs(certificate, &der) > 0);
	OPENSSL_free(der);
	der = NULL;
	size = i2d_X509(certificate, &der);
	again = aovpn_x509_decode(der, (size_t)size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(again);
	aovpn_certificate_facts_read(again, &facts);
	CU_ASSERT_STRING_EQUAL(facts.key_type, "1.3.6.1.4.1.99999.1");
	CU_ASSERT_EQUAL(facts.key_bits, 0);
	OPENSSL_free(der);
	X509_free(again);
	X509_free(certificate);
}

static void reads_signature_algorithm(void)
{
	read_facts("user.crt");
	CU_ASSERT_STRING_EQUAL(facts.signature_algorithm, "ecdsa-with-SHA256");
	read_facts("signed-sha1.crt");
	CU_ASSERT_STRING_EQUAL(facts.signature_algorithm,
			       "sha1WithRSAEncryption");
	read_facts("signed-pss.crt");
	CU_ASSERT_STRING_EQUAL(facts.signature_algorithm, "rsassaPss");
}

static void reads_path_length(void)
{
	read_facts("path-length.crt");
	CU_ASSERT(facts.is_ca);
	CU_ASSERT_EQUAL(facts.path_length, 1);
	read_facts("root.crt");
	CU_ASSERT_EQUAL(facts.path_length, -1);
	read_facts("plain.crt");
	CU_ASSERT_EQUAL(facts.path_length, -1);
	read_facts("path-length-huge.crt");
	CU_ASSERT_EQUAL(facts.path_length, INT32_MAX);
	read_facts("path-length-negative.crt");
	CU_ASSERT_EQUAL(facts.path_length, -1);
}

static void reads_policies(void)
{
	read_facts("policies.crt");
	CU_ASSERT_EQUAL_FATAL(facts.policy_count, 2);
	CU_ASSERT_STRING_EQUAL(facts.policy[0], "1.3.6.1.4.1.99999.1");
	CU_ASSERT_STRING_EQUAL(facts.policy[1], "2.5.29.32.0");
	read_facts("policies-ten.crt");
	CU_ASSERT_EQUAL(facts.policy_count, AOVPN_POLICIES_MAX);
	read_facts("plain.crt");
	CU_ASSERT_EQUAL(facts.policy_count, 0);
}

static void expect_template(const char *name, const char *oid, uint32_t major,
			    uint32_t minor)
{
	read_facts(name);
	CU_ASSERT_STRING_EQUAL(facts.template_oid, oid);
	CU_ASSERT_EQUAL(facts.template_major, major);
	CU_ASSERT_EQUAL(facts.template_minor, minor);
}

static void reads_template(void)
{
	expect_template("template.crt", TEMPLATE, 100, 7);
	expect_template("template-major.crt", TEMPLATE, UINT32_MAX, 0);
	expect_template("template-no-version.crt", TEMPLATE, 0, 0);
	expect_template("template-huge.crt", "", 0, 0);
	expect_template("template-negative.crt", "", 0, 0);
	expect_template("template-garbage.crt", "", 0, 0);
	expect_template("plain.crt", "", 0, 0);
}

static void reads_template_name(void)
{
	read_facts("template-name.crt");
	CU_ASSERT_STRING_EQUAL(facts.template_name, "IPSECIntermediateOffline");
	CU_ASSERT_STRING_EQUAL(facts.template_oid, "");
	read_facts("template-name-odd.crt");
	CU_ASSERT_STRING_EQUAL(facts.template_name, "\xc3\xbc\\x1b[");
	read_facts("template-name-garbage.crt");
	CU_ASSERT_STRING_EQUAL(facts.template_name, "");
	read_facts("plain.crt");
	CU_ASSERT_STRING_EQUAL(facts.template_name, "");
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
	X509 *certificate = fixture_certificate("plain.crt");
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
		.certificate = fixture_path("user.crt"),
		.key = fixture_path("user.key"),
		.chain = intermediates ? fixture_path(intermediates) : "",
		.password_file = "",
	};
	struct aovpn_credential *credential;
	struct aovpn_error error;

	memset(&chain, 0x55, sizeof(chain));
	CU_ASSERT_EQUAL_FATAL(
		aovpn_credential_load(&source, &credential, &error), 0);
	aovpn_chain_facts_read(credential, roots ? fixture_path(roots) : NULL,
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
		.certificate = fixture_path("circle-leaf.crt"),
		.key = fixture_path("ec.key"),
		.chain = fixture_path("circle.pem"),
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
	X509 *impostor = fixture_certificate("issuing.crt");
	X509 *other = fixture_certificate("other.crt");
	struct aovpn_credential credential = {
		.certificate = fixture_certificate("plain.crt"),
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
	{"reads the thumbprints", reads_thumbprints},
	{"reads a root", reads_root},
	{"ignores names of other kinds", ignores_other_names},
	{"reads the extended key usage", reads_extended_key_usage},
	{"keeps the OIDs of the extended key usage",
	 keeps_oids_of_extended_key_usage},
	{"wants a URI of a CDP", wants_uri_of_distribution_point},
	{"reads all URLs", reads_urls},
	{"counts unusable URLs", counts_unusable_urls},
	{"reads the key", reads_key},
	{"names a key of an unknown algorithm", names_key_of_unknown_algorithm},
	{"reads the signature's algorithm", reads_signature_algorithm},
	{"reads the path length", reads_path_length},
	{"reads the policies", reads_policies},
	{"reads the template of AD CS", reads_template},
	{"reads the template's name", reads_template_name},
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
