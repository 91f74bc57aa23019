/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * CRLs of distribution points (RFC 5280 4.2.1.13) and their deltas (5.2.6); see
 * aovpn_crls.h.
 */

#include "aovpn_crls.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <collections/linked_list.h>
#include <fetcher/fetcher.h>
#include <threading/mutex.h>

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
void aovpn_crls_init(void)
{
	cache = linked_list_create();
	mutex = mutex_create(MUTEX_TYPE_DEFAULT);
}

/*
 * Described in header
 */
void aovpn_crls_deinit(void)
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
 * Add the CRLs of distribution points, which are freed and may be NULL.
 */
static void add_of_points(CRL_DIST_POINTS *points, STACK_OF(X509_CRL) *crls)
{
	int i, tried = 0;

	for (i = 0; i < sk_DIST_POINT_num(points) && tried < POINTS_MAX; i++)
	{
		tried += add_of_point(sk_DIST_POINT_value(points, i), crls);
	}
	CRL_DIST_POINTS_free(points);
}

/*
 * Described in header
 */
void aovpn_crls_add(X509 *cert, STACK_OF(X509_CRL) *crls)
{
	int i, first = sk_X509_CRL_num(crls), last;

	add_of_points(X509_get_ext_d2i(cert, NID_crl_distribution_points,
								   NULL, NULL), crls);
	last = sk_X509_CRL_num(crls);
	for (i = first; i < last; i++)
	{
		add_of_points(X509_CRL_get_ext_d2i(sk_X509_CRL_value(crls, i),
										   NID_freshest_crl, NULL, NULL), crls);
	}
}
