/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.h - what tracer_bench, the program behind "make bench", is made of.
 * Each subcommand measures one thing and prints its samples as JSON lines,
 * which tracer_report.py judges. Packets and tracer come from
 * tests/tracer/harness.h; as there, what cannot do its part ends the program.
 */
#ifndef AOVPN_BENCH_H
#define AOVPN_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/tracer/harness.h"

/* Ends the program, with the reason, where there is no BPF. */
#define EXIT_SKIPPED 77

/* The subcommands; arguments begin behind the name. They return an exit status.
 */
int cmd_drops(int argc, char **argv);
int cmd_blast(int argc, char **argv);
int cmd_calls(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_flood(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_throughput(int argc, char **argv);
int cmd_observe(int argc, char **argv);

/* --- common.c ------------------------------------------------------------- */

/* CLOCK_MONOTONIC. */
uint64_t now_ns(void);
void sleep_ms(unsigned int ms);

/* A count from the command line, 1 or more. */
unsigned int count_of(const char *text);

/* An open tracer whose observations nobody wants. */
struct tracer *open_quiet_tracer(void);

/* The same, with that sink. */
struct tracer *open_tracer_to(observation_sink_t sink, void *userdata);

/* Attach the hooks of a dial, as if that process were charon. */
void attach_dial(struct tracer *tracer, pid_t charon);

/* How long one call of step takes, in ns: the lower quartile of many chunks, so
 * that what else the machine does at the time hardly counts. */
double time_step(void (*step)(void *), void *userdata, unsigned int steps);

/* --- programs.c ----------------------------------------------------------- */

/* Statistics of one BPF program. */
struct runs {
	uint64_t ns;
	uint64_t count;
};

/* Let the kernel keep them until the descriptor is closed. */
int enable_statistics(void);

/* Attach the program that does nothing. */
struct empty_bpf *empty_attach(void);
void empty_detach(struct empty_bpf *empty);

/* A descriptor of the program: of the empty one, behind a link's descriptor,
 * or the one that another process holds. */
int program_of_empty(const struct empty_bpf *empty);
int program_of_link(int link);
int program_of_process(pid_t process);

struct runs program_runs(int program);

#endif
