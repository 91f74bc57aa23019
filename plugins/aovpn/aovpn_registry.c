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
 * Bind an IKE_SA to a connection; mutex held.
 */
static session_t *add_session(private_aovpn_registry_t *this, uint32_t id,
							  aovpn_connection_t *connection)
{
	session_t *session;

	INIT(session,
		.id = id,
		.connection = connection->get_ref(connection),
	);
	this->sessions->insert_first(this->sessions, session);
	return session;
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
				add_session(this, id, connection);
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
		add_session(this, id, session->connection);
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
			.retransmits = _retransmits,
			.destroy = _destroy,
		},
		.connections = linked_list_create(),
		.sessions = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
