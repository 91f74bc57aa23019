/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_fetched.h - what the targets about fetched things share: inputs that
 * begin with certificates, and what must be true of every answer.
 */
#ifndef FUZZ_FETCHED_H
#define FUZZ_FETCHED_H

#include "fetch.h"
#include "fuzz.h"
#include "pki.h"

/* Take a certificate in DER behind its length of two bytes off the input; NULL:
 * there is none. */
static inline X509 *fuzz_take_certificate(const uint8_t **data, size_t *size)
{
	X509 *certificate;
	size_t length;

	if (*size < 2)
		return NULL;
	length = (size_t)(*data)[0] << 8 | (*data)[1];
	if (length > *size - 2)
		return NULL;
	certificate = aovpn_x509_decode(*data + 2, length);
	*data += 2 + length;
	*size -= 2 + length;
	return certificate;
}

static inline void fuzz_check_fetched(const struct aovpn_fetched *fetched)
{
	PROMISE(fuzz_is_clean(fetched->text, sizeof(fetched->text)));
	PROMISE(fuzz_is_clean(fetched->reason, sizeof(fetched->reason)));
	PROMISE(fuzz_is_clean(fetched->responder, sizeof(fetched->responder)));
	PROMISE(fuzz_is_clean(fetched->crl_number,
			      sizeof(fetched->crl_number)));
	PROMISE(strspn(fetched->crl_number, "0123456789abcdef") ==
		strlen(fetched->crl_number));
	PROMISE(fetched->state >= AOVPN_FETCH_OK &&
		fetched->state <= AOVPN_FETCH_RESPONDER);
	PROMISE(fetched->state == AOVPN_FETCH_OK ||
		fetched->status == AOVPN_STATUS_NONE);
	PROMISE(fetched->state == AOVPN_FETCH_OK || fetched->text[0] != '\0');
}

#endif
