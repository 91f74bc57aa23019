/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Our end of the channel to aovpnd: connecting, messages; see aovpn_channel.h
 * and client/libaovpn/channel.h for the protocol.
 */

#include "aovpn_channel.h"

#include <errno.h>
#include <unistd.h>
#include <sys/random.h>

#include <daemon.h>
#include <processing/jobs/callback_job.h>
#include <collections/linked_list.h>
#include <threading/condvar.h>
#include <threading/mutex.h>

#include "aovpn_sessions.h"
#include "aovpn_socket.h"
#include "escape.h"

typedef struct private_aovpn_channel_t private_aovpn_channel_t;

/**
 * Where aovpnd listens unless the settings say otherwise.
 */
#define DEFAULT_SOCKET "/run/aovpn/plugin.sock"

/**
 * Milliseconds between two attempts to connect.
 */
#define RETRY_MS 1000

/**
 * Milliseconds that a token has for a signature; somebody may have to type a
 * PIN on a reader first.
 */
#define SIGN_TIMEOUT_MS 30000

/**
 * Messages handled in one go before others get the thread.
 */
#define BATCH 16

/**
 * How far a connection to the daemon has come.
 */
typedef enum {
	/** none, or one that is to be closed */
	CHANNEL_DOWN,
	/** HELLO was sent */
	CHANNEL_GREETED,
	/** WELCOME came: observations may be sent */
	CHANNEL_UP,
} channel_state_t;

/**
 * Signature that a thread waits for.
 */
typedef struct {

	/** Number of the request */
	uint32_t id;

	/** Receives the answer */
	struct aovpn_signed *answer;

	/** The answer is there */
	bool done;

} pending_t;

/**
 * Private data of an aovpn_channel_t object.
 */
struct private_aovpn_channel_t {

	/**
	 * Public interface.
	 */
	aovpn_channel_t public;

	/**
	 * What the daemon registers.
	 */
	aovpn_registry_t *registry;

	/**
	 * What HELLO says.
	 */
	struct aovpn_hello hello;

	/**
	 * Path of the socket.
	 */
	char *path;

	/**
	 * Protects what follows; held only for a non-blocking send, and given up
	 * while waiting for a signature.
	 */
	mutex_t *mutex;

	/**
	 * Connected socket, -1 if none.
	 */
	int fd;

	/**
	 * State of fd.
	 */
	channel_state_t state;

	/**
	 * Number of the last message on fd.
	 */
	uint32_t sequence;

	/**
	 * Messages thrown away since charon started.
	 */
	uint32_t dropped;

	/**
	 * Number of the last request for a signature.
	 */
	uint32_t last_sign;

	/**
	 * Signatures that are waited for, pending_t.
	 */
	linked_list_t *pending;

	/**
	 * One of them is done.
	 */
	condvar_t *answered;

	/**
	 * Why connecting failed last, to log a reason only when it changes. Used by
	 * the connecting job alone.
	 */
	int last_error;
};

static job_requeue_t reconnect(private_aovpn_channel_t *this);

/**
 * Encode and send; mutex held.
 */
static int send_locked(private_aovpn_channel_t *this,
					   struct aovpn_message *message)
{
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int ret;

	message->sequence = this->sequence + 1;
	message->dropped = this->dropped;
	ret = aovpn_message_encode(message, buffer, sizeof(buffer));
	if (ret > 0)
	{
		ret = aovpn_socket_send(this->fd, buffer, ret);
	}
	if (ret == 0)
	{
		this->sequence++;
	}
	else
	{
		this->dropped++;
	}
	return ret;
}

