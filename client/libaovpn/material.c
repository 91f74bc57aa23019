/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * material.c - see material.h. PEM: RFC 7468, with RFC 1421 headers on old
 * keys; PKCS#7: RFC 2315; PKCS#8: RFC 5958; PKCS#12: RFC 7292.
 *
 * Decryption happens in an OpenSSL library context of our own that has the
 * legacy provider too (RC2-40 and 3DES of Windows exports); what comes out of
 * it is decoded again in the default context, so that nothing that lives on
 * can reach a weak cipher, and the context can go.
 */
#include "material.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "file.h"
#include "pbe.h"
#include "pki.h"

#define PASSWORD_FILE_MAX 65536 /* only its first line is read */

/* One file while it is read. */
struct reader {
	const char *path;
	const struct aovpn_password *password;
	bool want_key;
	struct aovpn_material *material;
	struct aovpn_error *error;
};

/* A library context with weak ciphers, for as long as something is decrypted.
 */
struct decryptor {
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *modern;
	OSSL_PROVIDER *legacy; /* NULL where it is not installed */
};

static void decryptor_close(struct decryptor *decryptor)
{
	if (decryptor->legacy)
		OSSL_PROVIDER_unload(decryptor->legacy);
	if (decryptor->modern)
		OSSL_PROVIDER_unload(decryptor->modern);
	OSSL_LIB_CTX_free(decryptor->context);
}

static int decryptor_open(struct decryptor *ret)
{
	struct decryptor decryptor = {0};

	decryptor.context = OSSL_LIB_CTX_new();
	if (!decryptor.context)
		return -ENOMEM;
	decryptor.modern = OSSL_PROVIDER_load(decryptor.context, "default");
	if (!decryptor.modern) {
		decryptor_close(&decryptor);
		return -ENOMEM;
	}
	/* May be missing: then weak files are refused as unsupported. */
	decryptor.legacy = OSSL_PROVIDER_load(decryptor.context, "legacy");
	ERR_clear_error();
	*ret = decryptor;
	return 0;
}

static int no_memory(const struct reader *reader)
{
	return aovpn_error_set(reader->error, -ENOMEM, "%s: out of memory",
			       reader->path);
}

static int damaged(const struct reader *reader, const char *what)
{
	return aovpn_error_set(reader->error, -EBADMSG,
			       "%s: %s cannot be parsed", reader->path, what);
}

static int unbearable(const struct reader *reader)
{
	return aovpn_error_set(reader->error, -EBADMSG,
			       "%s: wants its password hashed in more than %u "
			       "rounds; export it with fewer",
			       reader->path, AOVPN_PBE_ROUNDS_MAX);
}

static bool means_unsupported(unsigned long code)
{
	int reason = ERR_GET_REASON(code);

	if (reason == ERR_R_UNSUPPORTED)
		return true;
	return ERR_GET_LIB(code) == ERR_LIB_EVP &&
	       (reason == EVP_R_UNSUPPORTED_ALGORITHM ||
		reason == EVP_R_UNSUPPORTED_CIPHER ||
		reason == EVP_R_UNKNOWN_PBE_ALGORITHM);
}

static bool means_password(unsigned long code)
{
	int reason = ERR_GET_REASON(code);

	switch (ERR_GET_LIB(code)) {
	case ERR_LIB_PKCS12:
		return reason == PKCS12_R_MAC_VERIFY_FAILURE ||
		       reason == PKCS12_R_PKCS12_CIPHERFINAL_ERROR;
	case ERR_LIB_EVP:
		return reason == EVP_R_BAD_DECRYPT;
	default:
		return false;
	}
}

/* Say why decrypting failed, by OpenSSL's error queue; where that does not
 * tell, by otherwise, which is an errno. */
