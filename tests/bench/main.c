/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - tracer_bench: the table of subcommands, which is also the help. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *arguments;
	int (*run)(int argc, char **argv);
	int min_args, max_args;
} commands[] = {
	{"drops", "ROUNDS PACKETS [TOOL=PID...]", cmd_drops, 2, 8},
	{"blast", "WAY ROUND PACKETS", cmd_blast, 3, 3},
	{"calls", "PAIRS", cmd_calls, 1, 1},
	{"attach", "ROUNDS", cmd_attach, 1, 1},
	{"flood", "on|off COUNT PER_SECOND", cmd_flood, 3, 3},
	{"send", "COUNT PER_SECOND", cmd_send, 2, 2},
	{"throughput", "ROUNDS MILLISECONDS PID [PID]", cmd_throughput, 3, 4},
	{"observe", "SOCKET CONNECTION COUNT RATE|most", cmd_observe, 4, 4},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int main(int argc, char **argv)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (argc > 1 && strcmp(argv[1], commands[i].name) == 0 &&
		    argc - 2 >= commands[i].min_args &&
		    argc - 2 <= commands[i].max_args)
			return commands[i].run(argc - 2, argv + 2);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(stderr, "tracer_bench %s %s\n", commands[i].name,
			commands[i].arguments);
	return 2;
}