METHOD(aovpn_channel_t, report, void,
	private_aovpn_channel_t *this, const struct aovpn_observation *observation)
{
	struct aovpn_message message = { .type = AOVPN_MESSAGE_OBSERVATION };

	message.u.observation = *observation;
	this->mutex->lock(this->mutex);
	if (this->state == CHANNEL_UP)
	{
		send_locked(this, &message);
	}
	else
	{
		this->dropped++;
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Answer a REGISTER. The daemon waits for this one, so it must not get lost.
 */
static int answer(private_aovpn_channel_t *this,
				  const struct aovpn_policy *policy, int code,
				  const struct aovpn_error *error)
{
	struct aovpn_message message = { .type = AOVPN_MESSAGE_REGISTERED };
	struct aovpn_registered *registered = &message.u.registered;
	int ret;

	registered->generation = policy->generation;
	registered->error = code;
	memcpy(registered->connection, policy->connection,
		   sizeof(registered->connection));
	if (code)
	{
		aovpn_escape_string(error->text, registered->text,
							sizeof(registered->text));
	}
	this->mutex->lock(this->mutex);
	ret = send_locked(this, &message);
	this->mutex->unlock(this->mutex);
	return ret;
}

/**
 * Send a request and wait for its answer; mutex held.
 */
static int await_locked(private_aovpn_channel_t *this,
						struct aovpn_message *message, pending_t *pending)
{
	int ret;

	if (this->state != CHANNEL_UP)
	{
		return -ENOTCONN;
	}
	ret = send_locked(this, message);
	while (ret == 0 && !pending->done && this->state == CHANNEL_UP)
	{
		if (this->answered->timed_wait(this->answered, this->mutex,
									   SIGN_TIMEOUT_MS))
		{
			ret = -ETIMEDOUT;
		}
	}
	if (pending->done)
	{
		return pending->answer->error;
	}
	return ret ?: -ECONNRESET;
}

/**
 * Have the daemon sign: the function of an aovpn_signer_t. The caller is a
 * worker with an IKE_SA, never the watcher that brings the answer.
 */
static int sign(private_aovpn_channel_t *this, struct aovpn_sign *request,
				struct aovpn_signed *answer)
{
	struct aovpn_message message = { .type = AOVPN_MESSAGE_SIGN };
	pending_t pending = { .answer = answer };
	int ret;

	this->mutex->lock(this->mutex);
	pending.id = request->id = ++this->last_sign;
	message.u.sign = *request;
	this->pending->insert_last(this->pending, &pending);
	ret = await_locked(this, &message, &pending);
	this->pending->remove(this->pending, &pending, NULL);
	this->mutex->unlock(this->mutex);
	if (ret && !pending.done)
	{
		snprintf(answer->text, sizeof(answer->text), "%s", strerror(-ret));
	}
	return ret;
}

/**
 * SIGNED: give the answer to who waits for it, if anybody still does.
 */
static int on_signed(private_aovpn_channel_t *this,
					 const struct aovpn_signed *answer)
{
	enumerator_t *enumerator;
	pending_t *pending;

	this->mutex->lock(this->mutex);
	enumerator = this->pending->create_enumerator(this->pending);
	while (enumerator->enumerate(enumerator, &pending))
	{
		if (pending->id == answer->id)
		{
			*pending->answer = *answer;
			pending->done = TRUE;
		}
	}
	enumerator->destroy(enumerator);
	this->answered->broadcast(this->answered);
	this->mutex->unlock(this->mutex);
	return 0;
}

/**
 * REGISTER: make the connection and add it.
 */
static int on_register(private_aovpn_channel_t *this,
					   const struct aovpn_policy *policy,
					   const aovpn_datagram_t *datagram)
{
	const aovpn_signer_t signer = { .sign = (void*)sign, .data = this };
	struct aovpn_error error = {};
	aovpn_connection_t *connection;
	char name[AOVPN_NAME_MAX];
	int code;

	if (datagram->fd_count != AOVPN_CHANNEL_FDS)
	{
		return -EBADMSG;
	}
	code = aovpn_connection_create(policy, datagram->fds, &signer, &connection,
								   &error);
	if (code == 0)
	{
		aovpn_sessions_check(connection);
		if (!this->registry->add(this->registry, connection))
		{
			code = aovpn_error_set(&error, -ENOSPC, "too many connections");
		}
	}
	aovpn_escape_string(policy->connection, name, sizeof(name));
	DBG1(DBG_CFG, "aovpn: connection '%s' %s%s", name,
		 code ? "refused: " : "registered", error.text);
	return answer(this, policy, code, &error);
}

/**
 * UNREGISTER: forget the connection.
 */
static int on_unregister(private_aovpn_channel_t *this,
						 const struct aovpn_policy *policy)
{
	char name[AOVPN_NAME_MAX];

	aovpn_escape_string(policy->connection, name, sizeof(name));
	if (this->registry->remove(this->registry, policy->connection))
	{
		DBG1(DBG_CFG, "aovpn: connection '%s' unregistered", name);
	}
	return 0;
}

/**
 * WELCOME: the daemon speaks our version.
 */
static int on_welcome(private_aovpn_channel_t *this)
{
	this->mutex->lock(this->mutex);
	this->state = CHANNEL_UP;
	this->mutex->unlock(this->mutex);
	DBG1(DBG_CFG, "aovpn: connected to aovpnd on %s", this->path);
	return 0;
}

/**
 * Is a message of this type allowed now? Only the watcher's thread changes the
 * state from here on, so reading it needs no lock.
 */
static bool is_expected(private_aovpn_channel_t *this, uint8_t type,
						int fd_count)
{
	switch (type)
	{
		case AOVPN_MESSAGE_WELCOME:
			return this->state == CHANNEL_GREETED && fd_count == 0;
		case AOVPN_MESSAGE_REGISTER:
			return this->state == CHANNEL_UP;
		case AOVPN_MESSAGE_UNREGISTER:
		case AOVPN_MESSAGE_SIGNED:
			return this->state == CHANNEL_UP && fd_count == 0;
		default:
			return FALSE;
	}
}

/**
 * Handle a datagram of the daemon; its descriptors are the caller's to close.
 */
static int handle(private_aovpn_channel_t *this,
				  const aovpn_datagram_t *datagram)
{
	struct aovpn_message message;
	int ret;

	ret = aovpn_message_decode(datagram->data, datagram->len, &message);
	if (ret != 0)
	{
		return ret;
	}
	if (!is_expected(this, message.type, datagram->fd_count))
	{
		return -EBADMSG;
	}
	switch (message.type)
	{
		case AOVPN_MESSAGE_WELCOME:
			return on_welcome(this);
		case AOVPN_MESSAGE_REGISTER:
			return on_register(this, &message.u.policy, datagram);
		case AOVPN_MESSAGE_SIGNED:
			return on_signed(this, &message.u.signature);
		default:
			return on_unregister(this, &message.u.policy);
	}
}

/**
 * Queue the connecting job.
 */
static void schedule(private_aovpn_channel_t *this)
{
	lib->scheduler->schedule_job_ms(lib->scheduler,
			(job_t*)callback_job_create_with_prio((void*)reconnect, this, NULL,
												  NULL, JOB_PRIO_HIGH),
			RETRY_MS);
}

/**
 * Something is to be read: watcher_cb_t. The watcher calls it on one thread at
 * a time, so messages stay in order.
 */
static bool on_readable(private_aovpn_channel_t *this, int fd,
						watcher_event_t event)
{
	aovpn_datagram_t datagram;
	int i, ret = 0;

	for (i = 0; i < BATCH && ret == 0; i++)
	{
		ret = aovpn_socket_receive(fd, &datagram);
		if (ret == 0)
		{
			ret = handle(this, &datagram);
			aovpn_socket_close(&datagram);
		}
		else if (ret == -EAGAIN)
		{
			return TRUE;
		}
	}
	if (ret == 0)
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "aovpn: connection to aovpnd closed: %s", strerror(-ret));
	this->mutex->lock(this->mutex);
	this->state = CHANNEL_DOWN;
	this->answered->broadcast(this->answered);
	this->mutex->unlock(this->mutex);
	/* the job closes the socket: closing it here could give its number to
	 * another file while the watcher still knows it */
	schedule(this);
	return FALSE;
}

/**
 * Close the socket, if there is one; waits for on_readable() to return.
 */
static void disconnect(private_aovpn_channel_t *this)
{
	int fd = this->fd;

	if (fd < 0)
	{
		return;
	}
	lib->watcher->remove(lib->watcher, fd);
	this->mutex->lock(this->mutex);
	this->state = CHANNEL_DOWN;
	this->fd = -1;
	this->mutex->unlock(this->mutex);
	close(fd);
}

/**
 * The cookie of the network namespace that a socket of ours is in, 0 where the
 * kernel does not tell (before Linux 5.14).
 */
static uint64_t netns_cookie(int fd)
{
#ifdef SO_NETNS_COOKIE
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) == 0)
	{
		return cookie;
	}
