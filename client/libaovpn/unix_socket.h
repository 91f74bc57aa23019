/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unix_socket.h - the project's local sockets: connect and listen by path.
 */
#ifndef AOVPN_UNIX_SOCKET_H
#define AOVPN_UNIX_SOCKET_H

/*
 * Connect to the socket at path. type: SOCK_STREAM or SOCK_SEQPACKET, flags
 * allowed. Returns the descriptor (close-on-exec) or -errno; -ENAMETOOLONG
 * where path does not fit into a socket address.
 */
int aovpn_unix_connect(const char *path, int type);

/*
 * Bind at path, replacing what is there, with mode 0600, and listen. The
 * caller makes sure that no living server is replaced. Returns the descriptor
 * (close-on-exec, non-blocking) or -errno.
 */
int aovpn_unix_listen(const char *path, int type, int backlog);

#endif
