/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Revocation of the EAP server's chain by CRL (RFC 5280 5, 6.3), and of its leaf
 * by what was stapled; see aovpn_revocation.h.
 */

#include "aovpn_revocation.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "aovpn_crls.h"
#include "aovpn_crypto.h"
#include "aovpn_verify.h"

/**
 * Does this error only say that a CRL is missing or of no use?
 */
static bool is_lack_of_crl(int error)
{
	switch (error)
	{
		case X509_V_ERR_UNABLE_TO_GET_CRL:
		case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
		case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
		case X509_V_ERR_CRL_SIGNATURE_FAILURE:
		case X509_V_ERR_CRL_NOT_YET_VALID:
		case X509_V_ERR_CRL_HAS_EXPIRED:
		case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
		case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
		case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
		case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
		case X509_V_ERR_DIFFERENT_CRL_SCOPE:
		case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
			return TRUE;
		default:
			return FALSE;
	}
}

/**
 * Go on where there is no CRL, but never behind a revoked certificate: called by
 * OpenSSL where the policy is soft.
 */
static int be_soft(int ok, X509_STORE_CTX *ctx)
{
	if (is_lack_of_crl(X509_STORE_CTX_get_error(ctx)))
	{
		X509_STORE_CTX_set_error(ctx, X509_V_OK);
		return 1;
	}
	return ok;
}

/**
 * Same for the leaf only, of which OCSP said that it is good.
 */
static int be_soft_on_leaf(int ok, X509_STORE_CTX *ctx)
{
	return X509_STORE_CTX_get_error_depth(ctx) == 0 ? be_soft(ok, ctx) : ok;
}

/**
 * Did a CA of the verified chain sign this CRL?
 */
static bool is_signed_by(STACK_OF(X509) *chain, X509_CRL *crl)
{
	X509 *ca;
	int i;

	for (i = 1; i < sk_X509_num(chain); i++)
	{
		ca = sk_X509_value(chain, i);
		if (X509_NAME_cmp(X509_get_subject_name(ca),
						  X509_CRL_get_issuer(crl)) == 0 &&
			X509_CRL_verify(crl, X509_get0_pubkey(ca)) == 1)
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * Drop the delta CRLs that no CA of the chain signed: a soft policy goes on behind a
 * bad signature, and a forged delta could then take back a revocation that its base
 * has (removeFromCRL, RFC 5280 5.3.1).
 */
static void drop_forged_deltas(STACK_OF(X509) *chain, STACK_OF(X509_CRL) *crls)
{
	X509_CRL *crl;
	int i;

	for (i = sk_X509_CRL_num(crls) - 1; i >= 0; i--)
	{
		crl = sk_X509_CRL_value(crls, i);
		if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0 &&
			!is_signed_by(chain, crl))
		{
			X509_CRL_free(sk_X509_CRL_delete(crls, i));
		}
	}
}

/**
 * Verify the chain anew, now with its CRLs.
 */
static int verify(STACK_OF(X509) *chain, STACK_OF(X509) *sent,
				  X509_STORE *roots, STACK_OF(X509_CRL) *crls,
				  X509_STORE_CTX_verify_cb callback, int *depth)
{
	X509_STORE_CTX *ctx;
	int error = X509_V_ERR_OUT_OF_MEM;

	ctx = X509_STORE_CTX_new_ex(aovpn_crypto_context(), NULL);
	if (ctx && X509_STORE_CTX_init(ctx, roots, sk_X509_value(chain, 0),
								   sent) == 1)
	{
		X509_STORE_CTX_set0_crls(ctx, crls);
		/* extended: CRLs by another key or another issuer than the
		 * certificate's count (RFC 5280 6.3.3), and a delta without its base
		 * does not, which OpenSSL would otherwise take for a complete one */
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_CRL_CHECK |
								 X509_V_FLAG_CRL_CHECK_ALL |
								 X509_V_FLAG_EXTENDED_CRL_SUPPORT |
								 X509_V_FLAG_USE_DELTAS);
		if (callback)
		{
			X509_STORE_CTX_set_verify_cb(ctx, callback);
		}
		error = aovpn_verify_path(ctx);
		if (error != X509_V_OK)
		{
			*depth = X509_STORE_CTX_get_error_depth(ctx);
		}
	}
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return error;
}

/*
 * Described in header
 */
int aovpn_revocation_judge(STACK_OF(X509) *chain, STACK_OF(X509) *sent,
						   X509_STORE *roots, STACK_OF(X509_CRL) *crls,
						   aovpn_ocsp_t leaf, bool hard, int *depth)
{
	X509_STORE_CTX_verify_cb callback = NULL;

	*depth = 0;
	if (leaf == AOVPN_OCSP_REVOKED)
	{
		return X509_V_ERR_CERT_REVOKED;
	}
	if (!hard)
	{
		drop_forged_deltas(chain, crls);
		callback = be_soft;
	}
	else if (leaf == AOVPN_OCSP_GOOD)
	{
		callback = be_soft_on_leaf;
	}
	return verify(chain, sent, roots, crls, callback, depth);
}

/*
 * Described in header
 */
int aovpn_revocation_check(STACK_OF(X509) *chain, STACK_OF(X509) *sent,
						   X509_STORE *roots, aovpn_ocsp_t leaf, bool hard,
						   int *depth)
{
	STACK_OF(X509_CRL) *crls;
	int i, error = X509_V_ERR_OUT_OF_MEM;

	*depth = 0;
	crls = sk_X509_CRL_new_null();
	/* the last one is the root, which nobody but itself could revoke */
	for (i = leaf == AOVPN_OCSP_GOOD; crls && leaf != AOVPN_OCSP_REVOKED &&
		 i < sk_X509_num(chain) - 1; i++)
	{
		aovpn_crls_add(sk_X509_value(chain, i), crls);
	}
	if (crls)
	{
		error = aovpn_revocation_judge(chain, sent, roots, crls, leaf, hard,
									   depth);
	}
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	return error;
}
