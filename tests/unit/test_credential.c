/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_credential.c - credentials in every form, good and damaged. */
#include "credential.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <CUnit/CUnit.h>

#include "pki.h"

static struct aovpn_error error;

/* The path of a fixture, in one of a few buffers that are used in turn. */
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

static const char *fixture_or_none(const char *name)
{
	return name[0] ? fixture(name) : "";
}

/* Load from fixtures; "" for none. */
static int load(const char *certificate, const char *key, const char *chain,
		const char *password, struct aovpn_credential **ret)
{
	struct aovpn_credential_source source = {
		.certificate = fixture(certificate),
		.key = fixture_or_none(key),
		.chain = fixture_or_none(chain),
		.password_file = fixture_or_none(password),
	};
	int err;

	error.text[0] = '\0';
	err = aovpn_credential_load(&source, ret, &error);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	if (err)
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "/"));
	CU_ASSERT_PTR_NULL(strstr(error.text, "secret"));
	return err;
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

static bool is_fixture(const X509 *certificate, const char *name)
{
	X509 *expected = read_certificate(name);
	bool same = X509_cmp(certificate, expected) == 0;

	X509_free(expected);
	return same;
}

/* Loads, has user.crt as its leaf, and chain certificates behind it. */
static void expect_user(const char *certificate, const char *key,
			const char *chain, const char *password, int count)
{
	struct aovpn_credential *credential = NULL;
	int err = load(certificate, key, chain, password, &credential);

	if (err)
		printf("\n  %s: %s\n", certificate, error.text);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	CU_ASSERT(is_fixture(credential->certificate, "user.crt"));
	CU_ASSERT_EQUAL(sk_X509_num(credential->chain), count);
	if (count > 0)
		CU_ASSERT(is_fixture(sk_X509_value(credential->chain, 0),
				     "issuing.crt"));
	if (count > 1)
		CU_ASSERT(is_fixture(sk_X509_value(credential->chain, 1),
				     "root.crt"));
	aovpn_credential_free(credential);
}

/* Fails so, and the text has this fixture's path and these words. */
static void expect_failure(const char *certificate, const char *key,
			   const char *password, int code, const char *place,
			   const char *words)
{
	struct aovpn_credential *credential = NULL;
	int err = load(certificate, key, "", password, &credential);

	CU_ASSERT_EQUAL(err, code);
	CU_ASSERT_PTR_NULL(credential);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, fixture(place)));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, words));
	if (err != code || !strstr(error.text, words))
		printf("\n  %s %s: %d %s\n", certificate, key, err, error.text);
}

static void loads_pem(void)
{
	expect_user("all.pem", "", "", "", 2);
	expect_user("all-reversed.pem", "", "", "", 2);
	expect_user("user.crt", "user.key", "", "", 0);
	expect_user("user.crt", "user.key", "chain.pem", "", 2);
	expect_user("user.crt", "user.key", "issuing.crt", "", 1);
	expect_user("user.crt", "user-rsa.key", "chain.pem", "", 2);
}

static void loads_pkcs7(void)
{
	expect_user("user.crt", "user.key", "chain-p7.pem", "", 2);
	expect_user("user.crt", "user.key", "chain.p7b", "", 2);
	expect_failure("none.p7b", "user.key", "", -EBADMSG, "none.p7b",
		       "PKCS#7 with certificates cannot be parsed");
}

static void loads_encrypted_pem(void)
{
	expect_user("user.crt", "user-encrypted.key", "", "password", 0);
	expect_user("user.crt", "user-encrypted.key", "", "password-crlf", 0);
	expect_user("user.crt", "user-rsa-encrypted.key", "", "password", 0);
	expect_user("user.crt", "user-rc2.key", "", "password", 0);
	expect_user("all-encrypted.pem", "", "", "password", 0);
}