static int refuse(const struct reader *reader, int otherwise)
{
	unsigned long code;
	int err = otherwise;

	while ((code = ERR_get_error()) != 0) {
		if (means_unsupported(code))
			return aovpn_error_set(
				reader->error, -EBADMSG,
				"%s: encrypted by a method that this OpenSSL "
				"does not support",
				reader->path);
		if (means_password(code))
			err = -EKEYREJECTED;
	}
	if (err != -EKEYREJECTED)
		return aovpn_error_set(reader->error, err, "%s: is damaged",
				       reader->path);
	if (!reader->password->given)
		return aovpn_error_set(
			reader->error, err,
			"%s: needs a password, and none is given",
			reader->path);
	return aovpn_error_set(
		reader->error, err,
		"%s: the password is wrong (or the file damaged)",
		reader->path);
}

/* Takes certificate over. */
static int keep_certificate(const struct reader *reader, X509 *certificate)
{
	if (!certificate)
		return damaged(reader, "a certificate");
	if (!sk_X509_push(reader->material->certificates, certificate)) {
		X509_free(certificate);
		return no_memory(reader);
	}
	return 0;
}

/* PKCS#7 in DER, all of data; else NULL. */
static PKCS7 *decode_pkcs7(const unsigned char *data, size_t size)
{
	const unsigned char *p = data;
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, (long)size);

	if (p7 && p != data + size) {
		PKCS7_free(p7);
		return NULL;
	}
	return p7;
}

/* The certificates that come with signed data: Windows' "certificates only"
 * message (.p7b), of which nothing but them is looked at. */
static STACK_OF(X509) *pkcs7_certificates(const PKCS7 *p7)
{
	return PKCS7_type_is_signed(p7) && p7->d.sign ? p7->d.sign->cert : NULL;
}

/* Takes p7 over. */
static int keep_pkcs7(const struct reader *reader, PKCS7 *p7)
{
	STACK_OF(X509) *certificates = p7 ? pkcs7_certificates(p7) : NULL;
	int err = 0, i;

	if (sk_X509_num(certificates) <= 0)
		err = damaged(reader, "PKCS#7 with certificates");
	for (i = 0; !err && i < sk_X509_num(certificates); i++) {
		X509_up_ref(sk_X509_value(certificates, i));
		err = keep_certificate(reader, sk_X509_value(certificates, i));
	}
	PKCS7_free(p7);
	return err;
}

/* Takes key over; the first one stays, if one is wanted at all. */
static int keep_key(const struct reader *reader, EVP_PKEY *key)
{
	if (!key)
		return damaged(reader, "the private key");
	if (!reader->want_key || reader->material->key)
		EVP_PKEY_free(key);
	else
		reader->material->key = key;
	return 0;
}

/* The same for a key as PKCS#8. Freeing info wipes it. */
static int keep_key_info(const struct reader *reader, PKCS8_PRIV_KEY_INFO *info)
{
	EVP_PKEY *key = info ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	return keep_key(reader, key);
}

/* PKCS#8, PKCS#1 or SEC1 in DER, all of data; else NULL. */
static EVP_PKEY *decode_key(const unsigned char *data, size_t size)
{
	const unsigned char *p = data;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)size);

	if (key && p != data + size) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

/* EncryptedPrivateKeyInfo of PKCS#8 in DER, all of data; else NULL. */
static X509_SIG *decode_encrypted(const unsigned char *data, size_t size)
{
	const unsigned char *p = data;
	X509_SIG *encrypted = d2i_X509_SIG(NULL, &p, (long)size);

	if (encrypted && p != data + size) {
		X509_SIG_free(encrypted);
		return NULL;
	}
	return encrypted;
}

static int decrypt_key(const struct reader *reader, const X509_SIG *encrypted)
{
	const struct aovpn_password *password = reader->password;
	const X509_ALGOR *algorithm;
	struct decryptor decryptor;
	PKCS8_PRIV_KEY_INFO *info;
	int err;

	if (!password->given)
		return refuse(reader, -EKEYREJECTED);
	X509_SIG_get0(encrypted, &algorithm, NULL);
	if (!aovpn_pbe_is_bearable(algorithm))
		return unbearable(reader);
	err = decryptor_open(&decryptor);
	if (err)
		return no_memory(reader);
	info = PKCS8_decrypt_ex(encrypted, password->text,
				(int)strlen(password->text), decryptor.context,
				NULL);
	decryptor_close(&decryptor);
	/* A wrong password may end in good padding and bad DER: then the queue
	 * does not tell. */
	return info ? keep_key_info(reader, info)
		    : refuse(reader, -EKEYREJECTED);
}

