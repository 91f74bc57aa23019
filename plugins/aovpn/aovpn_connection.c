/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Makes a connection from what REGISTER brought; see aovpn_connection.h.
 */

#include "aovpn_connection.h"

#include <errno.h>
#include <unistd.h>
#include <sys/stat.h>

#include <daemon.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "aovpn_crypto.h"
#include "aovpn_sessions.h"
#include "aovpn_tls.h"
#include "aovpn_verify.h"

typedef struct private_aovpn_connection_t private_aovpn_connection_t;

/**
 * Limit of each of the three files, bytes. A system's whole bundle of roots is
 * about 250 KiB.
 */
#define FILE_MAX (1024 * 1024)

/**
 * Limits of policy.fragment_size. Below, a flight takes more packets than
 * aovpn_eap_tls allows; above, no RADIUS packet (RFC 2865 3) could carry it.
 */
#define FRAGMENT_MIN 100
#define FRAGMENT_MAX 4000

/**
 * Private data of an aovpn_connection_t object.
 */
struct private_aovpn_connection_t {

	/**
	 * Public interface.
	 */
	aovpn_connection_t public;

	/**
	 * Reference count.
	 */
	refcount_t ref;
};

/**
 * Contents of one of the daemon's files.
 */
typedef struct {

	/** What it is, for error messages */
	const char *name;

	/** The bytes */
	chunk_t data;

} material_t;

/**
 * Never asks for a pass phrase: charon has no terminal.
 */
static int no_passphrase(char *buffer, int size, int writing, void *data)
{
	return -1;
}

/**
 * Set error to OpenSSL's reason.
 */
static int refuse(struct aovpn_error *error, int code, const char *what)
{
	char text[256];

	aovpn_crypto_error(text, sizeof(text));
	return aovpn_error_set(error, code, "%s: %s", what, text);
}

/**
 * Read a whole file from offset 0 without moving its position.
 */
static int read_material(int fd, material_t *material,
						 struct aovpn_error *error)
{
	struct stat st;
	ssize_t got;
	size_t done = 0;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
		st.st_size <= 0 || st.st_size > FILE_MAX)
	{
		return aovpn_error_set(error, -EINVAL,
							   "%s: not a file of 1 to %d bytes",
							   material->name, FILE_MAX);
	}
	material->data = chunk_alloc(st.st_size);
	while (done < material->data.len)
	{
		got = pread(fd, material->data.ptr + done,
					material->data.len - done, done);
		if (got <= 0)
		{
			return aovpn_error_set(error, -EINVAL, "%s: cannot be read",
								   material->name);
		}
		done += got;
	}
	return 0;
}

/**
 * Parse the next certificate. NULL at the end or for garbage, which OpenSSL's
 * error queue tells apart.
 */
static X509 *next_certificate(BIO *bio)
{
	X509 *cert;

	cert = X509_new_ex(aovpn_crypto_context(), NULL);
	if (cert && !PEM_read_bio_X509(bio, &cert, no_passphrase, NULL))
	{
		/* PEM_read_bio_X509() frees and clears cert if it stops half way, but
		 * not at the end of the input */
		X509_free(cert);
		cert = NULL;
	}
	return cert;
}

/**
 * Did parsing stop because nothing more was there?
 */