static void passes_over_key_not_asked_for(void)
{
	expect_user("all-encrypted.pem", "user.key", "", "", 0);
	expect_user("user.crt", "user.key", "all-encrypted.pem", "", 0);
	expect_failure("user-encrypted.der", "user.key", "", -ENODATA,
		       "user-encrypted.der", "holds no certificate");
}

static void loads_der(void)
{
	expect_user("user.der", "user-key.der", "chain.pem", "", 2);
	expect_user("user.der", "user-rsa.der", "", "", 0);
	expect_user("user.der", "user-encrypted.der", "", "password", 0);
}

static void loads_pkcs12(void)
{
	expect_user("modern.p12", "", "", "password", 2);
	expect_user("legacy.p12", "", "", "password", 2);
	expect_user("empty-password.p12", "", "", "", 2);
	expect_user("empty-password.p12", "", "", "password-empty", 2);
	expect_user("no-key.p12", "user.key", "", "password", 2);
	expect_user("user.crt", "modern.p12", "", "password", 0);
}

/* The weak ciphers of the file must stay in the library's own context. */
static void keeps_legacy_ciphers_to_itself(void)
{
	expect_user("legacy.p12", "", "", "password", 2);
	CU_ASSERT_PTR_NULL(EVP_CIPHER_fetch(NULL, "RC2-40-CBC", NULL));
	ERR_clear_error();
}

/* PKCS#12 with no password at all, which the CLI cannot write. */
static void loads_pkcs12_without_password(void)
{
	char path[] = "/tmp/aovpn-credential-XXXXXX";
	struct aovpn_credential_source source = {
		.certificate = path,
		.key = "",
		.chain = "",
		.password_file = "",
	};
	struct aovpn_credential *user, *credential = NULL;
	PKCS12 *p12;
	FILE *file;

	CU_ASSERT_EQUAL_FATAL(load("all.pem", "", "", "", &user), 0);
	p12 = PKCS12_create(NULL, NULL, user->key, user->certificate,
			    user->chain, 0, 0, 0, 0, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p12);
	file = fdopen(mkstemp(path), "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT(i2d_PKCS12_fp(file, p12));
	fclose(file);
	PKCS12_free(p12);
	CU_ASSERT_EQUAL(aovpn_credential_load(&source, &credential, &error), 0);
	unlink(path);
	aovpn_credential_free(credential);
	aovpn_credential_free(user);
}

static void loads_other_algorithms(void)
{
	static const char *const pairs[][2] = {
		{"ec.crt", "ec.key"},
		{"ec.crt", "ec-sec1.key"},
		{"ed25519.crt", "ed25519.key"},
	};
	struct aovpn_credential *credential;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(
			load(pairs[i][0], pairs[i][1], "", "", &credential), 0);
		aovpn_credential_free(credential);
	}
}

/* Two certificates of one CA: the first in the file. */
static void loads_ec_in_every_form(void)
{
	static const char *const rows[][3] = {
		{"ec.der", "ec-key.der", ""},
		{"ec.der", "ec-sec1.der", ""},
		{"ec.crt", "ec-encrypted.key", "password"},
		{"ec.crt", "ec-encrypted.der", "password"},
		{"ec-modern.p12", "", "password"},
		{"ec-legacy.p12", "", "password"},
	};
	struct aovpn_credential *credential;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		credential = NULL;
		CU_ASSERT_EQUAL(load(rows[i][0], rows[i][1], "", rows[i][2],
				     &credential),
				0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(credential);
		CU_ASSERT(is_fixture(credential->certificate, "ec.crt"));
		CU_ASSERT_FALSE(aovpn_credential_external(credential));
		aovpn_credential_free(credential);
	}
}