/* Takes encrypted over. */
static int keep_encrypted_key(const struct reader *reader, X509_SIG *encrypted)
{
	int err;

	if (!encrypted)
		return damaged(reader, "the private key");
	err = reader->want_key ? decrypt_key(reader, encrypted) : 0;
	X509_SIG_free(encrypted);
	return err;
}

/* Stands where OpenSSL would else ask on the terminal. */
static int give_password(char *buffer, int size, int writing, void *data)
{
	const struct aovpn_password *password = data;
	size_t length = strlen(password->text);

	if (writing || !password->given || length > (size_t)size)
		return -1;
	memcpy(buffer, password->text, length);
	return (int)length;
}

/* "PRIVATE KEY", and "RSA PRIVATE KEY" and its like, which RFC 1421 headers may
 * encrypt. */
static int read_key_pem(const struct reader *reader, struct aovpn_pem *pem)
{
	EVP_CIPHER_INFO cipher;
	EVP_PKEY *key;

	if (!PEM_get_EVP_CIPHER_INFO(pem->header, &cipher))
		return damaged(reader, "the header of the private key");
	if (!PEM_do_header(&cipher, pem->data, &pem->size, give_password,
			   (void *)reader->password))
		return refuse(reader, -EKEYREJECTED);
	key = decode_key(pem->data, (size_t)pem->size);
	if (!key && cipher.cipher) {
		/* One wrong password in 256 ends in good padding around no key,
		 * of which the decoder says that it is not supported. */
		ERR_clear_error();
		return refuse(reader, -EKEYREJECTED);
	}
	return keep_key(reader, key);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	       strcmp(text + length - end_length, end) == 0;
}

static int read_pem_block(const struct reader *reader, struct aovpn_pem *pem)
{
	size_t size = (size_t)pem->size;

	if (aovpn_pem_is_certificate(pem))
		return keep_certificate(reader,
					aovpn_x509_decode(pem->data, size));
	if (strcmp(pem->name, PEM_STRING_PKCS7) == 0 ||
	    strcmp(pem->name, PEM_STRING_PKCS7_SIGNED) == 0)
		return keep_pkcs7(reader, decode_pkcs7(pem->data, size));
	if (!ends_with(pem->name, "PRIVATE KEY"))
		return 0;
	if (!reader->want_key || reader->material->key)
		return 0;
	if (strcmp(pem->name, "TSS2 PRIVATE KEY") == 0) {
		reader->material->tpm_key = true;
		return 0;
	}
	if (strcmp(pem->name, PEM_STRING_PKCS8) == 0)
		return keep_encrypted_key(reader,
					  decode_encrypted(pem->data, size));
	return read_key_pem(reader, pem);
}

static int read_pem(const struct reader *reader, BIO *bio)
{
	struct aovpn_pem pem;
	int more, err, count = 0;

	while ((more = aovpn_pem_next(bio, &pem)) > 0) {
		err = read_pem_block(reader, &pem);
		aovpn_pem_clear(&pem);
		if (err)
			return err;
		count++;
	}
	return more < 0 || count == 0 ? damaged(reader, "PEM") : 0;
}

/* Copy a certificate out of the decryptor's context into ours. */
static int keep_copy(const struct reader *reader, const X509 *certificate)
{
	unsigned char *der = NULL;
	int size, err;

	size = i2d_X509(certificate, &der);
	if (size < 0)
		return no_memory(reader);
	err = keep_certificate(reader, aovpn_x509_decode(der, (size_t)size));
	OPENSSL_free(der);
	return err;
}