static bool at_end()
{
	unsigned long error = ERR_peek_last_error();

	return ERR_GET_LIB(error) == ERR_LIB_PEM &&
		   ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

/**
 * Parse all certificates of a file. To be freed by sk_X509_pop_free(); NULL,
 * with OpenSSL's error queued, if one of them is garbage.
 */
static STACK_OF(X509) *parse_certificates(material_t *material)
{
	STACK_OF(X509) *certs;
	X509 *cert;
	BIO *bio;

	ERR_clear_error();
	certs = sk_X509_new_null();
	bio = BIO_new_mem_buf(material->data.ptr, material->data.len);
	while (certs && bio && (cert = next_certificate(bio)))
	{
		if (!sk_X509_push(certs, cert))
		{
			X509_free(cert);
			break;
		}
	}
	BIO_free(bio);
	if (!at_end())
	{
		sk_X509_pop_free(certs, X509_free);
		return NULL;
	}
	ERR_clear_error();
	return certs;
}

/**
 * Parse the private key of a file, NULL if there is none.
 */
static EVP_PKEY *parse_key(material_t *material)
{
	EVP_PKEY *key = NULL;
	BIO *bio;

	bio = BIO_new_mem_buf(material->data.ptr, material->data.len);
	if (bio)
	{
		key = PEM_read_bio_PrivateKey_ex(bio, NULL, no_passphrase, NULL,
										 aovpn_crypto_context(), NULL);
		BIO_free(bio);
	}
	return key;
}

/**
 * Get the private key: it comes with the certificates, or the daemon holds it
 * and the first certificate is its.
 */
static EVP_PKEY *get_key(private_aovpn_connection_t *this,
						 material_t *material, STACK_OF(X509) *certs,
						 const aovpn_signer_t *signer)
{
	EVP_PKEY *public;

	if (!this->public.policy.key_held)
	{
		return parse_key(material);
	}
	public = X509_get0_pubkey(sk_X509_value(certs, 0));
	return public ? aovpn_held_key_create(public, &this->public.policy, signer)
				  : NULL;
}

/**
 * Find the certificate of a key and take it out of certs.
 */
static X509 *take_leaf(STACK_OF(X509) *certs, EVP_PKEY *key)
{
	int i;

	for (i = 0; i < sk_X509_num(certs); i++)
	{
		if (X509_check_private_key(sk_X509_value(certs, i), key) == 1)
		{
			return sk_X509_delete(certs, i);
		}
	}
	return NULL;
}

/**
 * Give certificate, chain and key to the TLS context.
 */
static int use_credential(SSL_CTX *tls, EVP_PKEY *key, STACK_OF(X509) *certs,
						  struct aovpn_error *error)
{
	X509 *leaf;
	int ret = 0;

	leaf = take_leaf(certs, key);
	if (!leaf)
	{
		ERR_clear_error();
		return aovpn_error_set(error, -EKEYREJECTED, "client credential: "
							   "no certificate belongs to the private key");
	}
	if (SSL_CTX_use_cert_and_key(tls, leaf, key, certs, 1) != 1)
	{
		ret = refuse(error, -EKEYREJECTED, "client credential");
	}
	X509_free(leaf);
	return ret;
}

/**
 * Parse the client's credential into the TLS context.
 */
static int load_credential(private_aovpn_connection_t *this, int fd,
						   const aovpn_signer_t *signer,
						   struct aovpn_error *error)
{
	material_t material = { .name = "client credential" };
	STACK_OF(X509) *certs;
	EVP_PKEY *key;
	int ret;

	ret = read_material(fd, &material, error);
	if (ret == 0)
	{
		certs = parse_certificates(&material);
		key = certs ? get_key(this, &material, certs, signer) : NULL;
		ret = key ? use_credential(this->public.tls, key, certs, error)
				  : refuse(error, -EKEYREJECTED, "client credential");
		EVP_PKEY_free(key);
		sk_X509_pop_free(certs, X509_free);
	}
	chunk_clear(&material.data);
	return ret;
}

/**
 * Read a file of roots into a store. certs, if not NULL, receives them too.
 */
static int load_roots(X509_STORE *store, int fd, const char *name,
					  STACK_OF(X509) **certs, struct aovpn_error *error)
{
	material_t material = { .name = name };
	STACK_OF(X509) *roots;
	int i, ret;

	ret = read_material(fd, &material, error);
	if (ret != 0)
	{
		chunk_free(&material.data);
		return ret;
	}
	roots = parse_certificates(&material);
	chunk_free(&material.data);
	if (!roots)
	{
		return refuse(error, -EINVAL, name);
	}
	for (i = 0; i < sk_X509_num(roots); i++)
	{
		X509_STORE_add_cert(store, sk_X509_value(roots, i));
	}
	ERR_clear_error();
	if (sk_X509_num(roots) == 0)
	{
		ret = aovpn_error_set(error, -ENOKEY, "%s: no certificate in it", name);
	}
	if (ret == 0 && certs)
	{
		*certs = roots;
		return 0;
	}
	sk_X509_pop_free(roots, X509_free);
	return ret;
}

/**
 * Give one root to charon's credential set.
 */
static void add_cred(mem_cred_t *creds, X509 *root)
{
	certificate_t *cert;
	chunk_t der = chunk_empty;
	int len;

	len = i2d_X509(root, &der.ptr);
	if (len <= 0)
	{
		return;
	}
	der.len = len;
	cert = lib->creds->create(lib->creds, CRED_CERTIFICATE, CERT_X509,
							  BUILD_BLOB_ASN1_DER, der, BUILD_END);
	if (cert)
	{
		creds->add_cert(creds, TRUE, cert);
	}
	OPENSSL_free(der.ptr);
}

/**
 * Load the gateway's roots, for OpenSSL and for charon.
 */
static int load_gateway_roots(private_aovpn_connection_t *this, int fd,
							  struct aovpn_error *error)
{
	STACK_OF(X509) *roots = NULL;
	int i, ret;

	ret = load_roots(this->public.gateway_roots, fd, "gateway roots", &roots,
					 error);
	for (i = 0; i < sk_X509_num(roots); i++)
	{
		add_cred(this->public.gateway_creds, sk_X509_value(roots, i));
	}
	sk_X509_pop_free(roots, X509_free);
	return ret;
}

/**
 * Refuse a policy that makes no sense.
 */
static int check_policy(const struct aovpn_policy *policy,
						struct aovpn_error *error)
{
	if (!policy->connection[0])
	{
		return aovpn_error_set(error, -EINVAL, "connection without a name");
	}
	if (!policy->gateway_name[0])
	{
		return aovpn_error_set(error, -EINVAL, "no name of the gateway");
	}
	if (policy->tls_min < TLS1_2_VERSION || policy->tls_max > TLS1_3_VERSION ||
		policy->tls_min > policy->tls_max)
	{
		return aovpn_error_set(error, -EINVAL,
							   "TLS versions 0x%04x to 0x%04x",
							   policy->tls_min, policy->tls_max);
	}
	if (policy->fragment_size < FRAGMENT_MIN ||
		policy->fragment_size > FRAGMENT_MAX)
	{
		return aovpn_error_set(error, -EINVAL,
							   "fragment size %u is not %d to %d",
							   policy->fragment_size, FRAGMENT_MIN,
							   FRAGMENT_MAX);
	}
	return 0;
}

METHOD(aovpn_connection_t, get_ref, aovpn_connection_t*,
	private_aovpn_connection_t *this)
{
	ref_get(&this->ref);
	return &this->public;
}

METHOD(aovpn_connection_t, destroy, void,
	private_aovpn_connection_t *this)
{
	if (!ref_put(&this->ref))
	{
		return;
	}
	SSL_CTX_free(this->public.tls);
	X509_STORE_free(this->public.gateway_roots);
	this->public.gateway_creds->destroy(this->public.gateway_creds);
	free(this);
}

/**
 * Fill in the TLS context and the roots.
 */
static int load(private_aovpn_connection_t *this, const int *fds,
				const aovpn_signer_t *signer, struct aovpn_error *error)
{
	aovpn_connection_t *public = &this->public;
	int ret;

	public->tls = aovpn_tls_context_create(&public->policy);
	if (!public->tls)
	{
		return refuse(error, -EINVAL, "TLS versions");
	}
	public->gateway_roots = aovpn_verify_roots_create(
									SSL_CTX_get_security_level(public->tls));
	if (!public->gateway_roots)
	{
		return refuse(error, -ENOMEM, "gateway roots");
	}
	ret = load_credential(this, fds[0], signer, error);
	if (ret == 0)
	{
		ret = load_gateway_roots(this, fds[1], error);
	}
	if (ret == 0)
	{
		ret = load_roots(SSL_CTX_get_cert_store(public->tls), fds[2],
						 "NPS roots", NULL, error);
	}
	if (ret == 0 && !aovpn_sessions_digest(public, public->digest))
	{
		ret = refuse(error, -ENOMEM, "digest");
	}
	return ret;
}

/*
 * Described in header
 */
int aovpn_connection_create(const struct aovpn_policy *policy,
							const int fds[AOVPN_CHANNEL_FDS],
							const aovpn_signer_t *signer,
							aovpn_connection_t **ret,
							struct aovpn_error *error)
{
	private_aovpn_connection_t *this;
	int code;

	code = check_policy(policy, error);
	if (code != 0)
	{
		return code;
	}
	INIT(this,
		.public = {
			.policy = *policy,
			.gateway_creds = mem_cred_create(),
			.get_ref = _get_ref,
			.destroy = _destroy,
		},
		.ref = 1,
	);
	code = load(this, fds, signer, error);
	if (code != 0)
	{
		destroy(this);
		return code;
	}
	*ret = &this->public;
	return 0;
}
