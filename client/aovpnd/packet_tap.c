/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet_tap.c - see packet_tap.h. */
#include "packet_tap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "raw_sockets.h"

/* One drain ends, however fast new packets come in. */
#define DRAIN_MAX 1024

enum { SOCKET_V4, SOCKET_V6, SOCKET_COUNT };

struct packet_tap {
	int epoll;
	int sockets[SOCKET_COUNT];
	unsigned int watchers;

	/* The thread that binds. The three below are under the mutex. */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool wanted, ending;
};

/* --- binding -------------------------------------------------------------- */

static void bind_all(const struct packet_tap *tap, bool on)
{
	/* Fails only where the descriptor is none of raw_sockets.h's; then
	 * nothing comes in, as the record's silence says. */
	raw_socket_bind(AF_INET, tap->sockets[SOCKET_V4], on);
	raw_socket_bind(AF_INET6, tap->sockets[SOCKET_V6], on);
}

/* Make it as it is wanted, until the end. */
static void *bind_main(void *argument)
{
	struct packet_tap *tap = argument;
	bool is = false;

	pthread_mutex_lock(&tap->mutex);
	while (!tap->ending) {
		if (tap->wanted == is) {
			pthread_cond_wait(&tap->changed, &tap->mutex);
			continue;
		}
		is = tap->wanted;
		pthread_mutex_unlock(&tap->mutex);
		bind_all(tap, is);
		pthread_mutex_lock(&tap->mutex);
	}
	pthread_mutex_unlock(&tap->mutex);
	return NULL;
}

/* Signals belong to the event loop's thread. */
static int start_thread(struct packet_tap *tap)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&tap->thread, NULL, bind_main, tap);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	tap->has_thread = code == 0;
	return -code;
}

static void end_thread(struct packet_tap *tap)
{
	if (!tap->has_thread)
		return;
	pthread_mutex_lock(&tap->mutex);
	tap->ending = true;
	pthread_cond_signal(&tap->changed);
	pthread_mutex_unlock(&tap->mutex);
	pthread_join(tap->thread, NULL);
}

void packet_tap_watch(struct packet_tap *tap, bool on)
{
	if (on)
		tap->watchers++;
	else
		tap->watchers--;
	pthread_mutex_lock(&tap->mutex);
	tap->wanted = tap->watchers > 0;
	pthread_cond_signal(&tap->changed);
	pthread_mutex_unlock(&tap->mutex);
}

/* --- open, drain, close --------------------------------------------------- */

static int watch_sockets(const struct packet_tap *tap)
{
	struct epoll_event event = {.events = EPOLLIN};

	for (int i = 0; i < SOCKET_COUNT; i++) {
		if (tap->sockets[i] < 0)
			return tap->sockets[i];
		if (epoll_ctl(tap->epoll, EPOLL_CTL_ADD, tap->sockets[i],
			      &event) < 0)
			return -errno;
	}
	return 0;
}

static int start(struct packet_tap *tap)
{
	int code;

	tap->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (tap->epoll < 0)
		return -errno;
	code = watch_sockets(tap);
	return code < 0 ? code : start_thread(tap);
}

int packet_tap_open(int fd4, int fd6, struct packet_tap **ret)
{
	struct packet_tap *tap = calloc(1, sizeof(*tap));
	int code;

	if (!tap) {
		raw_socket_close(fd4);
		raw_socket_close(fd6);
		return -ENOMEM;
	}
	tap->sockets[SOCKET_V4] = fd4;
	tap->sockets[SOCKET_V6] = fd6;
	pthread_mutex_init(&tap->mutex, NULL);
	pthread_cond_init(&tap->changed, NULL);
	code = start(tap);
	if (code < 0) {
		packet_tap_close(tap);
		return code;
	}
	*ret = tap;
	return 0;
}

int packet_tap_fd(const struct packet_tap *tap)
{
	return tap->epoll;
}

static int drain_socket(const struct packet_tap *tap, int fd,
			packet_tap_reader_t reader, void *userdata)
{
	uint8_t packet[RAW_PACKET_BYTES];
	int count = 0;
	ssize_t length;

	for (int i = 0; i < DRAIN_MAX; i++) {
		length = recv(fd, packet, sizeof(packet), 0);
		if (length < 0 && errno == EAGAIN)
			break;
		if (length < 0 && errno != EINTR && errno != ENETDOWN)
			return -errno;
		if (length > 0 && tap->watchers > 0)
			count += reader(packet, (size_t)length, userdata);
	}
	return count;
}

int packet_tap_drain(struct packet_tap *tap, packet_tap_reader_t reader,
		     void *userdata)
{
	int count, sum = 0;

	for (int i = 0; i < SOCKET_COUNT; i++) {
		count = drain_socket(tap, tap->sockets[i], reader, userdata);
		if (count < 0)
			return count;
		sum += count;
	}
	return sum;
}

uint64_t packet_tap_lost(const struct packet_tap *tap)
{
	return raw_socket_lost(tap->sockets[SOCKET_V4]) +
	       raw_socket_lost(tap->sockets[SOCKET_V6]);
}

struct packet_tap *packet_tap_close(struct packet_tap *tap)
{
	if (!tap)
		return NULL;
	end_thread(tap);
	for (int i = 0; i < SOCKET_COUNT; i++)
		raw_socket_close(tap->sockets[i]);
	raw_socket_close(tap->epoll);
	pthread_cond_destroy(&tap->changed);
	pthread_mutex_destroy(&tap->mutex);
	free(tap);
	return NULL;
}
