/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * credential.c - see credential.h. Reading the files is material.c's work; here
 * the parts are put together and proven to belong together.
 */
#include "credential.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "material.h"
#include "pki.h"

#define PATH_LENGTH_MAX 16 /* certificates from the leaf to the root */

/* What the files hold. */
struct parts {
	struct aovpn_material certificate;
	struct aovpn_material key; /* empty where the key is in certificate */
	struct aovpn_material chain;
	struct aovpn_token_id id; /* of the certificate, on a token */
	/* A key that stays where it is. */
	struct aovpn_token_key *token;
	struct aovpn_tpm_key *tpm;
	bool untried; /* the key was left alone: source->look */
};

static void parts_clear(struct parts *parts)
{
	aovpn_token_key_close(parts->token);
	aovpn_tpm_key_close(parts->tpm);
	aovpn_material_clear(&parts->certificate);
	aovpn_material_clear(&parts->key);
	aovpn_material_clear(&parts->chain);
}

static bool named(const char *path)
{
	return path && path[0] != '\0';
}

/* Can whoever only looks do without a key for which this is the reason? */
static bool may_lack_key(const struct aovpn_credential_source *source,
			 const struct aovpn_password *password, int err)
{
	return source->password_later && !password->given &&
	       err == -EKEYREJECTED;
}

static const char *key_path(const struct aovpn_credential_source *source)
{
	return named(source->key) ? source->key : source->certificate;
}

static EVP_PKEY *parts_key(const struct parts *parts)
{
	return parts->key.key ? parts->key.key : parts->certificate.key;
}

/* The certificate on a token, as if it came from a file. */
static int read_token_certificate(const char *uri, struct parts *parts,
				  struct aovpn_error *error)
{
	STACK_OF(X509) *certificates = sk_X509_new_reserve(NULL, 1);
	X509 *certificate;
	int err;

	if (!certificates)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	err = aovpn_token_read_certificate(uri, &certificate, &parts->id,
					   error);
	if (!err)
		sk_X509_push(certificates, certificate);
	parts->certificate.certificates = certificates;
	return err;
}

static int read_certificate(const struct aovpn_credential_source *source,
			    const struct aovpn_password *password,
			    struct parts *parts, struct aovpn_error *error)
{
	int err;

	if (aovpn_token_is_uri(source->certificate))
		return read_token_certificate(source->certificate, parts,
					      error);
	err = aovpn_material_read(source->certificate, password,
				  !named(source->key), &parts->certificate,
				  error);
	parts->untried = may_lack_key(source, password, err);
	if (parts->untried)
		err = aovpn_material_read(source->certificate, password, false,
					  &parts->certificate, error);
	if (err)
		return err;
	if (sk_X509_num(parts->certificate.certificates) == 0)
		return aovpn_error_set(error, -ENODATA,
				       "%s: holds no certificate",
				       source->certificate);
	return 0;
}

/* A key in a file; or a file that only a TPM can use. */
static int read_file_key(const struct aovpn_credential_source *source,
			 const struct aovpn_pin *pin, struct parts *parts,
			 struct aovpn_error *error)
{
	int err = 0;

	if (named(source->key))
		err = aovpn_material_read(source->key, pin->password, true,
					  &parts->key, error);
	parts->untried |= may_lack_key(source, pin->password, err);
	if (parts->untried)
		return 0;
	if (err || parts_key(parts))
		return err;
	if (!parts->certificate.tpm_key && !parts->key.tpm_key)
		return 0;
	parts->untried = source->look;
	return source->look ? 0
			    : aovpn_tpm_key_open(key_path(source), pin,
						 &parts->tpm, error);
}

static bool has_key(const struct parts *parts)
{
	return parts_key(parts) || parts->token || parts->tpm;
}

/* Of a file that is the key's alone: the certificate is not what is wrong. */
static int key_error(const struct aovpn_credential_source *source, int err)
{
	return named(source->key) && (err == -EBADMSG || err == -ENODATA)
		       ? -EKEYREVOKED
		       : err;
}

static int read_key(const struct aovpn_credential_source *source,
		    const struct aovpn_pin *pin, struct parts *parts,
		    struct aovpn_error *error)
{
	const char *name = key_path(source);
	int err;

