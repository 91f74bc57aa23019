/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_ocsp.c - an OCSP response, behind the certificate it is asked about and
 * its issuer. A signature counts here whatever it is (fetch_ocsp.c), so that
 * what is behind the check is searched, too.
 */
#include "fetch_ocsp.h"

#include <openssl/err.h>

#include "fetch_protocol.h"
#include "fuzz_fetched.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fetch_reply_message reply;
	X509 *certificate = fuzz_take_certificate(&data, &size);
	X509 *issuer = fuzz_take_certificate(&data, &size);

	memset(&reply, 0, sizeof(reply));
	reply.version = FETCH_VERSION;
	if (certificate && issuer) {
		fetch_ocsp_read(data, size, certificate, issuer,
				&reply.fetched);
		fuzz_check_fetched(&reply.fetched);
		/* What the helper says is what its caller takes. */
		PROMISE(fetch_reply_check(&reply, AOVPN_FETCH_OCSP) == 0);
	}
	X509_free(certificate);
	X509_free(issuer);
	ERR_clear_error();
	return 0;
}
