/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pki.c - see pki.h. PEM: RFC 7468; issuers: RFC 5280 4.1.2.4, 4.2.1.1 and
 * 6.1.3 (a)(1) and (a)(4). Trust is not judged here, only who signed whom.
 */
#include "pki.h"

#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "file.h"

int aovpn_pem_next(BIO *bio, struct aovpn_pem *ret)
{
	struct aovpn_pem pem = {0};
	unsigned long code;

	ERR_clear_error();
	/* PEM_FLAG_SECURE: OpenSSL wipes its buffers, in which keys pass. */
	if (PEM_read_bio_ex(bio, &pem.name, &pem.header, &pem.data, &pem.size,
			    PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE)) {
		*ret = pem;
		return 1;
	}
	code = ERR_peek_last_error();
	if (ERR_GET_LIB(code) == ERR_LIB_PEM &&
	    ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
		return 0;
	return -EBADMSG;
}

void aovpn_pem_clear(struct aovpn_pem *pem)
{
	OPENSSL_secure_free(pem->name);
	OPENSSL_secure_free(pem->header);
	OPENSSL_secure_clear_free(pem->data, (size_t)pem->size);
	*pem = (struct aovpn_pem){0};
}

bool aovpn_pem_is_certificate(const struct aovpn_pem *pem)
{
	return strcmp(pem->name, PEM_STRING_X509) == 0 ||
	       strcmp(pem->name, PEM_STRING_X509_OLD) == 0;
}

X509 *aovpn_x509_decode(const unsigned char *data, size_t size)
{
	const unsigned char *p = data;
	X509 *certificate;

	certificate = d2i_X509(NULL, &p, (long)size);
	if (certificate && p != data + size) {
		X509_free(certificate);
		return NULL;
	}
	return certificate;
}

/* Put the root that pem holds on roots. */
static int add_root(const struct aovpn_pem *pem, const char *path,
		    STACK_OF(X509) *roots, struct aovpn_error *error)
{
	X509 *root;

	if (!aovpn_pem_is_certificate(pem))
		return aovpn_error_set(
			error, -EBADMSG,
			"%s: holds a \"%s\", but only certificates may stand "
			"in a file of roots",
			path, pem->name);
	if (sk_X509_num(roots) >= AOVPN_PKI_ROOTS_MAX)
		return aovpn_error_set(error, -E2BIG,
				       "%s: more than %d certificates", path,
				       AOVPN_PKI_ROOTS_MAX);
	root = aovpn_x509_decode(pem->data, (size_t)pem->size);
	if (!root)
		return aovpn_error_set(error, -EBADMSG,
				       "%s: certificate %d cannot be parsed",
				       path, sk_X509_num(roots) + 1);
	if (!sk_X509_push(roots, root)) {
		X509_free(root);
		return aovpn_error_set(error, -ENOMEM, "%s: out of memory",
				       path);
	}
	return 0;
}

static int add_roots(BIO *bio, const char *path, STACK_OF(X509) *roots,
		     struct aovpn_error *error)
{
	struct aovpn_pem pem;
	int more, err;

	while ((more = aovpn_pem_next(bio, &pem)) > 0) {
		err = add_root(&pem, path, roots, error);
		aovpn_pem_clear(&pem);
		if (err)
			return err;
	}
	if (more < 0)
		return aovpn_error_set(
			error, more, "%s: PEM is damaged behind certificate %d",
			path, sk_X509_num(roots));
	return 0;
}

/* The roots that the bytes of file are. */
static int parse_roots(const struct aovpn_file *file, const char *path,
		       STACK_OF(X509) *roots, struct aovpn_error *error)
{
	BIO *bio;
	int err;

	if (file->size == 0)
		return aovpn_error_set(error, -ENODATA, "%s: is empty", path);
	bio = BIO_new_mem_buf(file->data, (int)file->size);
	if (!bio)
		return aovpn_error_set(error, -ENOMEM, "%s: out of memory",
				       path);
	err = add_roots(bio, path, roots, error);
	BIO_free(bio);
	if (err)
		return err;
	if (sk_X509_num(roots) == 0)
		return aovpn_error_set(
			error, -ENODATA,
			"%s: holds no certificate in PEM (is it DER? convert "
			"it by openssl x509 -inform DER)",
			path);
	return 0;
}

int aovpn_roots_load(const char *path, STACK_OF(X509) **ret,
		     struct aovpn_error *error)
{
	STACK_OF(X509) *roots;
	struct aovpn_file file;
	int err;

	err = aovpn_file_read(path, AOVPN_PKI_FILE_MAX, &file, error);
	if (err)
		return err;
	roots = sk_X509_new_null();
	if (roots)
		err = parse_roots(&file, path, roots, error);
	else
		err = aovpn_error_set(error, -ENOMEM, "%s: out of memory",
				      path);
	aovpn_file_clear(&file);
	if (err) {
		sk_X509_pop_free(roots, X509_free);
		return err;
	}
	*ret = roots;
	return 0;
}

void aovpn_x509_thumbprint(const X509 *certificate,
			   char ret[AOVPN_THUMBPRINT_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length, i;

	ret[0] = '\0';
	if (!X509_digest(certificate, EVP_sha1(), digest, &length))
		return;
	for (i = 0; i < length; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

bool aovpn_thumbprint_listed(const char *list, const char *thumbprint)
{
	/* all are of one length and without "," */
	return strlen(thumbprint) == AOVPN_THUMBPRINT_SIZE - 1 &&
	       strstr(list, thumbprint);
}

X509 *aovpn_pki_find_leaf(STACK_OF(X509) *certificates)
{
	int i;

	for (i = 0; i < sk_X509_num(certificates); i++)
		if (X509_check_ca(sk_X509_value(certificates, i)) == 0)
			return sk_X509_value(certificates, i);
	return sk_X509_value(certificates, 0);
}

bool aovpn_x509_self_issued(const X509 *certificate)
{
	return X509_NAME_cmp(X509_get_subject_name(certificate),
			     X509_get_issuer_name(certificate)) == 0;
}

/* Two CAs that certify each other would lead round and round. */
static bool on_path(const X509 *certificate, X509 *const *path, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (X509_cmp(path[i], certificate) == 0)
			return true;
	return false;
}

/* The issuer of the last of path on pool, or NULL. */
static X509 *find_issuer(STACK_OF(X509) *pool, X509 *const *path, size_t count)
{
	X509 *subject = path[count - 1], *issuer;
	int i;

	for (i = 0; i < sk_X509_num(pool); i++) {
		issuer = sk_X509_value(pool, i);
		if (X509_check_issued(issuer, subject) == X509_V_OK &&
		    X509_verify(subject, X509_get0_pubkey(issuer)) == 1 &&
		    !on_path(issuer, path, count))
			return issuer;
	}
	return NULL;
}

size_t aovpn_pki_path(X509 *leaf, STACK_OF(X509) *near, STACK_OF(X509) *far,
		      X509 **path, size_t max)
{
	size_t count = 1;
	X509 *issuer;

	path[0] = leaf;
	while (count < max && !aovpn_x509_self_issued(path[count - 1])) {
		issuer = find_issuer(near, path, count);
		if (!issuer)
			issuer = find_issuer(far, path, count);
		if (!issuer)
			break;
		path[count++] = issuer;
	}
	return count;
}
