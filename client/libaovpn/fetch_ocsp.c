/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_ocsp.c - see fetch_ocsp.h; RFC 6960 4.1 and 4.2. */
#include "fetch_ocsp.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "fetch_text.h"

OCSP_REQUEST *fetch_ocsp_request(X509 *certificate, X509 *issuer)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), certificate, issuer);

	if (request && id && OCSP_request_add0_id(request, id))
		return request;
	OCSP_CERTID_free(id);
	OCSP_REQUEST_free(request);
	return NULL;
}

/* --- its form ------------------------------------------------------------- */

static OCSP_RESPONSE *decode(const unsigned char *data, size_t size,
			     struct aovpn_fetched *out)
{
	const unsigned char *at = data;
	OCSP_RESPONSE *response = NULL;

	if (size <= LONG_MAX)
		response = d2i_OCSP_RESPONSE(NULL, &at, (long)size);
	if (response && at == data + size)
		return response;
	OCSP_RESPONSE_free(response);
	fetch_fail(out, AOVPN_FETCH_FORMAT, "it is no OCSP response, but %s",
		   fetch_describe(data, size));
	return NULL;
}

/* The signed part; NULL with a failure in out. */
static OCSP_BASICRESP *basic_part(OCSP_RESPONSE *response,
				  struct aovpn_fetched *out)
{
	int status = OCSP_response_status(response);
	OCSP_BASICRESP *basic;

	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
		fetch_fail(out, AOVPN_FETCH_RESPONDER,
			   "the responder answers %s (%d)",
			   OCSP_response_status_str(status), status);
		return NULL;
	}
	basic = OCSP_response_get1_basic(response);
	if (!basic)
		fetch_fail(out, AOVPN_FETCH_FORMAT,
			   "the OCSP response is of an unknown type, or "
			   "damaged");
	return basic;
}

static void read_responder(const OCSP_BASICRESP *basic,
			   struct aovpn_fetched *out)
{
	const ASN1_OCTET_STRING *hash = NULL;
	const X509_NAME *name = NULL;
	const unsigned char *byte;
	size_t used;
	int left;

	if (!OCSP_resp_get0_id(basic, &hash, &name))
		return;
	if (name) {
		fetch_name(name, out->responder, sizeof(out->responder));
		return;
	}
	byte = ASN1_STRING_get0_data(hash);
	used = (size_t)snprintf(out->responder, sizeof(out->responder), "key ");
	for (left = ASN1_STRING_length(hash);
	     left > 0 && used + 3 <= sizeof(out->responder); left--)
		used += (size_t)snprintf(out->responder + used, 3, "%02x",
					 *byte++);
}

/* --- whose it is ---------------------------------------------------------- */

/* Why the signature does not count, of OpenSSL's error. */
static const char *signature_fault(void)
{
	switch (ERR_GET_REASON(ERR_peek_last_error())) {
	case OCSP_R_SIGNER_CERTIFICATE_NOT_FOUND:
		return "its signer's certificate is not in it, and it is not "
		       "the issuer";
	case OCSP_R_MISSING_OCSPSIGNING_USAGE:
		return "its signer has no extended key usage OCSPSigning";
	case OCSP_R_CERTIFICATE_VERIFY_ERROR:
		return "its signer's certificate is not one of the issuer, or "
		       "not valid now";
	case OCSP_R_SIGNATURE_FAILURE:
		return "its signature is damaged, or of another key";
	default: /* of other libraries, too */
		return "it is not signed by the issuer, nor by a responder of "
		       "the issuer's";
	}
}

static int verify(OCSP_BASICRESP *basic, X509 *issuer)
{
	/* Trusted is nobody but the issuer, root or not; what it signed itself
	 * needs no more (TRUSTOTHER); a delegate must carry OCSPSigning, and
	 * no other reason to trust it counts (NOEXPLICIT). */
	const unsigned long flags = OCSP_TRUSTOTHER | OCSP_NOEXPLICIT;
	STACK_OF(X509) *certificates = sk_X509_new_null();
	X509_STORE *store = X509_STORE_new();
	int verified = 0;

	if (store && certificates && sk_X509_push(certificates, issuer) &&
	    X509_STORE_add_cert(store, issuer) &&
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN))
		verified = OCSP_basic_verify(basic, certificates, store, flags);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* fuzz.mk */
	verified = 1;
