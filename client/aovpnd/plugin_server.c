/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin_server.c - see plugin_server.h. One plugin counts: the last that said
 * hello; a charon that restarts replaces its predecessor.
 */
#include "plugin_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connections.h"
#include "escape.h"
#include "kernel_sources.h"
#include "log.h"
#include "unix_socket.h"

/* Strangers that hold a connection open without a hello must not use up our
 * descriptors. */
#define PEERS_MAX 8

struct peer {
	struct plugin_server *server;
	int fd;
	sd_event_source *source;
	uint32_t pid; /* of the process that connected, 0 not known */
	bool hello_seen;
	struct aovpn_hello hello;
	uint32_t dropped; /* as the peer last said */
};

struct plugin_server {
	struct daemon *daemon;
	int fd;
	sd_event_source *source;
	struct peer *peers[PEERS_MAX];
	struct peer *current;
	uint32_t sequence;
	uint64_t lost;
	uint64_t refused;
};

static void peer_drop(struct peer *peer, const char *why)
{
	struct plugin_server *server = peer->server;
	bool was_current = server->current == peer;
	size_t i;

	log_info("plugin connection closed: %s", why);
	for (i = 0; i < PEERS_MAX; i++)
		if (server->peers[i] == peer)
			server->peers[i] = NULL;
	if (was_current)
		server->current = NULL;
	sd_event_source_disable_unref(peer->source);
	close(peer->fd);
	free(peer);
	if (was_current)
		connections_plugin_gone(server->daemon->connections);
}

