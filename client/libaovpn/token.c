/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.c - see token.h. PKCS#11 2.40 (the functions C_x, the constants CKx_y);
 * URIs by RFC 7512.
 */
#include "token.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include "pki.h"

#define SLOTS_MAX     64
#define PLACE_MAX     160   /* a token's label, maker and serial number */
#define CERT_SIZE_MAX 65536 /* DER on a token */

/* What a URI leads to. */
struct access {
	const char *uri; /* as configured, for texts */
	P11KitUri *parsed;
	CK_FUNCTION_LIST **modules; /* of p11-kit's configuration, or */
	CK_FUNCTION_LIST *single;   /* of module-path */
	CK_FUNCTION_LIST *module;   /* the one with the token */
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token;
	CK_SESSION_HANDLE session; /* 0: none, CK_INVALID_HANDLE */
	char place[PLACE_MAX];
};

struct aovpn_token_key {
	struct access access;
	CK_OBJECT_HANDLE object;
	CK_KEY_TYPE type;
	pthread_mutex_t mutex; /* of the session */
	char uri[512];
};

bool aovpn_token_is_uri(const char *text)
{
	return strncmp(text, P11_KIT_URI_SCHEME, P11_KIT_URI_SCHEME_LEN) == 0;
}

static int parse_uri(const char *uri, P11KitUri **ret,
		     struct aovpn_error *error)
{
	P11KitUri *parsed = p11_kit_uri_new();
	int r;

	if (!parsed)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	r = p11_kit_uri_parse(uri, P11_KIT_URI_FOR_ANY, parsed);
	if (r == P11_KIT_URI_OK && !p11_kit_uri_any_unrecognized(parsed)) {
		*ret = parsed;
		return 0;
	}
	p11_kit_uri_free(parsed);
	return aovpn_error_set(error, -EINVAL,
			       "%.300s: is not a pkcs11: URI by RFC 7512: %s",
			       uri,
			       r == P11_KIT_URI_OK ? "an unknown attribute"
						   : p11_kit_uri_message(r));
}

/* The URI stands in texts and logs. */
static int refuse_pin(const P11KitUri *parsed, struct aovpn_error *error)
{
	if (!p11_kit_uri_get_pin_value(parsed) &&
	    !p11_kit_uri_get_pin_source(parsed))
		return 0;
	return aovpn_error_set(error, -EINVAL,
			       "pkcs11: URI with pin-value or pin-source: the "
			       "PIN belongs into PasswordFile= or "
			       "PasswordCredential=");
}

static int parse_checked(const char *uri, P11KitUri **ret,
			 struct aovpn_error *error)
{
	P11KitUri *parsed = NULL;
	int err = parse_uri(uri, &parsed, error);

	if (err)
		return err;
	err = refuse_pin(parsed, error);
	if (err)
		p11_kit_uri_free(parsed);
	else
		*ret = parsed;
	return err;
}

int aovpn_token_check_uri(const char *uri, struct aovpn_error *error)
{
	P11KitUri *parsed = NULL;
	int err = parse_checked(uri, &parsed, error);

	if (!err)
		p11_kit_uri_free(parsed);
	return err;
}

static int module_error(const struct access *access, const char *what, CK_RV rv,
			struct aovpn_error *error)
{
	aovpn_error_set(error, -EIO, "%.300s: %s: %s", access->uri, what,
			p11_kit_strerror(rv));
	return -EIO;
}

/* --- module and token ------------------------------------------------------
 */

static void access_close(struct access *access)
{
	if (access->session)
		access->module->C_CloseSession(access->session);
	if (access->single) {
		p11_kit_module_finalize(access->single);
		p11_kit_module_release(access->single);
	}
	if (access->modules)
		p11_kit_modules_finalize_and_release(access->modules);
	p11_kit_uri_free(access->parsed);
	*access = (struct access){0};
}

static int load_single(struct access *access, const char *path,
		       struct aovpn_error *error)
{
	CK_FUNCTION_LIST *module = p11_kit_module_load(path, 0);
	CK_RV rv;

