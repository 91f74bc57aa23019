/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_token.c - certificates and keys on PKCS#11 tokens, with SoftHSM. */
#include "token.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include <CUnit/CUnit.h>

#include "credential.h"

#define CERT "pkcs11:token=aovpn;object="

static struct aovpn_error error;

static const char *fixture(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", getenv("AOVPN_TEST_FIXTURES"), name);
	return path;
}

static int load(const char *conf, const char *certificate, const char *key,
		const char *pin, struct aovpn_refused_pins *refused,
		struct aovpn_credential **ret)
{
	const struct aovpn_credential_source source = {
		.certificate = certificate,
		.key = key,
		.chain = "",
		.password_file = pin[0] ? fixture(pin) : "",
		.refused = refused,
	};
	int err;

	setenv("SOFTHSM2_CONF", fixture(conf), 1);
	error.text[0] = '\0';
	err = aovpn_credential_load(&source, ret, &error);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	CU_ASSERT_PTR_NULL(strstr(error.text, "1234"));
	CU_ASSERT_PTR_NULL(strstr(error.text, "0000"));
	return err;
}

static void expect_loaded(const char *conf, const char *certificate,
			  const char *key, bool without_pss)
{
	struct aovpn_credential *credential = NULL;
	int err = load(conf, certificate, key, "pin", NULL, &credential);

	if (err)
		printf("\n  %s: %s\n", certificate, error.text);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	CU_ASSERT(aovpn_credential_external(credential));
	CU_ASSERT_PTR_NULL(credential->key);
	CU_ASSERT_EQUAL(credential->rsa_without_pss, without_pss);
	aovpn_credential_free(credential);
}

static void expect_failure(const char *certificate, const char *key,
			   const char *pin, int code, const char *words)
{
	struct aovpn_credential *credential = NULL;
	int err =
		load("softhsm.conf", certificate, key, pin, NULL, &credential);

	CU_ASSERT_EQUAL(err, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, words));
	if (err != code || !strstr(error.text, words))
		printf("\n  %s %s: %d %s\n", certificate, key, err, error.text);
	if (!err)
		aovpn_credential_free(credential);
}

static void loads_certificate_and_key(void)
{
	expect_loaded("softhsm.conf", CERT "user", "", false);
	expect_loaded("softhsm.conf", CERT "ec", "", false);
	expect_loaded("softhsm.conf", "pkcs11:token=aovpn;id=%01", "", false);
	expect_loaded("softhsm.conf", CERT "user;type=cert", "", false);
}

static void loads_key_for_certificate_file(void)
{
	expect_loaded("softhsm.conf", fixture("user.crt"),
		      "pkcs11:token=aovpn;object=user%20key;id=%01", false);
	expect_loaded("softhsm.conf", fixture("ec.crt"), CERT "ec%20key",
		      false);
}

static void loads_by_module_path(void)
{
	char uri[512] = CERT "user?module-path=/usr/lib/softhsm/libsofthsm2.so";

	expect_loaded("softhsm.conf", uri, "", false);
	expect_failure(CERT "user?module-path=/nowhere/p11.so", "", "pin",
		       -ELIBACC, "/nowhere/p11.so");
	expect_failure(CERT "user?module-name=other", "", "pin", -ENODEV,
		       "no token");
}

static void tells_what_is_not_there(void)
{
	expect_failure("pkcs11:token=absent;object=user", "", "pin", -ENODEV,
		       "pkcs11:token=absent;object=user: no token");
	expect_failure(CERT "nobody", "", "pin", -ENODATA,
		       "no such certificate on token \"aovpn\"");
	expect_failure(fixture("user.crt"), CERT "nobody", "pin", -EKEYREVOKED,
		       "no such private key");
}

