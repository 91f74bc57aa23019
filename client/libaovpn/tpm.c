/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tpm.c - see tpm.h. TPM 2.0 Library, part 2 6.6 for response codes. */
#include "tpm.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#define HANDLE       "handle:"
#define PERSISTENT   "0x81" /* TPM_HT_PERSISTENT */
#define HANDLE_WIDTH 10     /* "0x81000001" */
/* Else a public half would be exported to the software that comes first. */
#define PREFER_TPM "?provider=tpm2"

struct aovpn_tpm_key {
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *tpm;
	OSSL_PROVIDER *software; /* for digests, PEM and public keys */
	EVP_PKEY *key;
	pthread_mutex_t mutex;
	char name[PATH_MAX];

	/* Whose refusal is to be remembered; empty once it was accepted. */
	struct aovpn_refused_pins *refused;
	uint64_t stamp;
	struct aovpn_password password;
	bool asked; /* the provider wanted a PIN */
};

bool aovpn_tpm_is_handle(const char *text)
{
	return strncmp(text, HANDLE, strlen(HANDLE)) == 0;
}

bool aovpn_tpm_handle_valid(const char *text)
{
	const char *number = text + strlen(HANDLE);

	return aovpn_tpm_is_handle(text) &&
	       strncmp(number, PERSISTENT, strlen(PERSISTENT)) == 0 &&
	       strlen(number) == HANDLE_WIDTH &&
	       strspn(number + 2, "0123456789abcdefABCDEF") == HANDLE_WIDTH - 2;
}

/* What OpenSSL or the provider says of the last failure. */
static const char *last_text(void)
{
	const char *data = NULL;
	int flags = 0;

	ERR_peek_last_error_data(&data, &flags);
	if (data && data[0] != '\0' && (flags & ERR_TXT_STRING))
		return data;
	return ERR_reason_error_string(ERR_peek_last_error()) ?: "no reason";
}

/* What the TPM said: a response code. The provider has it nowhere but in front
 * of its text, in decimal; the bits that tell of which session or parameter it
 * speaks are taken away (format one). */
static unsigned long last_response(void)
{
	unsigned long code = strtoul(last_text(), NULL, 10);

	return code & 0x80 ? code & 0xbf : code & 0xfff;
}

enum {
	RC_AUTH_FAIL = 0x08e,
	RC_BAD_AUTH = 0x0a2,
	RC_LOCKOUT = 0x921,
};

static int open_provider(struct aovpn_tpm_key *key, struct aovpn_error *error)
{
	unsigned long code;

	key->context = OSSL_LIB_CTX_new();
	if (!key->context)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	key->software = OSSL_PROVIDER_load(key->context, "default");
	key->tpm = OSSL_PROVIDER_load(key->context, "tpm2");
	if (key->software && key->tpm)
		return 0;
	code = ERR_peek_error();
	if (ERR_GET_LIB(code) == ERR_LIB_DSO)
		return aovpn_error_set(error, -ELIBACC,
				       "%.300s: OpenSSL's provider tpm2 does "
				       "not load; is tpm2-openssl installed?",
				       key->name);
	return aovpn_error_set(error, -ENODEV,
			       "%.300s: no TPM answers (OpenSSL's provider "
			       "tpm2 does not start)",
			       key->name);
}

/* The provider asks for the PIN of a key that has one. */
static int give_pin(char *buffer, int size, int writing, void *data)
{
	struct aovpn_tpm_key *key = data;
	size_t length = strlen(key->password.text);

	key->asked = true;
	if (writing || !key->password.given || length > (size_t)size)
		return -1;
	memcpy(buffer, key->password.text, length);
	return (int)length;
}

