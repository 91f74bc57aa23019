/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flood.c - is every event of a flood delivered or counted? Dropped IKE
 * messages at a steady rate, an odd prime number of them, and a reader that
 * does what aovpnd does.
 *
 * The firewall refuses each message to the sender (EPERM), so there is one call
 * a message: sendmmsg would end at the first.
 */
#include "bench.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

#define BURST_NS 1000000ULL /* packets are sent in bursts so far apart */
#define QUIET_MS 300

struct flood {
	unsigned int count;
	unsigned int rate; /* a second */
	uint64_t took_ns;
	bool sent; /* atomic */
};

/* The reader's side. */
struct delivery {
	uint64_t observations;
	unsigned int wakeups;
};

static void wait_until(uint64_t ns)
{
	struct timespec until = {.tv_sec = (time_t)(ns / 1000000000ULL),
				 .tv_nsec = (long)(ns % 1000000000ULL)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}

/* Where the processor was another's for a while, later bursts catch up. */
static void send_flood(struct flood *flood)
{
	struct sender sender = from_us(AF_INET, 0, 500);
	uint64_t began = now_ns();

	for (unsigned int sent = 0; sent < flood->count;) {
		uint64_t due = (uint64_t)sent * 1000000000ULL / flood->rate;
		unsigned int burst =
			(unsigned int)(flood->rate * BURST_NS / 1000000000ULL) +
			1;

		if (burst > flood->count - sent)
			burst = flood->count - sent;
		wait_until(began + due);
		if (send_ike(&sender, burst, IKE_SA_INIT, false) != EPERM) {
			fputs("tracer_bench: the firewall let a message pass\n",
			      stderr);
			exit(2);
		}
		sent += burst;
	}
	flood->took_ns = now_ns() - began;
}

static void *run_flood(void *flood)
{
	send_flood(flood);
	__atomic_store_n(&((struct flood *)flood)->sent, true,
			 __ATOMIC_RELEASE);
	return NULL;
}

static void count_drop(const struct aovpn_observation *observation,
		       void *userdata)
{
	if (observation->kind == AOVPN_OBS_PACKET_DROPPED)
		((struct delivery *)userdata)->observations++;
}

/* Read as aovpnd's event loop does, until all is sent and nothing comes. */
static void read_flood(struct tracer *tracer, const struct flood *flood,
		       struct delivery *delivery)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = epoll_create1(EPOLL_CLOEXEC), woken;
	bool sent;

	if (epoll < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, tracer_fd(tracer), &event) < 0)
		die("epoll");
	do {
		sent = __atomic_load_n(&flood->sent, __ATOMIC_ACQUIRE);
		woken = epoll_wait(epoll, &event, 1, QUIET_MS);
		delivery->wakeups += woken > 0;
		tracer_drain(tracer);
	} while (!sent || woken > 0);
}

static double thread_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
	       ((double)usage.ru_utime.tv_usec +
		(double)usage.ru_stime.tv_usec) /
		       1e6;
}

static void print_flood(const char *limiter, const struct tracer *tracer,
			const struct flood *flood,
			const struct delivery *delivery, double cpu)
{
	struct tracer_hook hook;

	tracer_hook(tracer, AOVPN_HOOK_KFREE_SKB, &hook);
	printf("{\"table\":\"flood\",\"limiter\":\"%s\",\"sent\":%u,"
	       "\"asked\":%u,\"per_second\":%.0f,\"read\":%llu,\"delivered\":%"
	       "llu,"
	       "\"lost\":%llu,\"suppressed\":%llu,\"wakeups\":%u,"
	       "\"reader_cpu_s\":%.3f}\n",
	       limiter, flood->count, flood->rate,
	       flood->count * 1e9 / (double)flood->took_ns,
	       (unsigned long long)delivery->observations,
	       (unsigned long long)hook.delivered,
	       (unsigned long long)hook.lost,
	       (unsigned long long)hook.suppressed, delivery->wakeups, cpu);
}

/* flood on|off COUNT RATE: the limiter as aovpnd has it, or off. */
int cmd_flood(int argc, char **argv)
{
	struct flood flood = {.count = count_of(argv[1]),
			      .rate = count_of(argv[2])};
	struct delivery delivery = {0};
	const struct aovpn_limit none = {0, 0};
	struct tracer *tracer = open_tracer_to(count_drop, &delivery);
	pthread_t thread;
	double cpu;

	(void)argc;
	if (strcmp(argv[0], "off") == 0)
		tracer_set_limits(tracer, none, none, none);
	tracer_set_interest(tracer, true);
	cpu = thread_seconds();
	if (pthread_create(&thread, NULL, run_flood, &flood) != 0)
		die("thread");
	read_flood(tracer, &flood, &delivery);
	pthread_join(thread, NULL);
	print_flood(argv[0], tracer, &flood, &delivery, thread_seconds() - cpu);
	tracer_close(tracer);
	return 0;
}

/* send COUNT RATE: the flood alone, for a reader elsewhere. */
int cmd_send(int argc, char **argv)
{
	struct flood flood = {.count = count_of(argv[0]),
			      .rate = count_of(argv[1])};

	(void)argc;
	send_flood(&flood);
	printf("{\"table\":\"sent\",\"sent\":%u,\"per_second\":%.0f}\n",
	       flood.count, flood.count * 1e9 / (double)flood.took_ns);
	return 0;
}