static int send_message(struct plugin_server *server, struct peer *peer,
			struct aovpn_message *message, const int *fds,
			size_t fd_count)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(AOVPN_CHANNEL_FDS * sizeof(int))];
	} control;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	struct iovec iov = {.iov_base = buffer};
	struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *cmsg;
	int n;

	message->sequence = ++server->sequence;
	n = aovpn_message_encode(message, buffer, sizeof(buffer));
	if (n < 0)
		return n;
	iov.iov_len = (size_t)n;
	if (fd_count > 0) {
		memset(&control, 0, sizeof(control));
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, fd_count * sizeof(int));
	}
	if (sendmsg(peer->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

static void take_hello(struct peer *peer, const struct aovpn_hello *hello)
{
	struct aovpn_message welcome = {.type = AOVPN_MESSAGE_WELCOME};
	char plugin[64], strongswan[64];

	aovpn_escape_string(hello->plugin_version, plugin, sizeof(plugin));
	aovpn_escape_string(hello->strongswan, strongswan, sizeof(strongswan));
	peer->hello = *hello;
	if (peer->pid != 0) /* what the kernel says counts */
		peer->hello.pid = peer->pid;
	peer->hello_seen = true;
	peer->server->current = peer;
	send_message(peer->server, peer, &welcome, NULL, 0);
	log_info("plugin %s for strongSwan %s said hello (charon is pid %u)",
		 plugin, strongswan, peer->hello.pid);
	kernel_sources_follow(peer->server->daemon, &peer->hello);
	connections_plugin_ready(peer->server->daemon->connections);
}

static void take_message(struct peer *peer, struct aovpn_message *message)
{
	struct plugin_server *server = peer->server;

	if (peer->hello_seen && message->dropped > peer->dropped) {
		server->lost += message->dropped - peer->dropped;
		peer->dropped = message->dropped;
	}
	if (message->type == AOVPN_MESSAGE_HELLO) {
		/* What was dropped while nobody listened was not ours. */
		peer->dropped = message->dropped;
		take_hello(peer, &message->u.hello);
	} else if (!peer->hello_seen) {
		server->refused++;
	} else if (message->type == AOVPN_MESSAGE_REGISTERED) {
		connections_registered(server->daemon->connections,
				       &message->u.registered);
	} else if (message->type == AOVPN_MESSAGE_SIGN) {
		connections_sign(server->daemon->connections, &message->u.sign);
	} else if (message->type == AOVPN_MESSAGE_OBSERVATION) {
		/* The plugin speaks for itself only. */
		message->u.observation.source = AOVPN_SOURCE_PLUGIN;
		daemon_observe(server->daemon, &message->u.observation);
	} else {
		server->refused++;
	}
}

/* One datagram. Returns 0, -EAGAIN where none waits, or -errno where the peer
 * is gone. Garbage is counted and skipped. */
static int receive_one(struct peer *peer)
{
	struct aovpn_message message;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	ssize_t n;
	int r;

	/* MSG_TRUNC: n is the datagram's own length, which decode refuses
	 * where it is over the maximum. No control data is taken. */
	n = recv(peer->fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ECONNRESET;
	r = (size_t)n > sizeof(buffer)
		    ? -EBADMSG
		    : aovpn_message_decode(buffer, (size_t)n, &message);
	if (r == -EPROTONOSUPPORT) {
		log_warning("the plugin speaks version %u of the channel, "
			    "wanted is %d: install matching versions",
			    buffer[4], AOVPN_CHANNEL_VERSION);
		return r;
	}
	if (r < 0) {
		if (peer->server->refused++ == 0)
			log_warning("malformed message on the plugin socket "
				    "(%zd bytes) ignored",
				    n);
		return 0;
	}
	take_message(peer, &message);
	return 0;
}

/* Bounded, so that a talkative peer cannot keep the loop to itself. */
static void peer_receive(struct peer *peer, unsigned int most)
{
	int r = 0;

	while (r == 0 && most-- > 0)
		r = receive_one(peer);
	if (r < 0 && r != -EAGAIN)
		peer_drop(peer,
			  r == -ECONNRESET ? "charon is gone" : strerror(-r));
}

/* Packets that pass wake nobody: they are read beside charon's word on them, so
 * that what is kept of a dial is in order. */
static int on_peer(sd_event_source *source, int fd, uint32_t events,
		   void *userdata)
{
	struct peer *peer = userdata;
	struct daemon *daemon = peer->server->daemon;

	(void)source;
	(void)fd;
	(void)events;
	peer_receive(peer, 256);
	if (daemon->tracer)
		tracer_drain(daemon->tracer);
	return 0;
}

/* charon runs as root; a test may run both ends as one user. */
static bool is_trusted(int fd, uint32_t *ret_pid)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
		return false;
	*ret_pid = (uint32_t)cred.pid;
	return cred.uid == 0 || cred.uid == geteuid();
}

static int peer_add(struct plugin_server *server, int fd, uint32_t pid)
{
	struct peer *peer;
	size_t i = 0;
	int r;

	while (i < PEERS_MAX && server->peers[i])
		i++;
	if (i == PEERS_MAX)
		return -EMFILE;
	peer = calloc(1, sizeof(*peer));
	if (!peer)
		return -ENOMEM;
	peer->server = server;
	peer->fd = fd;
	peer->pid = pid;
	r = sd_event_add_io(server->daemon->event, &peer->source, fd, EPOLLIN,
			    on_peer, peer);
	if (r < 0) {
		free(peer);
		return r;
	}
	/* Before the ring buffer: what charon says names the IKE_SA that a
	 * packet belongs to. */
	sd_event_source_set_priority(peer->source,
				     SD_EVENT_PRIORITY_NORMAL - 10);
	server->peers[i] = peer;
	return 0;
}

static int on_accept(sd_event_source *source, int fd, uint32_t events,
		     void *userdata)
{
	struct plugin_server *server = userdata;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	uint32_t pid = 0;
	int r;

	(void)source;
	(void)events;
	if (peer < 0)
		return 0;
	r = is_trusted(peer, &pid) ? peer_add(server, peer, pid) : -EPERM;
	if (r < 0) {
		server->refused++;
		log_warning("connection to the plugin socket refused: %s",
			    strerror(-r));
		close(peer);
	}
	return 0;
}

int plugin_server_open(struct daemon *daemon, const char *path,
		       struct plugin_server **ret, struct aovpn_error *error)
{
	struct plugin_server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->daemon = daemon;
	server->fd = aovpn_unix_listen(path, SOCK_SEQPACKET, PEERS_MAX);
	r = server->fd;
	if (r >= 0)
		r = sd_event_add_io(daemon->event, &server->source, server->fd,
				    EPOLLIN, on_accept, server);
	if (r < 0) {
		plugin_server_close(server);
		return aovpn_error_set(error, r, "cannot listen at \"%s\": %s",
				       path, strerror(-r));
	}
	*ret = server;
	return 0;
}

struct plugin_server *plugin_server_close(struct plugin_server *server)
{
	size_t i;

	if (!server)
		return NULL;
	for (i = 0; i < PEERS_MAX; i++)
		if (server->peers[i])
			peer_drop(server->peers[i], "aovpnd ends");
	sd_event_source_disable_unref(server->source);
	if (server->fd >= 0)
		close(server->fd);
	free(server);
	return NULL;
}

const struct aovpn_hello *
plugin_server_hello(const struct plugin_server *server)
{
	return server && server->current ? &server->current->hello : NULL;
}

uint64_t plugin_server_lost(const struct plugin_server *server)
{
	return server ? server->lost : 0;
}

uint64_t plugin_server_refused(const struct plugin_server *server)
{
	return server ? server->refused : 0;
}

int plugin_server_register(struct plugin_server *server,
			   const struct aovpn_policy *policy,
			   const int fds[AOVPN_CHANNEL_FDS])
{
	struct aovpn_message message = {.type = AOVPN_MESSAGE_REGISTER};

	if (!server->current)
		return -ENOTCONN;
	message.u.policy = *policy;
	return send_message(server, server->current, &message, fds,
			    AOVPN_CHANNEL_FDS);
}

int plugin_server_unregister(struct plugin_server *server,
			     const char *connection)
{
	struct aovpn_message message = {.type = AOVPN_MESSAGE_UNREGISTER};

	if (!server->current)
		return -ENOTCONN;
	strncpy(message.u.policy.connection, connection, AOVPN_NAME_MAX - 1);
	return send_message(server, server->current, &message, NULL, 0);
}

int plugin_server_signed(struct plugin_server *server,
			 const struct aovpn_signed *answer)
{
	struct aovpn_message message = {.type = AOVPN_MESSAGE_SIGNED};

	if (!server || !server->current)
		return -ENOTCONN;
	message.u.signature = *answer;
	return send_message(server, server->current, &message, NULL, 0);
}

void plugin_server_drain(struct plugin_server *server)
{
	if (server->current)
		peer_receive(server->current, 4096);
}
