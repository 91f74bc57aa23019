/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Send errors of charon as observations; see aovpn_send.h.
 *
 * charon queues a packet for its sender thread, which calls
 * charon->socket->send(). If the kernel refuses the packet (no route, a local
 * packet filter, an address that is gone), the socket plugin logs one line,
 * returns FAILED, and charon sends the same again later: no event and no alert
 * tells. Two things together do:
 *
 * - charon->socket->send, a function pointer of a public structure, is led
 *   through watched_send(). It knows the packet (whose, from where to where, how
 *   long) and that sending it failed, but not why: the socket plugin returns no
 *   errno, and logging has overwritten errno when it returns.
 * - A logger knows why. It gets that line as format and arguments on the same
 *   thread, and the argument is strerror(errno), evaluated before any logger
 *   could touch errno. Which errno has this text is looked up in the same locale
 *   of the same process, so that it is exact. errno itself would not be:
 *   loggers that take formatted lines come before those that do not.
 *
 * The format is the same in socket-default and socket-dynamic, the two socket
 * plugins that send on Linux, from 5.9.5 to 6.0.6; plugins/check-api looks it up
 * in a tree. socket-default has another line for a socket that it could not open
 * at its start, because another program has the port. One that logs something else, or a charon built with DEBUG_LEVEL
 * below 1, fails without an errno: then nothing is reported and nothing breaks.
 *
 * A socket_t of our own, by charon->socket->add_socket(), would have to do all of
 * socket-default's work for every connection of this charon; a system call
 * tracepoint would cost every system call of the machine; charon's own error
 * queue (IP_RECVERR) has no errors of routing or filters.
 *
 * Only IKE packets of IKE_SAs of ours are reported, known by their SPIs (RFC
 * 7296 3.1); keepalives (RFC 3948 2.3) and ESP of kernel-libipsec carry none.
 */

#include "aovpn_send.h"

#include <errno.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <daemon.h>
#include <threading/thread_value.h>

#include "aovpn_rate.h"

/**
 * What the socket plugins log when the kernel refuses a packet.
 */
#define WRITE_FAILED "error writing to socket: %s"

/**
 * What socket-default logs where it could not open the socket for that family
 * and port when charon started, and so has none.
 */
#define NO_SOCKET "no socket found to send IPv%d packet from port %d"

/**
 * What charon logs where socket-default could open none at all.
 */
#define NO_SOCKETS "no socket implementation registered, sending failed"

/**
 * The highest errno that Linux has (include/linux/err.h).
 */
#define ERRNO_MAX 4095

/**
 * Length of the IKE header, RFC 7296 3.1, and of the marker before it where
 * neither port is 500, RFC 3948 2.2.
 */
#define IKE_HEADER_LEN     28
#define NON_ESP_MARKER_LEN 4

typedef struct private_aovpn_send_t private_aovpn_send_t;

/**
 * Private data of an aovpn_send_t object.
 */
struct private_aovpn_send_t {

	/**
	 * Public interface.
	 */
	aovpn_send_t public;

	/**
	 * What watched_send() stands before.
	 */
	status_t (*send)(socket_manager_t *this, packet_t *packet);

	/**
	 * Where the logger puts the errno, int*: set while the thread sends.
	 */
	thread_value_t *error;

	/**
	 * Connections of ours.
	 */
	aovpn_registry_t *registry;

	/**
	 * Where observations go.
	 */
	aovpn_channel_t *channel;

	/**
	 * Bounds the reports.
	 */
	aovpn_rate_t *rate;
};

/**
 * The one that watches, as a socket_manager_t cannot be asked for it.
 */
static private_aovpn_send_t *watcher;

/**
 * The errno that strerror() calls so, 0 if none is.
 */
static int error_of_text(const char *text)
{
	char copy[128];
	int error;

	/* it may lie in the buffer that strerror() uses */
	snprintf(copy, sizeof(copy), "%s", text);
	for (error = 1; error <= ERRNO_MAX; error++)
	{
		if (streq(strerror(error), copy))
		{
			return error;
		}
	}
	return 0;
}

METHOD(logger_t, vlog, void,
	private_aovpn_send_t *this, debug_t group, level_t level, int thread,
	ike_sa_t *ike_sa, const char *fmt, va_list args)
{
	int *error = this->error->get(this->error);

	/* called with the bus's lock held: take no other and log nothing */
	if (error && streq(fmt, WRITE_FAILED))
	{
		*error = error_of_text(va_arg(args, char*));
	}
	else if (error && (streq(fmt, NO_SOCKET) || streq(fmt, NO_SOCKETS)))
	{
		*error = EBADF;
	}
}

METHOD(logger_t, get_level, level_t,
	private_aovpn_send_t *this, debug_t group)
{
	return group == DBG_NET ? 1 : LEVEL_SILENT;
}