/* A password from a descriptor. */
static void reads_password_from_descriptor(void)
{
	struct aovpn_password password;
	int pair[2], fd = open(fixture("password-crlf"), O_RDONLY);

	CU_ASSERT_EQUAL(aovpn_password_read_fd(fd, &password, &error), 0);
	CU_ASSERT_STRING_EQUAL(password.text, "secret");
	CU_ASSERT(password.given);
	CU_ASSERT_EQUAL(aovpn_password_read_fd(fd, &password, &error), 0);
	close(fd);
	fd = open(fixture("password-long"), O_RDONLY);
	CU_ASSERT_EQUAL(aovpn_password_read_fd(fd, &password, &error), -EFBIG);
	close(fd);
	fd = open(fixture("password-nul"), O_RDONLY);
	CU_ASSERT_EQUAL(aovpn_password_read_fd(fd, &password, &error),
			-EBADMSG);
	close(fd);
	CU_ASSERT_EQUAL_FATAL(pipe(pair), 0);
	CU_ASSERT_EQUAL(aovpn_password_read_fd(pair[0], &password, &error),
			-EINVAL);
	close(pair[0]);
	close(pair[1]);
	CU_ASSERT_EQUAL(aovpn_password_read_fd(-1, &password, &error), -EINVAL);
}

static void takes_first_of_two_issuers(void)
{
	struct aovpn_credential *credential;

	expect_user("user.crt", "user.key", "chain-two.pem", "", 2);
	CU_ASSERT_EQUAL_FATAL(load("user.crt", "user.key", "chain-two-cdp.pem",
				   "", &credential),
			      0);
	CU_ASSERT_EQUAL(sk_X509_num(credential->chain), 2);
	CU_ASSERT(is_fixture(sk_X509_value(credential->chain, 0),
			     "issuing-cdp.crt"));
	aovpn_credential_free(credential);
}

