/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * throughput.c - bulk TCP to the peer's address, which lies behind the tunnel:
 * without a tracer; with the tracer as it is while a tunnel is up; with the
 * hooks of a dial, too, on a cgroup of charon's own; and with these on the
 * sender's own cgroup, where they see each packet.
 */
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PORT 7005

enum way { OFF, ON, DIAL, SAME_CGROUP, WAYS };

static const char *const way_names[WAYS] = {
	[OFF] = "off",
	[ON] = "on",
	[DIAL] = "dial",
	[SAME_CGROUP] = "same cgroup",
};

static char block[64 * 1024];

/* The peer's end: takes one connection after the other, and all it brings. */
static void *receive(void *listener)
{
	static char sink[sizeof(block)];

	for (;;) {
		int fd = accept4(*(int *)listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			die("accept");
		while (recv(fd, sink, sizeof(sink), 0) > 0)
			;
		close(fd);
	}
	return NULL;
}

static void start_receiver(void)
{
	static int listener;
	socklen_t length;
	struct sockaddr_storage any =
		make_address(NULL, AF_INET, PORT, &length);
	pthread_t thread;

	listener = socket_of_peer(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&any, length) < 0 ||
	    listen(listener, 1) < 0 ||
	    pthread_create(&thread, NULL, receive, &listener) != 0)
		die("receiver");
	pthread_detach(thread);
}

/* Send for so long, and wait until the peer has it all. Returns bytes a second.
 */
static double send_for(int fd, double seconds)
{
	uint64_t began = now_ns(), bytes = 0;
	ssize_t n;

	while ((double)(now_ns() - began) < seconds * 1e9) {
		n = send(fd, block, sizeof(block), 0);
		if (n < 0)
			die("send");
		bytes += (uint64_t)n;
	}
	if (shutdown(fd, SHUT_WR) < 0 || recv(fd, block, 1, 0) != 0)
		die("end of a stream");
	return (double)bytes * 1e9 / (double)(now_ns() - began);
}

static double stream(double seconds)
{
	socklen_t length;
	struct sockaddr_storage to =
		make_address(address(false, AF_INET), AF_INET, PORT, &length);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	double rate;

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, length) < 0)
		die("connect");
	rate = send_for(fd, seconds);
	close(fd);
	return rate;
}

static struct tracer *begin(enum way way, const pid_t *charons)
{
	struct tracer *tracer;

	if (way == OFF)
		return NULL;
	tracer = open_quiet_tracer();
	tracer_set_interest(tracer, true);
	if (way != ON)
		attach_dial(tracer, charons[way]);
	return tracer;
}

/* throughput ROUNDS MILLISECONDS PID [PID]: charon, or in its place one in a
 * cgroup of its own and one in the sender's. */
int cmd_throughput(int argc, char **argv)
{
	unsigned int rounds = count_of(argv[0]);
	double seconds = count_of(argv[1]) / 1000.0;
	const pid_t charons[WAYS] = {
		[DIAL] = (pid_t)count_of(argv[2]),
		[SAME_CGROUP] = argc > 3 ? (pid_t)count_of(argv[3]) : 0,
	};
	const unsigned int ways = argc > 3 ? WAYS : SAME_CGROUP;

	start_receiver();
	/* The first is another's: the kernel keeps what it learnt of a path. */
	stream(seconds);
	for (unsigned int i = 0; i < rounds * ways; i++) {
		/* Each round begins with another way. */
		enum way way = (i + i / ways) % ways;
		struct tracer *tracer = begin(way, charons);

		sleep_ms(50); /* for the kernel to have patched its own code */
		printf("{\"table\":\"tunnel\",\"way\":\"%s\",\"pair\":%u,"
		       "\"bytes_per_second\":%.0f}\n",
		       way_names[way], i / ways + 1, stream(seconds));
		fflush(stdout);
		tracer_close(tracer);
	}
	return 0;
}