static EVP_PKEY *next_key(OSSL_STORE_CTX *store)
{
	OSSL_STORE_INFO *info;
	EVP_PKEY *key = NULL;

	while (!key && !OSSL_STORE_eof(store)) {
		info = OSSL_STORE_load(store);
		if (!info)
			break;
		if (OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY)
			key = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	return key;
}

static void read_store(struct aovpn_tpm_key *key)
{
	UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(give_pin, 0);
	OSSL_STORE_CTX *store;

	store = ui ? OSSL_STORE_open_ex(key->name, key->context, PREFER_TPM, ui,
					key, NULL, NULL, NULL)
		   : NULL;
	if (store) {
		OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
		key->key = next_key(store);
		OSSL_STORE_close(store);
	}
	UI_destroy_method(ui);
}

static int load_key(struct aovpn_tpm_key *key, struct aovpn_error *error)
{
	read_store(key);
	if (key->asked && !key->password.given)
		return aovpn_error_set(
			error, -EKEYREJECTED,
			"%.300s: the TPM's key needs a PIN, and none is given",
			key->name);
	if (key->asked &&
	    aovpn_refused_pins_has(key->refused, key->name, key->stamp,
				   key->password.text))
		return aovpn_error_set(error, -EKEYREJECTED,
				       "%.300s: the TPM has refused this PIN "
				       "before; it is not tried again",
				       key->name);
	if (key->key)
		return 0;
	return aovpn_error_set(error, -EKEYREVOKED,
			       "%.300s: the TPM does not load this key: %.100s",
			       key->name, last_text());
}

int aovpn_tpm_key_open(const char *name, const struct aovpn_pin *pin,
		       struct aovpn_tpm_key **ret, struct aovpn_error *error)
{
	struct aovpn_tpm_key *key = calloc(1, sizeof(*key));
	int err;

	if (!key)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	pthread_mutex_init(&key->mutex, NULL);
	snprintf(key->name, sizeof(key->name), "%s", name);
	key->refused = pin->refused;
	key->stamp = pin->stamp;
	key->password = *pin->password;
	ERR_clear_error();
	err = open_provider(key, error);
	if (!err)
		err = load_key(key, error);
	ERR_clear_error();
	if (err)
		aovpn_tpm_key_close(key);
	else
		*ret = key;
	return err;
}

struct aovpn_tpm_key *aovpn_tpm_key_close(struct aovpn_tpm_key *key)
{
	if (!key)
		return NULL;
	EVP_PKEY_free(key->key);
	if (key->tpm)
		OSSL_PROVIDER_unload(key->tpm);
	if (key->software)
		OSSL_PROVIDER_unload(key->software);
	OSSL_LIB_CTX_free(key->context);
	pthread_mutex_destroy(&key->mutex);
	OPENSSL_cleanse(key, sizeof(*key));
	free(key);
	return NULL;
}

static const char *hash_name(size_t size)
{
	switch (size) {
	case 32:
		return "SHA256";
	case 48:
		return "SHA384";
	case 64:
		return "SHA512";
	default:
		return NULL;
	}
}

static bool set_scheme(EVP_PKEY_CTX *context, enum aovpn_scheme scheme)
{
	switch (scheme) {
	case AOVPN_SCHEME_RSA_PKCS1:
		return EVP_PKEY_CTX_set_rsa_padding(context,
						    RSA_PKCS1_PADDING) > 0;
	case AOVPN_SCHEME_RSA_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(context,
						    RSA_PKCS1_PSS_PADDING) > 0;
	case AOVPN_SCHEME_ECDSA:
		return true;
	}
	return false;
}

static bool sign(struct aovpn_tpm_key *key, enum aovpn_scheme scheme,
		 const unsigned char *digest, size_t digest_size,
		 unsigned char *signature, size_t *ret_size)
{
	EVP_MD *hash;
	EVP_PKEY_CTX *context;
	bool done;

	if (!hash_name(digest_size))
		return false;
	*ret_size = AOVPN_SIGNATURE_MAX;
	hash = EVP_MD_fetch(key->context, hash_name(digest_size),
			    "provider=default");
	context =
		EVP_PKEY_CTX_new_from_pkey(key->context, key->key, PREFER_TPM);
	done = hash && context && EVP_PKEY_sign_init(context) > 0 &&
	       set_scheme(context, scheme) &&
	       EVP_PKEY_CTX_set_signature_md(context, hash) > 0 &&
	       EVP_PKEY_sign(context, signature, ret_size, digest,
			     digest_size) > 0;
	EVP_PKEY_CTX_free(context);
	EVP_MD_free(hash);
	return done;
}

/* The PIN is good, or known to be bad: it is needed here no longer. */
static void forget_pin(struct aovpn_tpm_key *key)
{
	OPENSSL_cleanse(&key->password, sizeof(key->password));
}

static int sign_failed(struct aovpn_tpm_key *key, struct aovpn_error *error)
{
	switch (last_response()) {
	case RC_AUTH_FAIL:
	case RC_BAD_AUTH:
		if (key->password.given)
			aovpn_refused_pins_add(key->refused, key->name,
					       key->stamp, key->password.text);
		forget_pin(key);
		return aovpn_error_set(error, -EKEYREJECTED,
				       "%.300s: the TPM says that the PIN is "
				       "wrong; it was tried once",
				       key->name);
	case RC_LOCKOUT:
		return aovpn_error_set(error, -EKEYEXPIRED,
				       "%.300s: the TPM is locked after too "
				       "many wrong PINs",
				       key->name);
	default:
		return aovpn_error_set(
			error, -EOPNOTSUPP,
			"%.300s: the TPM does not sign this way: %.100s",
			key->name, last_text());
	}
}

int aovpn_tpm_key_sign(struct aovpn_tpm_key *key, enum aovpn_scheme scheme,
		       const unsigned char *digest, size_t digest_size,
		       unsigned char *signature, size_t *ret_size,
		       struct aovpn_error *error)
{
	int err = 0;

	pthread_mutex_lock(&key->mutex);
	ERR_clear_error();
	if (sign(key, scheme, digest, digest_size, signature, ret_size))
		forget_pin(key);
	else
		err = sign_failed(key, error);
	ERR_clear_error();
	pthread_mutex_unlock(&key->mutex);
	return err;
}
