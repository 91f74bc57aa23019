/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Connections and IKE_SAs of ours; see aovpn_registry.h.
 */

#include "aovpn_registry.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <threading/mutex.h>

typedef struct private_aovpn_registry_t private_aovpn_registry_t;

/**
 * Connections that the daemon may register. A user has a handful.
 */
#define MAX_CONNECTIONS 256

/**
 * Private data of an aovpn_registry_t object.
 */
struct private_aovpn_registry_t {

	/**
	 * Public interface.
	 */
	aovpn_registry_t public;

	/**
	 * Registered connections, aovpn_connection_t.
	 */
	linked_list_t *connections;

	/**
	 * IKE_SAs of ours, session_t.
	 */
	linked_list_t *sessions;

	/**
	 * Protects both lists.
	 */
	mutex_t *mutex;
};

/**
 * An IKE_SA of ours.
 */
typedef struct {

	/** charon's unique id */
	uint32_t id;

	/** SPIs in host order when get() was last asked, which is before each
	 * message that goes out */
	uint64_t spi_i, spi_r;

	/** what it runs under, a reference */
	aovpn_connection_t *connection;

	/** retransmissions of the current request */
	uint32_t retransmits;

} session_t;

/**
 * Does a connection have this name?
 */
static bool is_named(aovpn_connection_t *connection, const char *name)
{
	return streq(connection->policy.connection, name);
}

/**
 * Find a connection by name; mutex held.
 */