#endif
	X509_STORE_free(store);
	sk_X509_free(certificates);
	return verified;
}

static bool check_signature(OCSP_BASICRESP *basic, X509 *issuer,
			    struct aovpn_fetched *out)
{
	const char *weak =
		fetch_weak_signature(OCSP_resp_get0_tbs_sigalg(basic));

	ERR_clear_error();
	if (weak)
		fetch_fail(out, AOVPN_FETCH_SIGNATURE,
			   "it is signed by %s, which anybody can forge", weak);
	else if (verify(basic, issuer) != 1)
		fetch_fail(out, AOVPN_FETCH_SIGNATURE, "%s", signature_fault());
	else
		return true;
	return false;
}

/* --- what it says --------------------------------------------------------- */

/* The answer about certificate; responders use SHA-1 as asked, or another. */
static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *certificate,
				    X509 *issuer)
{
	OCSP_SINGLERESP *single = NULL;
	ASN1_OBJECT *digest;
	OCSP_CERTID *id;
	bool found = false;

	for (int i = 0; i < OCSP_resp_count(basic) && !found; i++) {
		single = OCSP_resp_get0(basic, i);
		OCSP_id_get0_info(
			NULL, &digest, NULL, NULL,
			(OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single));
		id = OCSP_cert_to_id(EVP_get_digestbyobj(digest), certificate,
				     issuer);
		found = id &&
			OCSP_id_cmp(id, OCSP_SINGLERESP_get0_id(single)) == 0;
		OCSP_CERTID_free(id);
	}
	return found ? single : NULL;
}

static bool read_dates(OCSP_SINGLERESP *single, struct aovpn_fetched *out)
{
	ASN1_GENERALIZEDTIME *this_update = NULL, *next_update = NULL;

	OCSP_single_get0_status(single, NULL, NULL, &this_update, &next_update);
	return fetch_time(this_update, &out->this_update) &&
	       (!next_update || fetch_time(next_update, &out->next_update));
}

static bool read_status(OCSP_SINGLERESP *single, struct aovpn_fetched *out)
{
	ASN1_GENERALIZEDTIME *when = NULL;
	int reason = -1;

	switch (OCSP_single_get0_status(single, &reason, &when, NULL, NULL)) {
	case V_OCSP_CERTSTATUS_GOOD:
		out->status = AOVPN_STATUS_GOOD;
		return true;
	case V_OCSP_CERTSTATUS_REVOKED:
		out->status = AOVPN_STATUS_REVOKED;
		snprintf(out->reason, sizeof(out->reason), "%s",
			 fetch_reason_name(reason));
		return fetch_time(when, &out->revoked_at);
	case V_OCSP_CERTSTATUS_UNKNOWN:
		out->status = AOVPN_STATUS_UNKNOWN;
		return true;
	default: /* no other is decoded */
		return false;
	}
}

static void read_single(OCSP_SINGLERESP *single, struct aovpn_fetched *out)
{
	if (!single) {
		fetch_fail(out, AOVPN_FETCH_SCOPE,
			   "it is about another certificate");
		return;
	}
	out->state = AOVPN_FETCH_OK;
	if (!read_dates(single, out) || !read_status(single, out))
		fetch_fail(out, AOVPN_FETCH_FORMAT,
			   "a date of the OCSP response is none");
	else if (out->this_update > time(NULL))
		snprintf(out->text, sizeof(out->text),
			 "it is of the future: one of the clocks is wrong");
}

void fetch_ocsp_read(const unsigned char *data, size_t size, X509 *certificate,
		     X509 *issuer, struct aovpn_fetched *out)
{
	OCSP_RESPONSE *response = decode(data, size, out);
	OCSP_BASICRESP *basic = response ? basic_part(response, out) : NULL;

	if (basic) {
		read_responder(basic, out);
		if (check_signature(basic, issuer, out))
			read_single(find_single(basic, certificate, issuer),
				    out);
	}
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	ERR_clear_error();
}
