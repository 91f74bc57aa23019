/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_aia.c - see fetch_aia.h. */
#include "fetch_aia.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "fetch_text.h"
#include "pki.h"

#define CERTIFICATES_MAX 256 /* of one bundle that are looked at */

static void add(STACK_OF(X509) *list, X509 *certificate)
{
	if (!certificate || sk_X509_num(list) >= CERTIFICATES_MAX ||
	    !sk_X509_push(list, certificate))
		X509_free(certificate);
}

static const STACK_OF(X509) *certificates_of(const PKCS7 *bundle)
{
	if (bundle && PKCS7_type_is_signed(bundle) && bundle->d.sign)
		return bundle->d.sign->cert;
	return NULL;
}

static void read_bundle(const unsigned char *data, size_t size,
			STACK_OF(X509) *list)
{
	const unsigned char *at = data;
	PKCS7 *bundle = d2i_PKCS7(NULL, &at, (long)size);
	const STACK_OF(X509) *certificates = certificates_of(bundle);
	X509 *one;

	for (int i = 0; i < sk_X509_num(certificates); i++) {
		one = sk_X509_value(certificates, i);
		if (X509_up_ref(one))
			add(list, one);
	}
	PKCS7_free(bundle);
}

static void read_pem(const unsigned char *data, size_t size,
		     STACK_OF(X509) *list)
{
	BIO *bio = BIO_new_mem_buf(data, (int)size);
	struct aovpn_pem pem;

	while (bio && aovpn_pem_next(bio, &pem) == 1) {
		if (aovpn_pem_is_certificate(&pem))
			add(list,
			    aovpn_x509_decode(pem.data, (size_t)pem.size));
		else if (strcmp(pem.name, PEM_STRING_PKCS7) == 0)
			read_bundle(pem.data, (size_t)pem.size, list);
		aovpn_pem_clear(&pem);
	}
	BIO_free(bio);
}

static void read_any(const unsigned char *data, size_t size,
		     STACK_OF(X509) *list)
{
	if (size > INT_MAX)
		return;
	add(list, aovpn_x509_decode(data, size));
	if (sk_X509_num(list) == 0)
		read_bundle(data, size, list);
	if (sk_X509_num(list) == 0)
		read_pem(data, size, list);
}

/* Put it behind those that are in reply, if there is room. */
static void keep(X509 *certificate, struct fetch_reply_message *reply)
{
	size_t used = 0;
	uint8_t *at;
	int size = i2d_X509(certificate, NULL);

	for (uint32_t i = 0; i < reply->found_count; i++)
		used += reply->found_size[i];
	if (reply->found_count == FETCH_FOUND_MAX || size <= 0 ||
	    size > FETCH_CERTIFICATE_MAX ||
	    used + (size_t)size > sizeof(reply->found))
		return;
	at = reply->found + used;
	i2d_X509(certificate, &at);
	reply->found_size[reply->found_count++] = (uint32_t)size;
}

static void keep_named(STACK_OF(X509) *list, const X509 *certificate,
		       struct fetch_reply_message *reply)
{
	const X509_NAME *wanted = X509_get_issuer_name(certificate);
	X509 *one;

	for (int i = 0; i < sk_X509_num(list); i++) {
		one = sk_X509_value(list, i);
		if (X509_NAME_cmp(X509_get_subject_name(one), wanted) == 0)
			keep(one, reply);
	}
}

static void tell_whose(const X509 *certificate, struct aovpn_fetched *out)
{
	char name[AOVPN_TEXT_MAX];

	fetch_name(X509_get_subject_name(certificate), name, sizeof(name));
	fetch_fail(out, AOVPN_FETCH_SCOPE, "the certificate there is \"%s\"",
		   name);
}

void fetch_aia_read(const unsigned char *data, size_t size, X509 *certificate,
		    struct fetch_reply_message *reply)
{
	STACK_OF(X509) *list = sk_X509_new_null();

	if (list)
		read_any(data, size, list);
	keep_named(list, certificate, reply);
	if (reply->found_count > 0)
		reply->fetched.state = AOVPN_FETCH_OK;
	else if (sk_X509_num(list) > 0)
		tell_whose(sk_X509_value(list, 0), &reply->fetched);
	else
		fetch_fail(&reply->fetched, AOVPN_FETCH_FORMAT,
			   "there is no certificate, but %s",
			   fetch_describe(data, size));
	sk_X509_pop_free(list, X509_free);
	ERR_clear_error();
}
