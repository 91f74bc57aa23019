/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Verification of server certificates (RFC 5280 6, RFC 6125 6.4); see
 * aovpn_verify.h.
 */

#include "aovpn_verify.h"

#include <arpa/inet.h>

#include <openssl/x509v3.h>

#include "aovpn_crypto.h"
#include "channel.h"
#include "server_name.h"

/**
 * Is this name an IP address in text form?
 */
static bool is_address(const char *name)
{
	uint8_t address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, address) == 1 ||
		   inet_pton(AF_INET6, name, address) == 1;
}

/**
 * Does this string, if it is one, match the pattern? A NUL inside would end the
 * comparison before the name ends.
 */
static bool string_matches(const ASN1_STRING *string, const char *pattern)
{
	char name[AOVPN_TEXT_MAX];
	int len;

	len = string ? ASN1_STRING_length(string) : 0;
	if (len <= 0 || len >= (int)sizeof(name))
	{
		return FALSE;
	}
	memcpy(name, ASN1_STRING_get0_data(string), len);
	name[len] = '\0';
	return strlen(name) == (size_t)len &&
		   aovpn_server_name_matches(pattern, name);
}

/**
 * Does the subject's last CN match?
 */
static bool cn_matches(X509 *leaf, const char *pattern)
{
	X509_NAME *subject = X509_get_subject_name(leaf);
	int last = -1, next = -1;

	while ((next = X509_NAME_get_index_by_NID(subject, NID_commonName,
											  last)) >= 0)
	{
		last = next;
	}
	return last >= 0 && string_matches(X509_NAME_ENTRY_get_data(
							X509_NAME_get_entry(subject, last)), pattern);
}

/**
 * Does one of the DNS names match, or, where there is none, the CN?
 */
static bool has_matching_name(X509 *leaf, const char *pattern)
{
	GENERAL_NAMES *names;
	GENERAL_NAME *name;
	bool matches = FALSE, any = FALSE;
	int i;

	names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && !matches; i++)
	{
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DNS)
		{
			any = TRUE;
			matches = string_matches(name->d.dNSName, pattern);
		}
	}
	GENERAL_NAMES_free(names);
	return matches || (!any && cn_matches(leaf, pattern));
}

/**
 * Does the certificate carry this name, or one that this pattern stands for?
 */
static bool has_name(X509 *leaf, const char *name)
{
	if (aovpn_server_name_is_pattern(name))
	{
		return has_matching_name(leaf, name);
	}
	if (is_address(name))
	{
		return X509_check_ip_asc(leaf, name, 0) == 1;
	}
	return X509_check_host(leaf, name, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
						   NULL) == 1;
}

/**
 * Does this DNS name lie in the subtree of a constraint (RFC 5280 4.2.1.10)?
 */
static bool is_within(const char *name, const GENERAL_NAME *base)
{
	const char *text;
	size_t skip, len;

	if (base->type != GEN_DNS)
	{
		return FALSE;
	}
	text = (const char*)ASN1_STRING_get0_data(base->d.dNSName);
	len = ASN1_STRING_length(base->d.dNSName);
	if (len > strlen(name))
	{
		return FALSE;
	}
	skip = strlen(name) - len;
	return strncasecmp(name + skip, text, len) == 0 &&
		   (skip == 0 || len == 0 || text[0] == '.' || name[skip - 1] == '.');
}

/**
 * Does one of the CAs exclude this name? OpenSSL holds what stands in the
 * certificate to that, but "*.example.com" does not lie in "vpn.example.com" and
 * yet stands for it.
 */
static bool is_excluded(STACK_OF(X509) *chain, const char *name)
{
	NAME_CONSTRAINTS *constraints;
	bool excluded = FALSE;
	int i, k;

	for (i = 1; i < sk_X509_num(chain) && !excluded; i++)
	{
		constraints = X509_get_ext_d2i(sk_X509_value(chain, i),
									   NID_name_constraints, NULL, NULL);
		if (!constraints)
		{
			continue;
		}
		for (k = 0; k < sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees);
			 k++)
		{
			excluded |= is_within(name, sk_GENERAL_SUBTREE_value(
										constraints->excludedSubtrees, k)->base);
		}
		NAME_CONSTRAINTS_free(constraints);
	}
	return excluded;
}

/**
 * Does the certificate carry one of the names, and may it?
 *
 * @return			X509_V_OK or why not
 */
