/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * A provider of OpenSSL with keys that the daemon holds; see aovpn_held_key.h
 * and provider-keymgmt(7), provider-signature(7). Everything about the public
 * half is left to the provider that the certificate's key comes from.
 */

#include "aovpn_held_key.h"

#include <errno.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include <daemon.h>

#include "aovpn_crypto.h"
#include "escape.h"

typedef struct held_key_t held_key_t;
typedef struct signing_t signing_t;

/**
 * Name of the provider and of the parameter that carries a key into it.
 */
#define PROVIDER "aovpn"
#define PARAM_KEY "aovpn-key"

/**
 * Properties of what it offers.
 */
#define PROPERTIES "provider=" PROVIDER

/**
 * A key.
 */
struct held_key_t {

	/**
	 * Public half.
	 */
	EVP_PKEY *public;

	/**
	 * Who signs.
	 */
	aovpn_signer_t signer;

	/**
	 * Connection that the key was registered for.
	 */
	char connection[AOVPN_NAME_MAX];

	/**
	 * Its generation.
	 */
	uint32_t generation;
};

/**
 * A signature in the making.
 */
struct signing_t {

	/**
	 * By this key, not owned.
	 */
	held_key_t *key;

	/**
	 * Digest of the message.
	 */
	EVP_MD *hash;

	/**
	 * Sign by RSA-PSS.
	 */
	bool pss;
};

/**
 * Library context of these keys alone.
 */
static OSSL_LIB_CTX *context;

/**
 * The provider in it.
 */
static OSSL_PROVIDER *provider;

/**
 * keymgmt: new key, empty.
 */
static void *key_new(void *ctx)
{
	held_key_t *key;

	INIT(key);
	return key;
}

/**
 * keymgmt: free.
 */
static void key_free(void *data)
{
	held_key_t *key = data;

	if (key)
	{
		EVP_PKEY_free(key->public);
		free(key);
	}
}

/**
 * keymgmt: has it these parts? The private one is where the daemon is.
 */
static int key_has(const void *data, int selection)
{
	const held_key_t *key = data;

	return key && key->public;
}

/**
 * keymgmt: take what aovpn_held_key_create() wants.
 */
static int key_import(void *data, int selection, const OSSL_PARAM params[])
{
	held_key_t *key = data, *from;
	const OSSL_PARAM *param;
	void *pointer = NULL;
	size_t size;

	param = OSSL_PARAM_locate_const(params, PARAM_KEY);
	if (!param || !OSSL_PARAM_get_octet_ptr(param, (const void**)&pointer,
											&size) ||
		size != sizeof(*from))
	{
		return 0;
	}
	from = pointer;
	if (!EVP_PKEY_up_ref(from->public))
	{
		return 0;
	}
	*key = *from;
	return 1;
}

/**
 * keymgmt: parameters of key_import().
 */
static const OSSL_PARAM *key_import_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_ptr(PARAM_KEY, NULL, 0),
		OSSL_PARAM_END
	};
	return types;
}

/**
 * keymgmt: give the public half to another provider.
 */
static int key_export(void *data, int selection, OSSL_CALLBACK *cb, void *arg)
{
	held_key_t *key = data;

	if (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY)
	{
		return 0;
	}
	return EVP_PKEY_export(key->public, selection, cb, arg);
}

/**
 * keymgmt: parameters of key_export().
 */
static const OSSL_PARAM *key_export_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
		OSSL_PARAM_END
	};
	return types;
}

/**
 * keymgmt: compare two of these.
 */
static int key_match(const void *a, const void *b, int selection)
{
	const held_key_t *one = a, *other = b;

	return EVP_PKEY_eq(one->public, other->public) == 1;
}

/**
 * keymgmt: sizes, names and so on.
 */
static int key_get_params(void *data, OSSL_PARAM params[])
{
	held_key_t *key = data;

	return EVP_PKEY_get_params(key->public, params);
}

/**
 * keymgmt: what libssl asks for.
 */
static const OSSL_PARAM *key_gettable(void *ctx)
{
	static const OSSL_PARAM params[] = {
		OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_END
	};
	return params;
}

/**
 * keymgmt of EC: signatures have a name of their own there.
 */
static const char *ec_operation_name(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? "ECDSA" : "EC";
}

/**
 * signature: begin.
 */
