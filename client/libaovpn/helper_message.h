/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper_message.h - one request or reply between a program and the helper
 * process that does something for it (aovpn-loader, aovpn-fetch).
 *
 * A SOCK_SEQPACKET socket; both ends come from one build, so that a message is
 * a plain structure; still each side checks what it gets. Descriptors may
 * travel beside it (SCM_RIGHTS).
 */
#ifndef AOVPN_HELPER_MESSAGE_H
#define AOVPN_HELPER_MESSAGE_H

#include <stddef.h>

#define HELPER_FDS_MAX 32

/*
 * Send one structure with its descriptors (count may be 0). They stay the
 * caller's. Errors: -errno of sendmsg.
 */
int helper_send(int socket, const void *data, size_t size, const int *fds,
		unsigned int count);

/*
 * Receive one structure of just that size and its descriptors, close-on-exec;
 * fds must have room for HELPER_FDS_MAX, and *ret_count of them are the
 * caller's. Errors: -errno of recvmsg, -EBADMSG (another size, too many
 * descriptors: then none is left open), -ENOTCONN (the other side is gone).
 */
int helper_receive(int socket, void *data, size_t size, int *fds,
		   unsigned int *ret_count);

#endif
