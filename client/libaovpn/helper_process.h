/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper_process.h - finds and starts a helper: a program of ours that does one
 * thing with other rights than its caller's and talks over a socket
 * (helper_message.h).
 */
#ifndef AOVPN_HELPER_PROCESS_H
#define AOVPN_HELPER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

#include "error.h"

/*
 * The path of the helper called name: of the environment's variable, else
 * beside this program's own file, as in the build tree, else where helpers are
 * installed. It need not exist.
 */
void aovpn_helper_find(const char *variable, const char *name, char *ret,
		       size_t size);

/*
 * Start program with a socket (SOCK_SEQPACKET) as its standard input, with no
 * signal handled or blocked and with that environment ("NAME=value", ...,
 * NULL). Returns our end of the socket, which the caller closes, as he waits
 * for *ret_pid. Errors, with a text: -ENOENT, -EACCES, others of exec, -EMFILE.
 */
int aovpn_helper_start(const char *program, const char *const *environment,
		       pid_t *ret_pid, struct aovpn_error *error);

#endif