/**
 * SPIs of an IKE packet as it goes to the socket, in host order.
 */
static bool read_spis(packet_t *packet, uint64_t *spi_i, uint64_t *spi_r)
{
	static const uint8_t marker[NON_ESP_MARKER_LEN];
	host_t *src = packet->get_source(packet);
	host_t *dst = packet->get_destination(packet);
	chunk_t data = packet->get_data(packet);

	if (src->get_port(src) != IKEV2_UDP_PORT &&
		dst->get_port(dst) != IKEV2_UDP_PORT)
	{
		if (data.len < NON_ESP_MARKER_LEN ||
			!memeq(data.ptr, marker, NON_ESP_MARKER_LEN))
		{
			return FALSE;
		}
		data = chunk_skip(data, NON_ESP_MARKER_LEN);
	}
	if (data.len < IKE_HEADER_LEN)
	{
		return FALSE;
	}
	*spi_i = untoh64(data.ptr);
	*spi_r = untoh64(data.ptr + sizeof(uint64_t));
	return TRUE;
}

/**
 * From where to where; the local address is zero if charon leaves the choice to
 * the kernel.
 */
static void fill_flow(packet_t *packet, struct aovpn_flow *flow)
{
	host_t *src = packet->get_source(packet);
	host_t *dst = packet->get_destination(packet);
	uint8_t family;

	aovpn_address_from_sockaddr(dst->get_sockaddr(dst), &flow->family,
								flow->remote, &flow->remote_port);
	aovpn_address_from_sockaddr(src->get_sockaddr(src), &family,
								flow->local, &flow->local_port);
}

/**
 * Why charon has no socket for that port: does another hold it? What bind(2)
 * says now it likely said when charon started.
 */
static int why_no_socket(packet_t *packet)
{
	host_t *src = packet->get_source(packet), *any;
	int fd, on = 1, error = EBADF;

	fd = socket(src->get_family(src), SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
	if (fd < 0)
	{
		return error;
	}
	any = host_create_any(src->get_family(src));
	any->set_port(any, src->get_port(src) ?: IKEV2_UDP_PORT);
	/* as socket-default does: IPv4 is another socket's */
	if (src->get_family(src) == AF_INET6)
	{
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	}
	if (bind(fd, any->get_sockaddr(any), *any->get_sockaddr_len(any)) != 0 &&
		errno == EADDRINUSE)
	{
		error = EADDRINUSE;
	}
	any->destroy(any);
	close(fd);
	return error;
}

/**
 * Report a packet that could not be sent, if it is ours.
 */
static void report(private_aovpn_send_t *this, packet_t *packet, int error)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_SEND_FAILED,
		.source = AOVPN_SOURCE_PLUGIN,
		.time_ns = aovpn_boottime_ns(),
	};

	if (!read_spis(packet, &o.spi_i, &o.spi_r) ||
		!this->registry->find_spis(this->registry, o.spi_i, o.spi_r,
								   &o.ike_sa_id, o.connection,
								   sizeof(o.connection)) ||
		!this->rate->admit(this->rate, o.time_ns))
	{
		return;
	}
	fill_flow(packet, &o.flow);
	o.u.send_failed.error = error == EBADF ? why_no_socket(packet) : error;
	o.u.send_failed.length = packet->get_data(packet).len;
	this->channel->report(this->channel, &o);
}

/**
 * In the place of charon->socket->send.
 */
static status_t watched_send(socket_manager_t *manager, packet_t *packet)
{
	private_aovpn_send_t *this = watcher;
	status_t status;
	int error = 0;

	this->error->set(this->error, &error);
	status = this->send(manager, packet);
	this->error->set(this->error, NULL);
	if (status != SUCCESS && error)
	{
		report(this, packet, error);
	}
	return status;
}

METHOD(aovpn_send_t, destroy, void,
	private_aovpn_send_t *this)
{
	/* whoever has taken our place meanwhile was loaded later and is gone */
	charon->socket->send = this->send;
	charon->bus->remove_logger(charon->bus, &this->public.logger);
	watcher = NULL;
	this->error->destroy(this->error);
	this->rate->destroy(this->rate);
	free(this);
}

/*
 * Described in header
 */
aovpn_send_t *aovpn_send_create(aovpn_registry_t *registry,
								aovpn_channel_t *channel)
{
	private_aovpn_send_t *this;

	INIT(this,
		.public = {
			.logger = {
				.vlog = _vlog,
				.get_level = _get_level,
			},
			.destroy = _destroy,
		},
		.send = charon->socket->send,
		.error = thread_value_create(NULL),
		.registry = registry,
		.channel = channel,
		.rate = aovpn_rate_create(),
	);
	watcher = this;
	charon->bus->add_logger(charon->bus, &this->public.logger);
	charon->socket->send = watched_send;
	return &this->public;
}