	if (!module)
		return aovpn_error_set(error, -ELIBACC,
				       "%.200s: the module %.150s does not "
				       "load: %.100s",
				       access->uri, path,
				       p11_kit_message() ?: "not there");
	rv = p11_kit_module_initialize(module);
	if (rv == CKR_OK) {
		access->single = module;
		return 0;
	}
	p11_kit_module_release(module);
	return aovpn_error_set(error, -ELIBACC,
			       "%.200s: the module %.150s does not start: %s",
			       access->uri, path, p11_kit_strerror(rv));
}

static int load_modules(struct access *access, struct aovpn_error *error)
{
	const char *path = p11_kit_uri_get_module_path(access->parsed);

	if (path)
		return load_single(access, path, error);
	access->modules = p11_kit_modules_load_and_initialize(0);
	if (access->modules)
		return 0;
	return aovpn_error_set(error, -ELIBACC,
			       "%.200s: p11-kit's modules do not load: %.100s",
			       access->uri, p11_kit_message() ?: "none");
}

static bool module_fits(const struct access *access, CK_FUNCTION_LIST *module)
{
	const char *wanted = p11_kit_uri_get_module_name(access->parsed);
	CK_INFO info;
	char *name;
	bool same = true;

	if (wanted) {
		name = p11_kit_module_get_name(module);
		same = name && strcmp(name, wanted) == 0;
		free(name);
	}
	return same && module->C_GetInfo(&info) == CKR_OK &&
	       p11_kit_uri_match_module_info(access->parsed, &info);
}

/* Take the token of this slot if it fits; counts those that do. */
static void try_slot(struct access *access, CK_FUNCTION_LIST *module,
		     CK_SLOT_ID slot, unsigned int *found)
{
	CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(access->parsed);
	CK_SLOT_INFO info;
	CK_TOKEN_INFO token;

	if ((wanted != (CK_SLOT_ID)-1 && wanted != slot) ||
	    module->C_GetSlotInfo(slot, &info) != CKR_OK ||
	    !p11_kit_uri_match_slot_info(access->parsed, &info) ||
	    module->C_GetTokenInfo(slot, &token) != CKR_OK ||
	    !(token.flags & CKF_TOKEN_INITIALIZED) ||
	    !p11_kit_uri_match_token_info(access->parsed, &token))
		return;
	(*found)++;
	access->module = module;
	access->slot = slot;
	access->token = token;
}

static void try_module(struct access *access, CK_FUNCTION_LIST *module,
		       unsigned int *found)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX, i;

	if (!module_fits(access, module) ||
	    module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
		return;
	for (i = 0; i < count; i++)
		try_slot(access, module, slots[i], found);
}

/* Fields of PKCS#11 are padded by blanks. */
static int field_length(const unsigned char *field, int size)
{
	while (size > 0 && field[size - 1] == ' ')
		size--;
	return size;
}

static void name_place(struct access *access)
{
	const CK_TOKEN_INFO *t = &access->token;

	snprintf(access->place, sizeof(access->place),
		 "token \"%.*s\" (serial %.*s)", field_length(t->label, 32),
		 t->label, field_length(t->serialNumber, 16), t->serialNumber);
}

static int find_token(struct access *access, struct aovpn_error *error)
{
	unsigned int found = 0;
	CK_FUNCTION_LIST **module;

	if (access->single)
		try_module(access, access->single, &found);
	for (module = access->modules; module && *module; module++)
		try_module(access, *module, &found);
	if (found == 0)
		return aovpn_error_set(
			error, -ENODEV,
			"%.300s: no token that is there fits this URI",
			access->uri);
	if (found > 1)
		return aovpn_error_set(error, -ENOTUNIQ,
				       "%.300s: %u tokens fit this URI; name "
				       "one by token= or serial=",
				       access->uri, found);
	name_place(access);
	return 0;
}

static int open_session(struct access *access, struct aovpn_error *error)
{
	CK_FUNCTION_LIST *module = access->module;
	CK_RV rv = CKR_TOKEN_NOT_PRESENT;

	if (module)
		rv = module->C_OpenSession(access->slot, CKF_SERIAL_SESSION,
					   NULL, NULL, &access->session);
	return rv == CKR_OK ? 0 : module_error(access, "no session", rv, error);
}