#endif
	return 0;
}

/**
 * Take a connected socket into use: send HELLO and wait for the answer.
 */
static int greet(private_aovpn_channel_t *this, int fd)
{
	struct aovpn_message message = { .type = AOVPN_MESSAGE_HELLO };
	int ret;

	message.u.hello = this->hello;
	message.u.hello.netns_cookie = netns_cookie(fd);
	this->mutex->lock(this->mutex);
	this->fd = fd;
	this->sequence = 0;
	ret = send_locked(this, &message);
	if (ret == 0)
	{
		this->state = CHANNEL_GREETED;
	}
	this->mutex->unlock(this->mutex);
	return ret;
}

/**
 * Connect to the daemon, once a second until it works: callback_job_cb_t.
 */
static job_requeue_t reconnect(private_aovpn_channel_t *this)
{
	int fd, ret;

	disconnect(this);
	fd = aovpn_socket_connect(this->path);
	ret = fd < 0 ? fd : greet(this, fd);
	if (ret != this->last_error && ret != 0)
	{
		DBG1(DBG_CFG, "aovpn: no connection to aovpnd on %s: %s", this->path,
			 strerror(-ret));
	}
	this->last_error = ret;
	if (ret != 0)
	{
		return JOB_RESCHEDULE_MS(RETRY_MS);
	}
	lib->watcher->add(lib->watcher, fd, WATCHER_READ, (void*)on_readable, this);
	return JOB_REQUEUE_NONE;
}