static void tells_wrong_password(void)
{
	static const char *const keys[] = {
		"user-encrypted.key", "user-rsa-encrypted.key",
		"user-rc2.key",       "user-encrypted.der",
		"modern.p12",         "legacy.p12",
		"empty-password.p12",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		expect_failure("user.crt", keys[i], "password-wrong",
			       -EKEYREJECTED, keys[i], "password is wrong");
}

static void tells_missing_password(void)
{
	static const char *const keys[] = {
		"user-encrypted.key", "user-rsa-encrypted.key",
		"user-rc2.key",       "user-encrypted.der",
		"modern.p12",         "legacy.p12",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		expect_failure("user.crt", keys[i], "", -EKEYREJECTED, keys[i],
			       "needs a password");
		expect_failure("user.crt", keys[i], "password-empty",
			       -EKEYREJECTED, keys[i], "password is wrong");
	}
}

static void refuses_bad_password_file(void)
{
	expect_failure("modern.p12", "", "password-long", -EFBIG,
		       "password-long", "longer than 1024");
	expect_failure("modern.p12", "", "password-nul", -EBADMSG,
		       "password-nul", "NUL");
	expect_failure("modern.p12", "", "missing", -ENOENT, "missing",
		       "No such file");
}

static void tells_what_is_absent(void)
{
	expect_failure("user.key", "", "", -ENODATA, "user.key",
		       "holds no certificate");
	expect_failure("user-key.der", "", "", -ENODATA, "user-key.der",
		       "holds no certificate");
	expect_failure("user.crt", "", "", -ENODATA, "user.crt",
		       "holds no private key");
	expect_failure("user.crt", "root.crt", "", -EKEYREVOKED, "root.crt",
		       "holds no private key");
	expect_failure("no-key.p12", "", "password", -ENODATA, "no-key.p12",
		       "holds no private key");
	expect_failure("empty", "", "", -ENODATA, "empty", "is empty");
}

static void tells_file_that_is_none(void)
{
	struct aovpn_credential *credential;

	expect_failure("missing.pem", "", "", -ENOENT, "missing.pem",
		       "No such file");
	expect_failure("user.crt", "missing.key", "", -ENOENT, "missing.key",
		       "No such file");
	expect_failure(".", "", "", -EISDIR, ".", "is a directory");
	expect_failure("garbage", "", "", -EBADMSG, "garbage", "neither PEM");
	expect_failure("user.crt", "garbage", "", -EKEYREVOKED, "garbage",
		       "neither PEM");
	expect_failure("garbage-binary", "", "", -EBADMSG, "garbage-binary",
		       "neither PEM");
	expect_failure("huge", "", "", -EFBIG, "huge", "1048577 bytes");
	CU_ASSERT_EQUAL(
		load("user.crt", "user.key", "missing", "", &credential),
		-ENOENT);
	CU_ASSERT_EQUAL(
		load("user.crt", "user.key", "user.key", "", &credential),
		-ENODATA);
}

static void refuses_pkcs12_without_mac(void)
{
	expect_failure("no-mac.p12", "", "password", -EBADMSG, "no-mac.p12",
		       "integrity check");
}

static void tells_key_of_another(void)
{
	expect_failure("user.crt", "stranger.key", "", -EKEYREVOKED,
		       "stranger.key", "does not belong");
	expect_failure("user.crt", "stranger.key", "", -EKEYREVOKED, "user.crt",
		       "does not belong");
	expect_failure("ec.crt", "user.key", "", -EKEYREVOKED, "ec.crt",
		       "does not belong");
	expect_failure("ec.crt", "stranger.key", "", -EKEYREVOKED, "ec.crt",
		       "does not belong");
}

static void tells_key_that_cannot_sign(void)
{
	expect_failure("x25519.crt", "x25519.key", "", -EKEYREVOKED,
		       "x25519.key", "cannot sign");
}

static size_t read_bytes(const char *path, char *bytes, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	n = fread(bytes, 1, size, file);
	fclose(file);
	return n;
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* Load these bytes as the certificate's file, with user.key. */
static int load_bytes(const char *bytes, size_t size)
{
	char path[] = "/tmp/aovpn-credential-XXXXXX";
	struct aovpn_credential_source source = {
		.certificate = path,
		.key = fixture("user.key"),
		.chain = "",
		.password_file = "",
	};
	struct aovpn_credential *credential = NULL;
	int err;

	close(mkstemp(path));
	write_bytes(path, bytes, size);
	err = aovpn_credential_load(&source, &credential, &error);
	unlink(path);
	aovpn_credential_free(credential);
	return err;
}

static void wants_whole_files(void)
{
	char bytes[8192] = "";
	size_t size;

	size = read_bytes(fixture("user.der"), bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(load_bytes(bytes, size), 0);
	CU_ASSERT_EQUAL(load_bytes(bytes, size + 1), -EBADMSG);
	CU_ASSERT_EQUAL(load_bytes(bytes, size - 1), -EBADMSG);
	size = read_bytes(fixture("chain-two.pem"), bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(load_bytes(bytes, size), -EKEYREVOKED);
	CU_ASSERT_EQUAL(load_bytes(bytes, size - 100), -EBADMSG);
}

/* One wrong password in 256 decrypts to good padding around no key. */
static void tells_wrong_password_whatever_it_decrypts_to(void)
{
	char path[] = "/tmp/aovpn-credential-XXXXXX", password[16];
	struct aovpn_credential_source source = {
		.certificate = fixture("user.crt"),
		.key = fixture("user-rsa-encrypted.key"),
		.chain = "",
		.password_file = path,
	};
	struct aovpn_credential *credential;
	int i;

	close(mkstemp(path));
	for (i = 0; i < 1024; i++) {
		snprintf(password, sizeof(password), "wrong%d", i);
		write_bytes(path, password, strlen(password));
		CU_ASSERT_EQUAL(
			aovpn_credential_load(&source, &credential, &error),
			-EKEYREJECTED);
	}
	unlink(path);
}

/* A certificate whose public half is another's than what signs: an EC key with
 * a false public half beside the private one passes a comparison of halves. */
static void proves_key_by_signing(void)
{
	char path[] = "/tmp/aovpn-credential-XXXXXX";
	struct aovpn_credential_source source = {
		.certificate = fixture("ec.crt"),
		.key = path,
		.chain = "",
		.password_file = "",
	};
	struct aovpn_credential *credential;
	unsigned char der[256], *p = der;
	X509 *certificate = read_certificate("ec.crt");
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	size_t size, public_size;
	unsigned char *public_half;

	/* SEC1 ECPrivateKey: version 1, private key 1...1, P-256, this public
	 * half (RFC 5915 3). */
	static const unsigned char head[] = {0x30, 0x77, 2, 1, 1, 4, 32};
	static const unsigned char curve[] = {
		0xa0, 10, 6, 8,    0x2a, 0x86, 0x48, 0xce, 0x3d,
		3,    1,  7, 0xa1, 0x44, 3,    0x42, 0};

	public_size = EVP_PKEY_get1_encoded_public_key(key, &public_half);
	CU_ASSERT_EQUAL_FATAL(public_size, 65);
	memcpy(p, head, sizeof(head));
	memset(p += sizeof(head), 1, 32);
	memcpy(p += 32, curve, sizeof(curve));
	memcpy(p += sizeof(curve), public_half, public_size);
	size = (size_t)(p - der) + public_size;
	OPENSSL_free(public_half);
	X509_free(certificate);

	close(mkstemp(path));
	write_bytes(path, (const char *)der, size);
	CU_ASSERT_EQUAL(aovpn_credential_load(&source, &credential, &error),
			-EKEYREVOKED);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "does not verify"));
	unlink(path);
}

/* Cut at every length in steps: an error that is one of the contract's, and a
 * credential only where nothing but a line end is gone. */
static void cut_file(const char *name, const char *key, const char *password,
		     size_t step)
{
	static char bytes[16384];
	char path[] = "/tmp/aovpn-credential-XXXXXX";
	struct aovpn_credential_source source = {
		.certificate = path,
		.key = fixture_or_none(key),
		.chain = "",
		.password_file = fixture_or_none(password),
	};
	struct aovpn_credential *credential;
	size_t size = read_bytes(fixture(name), bytes, sizeof(bytes)), cut;
	int err;

	close(mkstemp(path));
	for (cut = 0; cut < size; cut += step) {
		write_bytes(path, bytes, cut);
		err = aovpn_credential_load(&source, &credential, &error);
		if (err == 0) {
			CU_ASSERT_EQUAL(cut, size - 1);
			CU_ASSERT_EQUAL(bytes[cut], '\n');
			aovpn_credential_free(credential);
			continue;
		}
		CU_ASSERT(err == -EBADMSG || err == -ENODATA);
	}
	unlink(path);
}

static void survives_truncation(void)
{
	cut_file("modern.p12", "", "password", 19);
	cut_file("legacy.p12", "", "password", 13);
	cut_file("user.der", "user.key", "", 3);
	cut_file("user.crt", "user.key", "", 1);
	cut_file("all.pem", "", "", 11);
	cut_file("all-encrypted.pem", "", "password", 31);
}

/* Flip one byte after the other: nothing but the contract's errors. */
static void flip_file(const char *name, const char *password, size_t step)
{
	static char bytes[16384];
	char path[] = "/tmp/aovpn-credential-XXXXXX";
	struct aovpn_credential_source source = {
		.certificate = path,
		.key = "",
		.chain = "",
		.password_file = fixture(password),
	};
	struct aovpn_credential *credential;
	size_t size = read_bytes(fixture(name), bytes, sizeof(bytes)), at;
	int err;

	close(mkstemp(path));
	for (at = 0; at < size; at += step) {
		bytes[at] ^= 0x11;
		write_bytes(path, bytes, size);
		bytes[at] ^= 0x11;
		err = aovpn_credential_load(&source, &credential, &error);
		CU_ASSERT(err == 0 || err == -EBADMSG || err == -ENODATA ||
			  err == -EKEYREJECTED || err == -EKEYREVOKED);
		if (err == 0)
			aovpn_credential_free(credential);
	}
	unlink(path);
}

static void survives_damage(void)
{
	flip_file("modern.p12", "password", 97);
	flip_file("legacy.p12", "password", 101);
	flip_file("all-encrypted.pem", "password", 89);
}

static X509 *read_back(BIO *bio)
{
	return PEM_read_bio_X509(bio, NULL, NULL, NULL);
}

static void expect_sealed(int fd)
{
	struct stat st;

	CU_ASSERT_EQUAL(fcntl(fd, F_GET_SEALS), F_SEAL_SEAL | F_SEAL_SHRINK |
							F_SEAL_GROW |
							F_SEAL_WRITE);
	CU_ASSERT_EQUAL(write(fd, "x", 1), -1);
	CU_ASSERT_EQUAL(ftruncate(fd, 0), -1);
	CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_CUR), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	CU_ASSERT(st.st_size > 0);
}

static void hands_over_sealed_memfd(void)
{
	struct aovpn_credential *credential;
	X509 *certificate;
	EVP_PKEY *key;
	BIO *bio;
	int fd, i;

	CU_ASSERT_EQUAL_FATAL(
		load("legacy.p12", "", "", "password", &credential), 0);
	fd = aovpn_credential_memfd(credential);
	CU_ASSERT_FATAL(fd >= 0);
	expect_sealed(fd);
	bio = BIO_new_fd(fd, BIO_CLOSE);
	static const char *const names[] = {"user.crt", "issuing.crt",
					    "root.crt"};
	for (i = 0; i < 3; i++) {
		certificate = read_back(bio);
		CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
		CU_ASSERT(is_fixture(certificate, names[i]));
		X509_free(certificate);
	}
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	CU_ASSERT_EQUAL(EVP_PKEY_eq(key, credential->key), 1);
	CU_ASSERT_PTR_NULL(read_back(bio));
	ERR_clear_error();
	EVP_PKEY_free(key);
	BIO_free(bio);
	aovpn_credential_free(credential);
}

static void copies_roots(void)
{
	X509 *certificate;
	BIO *bio;
	int fd;

	fd = aovpn_roots_memfd(fixture("roots.pem"), "", &error);
	CU_ASSERT_FATAL(fd >= 0);
	expect_sealed(fd);
	bio = BIO_new_fd(fd, BIO_CLOSE);
	certificate = read_back(bio);
	CU_ASSERT(is_fixture(certificate, "root.crt"));
	X509_free(certificate);
	certificate = read_back(bio);
	CU_ASSERT(is_fixture(certificate, "other.crt"));
	X509_free(certificate);
	CU_ASSERT_PTR_NULL(read_back(bio));
	ERR_clear_error();
	BIO_free(bio);
	fd = aovpn_roots_memfd(fixture("roots-256.pem"), "", &error);
	CU_ASSERT(fd >= 0);
	close(fd);
}

/* Those of the list come, in the file's order; without any it is an error. */
static void copies_listed_roots(void)
{
	static const char none[] = "0123456789abcdef0123456789abcdef01234567";
	char thumbprint[AOVPN_THUMBPRINT_SIZE], list[128];
	X509 *other = read_certificate("other.crt"), *certificate;
	BIO *bio;
	int fd;

	aovpn_x509_thumbprint(other, thumbprint);
	snprintf(list, sizeof(list), "%s,%s", none, thumbprint);
	fd = aovpn_roots_memfd(fixture("roots.pem"), list, &error);
	CU_ASSERT_FATAL(fd >= 0);
	bio = BIO_new_fd(fd, BIO_CLOSE);
	certificate = read_back(bio);
	CU_ASSERT(is_fixture(certificate, "other.crt"));
	CU_ASSERT_PTR_NULL(read_back(bio));
	ERR_clear_error();
	BIO_free(bio);
	X509_free(certificate);
	X509_free(other);

	CU_ASSERT_EQUAL(aovpn_roots_memfd(fixture("roots.pem"), none, &error),
			-ENODATA);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "none of its 2 cert"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "RootThumbprints="));
}

