/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_text.c - see fetch_text.h. */
#include "fetch_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "escape.h"

void fetch_fail(struct aovpn_fetched *out, enum aovpn_fetch_state state,
		const char *format, ...)
{
	char raw[AOVPN_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	aovpn_escape_string(raw, out->text, sizeof(out->text));
	out->state = state;
	out->status = AOVPN_STATUS_NONE;
}

bool fetch_time(const ASN1_TIME *time, time_t *ret)
{
	struct tm tm;

	if (!time || !ASN1_TIME_to_tm(time, &tm))
		return false;
	*ret = timegm(&tm);
	return true;
}

const char *fetch_reason_name(long reason)
{
	static const char *const names[] = {
		[CRL_REASON_UNSPECIFIED] = "unspecified",
		[CRL_REASON_KEY_COMPROMISE] = "keyCompromise",
		[CRL_REASON_CA_COMPROMISE] = "cACompromise",
		[CRL_REASON_AFFILIATION_CHANGED] = "affiliationChanged",
		[CRL_REASON_SUPERSEDED] = "superseded",
		[CRL_REASON_CESSATION_OF_OPERATION] = "cessationOfOperation",
		[CRL_REASON_CERTIFICATE_HOLD] = "certificateHold",
		[CRL_REASON_REMOVE_FROM_CRL] = "removeFromCRL",
		[CRL_REASON_PRIVILEGE_WITHDRAWN] = "privilegeWithdrawn",
		[CRL_REASON_AA_COMPROMISE] = "aACompromise",
	};

	if (reason < 0 || reason >= (long)(sizeof(names) / sizeof(names[0])) ||
	    !names[reason])
		return "";
	return names[reason];
}

const char *fetch_weak_signature(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object = NULL;
	int signature, digest = NID_undef;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	signature = OBJ_obj2nid(object);
	if (!OBJ_find_sigid_algs(signature, &digest, NULL))
		return NULL;
	if (digest == NID_md5 || digest == NID_md4 || digest == NID_md2)
		return OBJ_nid2ln(signature);
	return NULL;
}

void fetch_hex(const ASN1_INTEGER *number, char *out, size_t size)
{
	BIGNUM *value = ASN1_INTEGER_to_BN(number, NULL);
	char *text = value ? BN_bn2hex(value) : NULL;

	out[0] = '\0';
	if (text && strlen(text) < size && text[0] != '-')
		for (size_t i = 0; i == 0 || text[i - 1]; i++)
			out[i] = (char)tolower((unsigned char)text[i]);
	OPENSSL_free(text);
	BN_free(value);
}

void fetch_name(const X509_NAME *name, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long length = 0;

	if (bio &&
	    X509_NAME_print_ex(bio, name, 0,
			       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
		length = BIO_get_mem_data(bio, &text);
	aovpn_escape(text ? text : "", (size_t)length, out, size);
	BIO_free(bio);
}

static bool begins(const unsigned char *data, size_t size, const char *text)
{
	size_t length = strlen(text);

	return size >= length &&
	       strncasecmp((const char *)data, text, length) == 0;
}

bool fetch_is_web_page(const unsigned char *data, size_t size)
{
	while (size > 0 && isspace(data[0]))
		data++, size--;
	return begins(data, size, "<!doctype html") ||
	       begins(data, size, "<html");
}

const char *fetch_describe(const unsigned char *data, size_t size)
{
	while (size > 0 && isspace(data[0]))
		data++, size--;
	if (size == 0)
		return "nothing";
	if (begins(data, size, "-----BEGIN "))
		return "PEM text";
	if (fetch_is_web_page(data, size))
		return "a web page";
	if (data[0] == 0x30)
		return "another or a damaged structure";
	return "something else";
}
