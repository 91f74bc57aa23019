/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.h - may a uprobe be put into that process?
 */
#ifndef AOVPN_LOADER_PROCESS_H
#define AOVPN_LOADER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A uprobe is a breakpoint instruction in the process's code, which the kernel
 * meets before the process does - but not where the process is interpreted, by
 * valgrind or a user-mode emulator: that one would end it. So only a process
 * whose program is charon itself is taken, or the requester. Else why not, as
 * text into reason; then false.
 */
bool process_takes_uprobe(pid_t pid, pid_t requester, char *reason,
			  size_t size);

#endif
