/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drops.c - what the tracer adds to a packet that the kernel drops: to one that
 * has nothing to do with IKE, and to an IKE message, which it reports.
 *
 * "drops" asks the kernel's statistics of BPF programs, whose clock costs more
 * than the programs: so an empty program, and any other tool's, stand beside
 * the tracer's and see the same packets. "blast" takes the time of the sender,
 * for tools that are no BPF programs.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAMS_MAX 8
#define PORT         9   /* discard */
#define DRAIN_EVERY  256 /* messages that the tracer reports */

/* Packets that the firewall drops in OUTPUT. */
struct blaster {
	const char *name;
	struct sender sender;
	char bytes[100];
	bool matching; /* IKE messages instead of bytes */
};

static struct blaster udp_blaster(void)
{
	return (struct blaster){
		.name = "UDP",
		.sender = from_us(AF_INET, 0, PORT),
	};
}

/* What the tracer looks for. */
static struct blaster ike_blaster(void)
{
	return (struct blaster){
		.name = "IKE",
		.sender = from_us(AF_INET, 0, 500),
		.matching = true,
	};
}

static struct blaster tcp_blaster(void)
{
	const struct tcphdr header = {.source = htons(40000),
				      .dest = htons(443),
				      .doff = 5,
				      .ack = 1};
	struct blaster blaster = {.name = "TCP"};

	blaster.sender = from_us(AF_INET, 0, 0);
	close(blaster.sender.fd);
	blaster.sender.fd =
		socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	if (blaster.sender.fd < 0)
		die("raw socket");
	memcpy(blaster.bytes, &header, sizeof(header));
	return blaster;
}

/* Returns whether the firewall dropped it. */
static bool is_dropped(const struct blaster *blaster)
{
	if (blaster->matching)
		return send_ike(&blaster->sender, 1, IKE_SA_INIT, false) ==
		       EPERM;
	return !send_bytes(&blaster->sender, blaster->bytes,
			   sizeof(blaster->bytes)) &&
	       errno == EPERM;
}

static void blast(void *userdata)
{
	if (!is_dropped(userdata)) {
		fputs("tracer_bench: the firewall let a packet pass\n", stderr);
		exit(2);
	}
}

/* --- by the kernel's statistics ------------------------------------------- */

struct program {
	const char *name;
	int fd;
	struct runs before;
};

/* The programs that are compared; the first two change with each round. */
struct programs {
	struct program list[PROGRAMS_MAX];
	unsigned int count;
	struct tracer *tracer; /* whose the first one is */
};

/* Tools: NAME=PID. */
static void add_tools(struct programs *programs, int count, char **tools)
{
	for (int i = 0; i < count && programs->count < PROGRAMS_MAX; i++) {
		char *pid = strchr(tools[i], '=');

		if (!pid)
			die(tools[i]);
		*pid++ = '\0';
		programs->list[programs->count++] = (struct program){
			.name = tools[i],
			.fd = program_of_process((pid_t)count_of(pid)),
		};
	}
}

static void print_runs(const struct program *program,
		       const struct blaster *blaster, bool interested,
		       unsigned int round, unsigned int sent)
{
	struct runs after = program_runs(program->fd);
	uint64_t count = after.count - program->before.count;

	if (count < sent) {
		fprintf(stderr, "tracer_bench: %s saw %llu of %u packets\n",
			program->name, (unsigned long long)count, sent);
		exit(2);
	}
	printf("{\"table\":\"drops\",\"packet\":\"%s\",\"interest\":%s,"
	       "\"round\":%u,\"program\":\"%s\",\"sent\":%u,\"runs\":%llu,"
	       "\"ns\":%.2f}\n",
	       blaster->name, interested ? "true" : "false", round,
	       program->name, sent, (unsigned long long)count,
	       (double)(after.ns - program->before.ns) / (double)count);
}

