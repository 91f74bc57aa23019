/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragments.c - see fragments.h.
 *
 * Anybody can send a fragment with the gateway's address: nothing in it is
 * believed without a length check, and however many there are, only some are
 * handed on, so that they cannot crowd out what else is known of a dial.
 */
#include "fragments.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "packet.h"
#include "raw_sockets.h"

#define IP_BYTES_MAX 65535
#define SECOND_NS    1000000000ull
/* One drain ends, however fast new packets come in. */
#define DRAIN_MAX 1024

enum { SOCKET_V4, SOCKET_V6, SOCKET_COUNT };

struct fragments {
	int epoll;
	int sockets[SOCKET_COUNT];
	observation_sink_t sink;
	void *userdata;
	unsigned int watchers;

	uint64_t second_ns;  /* when the current second began */
	unsigned int handed; /* within it */
	uint64_t suppressed;

	/* The thread that binds. The three below are under the mutex. */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool wanted, ending;
};

/* --- parsing -------------------------------------------------------------- */

/* One fragment between its IP header and its data. */
struct piece {
	uint8_t protocol;
	bool more;
	uint32_t id;
	size_t offset, length; /* of its data */
};

/* Step over the IPv4 header. */
static bool read_ip4(struct cursor *packet, struct aovpn_flow *flow,
		     struct piece *ret)
{
	const uint8_t *ip = packet->at;
	size_t header = packet_ip4_header(packet), total;
	uint16_t bits;

	if (header == 0)
		return false;
	total = read_be16(ip + offsetof(struct iphdr, tot_len));
	bits = read_be16(ip + offsetof(struct iphdr, frag_off));
	if (total < header || !cursor_skip(packet, header))
		return false;
	flow->family = AF_INET;
	memcpy(flow->remote, ip + offsetof(struct iphdr, saddr), 4);
	memcpy(flow->local, ip + offsetof(struct iphdr, daddr), 4);
	ret->protocol = ip[offsetof(struct iphdr, protocol)];
	ret->more = bits & IP_MF;
	ret->id = read_be16(ip + offsetof(struct iphdr, id));
	ret->offset = (bits & IP_OFFMASK) * 8U;
	ret->length = total - header;
	return true;
}

/* Step over the IPv6 header and that of the fragment. */
static bool read_ip6(struct cursor *packet, struct aovpn_flow *flow,
		     struct piece *ret)
{
	const uint8_t *ip = packet->at, *fragment = ip + sizeof(struct ip6_hdr);
	const size_t headers = sizeof(struct ip6_hdr) + sizeof(struct ip6_frag);
	uint16_t bits, payload;

	if (packet->left < headers || ip[0] >> 4 != 6 ||
	    ip[offsetof(struct ip6_hdr, ip6_nxt)] != IPPROTO_FRAGMENT)
		return false;
	payload = read_be16(ip + offsetof(struct ip6_hdr, ip6_plen));
	if (payload < sizeof(struct ip6_frag))
		return false;
	flow->family = AF_INET6;
	memcpy(flow->remote, ip + offsetof(struct ip6_hdr, ip6_src), 16);
	memcpy(flow->local, ip + offsetof(struct ip6_hdr, ip6_dst), 16);
	bits = read_be16(fragment + 2);
	ret->protocol = fragment[0];
	ret->more = bits & 1;
	ret->id = read_be32(fragment + 4);
	ret->offset = bits & 0xfff8;
	ret->length = payload - sizeof(struct ip6_frag);
	return cursor_skip(packet, headers);
}

/* May a host send such a fragment, and are the bytes here that it has? */
static bool is_sound(const struct piece *piece, const struct cursor *data,
		     size_t captured)
{
	if (piece->protocol != IPPROTO_UDP && piece->protocol != IPPROTO_ESP)
		return false;
	if (!piece->more && piece->offset == 0)
		return false; /* a whole packet */
	if (piece->length == 0 || (piece->more && piece->length % 8 != 0) ||
	    piece->offset + piece->length > IP_BYTES_MAX)
		return false;
	return captured >= RAW_FRAGMENT_BYTES || data->left >= piece->length;
}