static void *signing_new(void *ctx, const char *properties)
{
	signing_t *signing;

	INIT(signing);
	return signing;
}

/**
 * signature: end.
 */
static void signing_free(void *data)
{
	signing_t *signing = data;

	if (signing)
	{
		EVP_MD_free(signing->hash);
		free(signing);
	}
}

/**
 * Value of a parameter that is a number or a name.
 */
static bool param_is(const OSSL_PARAM *param, int number, const char *name)
{
	const char *text = NULL;
	int value;

	if (param->data_type == OSSL_PARAM_UTF8_STRING)
	{
		return OSSL_PARAM_get_utf8_string_ptr(param, &text) &&
			   strcasecmp(text, name) == 0;
	}
	return OSSL_PARAM_get_int(param, &value) && value == number;
}

/**
 * signature: padding. Only what TLS uses.
 */
static int signing_set_params(void *data, const OSSL_PARAM params[])
{
	signing_t *signing = data;
	const OSSL_PARAM *param;

	param = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
	if (param)
	{
		signing->pss = param_is(param, RSA_PKCS1_PSS_PADDING,
								OSSL_PKEY_RSA_PAD_MODE_PSS);
		if (!signing->pss && !param_is(param, RSA_PKCS1_PADDING,
									   OSSL_PKEY_RSA_PAD_MODE_PKCSV15))
		{
			return 0;
		}
	}
	param = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PSS_SALTLEN);
	return !param || param_is(param, RSA_PSS_SALTLEN_DIGEST,
							  OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
}

/**
 * signature: parameters of signing_set_params().
 */
static const OSSL_PARAM *signing_settable(void *data, void *ctx)
{
	static const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL, 0),
		OSSL_PARAM_END
	};
	return params;
}

/**
 * signature: by which key and digest.
 */
static int signing_init(void *data, const char *hash, void *key,
						const OSSL_PARAM params[])
{
	signing_t *signing = data;

	EVP_MD_free(signing->hash);
	signing->hash = hash ? EVP_MD_fetch(aovpn_crypto_context(), hash, NULL)
						 : NULL;
	if (key)
	{
		signing->key = key;
	}
	return signing->hash && signing->key &&
		   (!params || signing_set_params(signing, params));
}

/**
 * Scheme of a signature.
 */
static enum aovpn_scheme get_scheme(signing_t *signing)
{
	if (!EVP_PKEY_is_a(signing->key->public, "RSA"))
	{
		return AOVPN_SCHEME_ECDSA;
	}
	return signing->pss ? AOVPN_SCHEME_RSA_PSS : AOVPN_SCHEME_RSA_PKCS1;
}

/**
 * Have the digest of a message signed by the daemon.
 */
static int ask(signing_t *signing, const unsigned char *message, size_t len,
			   struct aovpn_signed *answer)
{
	held_key_t *key = signing->key;
	struct aovpn_sign request = {
		.generation = key->generation,
		.scheme = get_scheme(signing),
	};

	memcpy(request.connection, key->connection, sizeof(request.connection));
	/* larger than the digests of the channel is none that OpenSSL has */
	if (EVP_MD_get_size(signing->hash) > (int)sizeof(request.digest) ||
		!EVP_Digest(message, len, request.digest, &request.digest_size,
					signing->hash, NULL))
	{
		return -EINVAL;
	}
	return key->signer.sign(key->signer.data, &request, answer);
}

/**
 * signature: sign a message in one go; without room, tell the size only.
 */
static int signing_sign(void *data, unsigned char *signature, size_t *len,
						size_t room, const unsigned char *message,
						size_t message_len)
{
	signing_t *signing = data;
	struct aovpn_signed answer = {};
	char text[AOVPN_TEXT_MAX];

	if (!signature)
	{
		*len = EVP_PKEY_get_size(signing->key->public);
		return 1;
	}
	if (ask(signing, message, message_len, &answer) != 0 ||
		answer.size == 0 || answer.size > room)
	{
		aovpn_escape_string(answer.text, text, sizeof(text));
		ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL,
					   "the daemon's key does not sign: %s", text);
		return 0;
	}
	memcpy(signature, answer.signature, answer.size);
	*len = answer.size;
	return 1;
}

/**
 * Function of a table below.
 */
#define FUNCTION(id, function) { id, (void (*)(void))function }

/**
 * What both kinds of keys have.
 */
