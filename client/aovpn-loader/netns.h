/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - charon's network namespace: enter it, and name it.
 */
#ifndef AOVPN_LOADER_NETNS_H
#define AOVPN_LOADER_NETNS_H

#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/*
 * Enter the network namespace of process pid, where it is not the caller's own.
 * Wants CAP_SYS_PTRACE to look at the process and CAP_SYS_ADMIN to enter; where
 * the namespace is the caller's own, neither. Errors: -ESRCH (no such process),
 * -EPERM and -EACCES, with a text.
 */
int netns_enter(pid_t pid, struct aovpn_error *error);

/*
 * The number (as of /proc/PID/ns/net) and the cookie (SO_NETNS_COOKIE, Linux
 * 5.14) by which BPF programs know the caller's network namespace.
 */
int netns_identify(uint32_t *ret_inum, uint64_t *ret_cookie,
		   struct aovpn_error *error);

#endif