static int access_open(const char *uri, struct access *access,
		       struct aovpn_error *error)
{
	int err;

	*access = (struct access){.uri = uri};
	err = parse_checked(uri, &access->parsed, error);
	if (!err)
		err = load_modules(access, error);
	if (!err)
		err = find_token(access, error);
	if (!err)
		err = open_session(access, error);
	if (err)
		access_close(access);
	return err;
}

/* --- objects ---------------------------------------------------------------
 */

/* A search: class, and id or label. */
struct search {
	CK_OBJECT_CLASS class;
	CK_ATTRIBUTE attribute[3];
	CK_ULONG count;
	const char *what; /* for texts */
};

static void search_add(struct search *search, CK_ATTRIBUTE_TYPE type,
		       const void *value, size_t length)
{
	search->attribute[search->count++] = (CK_ATTRIBUTE){
		.type = type,
		.pValue = (void *)value,
		.ulValueLen = length,
	};
}

/* What the URI says of an object, but for its class. A certificate's CKA_ID
 * says more than a label, which a key need not share. */
static void search_by_uri(struct search *search, const struct access *access,
			  const struct aovpn_token_id *id)
{
	const CK_ATTRIBUTE *named;

	named = p11_kit_uri_get_attribute(access->parsed, CKA_ID);
	if (named)
		search_add(search, CKA_ID, named->pValue, named->ulValueLen);
	else if (id && id->length > 0)
		search_add(search, CKA_ID, id->bytes, id->length);
	if (search->count > 1 && search->class == CKO_PRIVATE_KEY)
		return;
	named = p11_kit_uri_get_attribute(access->parsed, CKA_LABEL);
	if (named)
		search_add(search, CKA_LABEL, named->pValue, named->ulValueLen);
}

static int find_object(const struct access *access, struct search *search,
		       int err_none, CK_OBJECT_HANDLE *ret,
		       struct aovpn_error *error)
{
	CK_FUNCTION_LIST *module = access->module;
	CK_OBJECT_HANDLE found[2];
	CK_ULONG count = 0;
	CK_RV rv;

	rv = module->C_FindObjectsInit(access->session, search->attribute,
				       search->count);
	if (rv == CKR_OK) {
		rv = module->C_FindObjects(access->session, found, 2, &count);
		module->C_FindObjectsFinal(access->session);
	}
	if (rv != CKR_OK)
		return module_error(access, "searching fails", rv, error);
	if (count == 0)
		return aovpn_error_set(error, err_none,
				       "%.300s: no such %s on %s", access->uri,
				       search->what, access->place);
	if (count > 1)
		return aovpn_error_set(
			error, -ENOTUNIQ,
			"%.250s: more than one %s on %s fits; name one by id= "
			"or object=",
			access->uri, search->what, access->place);
	*ret = found[0];
	return 0;
}

static int read_value(const struct access *access, CK_OBJECT_HANDLE object,
		      X509 **ret, struct aovpn_error *error)
{
	CK_ATTRIBUTE value = {.type = CKA_VALUE};
	CK_RV rv;

	rv = access->module->C_GetAttributeValue(access->session, object,
						 &value, 1);
	if (rv != CKR_OK || value.ulValueLen > CERT_SIZE_MAX)
		return aovpn_error_set(error, -EBADMSG,
				       "%.300s: the certificate on %s cannot "
				       "be read",
				       access->uri, access->place);
	value.pValue = malloc(value.ulValueLen + 1);
	if (!value.pValue)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	rv = access->module->C_GetAttributeValue(access->session, object,
						 &value, 1);
	*ret = rv == CKR_OK ? aovpn_x509_decode(value.pValue, value.ulValueLen)
			    : NULL;
	free(value.pValue);
	if (*ret)
		return 0;
	return aovpn_error_set(error, -EBADMSG,
			       "%.300s: the certificate on %s cannot be parsed",
			       access->uri, access->place);
}

