/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_memory.c - memory for JSON, or the end of the program: an answer that
 * lacks what there was no memory for would look like a whole one.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli.h"

static bool as_json;

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory)
		return memory;
	/* By hand: there is no memory for an object. */
	if (as_json)
		printf("{\"error\":\"out of memory\",\"exit_status\":%d}\n",
		       EXIT_UNKNOWN);
	else
		fputs("aovpn: out of memory\n", stderr);
	exit(EXIT_UNKNOWN);
}

void cli_json_memory(const struct cli *cli)
{
	as_json = cli->json;
	json_set_alloc_funcs(allocate, free);
}
