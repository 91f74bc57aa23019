/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.c - how long it takes until the tracer sees: from the request to the
 * loader on, with the start of its process and the check of the kernel's
 * verifier. And how long until the hooks of a dial are off again, for which the
 * kernel makes its caller wait.
 */
#include "bench.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static void print_ms(const char *step, unsigned int round, uint64_t ns)
{
	printf("{\"table\":\"attach\",\"step\":\"%s\",\"round\":%u,"
	       "\"ms\":%.3f}\n",
	       step, round, (double)ns / 1e6);
}

/* attach ROUNDS */
int cmd_attach(int argc, char **argv)
{
	unsigned int rounds = count_of(argv[0]);
	struct tracer_dial_links links;
	struct rusage usage;

	(void)argc;
	for (unsigned int round = 1; round <= rounds; round++) {
		uint64_t began = now_ns(), opened;
		struct tracer *tracer = open_quiet_tracer();

		opened = now_ns();
		attach_dial(tracer, getpid());
		print_ms("dial", round, now_ns() - opened);
		print_ms("open", round, opened - began);
		began = now_ns();
		tracer_dial_release(tracer, &links);
		tracer_dial_links_close(&links);
		print_ms("detach", round, now_ns() - began);
		tracer_close(tracer);
	}
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("{\"table\":\"loader\",\"peak_rss_kib\":%ld}\n",
	       usage.ru_maxrss);
	return 0;
}
