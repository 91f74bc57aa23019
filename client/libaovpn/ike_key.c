/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_key.c - see ike_key.h. Groups: RFC 2409 6 (1, 2), RFC 3526 (5, 14 to 18),
 * RFC 5903 (19 to 21: x and y, without OpenSSL's first byte), RFC 5114 (24),
 * RFC 8031 (31, 32).
 */
#include "ike_key.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct group {
	uint16_t id;
	uint16_t bytes;
	const char *type; /* of OpenSSL's key */
	const char *name; /* of its group; NULL: without, or RFC 2409's */
	BIGNUM *(*prime)(BIGNUM *bn);
} groups[] = {
	{1, 96, "DH", NULL, BN_get_rfc2409_prime_768},
	{2, 128, "DH", NULL, BN_get_rfc2409_prime_1024},
	{5, 192, "DH", "modp_1536", NULL},
	{14, 256, "DH", "modp_2048", NULL},
	{15, 384, "DH", "modp_3072", NULL},
	{16, 512, "DH", "modp_4096", NULL},
	{17, 768, "DH", "modp_6144", NULL},
	{18, 1024, "DH", "modp_8192", NULL},
	{24, 256, "DHX", "dh_2048_256", NULL},
	{19, 64, "EC", "P-256", NULL},
	{20, 96, "EC", "P-384", NULL},
	{21, 132, "EC", "P-521", NULL},
	{31, 32, "X25519", NULL, NULL},
	{32, 56, "X448", NULL, NULL},
};

static const struct group *find(uint16_t id)
{
	size_t i;

	for (i = 0; i < COUNT(groups); i++)
		if (groups[i].id == id)
			return &groups[i];
	return NULL;
}

size_t ike_key_size(uint16_t group)
{
	const struct group *found = find(group);

	return found ? found->bytes : 0;
}

/* RFC 2409's primes have no name in OpenSSL. */
static OSSL_PARAM *prime_params(const struct group *group)
{
	BIGNUM *p = group->prime(NULL), *g = BN_new();
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;

	if (p && g && builder && BN_set_word(g, 2) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_FFC_P, p) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_FFC_G, g) == 1)
		params = OSSL_PARAM_BLD_to_param(builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(p);
	BN_free(g);
	return params;
}

static EVP_PKEY *prime_domain(const struct group *group)
{
	OSSL_PARAM *params = prime_params(group);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, group->type, NULL);
	EVP_PKEY *domain = NULL;

	if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1)
		EVP_PKEY_fromdata(ctx, &domain, EVP_PKEY_KEY_PARAMETERS,
				  params);
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return domain;
}

static EVP_PKEY_CTX *generator(const struct group *group)
{
	EVP_PKEY *domain;
	EVP_PKEY_CTX *ctx;

	if (!group->prime)
		return EVP_PKEY_CTX_new_from_name(NULL, group->type, NULL);
	domain = prime_domain(group);
	ctx = domain ? EVP_PKEY_CTX_new_from_pkey(NULL, domain, NULL) : NULL;
	EVP_PKEY_free(domain);
	return ctx;
}

static bool set_name(EVP_PKEY_CTX *ctx, const struct group *group)
{
	OSSL_PARAM params[2] = {OSSL_PARAM_END, OSSL_PARAM_END};

	if (!group->name)
		return true;
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						     (char *)group->name, 0);
	return EVP_PKEY_CTX_set_params(ctx, params) == 1;
}

static EVP_PKEY *make(const struct group *group)
{
	EVP_PKEY_CTX *ctx = generator(group);
	EVP_PKEY *key = NULL;

	if (ctx && EVP_PKEY_keygen_init(ctx) == 1 && set_name(ctx, group))
		EVP_PKEY_generate(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* As IKE has it: numbers with zeros before them, points without 0x04. */
static bool encode(const struct group *group, EVP_PKEY *key, uint8_t *out)
{
	unsigned char *encoded = NULL;
	size_t size = EVP_PKEY_get1_encoded_public_key(key, &encoded);
	const size_t skip = strcmp(group->type, "EC") == 0 ? 1 : 0;
	const bool fits = size > skip && size - skip <= group->bytes;

	if (fits) {
		memset(out, 0, group->bytes);
		memcpy(out + group->bytes - (size - skip), encoded + skip,
		       size - skip);
	}
	OPENSSL_free(encoded);
	return fits;
}

int ike_key_make(uint16_t group, uint8_t *out)
{
	const struct group *found = find(group);
	EVP_PKEY *key;
	int r;

	if (!found)
		return -ENOTSUP;
	ERR_set_mark();
	key = make(found);
	if (!key)
		r = -ENOTSUP;
	else
		r = encode(found, key, out) ? found->bytes : -EIO;
	EVP_PKEY_free(key);
	ERR_pop_to_mark();
	return r;
}
