/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls.c - what an open tracer costs everything else while no dial is open:
 * a system call that does nothing, and UDP packets that pass. In pairs, each
 * the other way round than the one before.
 */
#include "bench.h"

#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SYSTEM_CALLS 200000
#define ROUND_TRIPS  5000

/* Two connected UDP sockets. */
struct ends {
	struct sender here, there;
};

static void join(const struct ends *ends)
{
	if (connect(ends->here.fd, (const struct sockaddr *)&ends->here.to,
		    ends->here.to_length) < 0 ||
	    connect(ends->there.fd, (const struct sockaddr *)&ends->there.to,
		    ends->there.to_length) < 0)
		die("connect");
}

static void call_nothing(void *userdata)
{
	(void)userdata;
	syscall(SYS_getppid);
}

/* There and back. The other end is this thread, too: no one has to be woken,
 * and nothing but the packets' way takes time. */
static void ping_pong(void *userdata)
{
	const struct ends *ends = userdata;
	char bytes[64] = {0};

	if (send(ends->here.fd, bytes, sizeof(bytes), 0) < 0 ||
	    recv(ends->there.fd, bytes, sizeof(bytes), 0) < 0 ||
	    send(ends->there.fd, bytes, sizeof(bytes), 0) < 0 ||
	    recv(ends->here.fd, bytes, sizeof(bytes), 0) < 0)
		die("ping-pong");
}

static void print_call(const char *call, const char *way, unsigned int pair,
		       double ns)
{
	printf("{\"table\":\"calls\",\"call\":\"%s\",\"way\":\"%s\","
	       "\"pair\":%u,\"ns\":%.2f}\n",
	       call, way, pair, ns);
}

static void measure(const char *way, unsigned int pair, struct ends *loopback,
		    struct ends *veth)
{
	print_call("getppid", way, pair,
		   time_step(call_nothing, NULL, SYSTEM_CALLS));
	print_call("UDP on loopback", way, pair,
		   time_step(ping_pong, loopback, ROUND_TRIPS));
	print_call("UDP on veth", way, pair,
		   time_step(ping_pong, veth, ROUND_TRIPS));
}

/* calls PAIRS */
int cmd_calls(int argc, char **argv)
{
	struct ends loopback = {from_us_to("127.0.0.1", AF_INET, 7001, 7002),
				from_us_to("127.0.0.1", AF_INET, 7002, 7001)};
	struct ends veth = {from_us(AF_INET, 7003, 7004),
			    from_peer(AF_INET, 7004, 7003)};
	unsigned int pairs = count_of(argv[0]);

	(void)argc;
	join(&loopback);
	join(&veth);
	for (unsigned int i = 0; i < 2 * pairs; i++) {
		/* closed open, open closed, ... */
		bool open = (i % 4 == 1 || i % 4 == 2);
		struct tracer *tracer = open ? open_quiet_tracer() : NULL;

		sleep_ms(50); /* for the kernel to have patched its own code */
		measure(open ? "open" : "closed", i / 2 + 1, &loopback, &veth);
		tracer_close(tracer);
	}
	return 0;
}