static void measure(struct programs *programs, struct blaster *blaster,
		    bool interested, unsigned int round, unsigned int sent)
{
	for (unsigned int i = 0; i < programs->count; i++)
		programs->list[i].before = program_runs(programs->list[i].fd);
	for (unsigned int i = 0; i < sent; i++) {
		blast(blaster);
		if (blaster->matching && i % DRAIN_EVERY == 0)
			tracer_drain(programs->tracer);
	}
	for (unsigned int i = 0; i < programs->count; i++)
		print_runs(&programs->list[i], blaster, interested, round,
			   sent);
}

/* Each IKE message is reported: no limiter, and a reader that keeps up. */
static void measure_matching(struct programs *programs, struct blaster *blaster,
			     unsigned int round, unsigned int sent)
{
	const struct aovpn_limit none = {0, 0};
	struct tracer_hook before, after;

	tracer_set_limits(programs->tracer, none, none, none);
	tracer_hook(programs->tracer, AOVPN_HOOK_KFREE_SKB, &before);
	measure(programs, blaster, true, round, sent);
	tracer_hook(programs->tracer, AOVPN_HOOK_KFREE_SKB, &after);
	if (after.delivered - before.delivered != sent) {
		fprintf(stderr, "tracer_bench: %llu of %u messages reported\n",
			(unsigned long long)(after.delivered -
					     before.delivered),
			sent);
		exit(2);
	}
}

/* Programs run in the order in which they were attached: the first finds the
 * packet's memory colder. So each is first in every other round. */
static void drops_round(struct programs *programs, struct blaster *blasters,
			unsigned int round, unsigned int sent)
{
	struct tracer *tracer = round % 2 ? open_quiet_tracer() : NULL;
	struct empty_bpf *empty = empty_attach();

	if (!tracer)
		tracer = open_quiet_tracer();
	programs->list[0].fd =
		program_of_link(tracer_link_fd(tracer, AOVPN_HOOK_KFREE_SKB));
	programs->list[1].fd = program_of_empty(empty);
	programs->tracer = tracer;
	for (int interested = 0; interested < 2; interested++) {
		tracer_set_interest(tracer, interested);
		measure(programs, &blasters[0], interested, round, sent);
		measure(programs, &blasters[1], interested, round, sent);
	}
	measure_matching(programs, &blasters[2], round, sent);
	close(programs->list[0].fd);
	empty_detach(empty);
	tracer_close(tracer);
}

/* drops ROUNDS PACKETS [TOOL=PID...] */
int cmd_drops(int argc, char **argv)
{
	struct programs programs = {
		.list = {{.name = "tracer"}, {.name = "empty"}}, .count = 2};
	struct blaster blasters[] = {udp_blaster(), tcp_blaster(),
				     ike_blaster()};
	unsigned int rounds = count_of(argv[0]), sent = count_of(argv[1]);
	int statistics = enable_statistics();

	add_tools(&programs, argc - 2, argv + 2);
	for (unsigned int round = 1; round <= rounds; round++)
		drops_round(&programs, blasters, round, sent);
	close(statistics);
	return 0;
}

/* --- by the sender's time ------------------------------------------------- */

/* blast WAY ROUND PACKETS: the way "tracer" opens it, with interest, and the
 * way "empty" attaches the empty program; what the others need is there
 * already. */
int cmd_blast(int argc, char **argv)
{
	struct blaster blaster = udp_blaster();
	struct tracer *tracer = NULL;
	struct empty_bpf *empty = NULL;

	(void)argc;
	if (strcmp(argv[0], "empty") == 0)
		empty = empty_attach();
	if (strcmp(argv[0], "tracer") == 0) {
		tracer = open_quiet_tracer();
		tracer_set_interest(tracer, true);
	}
	sleep_ms(50); /* for the kernel to have patched its own code */
	printf("{\"table\":\"blast\",\"way\":\"%s\",\"pair\":%u,\"ns\":%.2f}\n",
	       argv[0], count_of(argv[1]),
	       time_step(blast, &blaster, count_of(argv[2])));
	empty_detach(empty);
	tracer_close(tracer);
	return 0;
}
