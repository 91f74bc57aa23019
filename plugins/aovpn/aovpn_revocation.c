/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Revocation of the EAP server's chain by CRL (RFC 5280 5, 6.3), and of its leaf
 * by what was stapled; see aovpn_revocation.h.
 */

#include "aovpn_revocation.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <collections/linked_list.h>
#include <fetcher/fetcher.h>
#include <threading/mutex.h>

#include "aovpn_crypto.h"
#include "escape.h"

/**
 * Seconds that reading one distribution point may take.
 */
#define FETCH_SECONDS 3

/**
 * Bytes of a CRL at the most; OpenSSL takes about eight times that in memory.
 */
#define CRL_MAX (8 * 1024 * 1024)

/**
 * Distribution points that are tried of one certificate.
 */
#define POINTS_MAX 4

/**
 * CRLs kept.
 */
#define CACHE_MAX 16

/**
 * Seconds until a point that could not be read is tried again.
 */
#define RETRY_SECONDS 60

/**
 * A distribution point that was read, or could not be.
 */
typedef struct {

	/** its URL */
	char *url;

	/** what it holds, NULL if it could not be read */
	X509_CRL *crl;

	/** until when this holds */
	time_t until;

} entry_t;

/**
 * Entries, entry_t, newest first.
 */
static linked_list_t *cache;

/**
 * Protects the cache; never held while something is fetched.
 */
static mutex_t *mutex;

/**
 * Free an entry.
 */
static void destroy_entry(entry_t *entry)
{
	X509_CRL_free(entry->crl);
	free(entry->url);
	free(entry);
}

/*
 * Described in header
 */
void aovpn_revocation_init(void)
{
	cache = linked_list_create();
	mutex = mutex_create(MUTEX_TYPE_DEFAULT);
}

/*
 * Described in header
 */
void aovpn_revocation_deinit(void)
{
	cache->destroy_function(cache, (void*)destroy_entry);
	mutex->destroy(mutex);
}

/**
 * Look a point up. *crl is a reference or NULL.
 *
 * @return			TRUE if something is known that still holds
 */
static bool lookup(const char *url, X509_CRL **crl)
{
	enumerator_t *enumerator;
	entry_t *entry;
	time_t now = time(NULL);
	bool found = FALSE;

	*crl = NULL;
	mutex->lock(mutex);
	enumerator = cache->create_enumerator(cache);
	while (!found && enumerator->enumerate(enumerator, &entry))
	{
		if (streq(entry->url, url) && entry->until > now)
		{
			found = TRUE;
			if (entry->crl && X509_CRL_up_ref(entry->crl))
			{
				*crl = entry->crl;
			}
		}
	}
	enumerator->destroy(enumerator);
	mutex->unlock(mutex);
	return found;
}

/**
 * Seconds since 1970 of a CRL's nextUpdate; a CRL without one, or one that is
 * over, holds for no longer than a point that cannot be read.
 */
static time_t valid_until(X509_CRL *crl)
{
	const ASN1_TIME *next = crl ? X509_CRL_get0_nextUpdate(crl) : NULL;
	time_t now = time(NULL);
	int days = 0, seconds = 0;

	if (!next || !ASN1_TIME_diff(&days, &seconds, NULL, next) ||
		days < 0 || seconds < 0)
	{
		return now + RETRY_SECONDS;
	}
	return now + (time_t)min(days, 7) * 86400 + seconds;
}

/**
 * Remember a point; crl may be NULL.
 */
static void remember(const char *url, X509_CRL *crl)
{
	entry_t *entry, *oldest = NULL;

	INIT(entry,
		.url = strdup(url),
		.until = valid_until(crl),
	);
	if (crl && X509_CRL_up_ref(crl))
	{
		entry->crl = crl;
	}
	mutex->lock(mutex);
	cache->insert_first(cache, entry);
	if (cache->get_count(cache) > CACHE_MAX)
	{
		cache->remove_last(cache, (void**)&oldest);
	}
	mutex->unlock(mutex);
	if (oldest)
	{
		destroy_entry(oldest);
	}
}

/**
 * Collect what a fetcher reads, up to the limit: fetcher_callback_t.
 */
static bool collect(void *userdata, chunk_t data)
{
	chunk_t *all = userdata;
	u_char *grown;

	if (all->len + data.len > CRL_MAX)
	{
		return FALSE;
	}
	if (!data.len)
	{
		return TRUE;
	}
	/* chunk_cat() looks at no failure */
	grown = realloc(all->ptr, all->len + data.len);
	if (!grown)
	{
		return FALSE;
	}
	memcpy(grown + all->len, data.ptr, data.len);
	all->ptr = grown;
	all->len += data.len;
	return TRUE;
}

/**
 * Read a distribution point.
 *
 * @return			CRL in DER, NULL if there is none
 */
