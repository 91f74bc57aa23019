/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_aia.c - what is behind a caIssuers URI, after the certificate whose
 * issuer is looked for.
 */
#include "fetch_aia.h"

#include <openssl/err.h>

#include "fuzz_fetched.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fetch_reply_message reply;
	static struct aovpn_fetched got;
	X509 *certificate = fuzz_take_certificate(&data, &size);

	memset(&reply, 0, sizeof(reply));
	memset(&got, 0, sizeof(got));
	reply.version = FETCH_VERSION;
	got.kind = AOVPN_FETCH_AIA;
	if (certificate) {
		fetch_aia_read(data, size, certificate, &reply);
		PROMISE(fetch_reply_check(&reply, AOVPN_FETCH_AIA) == 0);
		fetch_reply_take(&reply, certificate, &got);
		fuzz_check_fetched(&got);
		PROMISE((got.state == AOVPN_FETCH_OK) == (got.found != NULL));
	}
	aovpn_fetched_clear(&got, 1);
	X509_free(certificate);
	ERR_clear_error();
	return 0;
}