/* What only the first one carries. */
static bool read_first(struct cursor *data, const struct piece *piece,
		       struct aovpn_observation *observation)
{
	struct packet_udp udp;

	if (piece->protocol != IPPROTO_UDP || piece->offset != 0)
		return true;
	if (data->left > piece->length) /* padding of the link */
		data->left = piece->length;
	if (!packet_read_udp(data, true, observation, &udp))
		return false;
	observation->u.fragment.whole = udp.bytes;
	observation->u.fragment.exchange = udp.exchange;
	return true;
}

int fragment_parse(const uint8_t *packet, size_t length,
		   struct aovpn_observation *ret)
{
	struct cursor cursor = {.at = packet, .left = length};
	struct piece piece;
	struct aovpn_observation observation = {
		.kind = AOVPN_OBS_FRAGMENT,
		.source = AOVPN_SOURCE_FRAGMENTS,
	};

	if (!read_ip4(&cursor, &observation.flow, &piece) &&
	    !read_ip6(&cursor, &observation.flow, &piece))
		return -ENOENT;
	if (!is_sound(&piece, &cursor, length) ||
	    !read_first(&cursor, &piece, &observation))
		return -ENOENT;
	observation.u.fragment.protocol = piece.protocol;
	observation.u.fragment.more = piece.more;
	observation.u.fragment.id = piece.id;
	observation.u.fragment.offset = (uint32_t)piece.offset;
	observation.u.fragment.length = (uint32_t)piece.length;
	*ret = observation;
	return 0;
}

/* --- binding -------------------------------------------------------------- */

static void bind_all(const struct fragments *fragments, bool on)
{
	/* Fails only where the descriptor is none of raw_sockets.h's; then
	 * nothing comes in, as the record's silence says. */
	raw_fragments_bind(RAW_FRAGMENTS4, fragments->sockets[SOCKET_V4], on);
	raw_fragments_bind(RAW_FRAGMENTS6, fragments->sockets[SOCKET_V6], on);
}

/* Make it as it is wanted, until the end. */
static void *bind_main(void *argument)
{
	struct fragments *f = argument;
	bool is = false;

	pthread_mutex_lock(&f->mutex);
	while (!f->ending) {
		if (f->wanted == is) {
			pthread_cond_wait(&f->changed, &f->mutex);
			continue;
		}
		is = f->wanted;
		pthread_mutex_unlock(&f->mutex);
		bind_all(f, is);
		pthread_mutex_lock(&f->mutex);
	}
	pthread_mutex_unlock(&f->mutex);
	return NULL;
}

/* Signals belong to the event loop's thread. */
static int start_thread(struct fragments *fragments)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&fragments->thread, NULL, bind_main, fragments);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	fragments->has_thread = code == 0;
	return -code;
}

static void end_thread(struct fragments *fragments)
{
	if (!fragments->has_thread)
		return;
	pthread_mutex_lock(&fragments->mutex);
	fragments->ending = true;
	pthread_cond_signal(&fragments->changed);
	pthread_mutex_unlock(&fragments->mutex);
	pthread_join(fragments->thread, NULL);
}

void fragments_watch(struct fragments *fragments, bool on)
{
	if (on)
		fragments->watchers++;
	else
		fragments->watchers--;
	pthread_mutex_lock(&fragments->mutex);
	fragments->wanted = fragments->watchers > 0;
	pthread_cond_signal(&fragments->changed);
	pthread_mutex_unlock(&fragments->mutex);
}

/* --- open, drain, close --------------------------------------------------- */

static int watch_sockets(const struct fragments *fragments)
{
	struct epoll_event event = {.events = EPOLLIN};

	for (int i = 0; i < SOCKET_COUNT; i++) {
		if (fragments->sockets[i] < 0)
			return fragments->sockets[i];
		if (epoll_ctl(fragments->epoll, EPOLL_CTL_ADD,
			      fragments->sockets[i], &event) < 0)
			return -errno;
	}
	return 0;
}

