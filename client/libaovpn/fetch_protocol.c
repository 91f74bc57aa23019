/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_protocol.c - see fetch_protocol.h. */
#include "fetch_protocol.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "escape.h"
#include "fetch_text.h"
#include "pki.h"

#define YEAR_10000 253402300800 /* seconds since 1970 */
#define YEAR_0     (-62167219200)

/* --- the request ---------------------------------------------------------- */

static int encode_certificate(X509 *certificate,
			      uint8_t out[FETCH_CERTIFICATE_MAX],
			      uint32_t *ret_size)
{
	int size;

	if (!certificate)
		return -EINVAL;
	size = i2d_X509(certificate, NULL);
	if (size <= 0)
		return -EINVAL;
	if (size > FETCH_CERTIFICATE_MAX)
		return -E2BIG;
	i2d_X509(certificate, &out);
	*ret_size = (uint32_t)size;
	return 0;
}

int fetch_request_encode(const struct aovpn_fetch_request *request,
			 uint32_t timeout_ms, struct fetch_request_message *ret)
{
	int code;

	ret->version = FETCH_VERSION;
	ret->kind = request->kind;
	ret->timeout_ms = timeout_ms;
	ret->issuer_size = 0;
	if (snprintf(ret->url, sizeof(ret->url), "%s", request->url) >=
	    (int)sizeof(ret->url))
		return -E2BIG;
	code = encode_certificate(request->certificate, ret->certificate,
				  &ret->certificate_size);
	if (code == 0 && request->kind != AOVPN_FETCH_AIA)
		code = encode_certificate(request->issuer, ret->issuer,
					  &ret->issuer_size);
	return code;
}

/* --- the reply ------------------------------------------------------------ */

/* Does it end, and is it fit for a terminal as it is? */
static bool text_is_clean(const char *text, size_t size)
{
	char clean[AOVPN_TEXT_MAX];
	size_t length = strnlen(text, size);

	if (length == size || size > sizeof(clean))
		return false;
	return aovpn_escape(text, length, clean, sizeof(clean)) == length &&
	       memcmp(text, clean, length) == 0;
}

#define CLEAN(array) text_is_clean(array, sizeof(array))

static bool texts_are_clean(const struct aovpn_fetched *fetched)
{
	return CLEAN(fetched->crl_number) && CLEAN(fetched->responder) &&
	       CLEAN(fetched->reason) && CLEAN(fetched->text) &&
	       strspn(fetched->crl_number, "0123456789abcdef") ==
		       strlen(fetched->crl_number);
}

static bool time_is_sane(time_t when)
{
	return when >= YEAR_0 && when < YEAR_10000;
}

/* Are those of a helper: not of the cache. */
static bool state_is_sane(const struct aovpn_fetched *fetched, uint32_t kind)
{
	bool answered = fetched->status != AOVPN_STATUS_NONE;

	if (fetched->state < AOVPN_FETCH_OK ||
	    fetched->state > AOVPN_FETCH_RESPONDER ||
	    fetched->state == AOVPN_FETCH_OFFLINE ||
	    fetched->status > AOVPN_STATUS_UNKNOWN)
		return false;
	if (fetched->status == AOVPN_STATUS_UNKNOWN && kind != AOVPN_FETCH_OCSP)
		return false;
	return answered ==
	       (fetched->state == AOVPN_FETCH_OK && kind != AOVPN_FETCH_AIA);
}

static bool found_is_sane(const struct fetch_reply_message *reply,
			  uint32_t kind)
{
	size_t total = 0;
	bool wanted = kind == AOVPN_FETCH_AIA &&
		      reply->fetched.state == AOVPN_FETCH_OK;

	if (reply->found_count > FETCH_FOUND_MAX ||
	    wanted != (reply->found_count > 0))
		return false;
	for (uint32_t i = 0; i < reply->found_count; i++) {
		if (reply->found_size[i] == 0 ||
		    reply->found_size[i] > FETCH_CERTIFICATE_MAX)
			return false;
		total += reply->found_size[i];
	}
	return total <= sizeof(reply->found);
}