	parts->untried |= source->look && (aovpn_token_is_uri(name) ||
					   aovpn_tpm_is_handle(name));
	if (parts->untried)
		return 0;
	if (aovpn_token_is_uri(name))
		err = aovpn_token_key_open(name, &parts->id, pin, &parts->token,
					   error);
	else if (aovpn_tpm_is_handle(name))
		err = aovpn_tpm_key_open(name, pin, &parts->tpm, error);
	else
		err = read_file_key(source, pin, parts, error);
	if (err)
		return key_error(source, err);
	if (!has_key(parts) && !parts->untried)
		return aovpn_error_set(error, key_error(source, -ENODATA),
				       "%s: holds no private key", name);
	return 0;
}

static int read_chain(const struct aovpn_credential_source *source,
		      const struct aovpn_password *password,
		      struct parts *parts, struct aovpn_error *error)
{
	int err;

	if (!named(source->chain))
		return 0;
	err = aovpn_material_read(source->chain, password, false, &parts->chain,
				  error);
	if (err)
		return err;
	if (sk_X509_num(parts->chain.certificates) == 0)
		return aovpn_error_set(error, -ENODATA,
				       "%s: holds no certificate",
				       source->chain);
	return 0;
}

static int read_parts(const struct aovpn_credential_source *source,
		      struct parts *parts, struct aovpn_error *error)
{
	struct aovpn_password password = {0};
	const struct aovpn_pin pin = {&password, source->refused,
				      source->stamp};
	int err = 0;

	if (source->password && source->password->given)
		password = *source->password;
	else if (named(source->password_file))
		err = aovpn_password_read(source->password_file, &password,
					  error);
	if (!err)
		err = read_certificate(source, &password, parts, error);
	if (!err)
		err = read_key(source, &pin, parts, error);
	if (!err)
		err = read_chain(source, &password, parts, error);
	OPENSSL_cleanse(&password, sizeof(password));
	return err;
}

/* The certificate in the leaf's file that has the key's public half: people
 * write bundles in either order. */
static X509 *find_leaf(const struct parts *parts)
{
	STACK_OF(X509) *candidates = parts->certificate.certificates;
	X509 *candidate;
	int i;

	for (i = 0; i < sk_X509_num(candidates); i++) {
		candidate = sk_X509_value(candidates, i);
		if (X509_check_private_key(candidate, parts_key(parts)))
			return candidate;
	}
	return NULL;
}

/* SHA-256, but nothing for keys that hash by themselves (RFC 8032). */
static const EVP_MD *digest_for(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448"))
		return NULL;
	return EVP_sha256();
}

/* Choose RSA-PSS as TLS 1.3 has it: a salt as long as the digest (RFC 8446
 * 4.2.3). */
