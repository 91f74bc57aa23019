/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_fetch_reply.c - what a helper says that a server has taken over: what
 * passes the check is fit to be used and shown.
 */
#include "fetch_protocol.h"

#include "fuzz_fetched.h"

static void check(const uint8_t *data, size_t size, uint32_t kind)
{
	static struct fetch_reply_message reply;
	struct aovpn_fetched got = {.kind = kind};

	memset(&reply, 0xff, sizeof(reply));
	memcpy(&reply, data, size < sizeof(reply) ? size : sizeof(reply));
	if (fetch_reply_check(&reply, kind) < 0)
		return;
	PROMISE(reply.fetched.found == NULL && !reply.fetched.from_cache);
	PROMISE(reply.found_count <= FETCH_FOUND_MAX);
	if (kind == AOVPN_FETCH_AIA)
		return; /* fuzz_aia.c */
	fetch_reply_take(&reply, NULL, &got);
	PROMISE(got.status == AOVPN_STATUS_REVOKED || got.reason[0] == '\0');
	PROMISE((got.status != AOVPN_STATUS_NONE) ==
		(got.state == AOVPN_FETCH_OK));
	PROMISE(fuzz_is_clean(got.text, sizeof(got.text)));
	PROMISE(fuzz_is_clean(got.responder, sizeof(got.responder)));
	PROMISE(fuzz_is_clean(got.crl_number, sizeof(got.crl_number)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(data, size, AOVPN_FETCH_CRL);
	check(data, size, AOVPN_FETCH_OCSP);
	check(data, size, AOVPN_FETCH_AIA);
	return 0;
}