static int start(struct fragments *fragments)
{
	int code;

	fragments->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (fragments->epoll < 0)
		return -errno;
	code = watch_sockets(fragments);
	return code < 0 ? code : start_thread(fragments);
}

int fragments_open(observation_sink_t sink, void *userdata, int fd4, int fd6,
		   struct fragments **ret, struct aovpn_error *error)
{
	struct fragments *fragments = calloc(1, sizeof(*fragments));
	int code;

	if (!fragments) {
		raw_socket_close(fd4);
		raw_socket_close(fd6);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	fragments->sink = sink;
	fragments->userdata = userdata;
	fragments->sockets[SOCKET_V4] = fd4;
	fragments->sockets[SOCKET_V6] = fd6;
	pthread_mutex_init(&fragments->mutex, NULL);
	pthread_cond_init(&fragments->changed, NULL);
	code = start(fragments);
	if (code < 0) {
		fragments_close(fragments);
		return aovpn_error_set(error, code,
				       "packet socket for fragments: %s",
				       strerror(-code));
	}
	*ret = fragments;
	return 0;
}

int fragments_fd(const struct fragments *fragments)
{
	return fragments->epoll;
}

/* Is there room for one more in this second? */
static bool is_within_limit(struct fragments *fragments, uint64_t now_ns)
{
	if (now_ns - fragments->second_ns >= SECOND_NS) {
		fragments->second_ns = now_ns;
		fragments->handed = 0;
	}
	if (fragments->handed < FRAGMENTS_A_SECOND) {
		fragments->handed++;
		return true;
	}
	fragments->suppressed++;
	return false;
}

/* Hand on what one fragment says. Returns the observations: 0 or 1. */
static int observe(struct fragments *fragments, const uint8_t *packet,
		   size_t length)
{
	struct aovpn_observation observation;

	/* Nobody waits any more for what came in before. */
	if (fragments->watchers == 0 ||
	    fragment_parse(packet, length, &observation) < 0)
		return 0;
	observation.time_ns = aovpn_boottime_ns();
	if (!is_within_limit(fragments, observation.time_ns))
		return 0;
	fragments->sink(&observation, fragments->userdata);
	return 1;
}

static int drain_socket(struct fragments *fragments, int fd)
{
	uint8_t packet[RAW_FRAGMENT_BYTES];
	int count = 0;
	ssize_t length;

	for (int i = 0; i < DRAIN_MAX; i++) {
		length = recv(fd, packet, sizeof(packet), 0);
		if (length < 0 && errno == EAGAIN)
			break;
		if (length < 0 && errno != EINTR && errno != ENETDOWN)
			return -errno;
		if (length > 0)
			count += observe(fragments, packet, (size_t)length);
	}
	return count;
}

int fragments_drain(struct fragments *fragments)
{
	int count, sum = 0;

	for (int i = 0; i < SOCKET_COUNT; i++) {
		count = drain_socket(fragments, fragments->sockets[i]);
		if (count < 0)
			return count;
		sum += count;
	}
	return sum;
}

uint64_t fragments_lost(const struct fragments *fragments)
{
	return raw_socket_lost(fragments->sockets[SOCKET_V4]) +
	       raw_socket_lost(fragments->sockets[SOCKET_V6]);
}

uint64_t fragments_suppressed(const struct fragments *fragments)
{
	return fragments->suppressed;
}

struct fragments *fragments_close(struct fragments *fragments)
{
	if (!fragments)
		return NULL;
	end_thread(fragments);
	for (int i = 0; i < SOCKET_COUNT; i++)
		raw_socket_close(fragments->sockets[i]);
	raw_socket_close(fragments->epoll);
	pthread_cond_destroy(&fragments->changed);
	pthread_mutex_destroy(&fragments->mutex);
	free(fragments);
	return NULL;
}
