/*
 * fuzz_certificate.c - the facts of a certificate in DER. All texts come out
 * escaped and within their arrays.
 */
#include "certificate.h"

#include <openssl/err.h>

#include "fuzz.h"
#include "pki.h"

#define CLEAN(text) PROMISE(fuzz_is_clean(text, sizeof(text)))

static void check(const struct aovpn_certificate_facts *facts)
{
	uint32_t i;

	CLEAN(facts->subject);
	CLEAN(facts->issuer);
	CLEAN(facts->serial);
	CLEAN(facts->cdp.url[0]);
	CLEAN(facts->upn);
	CLEAN(facts->dns);
	CLEAN(facts->sid_extension);
	CLEAN(facts->sid_uri);
	PROMISE(strlen(facts->thumbprint) == 40);
	PROMISE(facts->eku_count <= AOVPN_EKU_MAX);
	for (i = 0; i < facts->eku_count; i++)
		CLEAN(facts->eku[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aovpn_certificate_facts facts;
	X509 *certificate;

	certificate = aovpn_x509_decode(data, size);
	if (certificate) {
		memset(&facts, 0xff, sizeof(facts));
		aovpn_certificate_facts_read(certificate, &facts);
		check(&facts);
	}
	X509_free(certificate);
	ERR_clear_error();
	return 0;
}
