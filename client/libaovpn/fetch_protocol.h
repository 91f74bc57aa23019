/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_protocol.h - between whoever wants something from the network and
 * aovpn-fetch, which fetches and parses it, by helper_message.h: one request,
 * one reply, then the helper ends.
 *
 * The helper is what a hostile server may have taken over: whatever it says is
 * checked before it is used.
 */
#ifndef AOVPN_FETCH_PROTOCOL_H
#define AOVPN_FETCH_PROTOCOL_H

#include <stdint.h>

#include "fetch.h"
#include "resolve.h"

#define FETCH_VERSION         3
#define FETCH_CERTIFICATE_MAX (32 * 1024) /* bytes of one in DER */
#define FETCH_TIMEOUT_MAX_MS  120000
#define FETCH_FOUND_MAX       8 /* candidates of an AIA */

/* A kind of request beside enum aovpn_fetch_kind: url is a host's name, and its
 * addresses are wanted (resolve.h). */
#define FETCH_KIND_ADDRESSES 16

struct fetch_request_message {
	uint32_t version; /* FETCH_VERSION */
	uint32_t kind;    /* enum aovpn_fetch_kind, FETCH_KIND_ADDRESSES */
	uint32_t timeout_ms;
	uint32_t certificate_size;
	uint32_t issuer_size; /* 0 with AIA */
	char url[AOVPN_URL_MAX];
	uint8_t certificate[FETCH_CERTIFICATE_MAX]; /* DER */
	uint8_t issuer[FETCH_CERTIFICATE_MAX];
};

struct fetch_reply_message {
	uint32_t version;
	uint32_t found_count; /* AIA: candidates whose subject is the name of
				 the wanted issuer */
	uint32_t found_size[FETCH_FOUND_MAX];
	/* As for the caller, without kind, url, made_at, from_cache and found,
	 * which the receiver sets. */
	struct aovpn_fetched fetched;
	struct aovpn_resolved resolved; /* of FETCH_KIND_ADDRESSES, where
					   fetched.state is OK or NAME */
	uint8_t found[2 * FETCH_CERTIFICATE_MAX]; /* DER, one behind another */
};

/*
 * Put one request into a message. Errors: -E2BIG (URL or a certificate too
 * long), -EINVAL (a certificate is missing or cannot be encoded).
 */
int fetch_request_encode(const struct aovpn_fetch_request *request,
			 uint32_t timeout_ms,
			 struct fetch_request_message *ret);

/*
 * Check a reply to a request of that kind and make it fit to use: texts end and
 * are escaped, numbers are those of their enums, times are within the years 0
 * to 9999, what does not belong to the kind is 0. Errors: -EPROTO (it breaks
 * the rules; reply is of no use).
 */
int fetch_reply_check(struct fetch_reply_message *reply, uint32_t kind);

/*
 * The same of a reply to FETCH_KIND_ADDRESSES: *ret is what it says, and that
 * the resolver gave no answer (EAI_AGAIN) where the helper's time was over.
 */
int fetch_addresses_check(const struct fetch_reply_message *reply,
			  struct aovpn_resolved *ret);

/*
 * Move a checked reply to what the caller gets. Of an AIA the first candidate
 * that is the issuer of certificate by name and signature goes to ret->found;
 * without one the state becomes SIGNATURE. ret->kind and url must be set.
 */
void fetch_reply_take(const struct fetch_reply_message *reply,
		      X509 *certificate, struct aovpn_fetched *ret);

#endif
