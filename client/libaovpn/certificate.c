/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate.c - see certificate.h: names, key, dates and constraints (RFC
 * 5280 4.1 and 4.2.1.9). Groups of other extensions have files of their own,
 * see certificate_parts.h. Decoding is OpenSSL's.
 */
#include "certificate.h"

#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "certificate_parts.h"
#include "escape.h"
#include "pki.h"
#include "sid.h"

#define NAME_FLAGS (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB)

bool aovpn_object_digits(const ASN1_OBJECT *object, char out[AOVPN_OID_MAX])
{
	/* 1: always digits, whatever names this OpenSSL knows. */
	int length = OBJ_obj2txt(out, AOVPN_OID_MAX, object, 1);

	if (length <= 0 || length >= AOVPN_OID_MAX)
		out[0] = '\0';
	return out[0] != '\0';
}

bool aovpn_object_is(const ASN1_OBJECT *object, const char *oid)
{
	char text[AOVPN_OID_MAX];

	return aovpn_object_digits(object, text) && strcmp(text, oid) == 0;
}

void aovpn_take_name(const ASN1_STRING *string, char *out, size_t size)
{
	const char *text = (const char *)ASN1_STRING_get0_data(string);
	size_t length = (size_t)ASN1_STRING_length(string);

	if (out[0] != '\0' || length == 0 || memchr(text, '\0', length))
		return;
	aovpn_escape(text, length, out, size);
}

unsigned int aovpn_extension_find(const X509 *certificate, const char *oid,
				  const ASN1_OCTET_STRING **ret_value)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	unsigned int count = 0;
	int at = -1;

	if (!object)
		return 0;
	while ((at = X509_get_ext_by_OBJ(certificate, object, at)) >= 0)
		if (count++ == 0 && ret_value)
			*ret_value = X509_EXTENSION_get_data(
				X509_get_ext(certificate, at));
	ASN1_OBJECT_free(object);
	return count;
}

static void read_name(const X509_NAME *name, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	/* RFC 2253 form escapes control characters, NUL too, as \XX. */
	if (bio && X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) > 0) {
		length = BIO_get_mem_data(bio, &text);
		aovpn_escape(text, (size_t)length, out, size);
	}
	BIO_free(bio);
}

static void write_hex(const unsigned char *data, size_t length, char *out)
{
	size_t i;

	for (i = 0; i < length; i++)
		snprintf(out + 2 * i, 3, "%02x", data[i]);
}

/* A serial that does not fit (RFC 5280 4.1.2.2: 20 bytes) stays "". */
static void read_serial(const X509 *certificate, char *out, size_t size)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
	size_t length = (size_t)ASN1_STRING_length(serial);
	bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;

	if (2 * length + 2 > size)
		return;
	if (negative)
		out[0] = '-';
	write_hex(ASN1_STRING_get0_data(serial), length, out + negative);
}

/* Which key of its issuer signed it (RFC 5280 4.2.1.1): one that is longer than
 * a hash stays "". */
static void read_issuer_key_id(X509 *certificate, char *out, size_t size)
{
	const ASN1_OCTET_STRING *id = X509_get0_authority_key_id(certificate);
	size_t length = id ? (size_t)ASN1_STRING_length(id) : 0;

	if (length > 0 && 2 * length < size)
		write_hex(ASN1_STRING_get0_data(id), length, out);
}

static time_t read_time(const ASN1_TIME *asn1)
{
	struct tm tm;

	return ASN1_TIME_to_tm(asn1, &tm) ? timegm(&tm) : 0;
}

static int32_t read_path_length(const ASN1_INTEGER *length)
{
	int64_t value;

	if (!length || !ASN1_INTEGER_get_int64(&value, length) || value < 0)
		return -1;
	return value < INT32_MAX ? (int32_t)value : INT32_MAX;
}

static void read_basic_constraints(const X509 *certificate,
				   struct aovpn_certificate_facts *facts)
{
	BASIC_CONSTRAINTS *constraints;

	constraints = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL,
				       NULL);
	facts->is_ca = constraints && constraints->ca;
	facts->path_length =
		constraints ? read_path_length(constraints->pathlen) : -1;
	BASIC_CONSTRAINTS_free(constraints);
}

/* "P-256" rather than "prime256v1", where NIST has a name for it. */
static void name_curve(const EVP_PKEY *key, char *out, size_t size)
{
	char group[sizeof("EC ") + 24];
	const char *nist;

	if (!EVP_PKEY_get_group_name(key, group, sizeof(group), NULL)) {
		snprintf(out, size, "EC");
		return;
	}
	nist = EC_curve_nid2nist(OBJ_txt2nid(group));
	snprintf(out, size, "EC %s", nist ? nist : group);
}