static int keep_pkcs12(const struct reader *reader, const EVP_PKEY *key,
		       const X509 *leaf, STACK_OF(X509) *others)
{
	int i, err;

	err = key ? keep_key_info(reader, EVP_PKEY2PKCS8(key)) : 0;
	if (!err && leaf)
		err = keep_copy(reader, leaf);
	for (i = 0; !err && i < sk_X509_num(others); i++)
		err = keep_copy(reader, sk_X509_value(others, i));
	return err;
}

static int parse_pkcs12(const struct reader *reader, PKCS12 *p12)
{
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *leaf = NULL;
	int err;

	/* OpenSSL 3.0 takes the lack of a MAC for a wrong password. */
	if (!PKCS12_mac_present(p12))
		return aovpn_error_set(
			reader->error, -EBADMSG,
			"%s: PKCS#12 without integrity check (MAC) is not "
			"supported",
			reader->path);
	if (!aovpn_pkcs12_is_bearable(p12, reader->password->text))
		return unbearable(reader);
	/* No password and an empty one are two things to PKCS#12 (RFC 7292
	 * appendix B.1), and writers mean either: this tries both for "". */
	if (!PKCS12_parse(p12, reader->password->text, &key, &leaf, &others))
		return refuse(reader, -EBADMSG);
	err = keep_pkcs12(reader, key, leaf, others);
	EVP_PKEY_free(key);
	X509_free(leaf);
	sk_X509_pop_free(others, X509_free);
	return err;
}

/* Decode data, which is PKCS#12, in the decryptor's context. */
static int decrypt_pkcs12(const struct reader *reader,
			  const struct decryptor *decryptor,
			  const unsigned char *data, size_t size)
{
	PKCS12 *p12 = NULL;
	BIO *bio;
	int err;

	bio = BIO_new_mem_buf(data, (int)size);
	if (bio)
		p12 = PKCS12_init_ex(NID_pkcs7_data, decryptor->context, NULL);
	if (p12 && d2i_PKCS12_bio(bio, &p12))
		err = parse_pkcs12(reader, p12);
	else
		err = damaged(reader, "PKCS#12");
	PKCS12_free(p12);
	BIO_free(bio);
	return err;
}

static int read_pkcs12(const struct reader *reader, const unsigned char *data,
		       size_t size)
{
	struct decryptor decryptor;
	int err;

	err = decryptor_open(&decryptor);
	if (err)
		return no_memory(reader);
	err = decrypt_pkcs12(reader, &decryptor, data, size);
	decryptor_close(&decryptor);
	return err;
}

static bool is_pkcs12(const unsigned char *data, size_t size)
{
	const unsigned char *p = data;
	PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)size);
	bool is = p12 && p == data + size;

	PKCS12_free(p12);
	return is;
}

/* The forms of DER have shapes of their own, so they can be tried in turn. */
static int read_der(const struct reader *reader, const unsigned char *data,
		    size_t size)
{
	X509 *certificate;
	X509_SIG *encrypted;
	EVP_PKEY *key;
	PKCS7 *p7;

	if (is_pkcs12(data, size))
		return read_pkcs12(reader, data, size);
	certificate = aovpn_x509_decode(data, size);
	if (certificate)
		return keep_certificate(reader, certificate);
	p7 = decode_pkcs7(data, size);
	if (p7)
		return keep_pkcs7(reader, p7);
	encrypted = decode_encrypted(data, size);
	if (encrypted)
		return keep_encrypted_key(reader, encrypted);
	key = decode_key(data, size);
	if (key)
		return keep_key(reader, key);
	return aovpn_error_set(
		reader->error, -EBADMSG,
		"%s: is neither PEM nor a certificate, private key, PKCS#7 or "
		"PKCS#12 in DER (or is damaged)",
		reader->path);
}

static bool looks_like_pem(const struct aovpn_file *file)
{
	static const char begin[] = "-----BEGIN ";

	return memmem(file->data, file->size, begin, sizeof(begin) - 1) != NULL;
}