static void tells_what_is_ambiguous(void)
{
	expect_failure("pkcs11:token=twin;object=user", "", "pin", -ENOTUNIQ,
		       "2 tokens");
	expect_failure(CERT "plain", "", "pin", -ENOTUNIQ,
		       "more than one certificate");
	expect_failure("pkcs11:token=aovpn", "", "pin", -ENOTUNIQ,
		       "more than one certificate");
	expect_failure(fixture("user.crt"), "pkcs11:token=aovpn", "pin",
		       -ENOTUNIQ, "more than one private key");
}

static void tells_key_of_another(void)
{
	expect_failure(CERT "device", "", "pin", -EKEYREVOKED, "");
	expect_failure(fixture("user.crt"), CERT "stranger%20key", "pin",
		       -EKEYREVOKED, "does not sign this way");
}

static void tells_missing_pin(void)
{
	expect_failure(CERT "user", "", "", -EKEYREJECTED,
		       "needs a PIN, and none is given");
	expect_failure(CERT "user", "", "pin-wrong", -EKEYREJECTED,
		       "tried once");
}

/* The second time the token is not asked: it says "refused before". */
static void tries_wrong_pin_once(void)
{
	struct aovpn_refused_pins *refused = aovpn_refused_pins_new();
	struct aovpn_credential *credential = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(refused);
	CU_ASSERT_EQUAL(load("softhsm.conf", CERT "user", "", "pin-wrong",
			     refused, &credential),
			-EKEYREJECTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "tried once"));
	CU_ASSERT_EQUAL(load("softhsm.conf", CERT "user", "", "pin-wrong",
			     refused, &credential),
			-EKEYREJECTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "not tried again"));
	CU_ASSERT_EQUAL_FATAL(load("softhsm.conf", CERT "user", "", "pin",
				   refused, &credential),
			      0);
	aovpn_credential_free(credential);
	aovpn_refused_pins_free(refused);
}

static void remembers_by_place_and_stamp(void)
{
	struct aovpn_refused_pins *pins = aovpn_refused_pins_new();
	char pin[16];
	int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pins);
	aovpn_refused_pins_add(pins, "a", 1, "0000");
	CU_ASSERT(aovpn_refused_pins_has(pins, "a", 1, "0000"));
	CU_ASSERT_FALSE(aovpn_refused_pins_has(pins, "a", 1, "0001"));
	CU_ASSERT_FALSE(aovpn_refused_pins_has(pins, "a", 2, "0000"));
	CU_ASSERT_FALSE(aovpn_refused_pins_has(pins, "a0", 1, "000"));
	for (i = 0; i < 3 * AOVPN_REFUSED_PINS_MAX; i++) {
		snprintf(pin, sizeof(pin), "%d", i);
		aovpn_refused_pins_add(pins, "b", 1, pin);
	}
	CU_ASSERT(aovpn_refused_pins_has(pins, "b", 1, pin));
	CU_ASSERT_FALSE(aovpn_refused_pins_has(pins, "a", 1, "0000"));
	aovpn_refused_pins_free(pins);
	CU_ASSERT_FALSE(aovpn_refused_pins_has(NULL, "a", 1, "0000"));
}

static void tells_token_without_pss(void)
{
	expect_loaded("softhsm-weak.conf", "pkcs11:token=weak;object=user", "",
		      true);
}

static void signs_from_credential(void)
{
	struct aovpn_credential *credential = NULL;
	unsigned char digest[AOVPN_DIGEST_MAX] = {1};
	unsigned char signature[AOVPN_SIGNATURE_MAX];
	size_t size = 0;

	CU_ASSERT_EQUAL_FATAL(
		load("softhsm.conf", CERT "user", "", "pin", NULL, &credential),
		0);
	CU_ASSERT_EQUAL(aovpn_credential_sign(credential, AOVPN_SCHEME_RSA_PSS,
					      digest, 64, signature, &size,
					      &error),
			0);
	CU_ASSERT_EQUAL(size, 256);
	CU_ASSERT_EQUAL(aovpn_credential_sign(credential, AOVPN_SCHEME_RSA_PSS,
					      digest, 20, signature, &size,
					      &error),
			-EOPNOTSUPP);
	CU_ASSERT_EQUAL(aovpn_credential_sign(credential, AOVPN_SCHEME_ECDSA,
					      digest, 32, signature, &size,
					      &error),
			-EOPNOTSUPP);
	aovpn_credential_free(credential);
}