static void refuses_bad_roots(void)
{
	static const struct {
		const char *name;
		int code;
		const char *words;
	} bad[] = {
		{"missing", -ENOENT, "No such file"},
		{".", -EISDIR, "directory"},
		{"huge", -EFBIG, "1048577 bytes"},
		{"empty", -ENODATA, "is empty"},
		{"garbage", -ENODATA, "holds no certificate"},
		{"user.der", -ENODATA, "is it DER?"},
		{"roots-damaged.pem", -EBADMSG, "damaged"},
		{"roots-no-certificate.pem", -EBADMSG,
		 "certificate 1 cannot be parsed"},
		{"roots-with-key.pem", -EBADMSG, "PRIVATE KEY"},
		{"roots-257.pem", -E2BIG, "more than 256"},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(
			aovpn_roots_memfd(fixture(bad[i].name), "", &error),
			bad[i].code);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, bad[i].words));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(error.text, fixture(bad[i].name)));
		CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	}
}

static void frees_nothing(void)
{
	CU_ASSERT_PTR_NULL(aovpn_credential_free(NULL));
}

/* Loads, and lacks RSA-PSS or not. */
static void expect_pss(const char *name, bool lacks)
{
	struct aovpn_credential *credential;
	char certificate[64], key[64];

	snprintf(certificate, sizeof(certificate), "%s.crt", name);
	snprintf(key, sizeof(key), "%s.key", name);
	CU_ASSERT_EQUAL_FATAL(load(certificate, key, "", "", &credential), 0);
	CU_ASSERT_EQUAL(credential->rsa_without_pss, lacks);
	aovpn_credential_free(credential);
}