static int check_names(X509_STORE_CTX *ctx, X509 *leaf, const char *names)
{
	char copy[AOVPN_SERVER_NAMES_MAX], *name, *rest = NULL;
	int error = is_address(names) ? X509_V_ERR_IP_ADDRESS_MISMATCH :
				X509_V_ERR_HOSTNAME_MISMATCH;

	if (!names[0])
	{
		return X509_V_OK;
	}
	snprintf(copy, sizeof(copy), "%s", names);
	for (name = strtok_r(copy, "; ", &rest); name;
		 name = strtok_r(NULL, "; ", &rest))
	{
		if (!has_name(leaf, name))
		{
			continue;
		}
		if (!is_excluded(X509_STORE_CTX_get0_chain(ctx), name))
		{
			return X509_V_OK;
		}
		error = X509_V_ERR_EXCLUDED_VIOLATION;
	}
	return error;
}

/**
 * Does the extended key usage name serverAuth? OpenSSL reports an absent
 * extension with all bits set.
 */
static bool has_server_auth(X509 *leaf)
{
	uint32_t usage = X509_get_extended_key_usage(leaf);

	return usage != UINT32_MAX && (usage & XKU_SSL_SERVER);
}

/**
 * Mark the leaf as the one at fault.
 */
static int refuse_leaf(X509_STORE_CTX *ctx, X509 *leaf, int error)
{
	X509_STORE_CTX_set_error(ctx, error);
	X509_STORE_CTX_set_error_depth(ctx, 0);
	X509_STORE_CTX_set_current_cert(ctx, leaf);
	return error;
}

/**
 * Set the inputs of path validation. OpenSSL leaves policies alone unless told,
 * and takes an absent set of initial ones for an empty one, which no path that
 * must have a policy could satisfy.
 *
 * Not set: X509_V_FLAG_X509_STRICT. It refuses CAs without key usage or key
 * identifiers, as private ones made by hand are: what RFC 5280 4.2 demands of
 * those who issue, and 6.1 does not of those who validate.
 */
static bool set_inputs(X509_VERIFY_PARAM *param, int level)
{
	ASN1_OBJECT *any;

	any = OBJ_dup(OBJ_nid2obj(NID_any_policy));
	if (!any || X509_VERIFY_PARAM_add0_policy(param, any) != 1)
	{
		ASN1_OBJECT_free(any);
		return FALSE;
	}
	X509_VERIFY_PARAM_set_auth_level(param, level);
	return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_POLICY_CHECK) == 1;
}

/*
 * Described in header
 */
X509_STORE *aovpn_verify_roots_create(int level)
{
	X509_STORE *roots;

	roots = X509_STORE_new();
	if (roots && !set_inputs(X509_STORE_get0_param(roots), level))
	{
		X509_STORE_free(roots);
		return NULL;
	}
	return roots;
}

/*
 * Described in header
 */
int aovpn_verify_path(X509_STORE_CTX *ctx)
{
	X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_SERVER);
	if (X509_verify_cert(ctx) == 1)
	{
		return X509_V_OK;
	}
	if (X509_STORE_CTX_get_error(ctx) == X509_V_OK)
	{
		/* out of memory and the like: never taken for a success */
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_UNSPECIFIED);
	}
	return X509_STORE_CTX_get_error(ctx);
}

/*
 * Described in header
 */
int aovpn_verify_server(X509_STORE_CTX *ctx, const char *names)
{
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	int error;

	error = aovpn_verify_path(ctx);
	if (error != X509_V_OK)
	{
		return error;
	}
	if (!has_server_auth(leaf))
	{
		return refuse_leaf(ctx, leaf, X509_V_ERR_INVALID_PURPOSE);
	}
	error = check_names(ctx, leaf, names);
	return error == X509_V_OK ? error : refuse_leaf(ctx, leaf, error);
}

/*
 * Described in header
 */
X509 *aovpn_verify_import(certificate_t *cert)
{
	const unsigned char *pos;
	chunk_t der;
	X509 *x509;

	if (!cert || cert->get_type(cert) != CERT_X509 ||
		!cert->get_encoding(cert, CERT_ASN1_DER, &der))
	{
		return NULL;
	}
	pos = der.ptr;
	x509 = X509_new_ex(aovpn_crypto_context(), NULL);
	if (x509 && !d2i_X509(&x509, &pos, der.len))
	{
		X509_free(x509);
		x509 = NULL;
	}
	chunk_free(&der);
	return x509;
}