static int read_file(const struct reader *reader, const struct aovpn_file *file)
{
	BIO *bio;
	int err;

	if (file->size == 0)
		return aovpn_error_set(reader->error, -ENODATA, "%s: is empty",
				       reader->path);
	if (!looks_like_pem(file))
		return read_der(reader, file->data, file->size);
	bio = BIO_new_mem_buf(file->data, (int)file->size);
	if (!bio)
		return no_memory(reader);
	err = read_pem(reader, bio);
	BIO_free(bio);
	return err;
}

void aovpn_material_clear(struct aovpn_material *material)
{
	sk_X509_pop_free(material->certificates, X509_free);
	EVP_PKEY_free(material->key);
	*material = (struct aovpn_material){0};
}

/* Read the file into the reader's material, which is empty. */
static int read_material(const struct reader *reader)
{
	struct aovpn_file file;
	int err;

	reader->material->certificates = sk_X509_new_null();
	if (!reader->material->certificates)
		return no_memory(reader);
	err = aovpn_file_read(reader->path, AOVPN_PKI_FILE_MAX, &file,
			      reader->error);
	if (err)
		return err;
	err = read_file(reader, &file);
	aovpn_file_clear(&file);
	return err;
}

int aovpn_material_read(const char *path, const struct aovpn_password *password,
			bool want_key, struct aovpn_material *ret,
			struct aovpn_error *error)
{
	struct aovpn_material material = {0};
	struct reader reader = {
		.path = path,
		.password = password,
		.want_key = want_key,
		.material = &material,
		.error = error,
	};
	int err;

	ERR_clear_error();
	err = read_material(&reader);
	ERR_clear_error();
	if (err)
		aovpn_material_clear(&material);
	else
		*ret = material;
	return err;
}

/* The length of the first line, or -errno. */
static ssize_t first_line(const struct aovpn_file *file, const char *path,
			  struct aovpn_error *error)
{
	const unsigned char *end = memchr(file->data, '\n', file->size);
	size_t length = end ? (size_t)(end - file->data) : file->size;

	if (length > 0 && file->data[length - 1] == '\r')
		length--;
	if (length > AOVPN_PASSWORD_MAX)
		return aovpn_error_set(
			error, -EFBIG,
			"%s: the password is longer than %d bytes", path,
			AOVPN_PASSWORD_MAX);
	if (memchr(file->data, '\0', length))
		return aovpn_error_set(error, -EBADMSG,
				       "%s: a NUL byte is in the password",
				       path);
	return (ssize_t)length;
}

static int keep_password(const struct aovpn_file *file, const char *path,
			 struct aovpn_password *ret, struct aovpn_error *error)
{
	ssize_t length = first_line(file, path, error);

	if (length < 0)
		return (int)length;
	*ret = (struct aovpn_password){.given = true};
	memcpy(ret->text, file->data, (size_t)length);
	return 0;
}

int aovpn_password_read(const char *path, struct aovpn_password *ret,
			struct aovpn_error *error)
{
	struct aovpn_file file;
	int err;

	err = aovpn_file_read(path, PASSWORD_FILE_MAX, &file, error);
	if (err)
		return err;
	err = keep_password(&file, path, ret, error);
	aovpn_file_clear(&file);
	return err;
}

int aovpn_password_read_fd(int fd, struct aovpn_password *ret,
			   struct aovpn_error *error)
{
	static const char name[] = "the password's descriptor";
	unsigned char bytes[AOVPN_PASSWORD_MAX + 2];
	struct aovpn_file file = {.data = bytes};
	struct stat status;
	ssize_t got;
	int err;

	/* Reading from anything else might block. */
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return aovpn_error_set(error, -EINVAL, "%s is no regular file",
				       name);
	got = pread(fd, bytes, sizeof(bytes), 0);
	if (got < 0)
		return aovpn_error_set(error, -errno, "%s: %s", name,
				       strerror(errno));
	file.size = (size_t)got;
	err = keep_password(&file, name, ret, error);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return err;
}