static void tells_rsa_key_without_pss(void)
{
	expect_pss("user", false);
	expect_pss("rsa512", true);
	expect_pss("pss", false);
	expect_pss("ec", false);
	expect_pss("ed25519", false);
}

CU_TestInfo credential_tests[] = {
	{"loads PEM", loads_pem},
	{"loads PKCS#7", loads_pkcs7},
	{"loads encrypted PEM", loads_encrypted_pem},
	{"passes over a key not asked for", passes_over_key_not_asked_for},
	{"loads DER", loads_der},
	{"loads PKCS#12, modern and legacy", loads_pkcs12},
	{"keeps legacy ciphers to itself", keeps_legacy_ciphers_to_itself},
	{"loads PKCS#12 without a password", loads_pkcs12_without_password},
	{"loads EC and Ed25519", loads_other_algorithms},
	{"loads EC in every form", loads_ec_in_every_form},
	{"reads a password from a descriptor", reads_password_from_descriptor},
	{"takes the first of two issuers", takes_first_of_two_issuers},
	{"tells a wrong password", tells_wrong_password},
	{"tells a wrong password whatever it decrypts to",
	 tells_wrong_password_whatever_it_decrypts_to},
	{"wants whole files", wants_whole_files},
	{"tells a missing password", tells_missing_password},
	{"refuses a bad password file", refuses_bad_password_file},
	{"tells what is absent", tells_what_is_absent},
	{"tells a file that is none", tells_file_that_is_none},
	{"refuses PKCS#12 without MAC", refuses_pkcs12_without_mac},
	{"tells the key of another certificate", tells_key_of_another},
	{"tells a key that cannot sign", tells_key_that_cannot_sign},
	{"proves the key by signing", proves_key_by_signing},
	{"tells an RSA key that cannot do PSS", tells_rsa_key_without_pss},
	{"survives truncated files", survives_truncation},
	{"survives damaged files", survives_damage},
	{"hands over in a sealed memfd", hands_over_sealed_memfd},
	{"copies roots into a sealed memfd", copies_roots},
	{"copies the roots that are listed", copies_listed_roots},
	{"refuses bad roots", refuses_bad_roots},
	{"frees nothing", frees_nothing},
	CU_TEST_INFO_NULL,
};