#define KEY_FUNCTIONS \
	FUNCTION(OSSL_FUNC_KEYMGMT_NEW, key_new), \
	FUNCTION(OSSL_FUNC_KEYMGMT_FREE, key_free), \
	FUNCTION(OSSL_FUNC_KEYMGMT_HAS, key_has), \
	FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT, key_import), \
	FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, key_import_types), \
	FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, key_export), \
	FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_export_types), \
	FUNCTION(OSSL_FUNC_KEYMGMT_MATCH, key_match), \
	FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_get_params), \
	FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, key_gettable)

/**
 * RSA keys.
 */
static const OSSL_DISPATCH rsa_functions[] = {
	KEY_FUNCTIONS,
	{ 0, NULL }
};

/**
 * EC keys.
 */
static const OSSL_DISPATCH ec_functions[] = {
	KEY_FUNCTIONS,
	FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, ec_operation_name),
	{ 0, NULL }
};

/**
 * Signatures of both.
 */
static const OSSL_DISPATCH signature_functions[] = {
	FUNCTION(OSSL_FUNC_SIGNATURE_NEWCTX, signing_new),
	FUNCTION(OSSL_FUNC_SIGNATURE_FREECTX, signing_free),
	FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, signing_init),
	FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN, signing_sign),
	FUNCTION(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, signing_set_params),
	FUNCTION(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, signing_settable),
	{ 0, NULL }
};

/**
 * Kinds of keys, named as OpenSSL names its own.
 */
static const OSSL_ALGORITHM keys[] = {
	{ "RSA:rsaEncryption:1.2.840.113549.1.1.1", PROPERTIES, rsa_functions,
	  NULL },
	{ "EC:id-ecPublicKey:1.2.840.10045.2.1", PROPERTIES, ec_functions, NULL },
	{ NULL, NULL, NULL, NULL }
};

/**
 * Signatures.
 */
static const OSSL_ALGORITHM signatures[] = {
	{ "RSA:rsaEncryption:1.2.840.113549.1.1.1", PROPERTIES,
	  signature_functions, NULL },
	{ "ECDSA", PROPERTIES, signature_functions, NULL },
	{ NULL, NULL, NULL, NULL }
};

/**
 * provider: what there is of a kind.
 */
static const OSSL_ALGORITHM *query(void *ctx, int operation, int *no_cache)
{
	*no_cache = 0;
	switch (operation)
	{
		case OSSL_OP_KEYMGMT:
			return keys;
		case OSSL_OP_SIGNATURE:
			return signatures;
		default:
			return NULL;
	}
}

/**
 * provider: begin, OSSL_provider_init_fn.
 */
static int provider_init(const OSSL_CORE_HANDLE *core,
						 const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
						 void **ctx)
{
	static const OSSL_DISPATCH functions[] = {
		FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
		{ 0, NULL }
	};

	*out = functions;
	*ctx = (void*)core;
	return 1;
}

/*
 * Described in header
 */
bool aovpn_held_key_init()
{
	context = OSSL_LIB_CTX_new();
	if (context && OSSL_PROVIDER_add_builtin(context, PROVIDER, provider_init))
	{
		provider = OSSL_PROVIDER_load(context, PROVIDER);
	}
	if (!provider)
	{
		aovpn_held_key_deinit();
		return FALSE;
	}
	return TRUE;
}

/*
 * Described in header
 */
void aovpn_held_key_deinit()
{
	if (provider)
	{
		OSSL_PROVIDER_unload(provider);
		provider = NULL;
	}
	OSSL_LIB_CTX_free(context);
	context = NULL;
}

/*
 * Described in header
 */
EVP_PKEY *aovpn_held_key_create(EVP_PKEY *public,
								const struct aovpn_policy *policy,
								const aovpn_signer_t *signer)
{
	held_key_t key = {
		.public = public,
		.signer = *signer,
		.generation = policy->generation,
	};
	void *pointer = &key;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_ptr(PARAM_KEY, &pointer, sizeof(key)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *ret = NULL;

	memcpy(key.connection, policy->connection, sizeof(key.connection));
	ctx = EVP_PKEY_CTX_new_from_name(context,
						EVP_PKEY_is_a(public, "RSA") ? "RSA" : "EC", NULL);
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &ret, EVP_PKEY_KEYPAIR, params) != 1)
	{
		ret = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return ret;
}