static bool addresses_are_sane(const struct aovpn_resolved *resolved)
{
	uint32_t i;

	if (resolved->count > AOVPN_ADDRESSES_MAX ||
	    (resolved->gai_error == 0) != (resolved->count > 0) ||
	    !CLEAN(resolved->text))
		return false;
	for (i = 0; i < resolved->count; i++)
		if (resolved->address[i].family != AF_INET &&
		    resolved->address[i].family != AF_INET6)
			return false;
	return true;
}

int fetch_addresses_check(const struct fetch_reply_message *reply,
			  struct aovpn_resolved *ret)
{
	const struct aovpn_fetched *fetched = &reply->fetched;

	memset(ret, 0, sizeof(*ret));
	if (reply->version != FETCH_VERSION || !CLEAN(fetched->text))
		return -EPROTO;
	if (fetched->state == AOVPN_FETCH_TIMEOUT) {
		ret->gai_error = EAI_AGAIN;
		snprintf(ret->text, sizeof(ret->text), "%s", fetched->text);
		return 0;
	}
	if ((fetched->state != AOVPN_FETCH_OK &&
	     fetched->state != AOVPN_FETCH_NAME) ||
	    !addresses_are_sane(&reply->resolved))
		return -EPROTO;
	*ret = reply->resolved;
	return 0;
}

int fetch_reply_check(struct fetch_reply_message *reply, uint32_t kind)
{
	struct aovpn_fetched *fetched = &reply->fetched;

	/* Before anything reads them: a bool or pointer may hold any bits. */
	memset(&fetched->from_cache, 0, sizeof(fetched->from_cache));
	fetched->found = NULL;
	fetched->kind = kind;
	fetched->url[0] = '\0';
	fetched->made_at = 0;
	if (reply->version != FETCH_VERSION || !state_is_sane(fetched, kind) ||
	    !texts_are_clean(fetched) || !found_is_sane(reply, kind))
		return -EPROTO;
	if (!time_is_sane(fetched->this_update) ||
	    !time_is_sane(fetched->next_update) ||
	    !time_is_sane(fetched->revoked_at) ||
	    !time_is_sane(fetched->server_time))
		return -EPROTO;
	if (fetched->status != AOVPN_STATUS_REVOKED) {
		fetched->revoked_at = 0;
		fetched->reason[0] = '\0';
	}
	return 0;
}

/* By name, key identifier, key usage and signature. */
static bool issued(X509 *issuer, X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	bool fits;

	fits = key && X509_check_issued(issuer, certificate) == X509_V_OK &&
	       X509_verify(certificate, key) == 1;
	ERR_clear_error();
	return fits;
}

static X509 *find_issuer(const struct fetch_reply_message *reply,
			 X509 *certificate)
{
	const uint8_t *data = reply->found;
	X509 *candidate;

	for (uint32_t i = 0; i < reply->found_count; i++) {
		candidate = aovpn_x509_decode(data, reply->found_size[i]);
		if (candidate && issued(candidate, certificate))
			return candidate;
		X509_free(candidate);
		data += reply->found_size[i];
	}
	ERR_clear_error();
	return NULL;
}

void fetch_reply_take(const struct fetch_reply_message *reply,
		      X509 *certificate, struct aovpn_fetched *ret)
{
	const uint32_t kind = ret->kind;
	char url[AOVPN_URL_MAX];

	memcpy(url, ret->url, sizeof(url));
	*ret = reply->fetched;
	ret->kind = kind;
	memcpy(ret->url, url, sizeof(url));
	if (kind != AOVPN_FETCH_AIA || ret->state != AOVPN_FETCH_OK)
		return;
	ret->found = find_issuer(reply, certificate);
	if (!ret->found)
		fetch_fail(ret, AOVPN_FETCH_SIGNATURE,
			   "a certificate there has the issuer's name, but its "
			   "key did not sign this one");
}
