/* SPDX-License-Identifier: GPL-2.0-or-later */
/* common.c - time, arguments and tracers; see bench.h. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHUNKS 100

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

void sleep_ms(unsigned int ms)
{
	struct timespec pause = {.tv_sec = ms / 1000,
				 .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&pause, NULL);
}

unsigned int count_of(const char *text)
{
	char *end;
	unsigned long count = strtoul(text, &end, 10);

	if (*end != '\0' || count == 0 || count > 1000000000UL) {
		fprintf(stderr, "tracer_bench: \"%s\" is no count\n", text);
		exit(2);
	}
	return (unsigned int)count;
}

static void ignore(const struct aovpn_observation *observation, void *userdata)
{
	(void)observation;
	(void)userdata;
}

struct tracer *open_tracer_to(observation_sink_t sink, void *userdata)
{
	struct aovpn_error error = {""};
	struct tracer *tracer;
	int code;

	code = open_tracer("", 0, sink, userdata, &tracer, NULL, &error);
	if (code < 0) {
		fprintf(stderr, "tracer_bench: no tracer: %s: %s\n",
			strerror(-code), error.text);
		exit(EXIT_SKIPPED);
	}
	return tracer;
}

struct tracer *open_quiet_tracer(void)
{
	return open_tracer_to(ignore, NULL);
}

void attach_dial(struct tracer *tracer, pid_t charon)
{
	struct aovpn_error error = {""};
	int code = tracer_dial_attach(tracer, charon, &error);

	tracer_dial_settle(tracer);
	if (code < 0 || !tracer_sees_egress(tracer)) {
		fprintf(stderr, "tracer_bench: no hooks of a dial: %s\n",
			error.text);
		exit(EXIT_SKIPPED);
	}
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double time_step(void (*step)(void *), void *userdata, unsigned int steps)
{
	unsigned int each = steps / CHUNKS + 1;
	double chunks[CHUNKS];

	for (int i = 0; i < CHUNKS; i++) {
		uint64_t began = now_ns();

		for (unsigned int j = 0; j < each; j++)
			step(userdata);
		chunks[i] = (double)(now_ns() - began) / each;
	}
	qsort(chunks, CHUNKS, sizeof(*chunks), compare);
	return chunks[CHUNKS / 4];
}
