/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Cache of TLS sessions; see aovpn_sessions.h.
 */

#include "aovpn_sessions.h"

#include <openssl/evp.h>

#include <collections/linked_list.h>
#include <threading/mutex.h>

#include "aovpn_crypto.h"

/**
 * Sessions kept. A user has a handful of connections.
 */
#define SESSIONS_MAX 64

/**
 * Seconds after a full handshake in which its sessions are resumed, unless the
 * server says less. A working day: NPS's own default is ten hours. RFC 8446
 * 4.6.1 allows seven days.
 */
#define LIFETIME_MAX (8 * 60 * 60)

/**
 * A session that may be resumed.
 */
typedef struct {

	/** name of its connection */
	char *name;

	/** of the connection */
	uint8_t digest[AOVPN_DIGEST_LEN];

	/** OpenSSL's session, a reference */
	SSL_SESSION *session;

	/** second of CLOCK_BOOTTIME of its full handshake */
	uint64_t authenticated;

} entry_t;

/**
 * Entries, entry_t, newest first.
 */
static linked_list_t *cache;

/**
 * Protects the cache.
 */
static mutex_t *mutex;

/**
 * Free an entry; OpenSSL wipes the secret with the last reference.
 */
static void destroy_entry(entry_t *entry)
{
	SSL_SESSION_free(entry->session);
	free(entry->name);
	free(entry);
}

/*
 * Described in header
 */
void aovpn_sessions_init(void)
{
	cache = linked_list_create();
	mutex = mutex_create(MUTEX_TYPE_DEFAULT);
}

/*
 * Described in header
 */
void aovpn_sessions_deinit(void)
{
	cache->destroy_function(cache, (void*)destroy_entry);
	mutex->destroy(mutex);
}

/**
 * Add a certificate to a digest.
 */
static bool add_certificate(EVP_MD_CTX *ctx, X509 *cert)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	return X509_digest(cert, EVP_sha256(), digest, &len) == 1 &&
		   EVP_DigestUpdate(ctx, digest, len) == 1;
}

/**
 * Add the roots of a store, and how many there are.
 */
static bool add_roots(EVP_MD_CTX *ctx, X509_STORE *store)
{
	STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
	int i, count = sk_X509_OBJECT_num(objects);
	X509 *cert;

	if (EVP_DigestUpdate(ctx, &count, sizeof(count)) != 1)
	{
		return FALSE;
	}
	for (i = 0; i < count; i++)
	{
		cert = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
		if (cert && !add_certificate(ctx, cert))
		{
			return FALSE;
		}
	}
	return TRUE;
}

/**
 * Add the policy as a whole, so that no future field of it is forgotten. Only
 * the generation differs from one registration to the next.
 */
static bool add_policy(EVP_MD_CTX *ctx, const struct aovpn_policy *policy)
{
	struct aovpn_policy copy;

	memcpy(&copy, policy, sizeof(copy));
	copy.generation = 0;
	return EVP_DigestUpdate(ctx, &copy, sizeof(copy)) == 1;
}

/*
 * Described in header
 */
bool aovpn_sessions_digest(const aovpn_connection_t *connection,
						   uint8_t digest[AOVPN_DIGEST_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_MD *md = EVP_MD_fetch(aovpn_crypto_context(), "SHA256", NULL);
	bool ok;

	ok = ctx && md && EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
		 add_policy(ctx, &connection->policy) &&
		 add_certificate(ctx, SSL_CTX_get0_certificate(connection->tls)) &&
		 add_roots(ctx, SSL_CTX_get_cert_store(connection->tls)) &&
		 add_roots(ctx, connection->gateway_roots) &&
		 EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
	EVP_MD_free(md);
	EVP_MD_CTX_free(ctx);
	return ok;
}

/**
 * Now, in seconds that go on while the machine sleeps.
 */
static uint64_t now(void)
{
	return aovpn_boottime_ns() / 1000000000;
}

/**
 * Seconds for which a session may be used after its full handshake. A lifetime
 * hint of 0 is no hint in RFC 5077 3.3 and "at once" in RFC 8446 4.6.1.
 */
static uint64_t lifetime(SSL_SESSION *session)
{
	unsigned long hint = SSL_SESSION_get_ticket_lifetime_hint(session);

	if (SSL_SESSION_has_ticket(session) &&
		(hint || SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION))
	{
		return min(hint, LIFETIME_MAX);
	}
	return LIFETIME_MAX;
}

/**
 * Has an entry had its time?
 */
static bool is_old(entry_t *entry)
{
	return now() >= entry->authenticated + lifetime(entry->session);
}

/**
 * Take the entry of a name out of the cache, and free all that are too old;
 * mutex held.
 */
static entry_t *take_entry(const char *name)
{
	enumerator_t *enumerator;
	entry_t *entry, *found = NULL;

	enumerator = cache->create_enumerator(cache);
	while (enumerator->enumerate(enumerator, &entry))
	{
		if (is_old(entry))
		{
			cache->remove_at(cache, enumerator);
			destroy_entry(entry);
		}
		else if (streq(entry->name, name))
		{
			cache->remove_at(cache, enumerator);
			found = entry;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Was this entry made under this policy, with this material?
 */
static bool belongs_to(entry_t *entry, aovpn_connection_t *connection)
{
	return memeq_const(entry->digest, connection->digest, AOVPN_DIGEST_LEN);
}

/*
 * Described in header
 */
void aovpn_sessions_put(aovpn_connection_t *connection, SSL_SESSION *session,
						uint64_t authenticated)
{
	entry_t *entry, *old, *oldest = NULL;

	INIT(entry,
		.name = strdup(connection->policy.connection),
		.session = session,
		.authenticated = authenticated,
	);
	memcpy(entry->digest, connection->digest, AOVPN_DIGEST_LEN);
	mutex->lock(mutex);
	old = take_entry(entry->name);
	cache->insert_first(cache, entry);
	if (cache->get_count(cache) > SESSIONS_MAX)
	{
		cache->remove_last(cache, (void**)&oldest);
	}
	mutex->unlock(mutex);
	if (old)
	{
		destroy_entry(old);
	}
	if (oldest)
	{
		destroy_entry(oldest);
	}
}

/*
 * Described in header
 */
SSL_SESSION *aovpn_sessions_take(aovpn_connection_t *connection,
								 uint64_t *authenticated)
{
	SSL_SESSION *session = NULL;
	entry_t *entry;

	mutex->lock(mutex);
	entry = take_entry(connection->policy.connection);
	mutex->unlock(mutex);
	if (!entry)
	{
		return NULL;
	}
	if (belongs_to(entry, connection) && SSL_SESSION_up_ref(entry->session))
	{
		session = entry->session;
		*authenticated = entry->authenticated;
	}
	destroy_entry(entry);
	return session;
}

/*
 * Described in header
 */
void aovpn_sessions_drop(const char *name)
{
	entry_t *entry;

	mutex->lock(mutex);
	entry = take_entry(name);
	mutex->unlock(mutex);
	if (entry)
	{
		destroy_entry(entry);
	}
}

/*
 * Described in header
 */
void aovpn_sessions_check(aovpn_connection_t *connection)
{
	entry_t *entry;

	mutex->lock(mutex);
	entry = take_entry(connection->policy.connection);
	if (entry && belongs_to(entry, connection))
	{
		cache->insert_first(cache, entry);
		entry = NULL;
	}
	mutex->unlock(mutex);
	if (entry)
	{
		destroy_entry(entry);
	}
}
