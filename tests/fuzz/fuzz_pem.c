/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_pem.c - blocks of a PEM file, and the certificates in them.
 */
#include <openssl/err.h>

#include "fuzz.h"
#include "pki.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aovpn_pem pem;
	X509 *certificate;
	BIO *bio;

	bio = BIO_new_mem_buf(data, (int)size);
	PROMISE(bio);
	while (aovpn_pem_next(bio, &pem) > 0) {
		certificate = NULL;
		if (aovpn_pem_is_certificate(&pem))
			certificate =
				aovpn_x509_decode(pem.data, (size_t)pem.size);
		X509_free(certificate);
		aovpn_pem_clear(&pem);
	}
	BIO_free(bio);
	ERR_clear_error();
	return 0;
}
