/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Stapled OCSP responses (RFC 6960); see aovpn_ocsp.h.
 */

#include "aovpn_ocsp.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

/**
 * Bytes of a response at the most. It comes within the server's flight, which
 * is limited as well.
 */
#define RESPONSE_MAX (16 * 1024)

/**
 * Seconds by which the responder's clock may differ from ours.
 */
#define CLOCK_SKEW 300

/**
 * Parse a successful response; NULL if it is none.
 */
static OCSP_BASICRESP *parse(chunk_t response)
{
	const unsigned char *pos = response.ptr;
	OCSP_BASICRESP *basic = NULL;
	OCSP_RESPONSE *parsed;

	if (response.len > RESPONSE_MAX)
	{
		return NULL;
	}
	parsed = d2i_OCSP_RESPONSE(NULL, &pos, response.len);
	if (parsed &&
		OCSP_response_status(parsed) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
	{
		basic = OCSP_response_get1_basic(parsed);
	}
	OCSP_RESPONSE_free(parsed);
	return basic;
}

/**
 * Find what a response says of the certificate, whose names and keys it holds as
 * digests of its own choice.
 *
 * @return			V_OCSP_CERTSTATUS_*, or -1 with why set
 */
static int find(OCSP_BASICRESP *basic, X509 *cert, X509 *issuer,
				const char **why)
{
	const EVP_MD *digests[] = { EVP_sha1(), EVP_sha256() };
	ASN1_GENERALIZEDTIME *this_update = NULL, *next_update = NULL;
	int status = -1;
	OCSP_CERTID *id;
	bool found = FALSE;
	size_t i;

	for (i = 0; i < countof(digests) && !found; i++)
	{
		id = OCSP_cert_to_id(digests[i], cert, issuer);
		found = id && OCSP_resp_find_status(basic, id, &status, NULL, NULL,
											&this_update, &next_update) == 1;
		OCSP_CERTID_free(id);
	}
	if (!found)
	{
		*why = "is about another certificate";
		return -1;
	}
	if (!OCSP_check_validity(this_update, next_update, CLOCK_SKEW, -1))
	{
		*why = "is not valid now";
		return -1;
	}
	return status;
}

/**
 * Judge a parsed response.
 */
static aovpn_ocsp_t judge(OCSP_BASICRESP *basic, STACK_OF(X509) *chain,
						  X509_STORE *roots, const char **why)
{
	if (OCSP_basic_verify(basic, chain, roots, 0) != 1)
	{
		*why = "is not signed by one who may";
		return AOVPN_OCSP_UNKNOWN;
	}
	switch (find(basic, sk_X509_value(chain, 0), sk_X509_value(chain, 1), why))
	{
		case V_OCSP_CERTSTATUS_GOOD:
			*why = "says good";
			return AOVPN_OCSP_GOOD;
		case V_OCSP_CERTSTATUS_REVOKED:
			*why = "says revoked";
			return AOVPN_OCSP_REVOKED;
		case V_OCSP_CERTSTATUS_UNKNOWN:
			*why = "says unknown";
			break;
	}
	return AOVPN_OCSP_UNKNOWN;
}

/*
 * Described in header
 */
aovpn_ocsp_t aovpn_ocsp_judge(chunk_t response, STACK_OF(X509) *chain,
							  X509_STORE *roots)
{
	aovpn_ocsp_t verdict = AOVPN_OCSP_UNKNOWN;
	const char *why = "cannot be used";
	OCSP_BASICRESP *basic;

	/* a chain of one is its own root */
	if (!response.len || sk_X509_num(chain) < 2)
	{
		return AOVPN_OCSP_UNKNOWN;
	}
	basic = parse(response);
	if (basic)
	{
		verdict = judge(basic, chain, roots, &why);
		OCSP_BASICRESP_free(basic);
	}
	DBG1(DBG_TLS, "aovpn: the OCSP response stapled by the EAP server %s", why);
	ERR_clear_error();
	return verdict;
}