static void read_id(const struct access *access, CK_OBJECT_HANDLE object,
		    struct aovpn_token_id *ret)
{
	CK_ATTRIBUTE id = {CKA_ID, ret->bytes, sizeof(ret->bytes)};
	CK_RV rv;

	rv = access->module->C_GetAttributeValue(access->session, object, &id,
						 1);
	ret->length = rv == CKR_OK && id.ulValueLen <= sizeof(ret->bytes)
			      ? id.ulValueLen
			      : 0;
}

int aovpn_token_read_certificate(const char *uri, X509 **ret,
				 struct aovpn_token_id *ret_id,
				 struct aovpn_error *error)
{
	struct search search = {.class = CKO_CERTIFICATE,
				.what = "certificate"};
	struct access access;
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	int err = access_open(uri, &access, error);

	if (err)
		return err;
	search_add(&search, CKA_CLASS, &search.class, sizeof(search.class));
	search_by_uri(&search, &access, NULL);
	err = find_object(&access, &search, -ENODATA, &object, error);
	if (!err)
		err = read_value(&access, object, ret, error);
	if (!err)
		read_id(&access, object, ret_id);
	access_close(&access);
	return err;
}

/* --- PIN -------------------------------------------------------------------
 */

static int pin_wrong(const struct access *access, const char *how,
		     struct aovpn_error *error)
{
	return aovpn_error_set(error, -EKEYREJECTED, "%.250s: %s: %s",
			       access->uri, access->place, how);
}

static int pin_locked(const struct access *access, struct aovpn_error *error)
{
	return aovpn_error_set(error, -EKEYEXPIRED,
			       "%.250s: the PIN of %s is locked after too many "
			       "wrong ones",
			       access->uri, access->place);
}

/* C_Login, once. */
static int try_pin(const struct access *access, const struct aovpn_pin *pin,
		   struct aovpn_error *error)
{
	const char *text = pin->password->text;
	CK_RV rv;

	rv = access->module->C_Login(
		access->session, CKU_USER,
		pin->password->given ? (unsigned char *)text : NULL,
		pin->password->given ? strlen(text) : 0);
	switch (rv) {
	case CKR_OK:
	case CKR_USER_ALREADY_LOGGED_IN:
		return 0;
	case CKR_PIN_LOCKED:
		return pin_locked(access, error);
	case CKR_PIN_INCORRECT:
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_INVALID:
		aovpn_refused_pins_add(pin->refused, access->place, pin->stamp,
				       text);
		return pin_wrong(access, "the PIN is wrong; it was tried once",
				 error);
	default:
		return module_error(access, "logging in fails", rv, error);
	}
}

static int login(const struct access *access, const struct aovpn_pin *pin,
		 struct aovpn_error *error)
{
	CK_FLAGS flags = access->token.flags;

	if (!(flags & CKF_LOGIN_REQUIRED))
		return 0;
	if (flags & CKF_USER_PIN_LOCKED)
		return pin_locked(access, error);
	if (!pin->password->given &&
	    !(flags & CKF_PROTECTED_AUTHENTICATION_PATH))
		return pin_wrong(access, "needs a PIN, and none is given",
				 error);
	if (pin->password->given &&
	    aovpn_refused_pins_has(pin->refused, access->place, pin->stamp,
				   pin->password->text))
		return pin_wrong(access,
				 "has refused this PIN before; it is not tried "
				 "again",
				 error);
	return try_pin(access, pin, error);
}

/* --- keys ------------------------------------------------------------------
 */

static int check_key(struct aovpn_token_key *key, struct aovpn_error *error)
{
	struct access *access = &key->access;
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE attributes[] = {
		{CKA_KEY_TYPE, &key->type, sizeof(key->type)},
		{CKA_ALWAYS_AUTHENTICATE, &always, sizeof(always)},
	};
	CK_RV rv;

	/* Old tokens do not know the second one, and fill in the first. */
	rv = access->module->C_GetAttributeValue(access->session, key->object,
						 attributes, 2);
	if (rv != CKR_OK || !always)
		return 0;
	return aovpn_error_set(error, -EKEYREVOKED,
			       "%.250s: this key on %s wants the PIN for each "
			       "signature, which is not supported",
			       access->uri, access->place);
}