static aovpn_connection_t *find(private_aovpn_registry_t *this,
								const char *name)
{
	aovpn_connection_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = this->connections->create_enumerator(this->connections);
	while (enumerator->enumerate(enumerator, &current))
	{
		if (is_named(current, name))
		{
			found = current;
			break;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Find the session of an IKE_SA; mutex held.
 */
static session_t *find_session(private_aovpn_registry_t *this, uint32_t id)
{
	session_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = this->sessions->create_enumerator(this->sessions);
	while (enumerator->enumerate(enumerator, &current))
	{
		if (current->id == id)
		{
			found = current;
			break;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Take a connection out of the list; mutex held.
 */
static aovpn_connection_t *take(private_aovpn_registry_t *this,
								const char *name)
{
	aovpn_connection_t *found = find(this, name);

	if (found)
	{
		this->connections->remove(this->connections, found, NULL);
	}
	return found;
}

METHOD(aovpn_registry_t, add, bool,
	private_aovpn_registry_t *this, aovpn_connection_t *connection)
{
	aovpn_connection_t *old;
	bool room;

	this->mutex->lock(this->mutex);
	old = take(this, connection->policy.connection);
	room = this->connections->get_count(this->connections) < MAX_CONNECTIONS;
	if (room)
	{
		this->connections->insert_last(this->connections, connection);
	}
	this->mutex->unlock(this->mutex);

	DESTROY_IF(old);
	if (!room)
	{
		connection->destroy(connection);
	}
	return room;
}

METHOD(aovpn_registry_t, remove_, bool,
	private_aovpn_registry_t *this, const char *name)
{
	aovpn_connection_t *old;

	this->mutex->lock(this->mutex);
	old = take(this, name);
	this->mutex->unlock(this->mutex);

	DESTROY_IF(old);
	return old != NULL;
}

/**
 * Keep the SPIs of an IKE_SA: its responder chooses one with the first answer,
 * and its initiator another one if it starts all over (a redirect, RFC 5685).
 * Mutex held.
 */
static void update_spis(session_t *session, ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	session->spi_i = be64toh(id->get_initiator_spi(id));
	session->spi_r = be64toh(id->get_responder_spi(id));
}

/**
 * Bind an IKE_SA to a connection; mutex held.
 */
static void add_session(private_aovpn_registry_t *this, ike_sa_t *ike_sa,
						aovpn_connection_t *connection)
{
	session_t *session;

	INIT(session,
		.id = ike_sa->get_unique_id(ike_sa),
		.connection = connection->get_ref(connection),
	);
	update_spis(session, ike_sa);
	this->sessions->insert_first(this->sessions, session);
}

METHOD(aovpn_registry_t, get, aovpn_connection_t*,
	private_aovpn_registry_t *this, ike_sa_t *ike_sa)
{
	aovpn_connection_t *connection = NULL;
	session_t *session;
	uint32_t id;
	char *name;

	if (!ike_sa)
	{
		return NULL;
	}
	id = ike_sa->get_unique_id(ike_sa);
	name = ike_sa->get_name(ike_sa);

	this->mutex->lock(this->mutex);
	session = find_session(this, id);
	/* a responder may switch to another connection while it learns more of its
	 * peer, so that the name is asked each time */
	if (session && is_named(session->connection, name))
	{
		connection = session->connection->get_ref(session->connection);
		update_spis(session, ike_sa);
	}
	else
	{
		connection = find(this, name);
		if (connection)
		{
			connection->get_ref(connection);
			/* nobody would forget() one that is already going */
			if (!session && ike_sa->get_state(ike_sa) != IKE_DESTROYING)
			{
				add_session(this, ike_sa, connection);
			}
		}
	}
	this->mutex->unlock(this->mutex);
	return connection;
}

METHOD(aovpn_registry_t, inherit, void,
	private_aovpn_registry_t *this, ike_sa_t *old, ike_sa_t *new)
{
	session_t *session;
	uint32_t id = new->get_unique_id(new);

	this->mutex->lock(this->mutex);
	session = find_session(this, old->get_unique_id(old));
	if (session && !find_session(this, id) &&
		!find(this, session->connection->policy.connection))
	{
		add_session(this, new, session->connection);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(aovpn_registry_t, forget, void,
	private_aovpn_registry_t *this, ike_sa_t *ike_sa)
{
	session_t *session;

	this->mutex->lock(this->mutex);
	session = find_session(this, ike_sa->get_unique_id(ike_sa));
	if (session)
	{
		this->sessions->remove(this->sessions, session, NULL);
	}
	this->mutex->unlock(this->mutex);

	if (session)
	{
		session->connection->destroy(session->connection);
		free(session);
	}
}

/**
 * Does an IKE_SA have these SPIs? The responder's comes with its first answer:
 * the message sent before has none.
 */
static bool has_spis(session_t *session, uint64_t spi_i, uint64_t spi_r)
{
	return session->spi_i == spi_i &&
		   (spi_r == 0 || session->spi_r == 0 || session->spi_r == spi_r);
}

METHOD(aovpn_registry_t, find_spis, bool,
	private_aovpn_registry_t *this, uint64_t spi_i, uint64_t spi_r,
	uint32_t *ret_id, char *name, size_t size)
{
	enumerator_t *enumerator;
	session_t *session;
	bool found = FALSE;

	this->mutex->lock(this->mutex);
	enumerator = this->sessions->create_enumerator(this->sessions);
	while (!found && enumerator->enumerate(enumerator, &session))
	{
		if (has_spis(session, spi_i, spi_r))
		{
			*ret_id = session->id;
			snprintf(name, size, "%s", session->connection->policy.connection);
			found = TRUE;
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return found;
}

METHOD(aovpn_registry_t, retransmits, uint32_t,
	private_aovpn_registry_t *this, ike_sa_t *ike_sa, int count)
{
	session_t *session;
	uint32_t ret = 0;

	this->mutex->lock(this->mutex);
	session = find_session(this, ike_sa->get_unique_id(ike_sa));
	if (session)
	{
		if (count >= 0)
		{
			session->retransmits = count;
		}
		ret = session->retransmits;
	}
	this->mutex->unlock(this->mutex);
	return ret;
}

METHOD(aovpn_registry_t, destroy, void,
	private_aovpn_registry_t *this)
{
	session_t *session;

	while (this->sessions->remove_first(this->sessions,
										(void**)&session) == SUCCESS)
	{
		session->connection->destroy(session->connection);
		free(session);
	}
	this->sessions->destroy(this->sessions);
	this->connections->destroy_offset(this->connections,
									  offsetof(aovpn_connection_t, destroy));
	this->mutex->destroy(this->mutex);
	free(this);
}

/*
 * Described in header
 */
aovpn_registry_t *aovpn_registry_create()
{
	private_aovpn_registry_t *this;

	INIT(this,
		.public = {
			.add = _add,
			.remove = _remove_,
			.get = _get,
			.inherit = _inherit,
			.forget = _forget,
			.find_spis = _find_spis,
			.retransmits = _retransmits,
			.destroy = _destroy,
		},
		.connections = linked_list_create(),
		.sessions = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