METHOD(aovpn_channel_t, start, void,
	private_aovpn_channel_t *this)
{
	lib->processor->queue_job(lib->processor,
			(job_t*)callback_job_create_with_prio((void*)reconnect, this, NULL,
												  NULL, JOB_PRIO_HIGH));
}

METHOD(aovpn_channel_t, destroy, void,
	private_aovpn_channel_t *this)
{
	disconnect(this);
	this->pending->destroy(this->pending);
	this->answered->destroy(this->answered);
	this->mutex->destroy(this->mutex);
	free(this->path);
	free(this);
}

/**
 * Fill in who we are. The instance is random so that the daemon notices a
 * charon that was restarted with the same process id.
 */
static void fill_hello(struct aovpn_hello *hello)
{
	if (getrandom(hello->charon, sizeof(hello->charon), 0) !=
			sizeof(hello->charon))
	{
		/* cannot happen for 16 bytes once the system is up */
		memset(hello->charon, 0, sizeof(hello->charon));
	}
	hello->pid = getpid();
	snprintf(hello->plugin_version, sizeof(hello->plugin_version), "%s",
			 AOVPN_VERSION);
	snprintf(hello->strongswan, sizeof(hello->strongswan), "%s", VERSION);
}

/*
 * Described in header
 */
aovpn_channel_t *aovpn_channel_create(aovpn_registry_t *registry)
{
	private_aovpn_channel_t *this;

	INIT(this,
		.public = {
			.report = _report,
			.start = _start,
			.destroy = _destroy,
		},
		.registry = registry,
		.path = strdup(lib->settings->get_str(lib->settings,
											  "%s.plugins.aovpn.socket",
											  DEFAULT_SOCKET, lib->ns)),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.answered = condvar_create(CONDVAR_TYPE_DEFAULT),
		.pending = linked_list_create(),
		.fd = -1,
	);
	fill_hello(&this->hello);
	/* an answer to another charon must not pass for one to us */
	memcpy(&this->last_sign, this->hello.charon, sizeof(this->last_sign));
	return &this->public;
}
