/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_certificate.c - the facts of a certificate in DER, and its kind. All
 * texts come out escaped and within their arrays, URLs fit for fetching.
 */
#include "certificate.h"
#include "kind.h"

#include <openssl/err.h>

#include "fuzz.h"
#include "pki.h"
#include "sid.h"

#define CLEAN(text) PROMISE(fuzz_is_clean(text, sizeof(text)))

static void check_hex(const char *text, size_t size, size_t length)
{
	PROMISE(strnlen(text, size) == length);
	PROMISE(strspn(text, "0123456789abcdef") == length);
}

static void check_names(const struct aovpn_certificate_facts *facts)
{
	CLEAN(facts->subject);
	CLEAN(facts->issuer);
	CLEAN(facts->serial);
	check_hex(facts->thumbprint, sizeof(facts->thumbprint), 40);
	check_hex(facts->thumbprint_sha256, sizeof(facts->thumbprint_sha256),
		  64);
	CLEAN(facts->key_type);
	PROMISE(facts->key_type[0] != '\0' || facts->key_bits == 0);
	CLEAN(facts->signature_algorithm);
	PROMISE(facts->path_length >= -1);
	CLEAN(facts->upn);
	CLEAN(facts->dns);
}

static void check_urls(const struct aovpn_urls *urls)
{
	uint32_t i;
	size_t length;
	const char *p;

	PROMISE(urls->count <= AOVPN_URLS_MAX);
	for (i = 0; i < urls->count; i++) {
		length = strnlen(urls->url[i], AOVPN_URL_MAX);
		PROMISE(length > 0 && length < AOVPN_URL_MAX);
		for (p = urls->url[i]; *p; p++)
			PROMISE(*p > 0x20 && *p < 0x7f);
	}
	for (; i < AOVPN_URLS_MAX; i++)
		PROMISE(urls->url[i][0] == '\0');
}

static void check_oid(const char *oid)
{
	size_t length = strnlen(oid, AOVPN_OID_MAX);

	PROMISE(length > 0 && length < AOVPN_OID_MAX);
	PROMISE(strspn(oid, "0123456789.") == length);
}

static void check_usages(const struct aovpn_certificate_facts *facts)
{
	uint32_t i;

	PROMISE(facts->eku_count <= AOVPN_EKU_MAX);
	for (i = 0; i < facts->eku_count; i++)
		check_oid(facts->eku[i]);
	PROMISE(facts->policy_count <= AOVPN_POLICIES_MAX);
	for (i = 0; i < facts->policy_count; i++)
		check_oid(facts->policy[i]);
	CLEAN(facts->template_name);
	if (facts->template_oid[0] != '\0')
		check_oid(facts->template_oid);
	else
		PROMISE(!facts->template_major && !facts->template_minor);
}

static void check_sid(uint32_t state, const char *sid, const char *fault)
{
	PROMISE(state <= AOVPN_SID_MALFORMED);
	PROMISE(fuzz_is_clean(fault, AOVPN_TEXT_MAX));
	PROMISE(strnlen(sid, AOVPN_SID_MAX) <= AOVPN_SID_TEXT_MAX);
	PROMISE(sid[0] == '\0' || aovpn_sid_valid(sid, strlen(sid)));
	PROMISE(state != AOVPN_SID_VALID || sid[0] != '\0');
	PROMISE(state != AOVPN_SID_MALFORMED || fault[0] != '\0');
	PROMISE(state != AOVPN_SID_ABSENT || (!sid[0] && !fault[0]));
}

static void check(const struct aovpn_certificate_facts *facts)
{
	check_names(facts);
	check_urls(&facts->cdp);
	check_urls(&facts->ocsp);
	check_urls(&facts->aia);
	PROMISE(facts->has_cdp == (facts->cdp.count || facts->cdp.unusable));
	PROMISE(facts->has_ocsp == (facts->ocsp.count || facts->ocsp.unusable));
	check_usages(facts);
	check_sid(facts->sid_extension_state, facts->sid_extension,
		  facts->sid_extension_fault);
	PROMISE(facts->sid_extension_state == AOVPN_SID_VALID ||
		facts->sid_extension[0] == '\0');
	check_sid(facts->sid_uri_state, facts->sid_uri, facts->sid_uri_fault);
}

static void check_kind(const struct aovpn_kind *kind)
{
	uint32_t i;

	PROMISE(kind->id < AOVPN_KINDS);
	PROMISE(kind->confidence <= AOVPN_CERTAIN);
	PROMISE((kind->id == AOVPN_KIND_UNKNOWN) == (kind->confidence == 0));
	PROMISE((kind->id == AOVPN_KIND_THIRD_PARTY) == (kind->vendor != NULL));
	PROMISE(kind->evidence_count <= AOVPN_KIND_EVIDENCE_MAX);
	PROMISE((kind->evidence_count == 0) == (kind->confidence == 0));
	for (i = 0; i < kind->evidence_count; i++) {
		CLEAN(kind->evidence[i]);
		PROMISE(kind->evidence[i][0] != '\0');
	}
	PROMISE(kind->remark_count <= AOVPN_KIND_REMARKS_MAX);
	for (i = 0; i < kind->remark_count; i++)
		PROMISE(strlen(kind->remarks[i]) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aovpn_chain_facts chain;
	struct aovpn_kind kind;
	X509 *certificate;

	certificate = aovpn_x509_decode(data, size);
	if (certificate) {
		memset(&chain.certificate[0], 0xff,
		       sizeof(chain.certificate[0]));
		aovpn_certificate_facts_read(certificate,
					     &chain.certificate[0]);
		PROMISE(ERR_peek_error() == 0);
		check(&chain.certificate[0]);
		chain.count = 1;
		memset(&kind, 0xff, sizeof(kind));
		aovpn_kind_find(&chain, &kind);
		PROMISE(ERR_peek_error() == 0);
		check_kind(&kind);
	}
	X509_free(certificate);
	ERR_clear_error();
	return 0;
}
