/* SPDX-License-Identifier: GPL-2.0-or-later */
/* programs.c - BPF programs and their statistics; see bench.h. */
#include "bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "empty.skel.h"

int enable_statistics(void)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (fd < 0) {
		perror("tracer_bench: no statistics of BPF programs");
		exit(EXIT_SKIPPED);
	}
	return fd;
}

struct empty_bpf *empty_attach(void)
{
	struct empty_bpf *empty = empty_bpf__open_and_load();

	if (!empty || empty_bpf__attach(empty) < 0)
		die("the empty program");
	return empty;
}

void empty_detach(struct empty_bpf *empty)
{
	empty_bpf__destroy(empty);
}

int program_of_empty(const struct empty_bpf *empty)
{
	return bpf_program__fd(empty->progs.empty);
}

static int program_of_id(uint32_t id)
{
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd < 0)
		die("a BPF program");
	return fd;
}

int program_of_link(int link)
{
	struct bpf_link_info info = {0};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(link, &info, &length) < 0)
		die("a BPF link");
	return program_of_id(info.prog_id);
}

/* The program that this file of /proc/PID/fdinfo shows; 0: none. */
static uint32_t program_id_in(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned int id = 0;
	char line[256];

	while (file && id == 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "prog_id: %u", &id) != 1)
			id = 0;
	if (file)
		fclose(file);
	return id;
}

int program_of_process(pid_t process)
{
	char path[320];
	struct dirent *entry;
	uint32_t id = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", (int)process);
	directory = opendir(path);
	while (directory && id == 0 && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int)process,
			 entry->d_name);
		id = program_id_in(path);
	}
	if (directory)
		closedir(directory);
	if (id == 0) {
		errno = ESRCH;
		die("the BPF program of another process");
	}
	return program_of_id(id);
}

struct runs program_runs(int program)
{
	struct bpf_prog_info info = {0};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(program, &info, &length) < 0)
		die("statistics of a BPF program");
	return (struct runs){.ns = info.run_time_ns, .count = info.run_cnt};
}