static int find_key(struct aovpn_token_key *key,
		    const struct aovpn_token_id *id, struct aovpn_error *error)
{
	struct search search = {.class = CKO_PRIVATE_KEY,
				.what = "private key"};
	int err;

	search_add(&search, CKA_CLASS, &search.class, sizeof(search.class));
	search_by_uri(&search, &key->access, id);
	err = find_object(&key->access, &search, -EKEYREVOKED, &key->object,
			  error);
	return err ? err : check_key(key, error);
}

int aovpn_token_key_open(const char *uri, const struct aovpn_token_id *id,
			 const struct aovpn_pin *pin,
			 struct aovpn_token_key **ret,
			 struct aovpn_error *error)
{
	struct aovpn_token_key *key = calloc(1, sizeof(*key));
	int err;

	if (!key)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	pthread_mutex_init(&key->mutex, NULL);
	snprintf(key->uri, sizeof(key->uri), "%s", uri);
	err = access_open(uri, &key->access, error);
	key->access.uri = key->uri;
	if (!err)
		err = login(&key->access, pin, error);
	if (!err)
		err = find_key(key, id, error);
	if (err)
		aovpn_token_key_close(key);
	else
		*ret = key;
	return err;
}

struct aovpn_token_key *aovpn_token_key_close(struct aovpn_token_key *key)
{
	if (!key)
		return NULL;
	access_close(&key->access);
	pthread_mutex_destroy(&key->mutex);
	free(key);
	return NULL;
}

/* --- signatures ------------------------------------------------------------
 */

/* A digest's names in OpenSSL and PKCS#11. */
struct hash {
	size_t size;
	int nid;
	CK_MECHANISM_TYPE mechanism;
	CK_RSA_PKCS_MGF_TYPE mgf;
};

static const struct hash hashes[] = {
	{32, NID_sha256, CKM_SHA256, CKG_MGF1_SHA256},
	{48, NID_sha384, CKM_SHA384, CKG_MGF1_SHA384},
	{64, NID_sha512, CKM_SHA512, CKG_MGF1_SHA512},
};

static const struct hash *find_hash(size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		if (hashes[i].size == size)
			return &hashes[i];
	return NULL;
}

/* DigestInfo of RFC 8017 9.2 in DER; freed by OPENSSL_free. */
static int encode_digest_info(const struct hash *hash,
			      const unsigned char *digest, unsigned char **ret)
{
	X509_SIG *info = X509_SIG_new();
	X509_ALGOR *algorithm;
	ASN1_OCTET_STRING *value;
	int size = -1;

	if (!info)
		return -1;
	X509_SIG_getm(info, &algorithm, &value);
	if (X509_ALGOR_set0(algorithm, OBJ_nid2obj(hash->nid), V_ASN1_NULL,
			    NULL) &&
	    ASN1_OCTET_STRING_set(value, digest, (int)hash->size))
		size = i2d_X509_SIG(info, ret);
	X509_SIG_free(info);
	return size;
}

/* What PKCS#11 gives is r and s, each half of it; TLS wants DER (RFC 8422
 * 5.10). */