static X509_CRL *fetch(char *url)
{
	chunk_t data = chunk_empty;
	const unsigned char *pos;
	X509_CRL *crl = NULL;
	char escaped[256];
	status_t status;

	aovpn_escape_string(url, escaped, sizeof(escaped));
	status = lib->fetcher->fetch(lib->fetcher, url, &data,
								 FETCH_CALLBACK, collect,
								 FETCH_TIMEOUT, FETCH_SECONDS, FETCH_END);
	if (status == SUCCESS)
	{
		pos = data.ptr;
		crl = d2i_X509_CRL(NULL, &pos, data.len);
	}
	DBG1(DBG_TLS, "aovpn: CRL '%s' %s", escaped, crl ? "fetched" :
		 status == SUCCESS ? "is none" : "cannot be fetched");
	chunk_free(&data);
	ERR_clear_error();
	return crl;
}

/**
 * The CRL of a distribution point, a reference, or NULL.
 */
static X509_CRL *get_crl(char *url)
{
	X509_CRL *crl;

	if (lookup(url, &crl))
	{
		return crl;
	}
	crl = fetch(url);
	remember(url, crl);
	return crl;
}

/**
 * Is this an http URL without a NUL inside? Others are not fetched: what a
 * certificate names must not lead us to files or other protocols.
 */
static bool is_http(const ASN1_STRING *string)
{
	const char *url = (const char*)ASN1_STRING_get0_data(string);
	int len = ASN1_STRING_length(string);

	return len > 7 && len < 1024 && strlen(url) == (size_t)len &&
		   strncasecmp(url, "http://", 7) == 0;
}

/**
 * Add the CRLs of one distribution point's names until one is there.
 *
 * @return			number of points that were tried
 */
static int add_of_point(DIST_POINT *point, STACK_OF(X509_CRL) *crls)
{
	GENERAL_NAMES *names;
	GENERAL_NAME *name;
	X509_CRL *crl;
	int i, tried = 0;

	if (!point->distpoint || point->distpoint->type != 0)
	{
		return 0;
	}
	names = point->distpoint->name.fullname;
	for (i = 0; i < sk_GENERAL_NAME_num(names) && tried < POINTS_MAX; i++)
	{
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_URI || !is_http(name->d.ia5))
		{
			continue;
		}
		tried++;
		crl = get_crl((char*)ASN1_STRING_get0_data(name->d.ia5));
		if (crl && sk_X509_CRL_push(crls, crl))
		{
			break;
		}
		X509_CRL_free(crl);
	}
	return tried;
}

/**
 * Add the CRLs that a certificate names.
 */
static void add_crls(X509 *cert, STACK_OF(X509_CRL) *crls)
{
	CRL_DIST_POINTS *points;
	int i, tried = 0;

	points = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	for (i = 0; i < sk_DIST_POINT_num(points) && tried < POINTS_MAX; i++)
	{
		tried += add_of_point(sk_DIST_POINT_value(points, i), crls);
	}
	CRL_DIST_POINTS_free(points);
}

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
 * Verify the chain anew, now with its CRLs.
 */
static int verify(STACK_OF(X509) *chain, X509_STORE *roots,
				  STACK_OF(X509_CRL) *crls, X509_STORE_CTX_verify_cb callback,
				  int *depth)
{
	X509_STORE_CTX *ctx;
	int error = X509_V_ERR_OUT_OF_MEM;

	ctx = X509_STORE_CTX_new_ex(aovpn_crypto_context(), NULL);
	if (ctx && X509_STORE_CTX_init(ctx, roots, sk_X509_value(chain, 0),
								   chain) == 1)
	{
		X509_STORE_CTX_set0_crls(ctx, crls);
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_CRL_CHECK |
								 X509_V_FLAG_CRL_CHECK_ALL);
		if (callback)
		{
			X509_STORE_CTX_set_verify_cb(ctx, callback);
		}
		error = X509_V_OK;
		if (X509_verify_cert(ctx) != 1)
		{
			error = X509_STORE_CTX_get_error(ctx) ?: X509_V_ERR_UNSPECIFIED;
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
int aovpn_revocation_check(STACK_OF(X509) *chain, X509_STORE *roots,
						   aovpn_ocsp_t leaf, bool hard, int *depth)
{
	X509_STORE_CTX_verify_cb callback = NULL;
	STACK_OF(X509_CRL) *crls;
	int i, error = X509_V_ERR_OUT_OF_MEM;

	*depth = 0;
	if (leaf == AOVPN_OCSP_REVOKED)
	{
		return X509_V_ERR_CERT_REVOKED;
	}
	if (!hard)
	{
		callback = be_soft;
	}
	else if (leaf == AOVPN_OCSP_GOOD)
	{
		callback = be_soft_on_leaf;
	}
	crls = sk_X509_CRL_new_null();
	/* the last one is the root, which nobody but itself could revoke */
	for (i = leaf == AOVPN_OCSP_GOOD; crls && i < sk_X509_num(chain) - 1; i++)
	{
		add_crls(sk_X509_value(chain, i), crls);
	}
	if (crls)
	{
		error = verify(chain, roots, crls, callback, depth);
	}
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	return error;
}