static void hands_over_no_key(void)
{
	struct aovpn_credential *credential = NULL;
	char text[16384] = "";
	int fd;

	CU_ASSERT_EQUAL_FATAL(
		load("softhsm.conf", CERT "user", "", "pin", NULL, &credential),
		0);
	fd = aovpn_credential_memfd(credential);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT(read(fd, text, sizeof(text) - 1) > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "BEGIN CERTIFICATE"));
	CU_ASSERT_PTR_NULL(strstr(text, "PRIVATE KEY"));
	close(fd);
	aovpn_credential_free(credential);
}

static void checks_uris(void)
{
	static const char *const good[] = {
		"pkcs11:",
		"pkcs11:token=My%20token;id=%01%02?module-name=softhsm2",
		"pkcs11:serial=12;object=a;type=private?module-path=/x.so",
	};
	static const char *const bad[][2] = {
		{"pkcs11:token=%zz", "RFC 7512"},
		{"pkcs11:tok=a", "unknown attribute"},
		{"pkcs11:id=%0", "RFC 7512"},
		{"pkcs11:token=a?pin-value=1234", "PasswordFile="},
		{"pkcs11:token=a?pin-source=file:/pin", "PasswordFile="},
		{"pkcs11:type=key", "RFC 7512"},
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT(aovpn_token_is_uri(good[i]));
		CU_ASSERT_EQUAL(aovpn_token_check_uri(good[i], &error), 0);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error.text[0] = '\0';
		CU_ASSERT_EQUAL(aovpn_token_check_uri(bad[i][0], &error),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, bad[i][1]));
		CU_ASSERT_PTR_NULL(strstr(error.text, "1234"));
		if (!strstr(error.text, bad[i][1]))
			printf("\n  %s: %s\n", bad[i][0], error.text);
	}
	CU_ASSERT_FALSE(aovpn_token_is_uri("/pkcs11:"));
}

static void checks_handles(void)
{
	CU_ASSERT(aovpn_tpm_handle_valid("handle:0x81000001"));
	CU_ASSERT_FALSE(aovpn_tpm_handle_valid("handle:0x8100000"));
	CU_ASSERT_FALSE(aovpn_tpm_handle_valid("handle:0x810000011"));
	CU_ASSERT_FALSE(aovpn_tpm_handle_valid("handle:0x80000001"));
	CU_ASSERT_FALSE(aovpn_tpm_handle_valid("handle:0x8100000g"));
	CU_ASSERT_FALSE(aovpn_tpm_handle_valid("/handle:0x81000001"));
}

CU_TestInfo token_tests[] = {
	{"loads certificate and key", loads_certificate_and_key},
	{"loads a key for a certificate file", loads_key_for_certificate_file},
	{"loads by module path and name", loads_by_module_path},
	{"tells what is not there", tells_what_is_not_there},
	{"tells what is ambiguous", tells_what_is_ambiguous},
	{"tells the key of another certificate", tells_key_of_another},
	{"tells a missing and a wrong PIN", tells_missing_pin},
	{"tries a wrong PIN once", tries_wrong_pin_once},
	{"remembers a PIN by place and stamp", remembers_by_place_and_stamp},
	{"tells a token without PSS", tells_token_without_pss},
	{"signs for the plugin", signs_from_credential},
	{"hands over no key", hands_over_no_key},
	{"checks URIs", checks_uris},
	{"checks handles", checks_handles},
	CU_TEST_INFO_NULL,
};