static bool ecdsa_to_der(unsigned char *signature, size_t *size)
{
	size_t half = *size / 2;
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(signature + half, (int)half, NULL);
	int length = -1;

	if (pair && r && s && ECDSA_SIG_set0(pair, r, s)) {
		r = s = NULL;
		length = i2d_ECDSA_SIG(pair, NULL);
		if (length > 0 && length <= AOVPN_SIGNATURE_MAX)
			length = i2d_ECDSA_SIG(pair, &signature);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(pair);
	if (length <= 0)
		return false;
	*size = (size_t)length;
	return true;
}

static CK_RV sign_raw(struct aovpn_token_key *key, CK_MECHANISM *mechanism,
		      const unsigned char *data, size_t data_size,
		      unsigned char *signature, size_t *ret_size)
{
	CK_FUNCTION_LIST *module = key->access.module;
	CK_SESSION_HANDLE session = key->access.session;
	CK_ULONG size = AOVPN_SIGNATURE_MAX;
	CK_RV rv;

	pthread_mutex_lock(&key->mutex);
	rv = module->C_SignInit(session, mechanism, key->object);
	if (rv == CKR_OK)
		rv = module->C_Sign(session, (unsigned char *)data, data_size,
				    signature, &size);
	pthread_mutex_unlock(&key->mutex);
	*ret_size = size;
	return rv;
}

static CK_RV sign_pkcs1(struct aovpn_token_key *key, const struct hash *hash,
			const unsigned char *digest, unsigned char *signature,
			size_t *ret_size)
{
	CK_MECHANISM mechanism = {.mechanism = CKM_RSA_PKCS};
	unsigned char *info = NULL;
	int size = encode_digest_info(hash, digest, &info);
	CK_RV rv = CKR_HOST_MEMORY;

	if (size > 0)
		rv = sign_raw(key, &mechanism, info, (size_t)size, signature,
			      ret_size);
	OPENSSL_free(info);
	return rv;
}

static CK_RV sign_pss(struct aovpn_token_key *key, const struct hash *hash,
		      const unsigned char *digest, unsigned char *signature,
		      size_t *ret_size)
{
	CK_RSA_PKCS_PSS_PARAMS pss = {
		.hashAlg = hash->mechanism,
		.mgf = hash->mgf,
		.sLen = hash->size,
	};
	CK_MECHANISM mechanism = {CKM_RSA_PKCS_PSS, &pss, sizeof(pss)};

	return sign_raw(key, &mechanism, digest, hash->size, signature,
			ret_size);
}

static CK_RV sign_ecdsa(struct aovpn_token_key *key, const struct hash *hash,
			const unsigned char *digest, unsigned char *signature,
			size_t *ret_size)
{
	CK_MECHANISM mechanism = {.mechanism = CKM_ECDSA};
	CK_RV rv;

	rv = sign_raw(key, &mechanism, digest, hash->size, signature, ret_size);
	if (rv == CKR_OK && !ecdsa_to_der(signature, ret_size))
		rv = CKR_FUNCTION_FAILED;
	return rv;
}

static CK_RV sign_by(struct aovpn_token_key *key, enum aovpn_scheme scheme,
		     const struct hash *hash, const unsigned char *digest,
		     unsigned char *signature, size_t *ret_size)
{
	/* Modules answer with anything to a scheme for another type. */
	if ((scheme == AOVPN_SCHEME_ECDSA) != (key->type == CKK_EC))
		return CKR_KEY_TYPE_INCONSISTENT;
	switch (scheme) {
	case AOVPN_SCHEME_RSA_PKCS1:
		return sign_pkcs1(key, hash, digest, signature, ret_size);
	case AOVPN_SCHEME_RSA_PSS:
		return sign_pss(key, hash, digest, signature, ret_size);
	case AOVPN_SCHEME_ECDSA:
		return sign_ecdsa(key, hash, digest, signature, ret_size);
	}
	return CKR_MECHANISM_INVALID;
}

int aovpn_token_key_sign(struct aovpn_token_key *key, enum aovpn_scheme scheme,
			 const unsigned char *digest, size_t digest_size,
			 unsigned char *signature, size_t *ret_size,
			 struct aovpn_error *error)
{
	const struct hash *hash = find_hash(digest_size);
	CK_RV rv = CKR_MECHANISM_INVALID;

	if (hash)
		rv = sign_by(key, scheme, hash, digest, signature, ret_size);
	switch (rv) {
	case CKR_OK:
		return 0;
	case CKR_MECHANISM_INVALID:
	case CKR_MECHANISM_PARAM_INVALID:
	case CKR_KEY_TYPE_INCONSISTENT:
	case CKR_KEY_FUNCTION_NOT_PERMITTED:
		return aovpn_error_set(error, -EOPNOTSUPP,
				       "%.300s: %s does not sign this way: %s",
				       key->uri, key->access.place,
				       p11_kit_strerror(rv));
	default:
		return module_error(&key->access, "signing fails", rv, error);
	}
}
