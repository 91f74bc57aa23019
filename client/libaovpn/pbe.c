/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pbe.c - see pbe.h. */
#include "pbe.h"

#include <stdint.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>

/* Bags in bags; nobody makes them deeper than one. */
#define DEPTH_MAX 4

/* Of numbers that cannot be: more than any limit. */
static uint64_t number(const ASN1_INTEGER *integer)
{
	uint64_t value;

	if (!integer)
		return 0;
	return ASN1_INTEGER_get_uint64(&value, integer) ? value : UINT64_MAX;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* The parameters as that structure; NULL: they are none. */
static void *unpack(const X509_ALGOR *algorithm, const ASN1_ITEM *item)
{
	const void *value;
	int type;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	return type == V_ASN1_SEQUENCE ? ASN1_item_unpack(value, item) : NULL;
}

static int nid_of(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	return OBJ_obj2nid(object);
}

static uint64_t pbkdf2_rounds(const X509_ALGOR *function)
{
	PBKDF2PARAM *p = unpack(function, ASN1_ITEM_rptr(PBKDF2PARAM));
	uint64_t rounds = p ? number(p->iter) : 0;

	PBKDF2PARAM_free(p);
	return rounds;
}

static uint64_t scrypt_rounds(const X509_ALGOR *function)
{
	SCRYPT_PARAMS *p = unpack(function, ASN1_ITEM_rptr(SCRYPT_PARAMS));
	uint64_t rounds = 0;

	if (p)
		rounds = times(number(p->costParameter),
			       times(number(p->blockSize),
				     number(p->parallelizationParameter)));
	SCRYPT_PARAMS_free(p);
	return rounds;
}

static uint64_t pbes2_rounds(const X509_ALGOR *algorithm)
{
	PBE2PARAM *p = unpack(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
	uint64_t rounds = 0;

	if (p)
		rounds = nid_of(p->keyfunc) == NID_id_scrypt
				 ? scrypt_rounds(p->keyfunc)
				 : pbkdf2_rounds(p->keyfunc);
	PBE2PARAM_free(p);
	return rounds;
}

static uint64_t rounds_of(const X509_ALGOR *algorithm)
{
	uint64_t rounds = 0;
	PBEPARAM *p;

	if (nid_of(algorithm) == NID_pbes2)
		return pbes2_rounds(algorithm);
	p = unpack(algorithm, ASN1_ITEM_rptr(PBEPARAM));
	if (p)
		rounds = number(p->iter);
	PBEPARAM_free(p);
	return rounds;
}

bool aovpn_pbe_is_bearable(const X509_ALGOR *algorithm)
{
	const bool is = rounds_of(algorithm) <= AOVPN_PBE_ROUNDS_MAX;

	ERR_clear_error();
	return is;
}

static uint64_t bags_rounds(const STACK_OF(PKCS12_SAFEBAG) *bags, int depth)
{
	const PKCS12_SAFEBAG *bag;
	const X509_ALGOR *algorithm;
	uint64_t sum = 0;
	int i, nid;

	if (depth > DEPTH_MAX)
		return UINT64_MAX;
	for (i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		bag = sk_PKCS12_SAFEBAG_value(bags, i);
		nid = PKCS12_SAFEBAG_get_nid(bag);
		if (nid == NID_safeContentsBag) {
			sum = plus(sum,
				   bags_rounds(PKCS12_SAFEBAG_get0_safes(bag),
					       depth + 1));
		} else if (nid == NID_pkcs8ShroudedKeyBag) {
			X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag),
				      &algorithm, NULL);
			sum = plus(sum, rounds_of(algorithm));
		}
	}
	return sum;
}

/* What a part shows without the password. */
static uint64_t outer_rounds(PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	uint64_t sum;

	/* Contents are optional. */
	if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted)
		return rounds_of(safe->d.encrypted->enc_data->algorithm);
	if (PKCS7_type_is_data(safe) && safe->d.data)
		bags = PKCS12_unpack_p7data(safe);
	sum = bags_rounds(bags, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return sum;
}

/* What it shows with it, beside that. */
static uint64_t inner_rounds(PKCS7 *safe, const char *password)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	uint64_t sum;

	if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted)
		bags = PKCS12_unpack_p7encdata(safe, password, -1);
	sum = bags_rounds(bags, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return sum;
}

/* Nothing is decrypted before all that is seen without is within the limit. */
static uint64_t pkcs12_rounds(PKCS12 *p12, STACK_OF(PKCS7) *safes,
			      const char *password)
{
	const ASN1_INTEGER *iterations = NULL;
	uint64_t sum;
	int i;

	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
	sum = number(iterations);
	for (i = 0; i < sk_PKCS7_num(safes); i++)
		sum = plus(sum, outer_rounds(sk_PKCS7_value(safes, i)));
	for (i = 0; i < sk_PKCS7_num(safes) && sum <= AOVPN_PBE_ROUNDS_MAX; i++)
		sum = plus(sum,
			   inner_rounds(sk_PKCS7_value(safes, i), password));
	return sum;
}

bool aovpn_pkcs12_is_bearable(PKCS12 *p12, const char *password)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
	const uint64_t rounds = pkcs12_rounds(p12, safes, password);

	sk_PKCS7_pop_free(safes, PKCS7_free);
	ERR_clear_error();
	return rounds <= AOVPN_PBE_ROUNDS_MAX;
}