static bool use_pss(EVP_PKEY_CTX *key_context)
{
	return EVP_PKEY_CTX_set_rsa_padding(key_context,
					    RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context,
						RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool begin_sign(EVP_MD_CTX *context, EVP_PKEY *key, bool pss)
{
	EVP_PKEY_CTX *key_context;

	return EVP_DigestSignInit(context, &key_context, digest_for(key), NULL,
				  key) > 0 &&
	       (!pss || use_pss(key_context));
}

/* Sign message by key; the caller frees *ret by OPENSSL_free. */
static bool sign(EVP_PKEY *key, bool pss, const unsigned char *message,
		 size_t length, unsigned char **ret, size_t *ret_size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *signature = NULL;
	size_t size;
	bool done;

	done = context && begin_sign(context, key, pss) &&
	       EVP_DigestSign(context, NULL, &size, message, length) > 0 &&
	       (signature = OPENSSL_malloc(size)) &&
	       EVP_DigestSign(context, signature, &size, message, length) > 0;
	EVP_MD_CTX_free(context);
	if (!done) {
		OPENSSL_free(signature);
		return false;
	}
	*ret = signature;
	*ret_size = size;
	return true;
}

static bool verify(EVP_PKEY *key, bool pss, const unsigned char *message,
		   size_t length, const unsigned char *signature, size_t size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_context;
	bool good;

	good = context &&
	       EVP_DigestVerifyInit(context, &key_context, digest_for(key),
				    NULL, key) > 0 &&
	       (!pss || use_pss(key_context)) &&
	       EVP_DigestVerify(context, signature, size, message, length) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

static const unsigned char proof[] = "aovpn proves its key";

/* The scheme of TLS for a public key. */
static enum aovpn_scheme scheme_for(const EVP_PKEY *public, bool pss)
{
	if (!EVP_PKEY_is_a(public, "RSA"))
		return AOVPN_SCHEME_ECDSA;
	return pss ? AOVPN_SCHEME_RSA_PSS : AOVPN_SCHEME_RSA_PKCS1;
}

static int sign_externally(const struct parts *parts, enum aovpn_scheme scheme,
			   const unsigned char *digest, size_t digest_size,
			   unsigned char *signature, size_t *ret_size,
			   struct aovpn_error *error)
{
	if (parts->token)
		return aovpn_token_key_sign(parts->token, scheme, digest,
					    digest_size, signature, ret_size,
					    error);
	return aovpn_tpm_key_sign(parts->tpm, scheme, digest, digest_size,
				  signature, ret_size, error);
}

/* Sign the proof by a key that stays where it is, for the holder of public. */
static int sign_proof_externally(const struct parts *parts,
				 const EVP_PKEY *public, bool pss,
				 unsigned char **ret, size_t *ret_size,
				 struct aovpn_error *error)
{
	unsigned char *signature = OPENSSL_malloc(AOVPN_SIGNATURE_MAX);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_size;
	int err;

	if (!signature || EVP_Digest(proof, sizeof(proof), digest, &digest_size,
				     EVP_sha256(), NULL) <= 0) {
		OPENSSL_free(signature);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	err = sign_externally(parts, scheme_for(public, pss), digest,
			      digest_size, signature, ret_size, error);
	if (err)
		OPENSSL_free(signature);
	else
		*ret = signature;
	return err;
}

static int sign_proof(const struct aovpn_credential_source *source,
		      const struct parts *parts, const EVP_PKEY *public,
		      bool pss, unsigned char **ret, size_t *ret_size,
		      struct aovpn_error *error)
{
	if (!parts_key(parts))
		return sign_proof_externally(parts, public, pss, ret, ret_size,
					     error);
	if (sign(parts_key(parts), pss, proof, sizeof(proof), ret, ret_size))
		return 0;
	return aovpn_error_set(error, -EKEYREVOKED,
			       "%s: the private key cannot sign",
			       key_path(source));
}

/* Comparing public halves is not enough: a damaged private half, or one whose
 * public half was written beside it by mistake, shows only when it signs. */
static int prove(const struct aovpn_credential_source *source, X509 *leaf,
		 const struct parts *parts, struct aovpn_error *error)
{
	EVP_PKEY *public = X509_get0_pubkey(leaf);
	unsigned char *signature = NULL;
	size_t size = 0;
	bool good;
	int err;

	err = sign_proof(source, parts, public, false, &signature, &size,
			 error);
	if (err)
		return err;
	good = verify(public, false, proof, sizeof(proof), signature, size);
	OPENSSL_free(signature);
	if (!good)
		return aovpn_error_set(
			error, -EKEYREVOKED,
			"%s: what the private key signs, the certificate in "
			"%s does not verify",
			key_path(source), source->certificate);
	return 0;
}

/* Is leaf's key an RSA key that fails to prove itself by RSA-PSS? That is no
 * reason to refuse it, for TLS 1.2 can do without. */
static bool lacks_pss(const struct aovpn_credential_source *source, X509 *leaf,
		      const struct parts *parts)
{
	EVP_PKEY *public = X509_get0_pubkey(leaf);
	unsigned char *signature = NULL;
	size_t size = 0;
	bool good;

	if (!EVP_PKEY_is_a(public, "RSA"))
		return false;
	if (sign_proof(source, parts, public, true, &signature, &size, NULL))
		return true;
	good = verify(public, true, proof, sizeof(proof), signature, size);
	OPENSSL_free(signature);
	return !good;
}

/* Push a new reference to certificate. */
static bool push_reference(STACK_OF(X509) *stack, X509 *certificate)
{
	if (!sk_X509_push(stack, certificate))
		return false;
	X509_up_ref(certificate);
	return true;
}

/* The issuers of leaf among the files' certificates, in order; NULL if out of
 * memory. What is not on leaf's path is no use to a server and is left out. */
static STACK_OF(X509) *order_chain(X509 *leaf, const struct parts *parts)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *path[PATH_LENGTH_MAX];
	size_t count, i;

	count = aovpn_pki_path(leaf, parts->certificate.certificates,
			       parts->chain.certificates, path,
			       PATH_LENGTH_MAX);
	for (i = 1; chain && i < count; i++) {
		if (push_reference(chain, path[i]))
			continue;
		sk_X509_pop_free(chain, X509_free);
		return NULL;
	}
	return chain;
}

/* The key goes over to credential. */
static void take_key(struct parts *parts, struct aovpn_credential *credential)
{
	credential->key = parts_key(parts);
	if (credential->key)
		EVP_PKEY_up_ref(credential->key);
	credential->token = parts->token;
	credential->tpm = parts->tpm;
	parts->token = NULL;
	parts->tpm = NULL;
}

static int assemble(const struct aovpn_credential_source *source, X509 *leaf,
		    struct parts *parts, struct aovpn_credential **ret,
		    struct aovpn_error *error)
{
	struct aovpn_credential *credential = calloc(1, sizeof(*credential));

	if (credential)
		credential->chain = order_chain(leaf, parts);
	if (!credential || !credential->chain) {
		aovpn_credential_free(credential);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	X509_up_ref(leaf);
	credential->certificate = leaf;
	credential->key_untried = parts->untried;
	credential->rsa_without_pss =
		!parts->untried && lacks_pss(source, leaf, parts);
	take_key(parts, credential);
	*ret = credential;
	return 0;
}

/* The public half of an external key is not at hand: the leaf is the one that
 * verifies what the key signs. Only a certificate of the wrong kind of key is
 * passed over; any other refusal may have been about the PIN. */
static int join_external(const struct aovpn_credential_source *source,
			 struct parts *parts, struct aovpn_credential **ret,
			 struct aovpn_error *error)
{
	STACK_OF(X509) *candidates = parts->certificate.certificates;
	X509 *leaf;
	int err = -EOPNOTSUPP, i;

	for (i = 0; i < sk_X509_num(candidates); i++) {
		leaf = sk_X509_value(candidates, i);
		err = prove(source, leaf, parts, error);
		if (!err)
			return assemble(source, leaf, parts, ret, error);
		if (err != -EOPNOTSUPP && err != -EKEYREVOKED)
			return err;
	}
	return err == -EOPNOTSUPP ? -EKEYREVOKED : err;
}

/* Without a key: the first that is no CA's, else the first. */
static int join_keyless(const struct aovpn_credential_source *source,
			struct parts *parts, struct aovpn_credential **ret,
			struct aovpn_error *error)
{
	return assemble(source,
			aovpn_pki_find_leaf(parts->certificate.certificates),
			parts, ret, error);
}

/* Find the leaf, prove the key, put all together. */
static int join(const struct aovpn_credential_source *source,
		struct parts *parts, struct aovpn_credential **ret,
		struct aovpn_error *error)
{
	X509 *leaf;
	int err;

	if (parts->untried)
		return join_keyless(source, parts, ret, error);
	if (!parts_key(parts))
		return join_external(source, parts, ret, error);
	leaf = find_leaf(parts);
	if (!leaf)
		return aovpn_error_set(
			error, -EKEYREVOKED,
			"%s: the private key does not belong to the "
			"certificate in %s",
			key_path(source), source->certificate);
	err = prove(source, leaf, parts, error);
	return err ? err : assemble(source, leaf, parts, ret, error);
}

int aovpn_credential_load(const struct aovpn_credential_source *source,
			  struct aovpn_credential **ret,
			  struct aovpn_error *error)
{
	struct parts parts = {0};
	int err;

	err = read_parts(source, &parts, error);
	if (!err)
		err = join(source, &parts, ret, error);
	parts_clear(&parts);
	ERR_clear_error();
	return err;
}

struct aovpn_credential *
aovpn_credential_free(struct aovpn_credential *credential)
{
	if (!credential)
		return NULL;
	X509_free(credential->certificate);
	sk_X509_pop_free(credential->chain, X509_free);
	EVP_PKEY_free(credential->key);
	aovpn_token_key_close(credential->token);
	aovpn_tpm_key_close(credential->tpm);
	free(credential);
	return NULL;
}

bool aovpn_credential_external(const struct aovpn_credential *credential)
{
	return credential->token || credential->tpm;
}

int aovpn_credential_sign(const struct aovpn_credential *credential,
			  enum aovpn_scheme scheme, const unsigned char *digest,
			  size_t digest_size, unsigned char *signature,
			  size_t *ret_size, struct aovpn_error *error)
{
	const struct parts parts = {.token = credential->token,
				    .tpm = credential->tpm};

	if (!aovpn_credential_external(credential))
		return aovpn_error_set(error, -EINVAL,
				       "the key is not on a token");
	return sign_externally(&parts, scheme, digest, digest_size, signature,
			       ret_size, error);
}

static bool write_certificates(BIO *bio, STACK_OF(X509) *certificates)
{
	int i;

	for (i = 0; i < sk_X509_num(certificates); i++)
		if (!PEM_write_bio_X509(bio, sk_X509_value(certificates, i)))
			return false;
	return true;
}

static bool write_credential(BIO *bio, const void *data)
{
	const struct aovpn_credential *credential = data;

	return PEM_write_bio_X509(bio, credential->certificate) &&
	       write_certificates(bio, credential->chain) &&
	       (!credential->key ||
		PEM_write_bio_PKCS8PrivateKey(bio, credential->key, NULL, NULL,
					      0, NULL, NULL));
}

static bool write_roots(BIO *bio, const void *data)
{
	return write_certificates(bio, (STACK_OF(X509) *)data);
}

/* Write straight into fd, so that no buffer of ours ever holds the key. */
static int fill(int fd, bool (*write_out)(BIO *bio, const void *data),
		const void *data)
{
	BIO *bio = BIO_new_fd(fd, BIO_NOCLOSE);
	bool done = bio && write_out(bio, data);

	BIO_free(bio);
	ERR_clear_error();
	if (!done)
		return -EIO;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	if (fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	return 0;
}

/* A sealed memfd with what write_out writes; its descriptor or -errno. */
static int seal_into_memfd(const char *name,
			   bool (*write_out)(BIO *bio, const void *data),
			   const void *data)
{
	int fd, err;

	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	err = fill(fd, write_out, data);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int aovpn_credential_memfd(const struct aovpn_credential *credential)
{
	return seal_into_memfd("aovpn-credential", write_credential,
			       credential);
}

/* Free those roots that are not listed. */
static void keep_listed(STACK_OF(X509) *roots, const char *thumbprints)
{
	char thumbprint[AOVPN_THUMBPRINT_SIZE];
	int i = 0;

	while (i < sk_X509_num(roots)) {
		aovpn_x509_thumbprint(sk_X509_value(roots, i), thumbprint);
		if (aovpn_thumbprint_listed(thumbprints, thumbprint))
			i++;
		else
			X509_free(sk_X509_delete(roots, i));
	}
}

/* Without the roots that the profile does not want. */
static int load_listed_roots(const char *path, const char *thumbprints,
			     STACK_OF(X509) **ret, struct aovpn_error *error)
{
	int count, err = aovpn_roots_load(path, ret, error);

	ERR_clear_error();
	if (err || thumbprints[0] == '\0')
		return err;
	count = sk_X509_num(*ret);
	keep_listed(*ret, thumbprints);
	ERR_clear_error();
	if (sk_X509_num(*ret) > 0)
		return 0;
	sk_X509_pop_free(*ret, X509_free);
	return aovpn_error_set(error, -ENODATA,
			       "%s: none of its %d certificates has a "
			       "thumbprint of RootThumbprints=",
			       path, count);
}

int aovpn_roots_memfd(const char *path, const char *thumbprints,
		      struct aovpn_error *error)
{
	STACK_OF(X509) *roots;
	int fd, err;

	err = load_listed_roots(path, thumbprints, &roots, error);
	if (err)
		return err;
	fd = seal_into_memfd("aovpn-roots", write_roots, roots);
	sk_X509_pop_free(roots, X509_free);
	if (fd < 0)
		return aovpn_error_set(error, fd, "%s: cannot be copied: %s",
				       path, strerror(-fd));
	return fd;
}