/* A key that this OpenSSL cannot use has at least an algorithm. */
static void name_algorithm(const X509 *certificate, char *out, size_t size)
{
	ASN1_OBJECT *algorithm;
	char oid[AOVPN_OID_MAX];

	if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL,
				   X509_get_X509_PUBKEY(certificate)) &&
	    aovpn_object_digits(algorithm, oid) && strlen(oid) < size)
		memcpy(out, oid, strlen(oid) + 1);
}

static void read_key(const X509 *certificate,
		     struct aovpn_certificate_facts *facts)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	const char *name = key ? EVP_PKEY_get0_type_name(key) : NULL;
	int bits = key ? EVP_PKEY_get_bits(key) : 0;

	if (!name)
		name_algorithm(certificate, facts->key_type,
			       sizeof(facts->key_type));
	else if (strcmp(name, "EC") == 0)
		name_curve(key, facts->key_type, sizeof(facts->key_type));
	else
		aovpn_escape_string(name, facts->key_type,
				    sizeof(facts->key_type));
	facts->key_bits = bits > 0 ? (uint32_t)bits : 0;
}

static void read_signature_algorithm(const X509 *certificate, char *out,
				     size_t size)
{
	char oid[AOVPN_OID_MAX];
	int nid = X509_get_signature_nid(certificate);
	const X509_ALGOR *algorithm;

	if (nid != NID_undef) {
		aovpn_escape_string(OBJ_nid2ln(nid), out, size);
		return;
	}
	X509_get0_signature(NULL, &algorithm, certificate);
	if (aovpn_object_digits(algorithm->algorithm, oid))
		aovpn_escape_string(oid, out, size);
}

static void read_sha256(const X509 *certificate, char *out)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	if (X509_digest(certificate, EVP_sha256(), digest, NULL))
		write_hex(digest, sizeof(digest), out);
}

static void read_names(const X509 *certificate,
		       struct aovpn_certificate_facts *facts)
{
	read_name(X509_get_subject_name(certificate), facts->subject,
		  sizeof(facts->subject));
	read_name(X509_get_issuer_name(certificate), facts->issuer,
		  sizeof(facts->issuer));
	read_serial(certificate, facts->serial, sizeof(facts->serial));
	facts->self_issued = aovpn_x509_self_issued(certificate);
}

void aovpn_certificate_facts_read(X509 *certificate,
				  struct aovpn_certificate_facts *ret)
{
	*ret = (struct aovpn_certificate_facts){0};
	read_names(certificate, ret);
	read_issuer_key_id(certificate, ret->issuer_key_id,
			   sizeof(ret->issuer_key_id));
	aovpn_x509_thumbprint(certificate, ret->thumbprint);
	read_sha256(certificate, ret->thumbprint_sha256);
	read_key(certificate, ret);
	read_signature_algorithm(certificate, ret->signature_algorithm,
				 sizeof(ret->signature_algorithm));
	ret->not_before = read_time(X509_get0_notBefore(certificate));
	ret->not_after = read_time(X509_get0_notAfter(certificate));
	read_basic_constraints(certificate, ret);
	aovpn_read_urls(certificate, ret);
	aovpn_read_usages(certificate, ret);
	aovpn_read_alternative_names(certificate, ret);
	aovpn_sid_extension_read(certificate, ret);
	aovpn_read_template(certificate, ret);
	ERR_clear_error();
}

/* Roots only add to what the credential has; a file of them that cannot be
 * read is reported where the profile is used, not here. */
static STACK_OF(X509) *load_roots(const char *path)
{
	STACK_OF(X509) *roots = NULL;

	if (path && path[0] != '\0')
		aovpn_roots_load(path, &roots, NULL);
	return roots;
}

void aovpn_chain_facts_read(const struct aovpn_credential *credential,
			    const char *roots, struct aovpn_chain_facts *ret)
{
	STACK_OF(X509) *far = load_roots(roots);
	X509 *path[AOVPN_CHAIN_MAX];
	size_t count, i;

	*ret = (struct aovpn_chain_facts){.gathered_at = time(NULL)};
	count = aovpn_pki_path(credential->certificate, credential->chain, far,
			       path, AOVPN_CHAIN_MAX);
	for (i = 0; i < count; i++)
		aovpn_certificate_facts_read(path[i], &ret->certificate[i]);
	ret->count = (uint32_t)count;
	ret->complete = aovpn_x509_self_issued(path[count - 1]);
	sk_X509_pop_free(far, X509_free);
	ERR_clear_error();
}
