/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * The socket under the channel: connect, receive with descriptors, send
 * without blocking. Knows nothing of the messages.
 */

#ifndef AOVPN_SOCKET_H_
#define AOVPN_SOCKET_H_

#include <library.h>

#include "channel.h"

/**
 * A received datagram.
 */
typedef struct {

	/** the bytes */
	uint8_t data[AOVPN_CHANNEL_MAX];

	/** how many */
	size_t len;

	/** descriptors that came with it, to be closed by aovpn_socket_close() */
	int fds[AOVPN_CHANNEL_FDS];

	/** how many */
	int fd_count;

} aovpn_datagram_t;

/**
 * Connect to the daemon and check that it runs as root or as our own user.
 *
 * @param path		of a SOCK_SEQPACKET socket
 * @return			descriptor, or -errno (-EPERM: another user listens there,
 *					-ENAMETOOLONG)
 */
int aovpn_socket_connect(const char *path);

/**
 * Receive a datagram without waiting.
 *
 * @param fd		socket
 * @param ret		receives the datagram, on success only
 * @return			0, -EAGAIN (nothing there), -ECONNRESET (closed),
 *					-EMSGSIZE (datagram or descriptors did not fit; all of them
 *					are closed), or another -errno
 */
int aovpn_socket_receive(int fd, aovpn_datagram_t *ret);

/**
 * Close what descriptors came with a datagram.
 */
void aovpn_socket_close(aovpn_datagram_t *datagram);

/**
 * Send a datagram without waiting.
 *
 * @return			0, -EAGAIN (no room), or another -errno
 */
int aovpn_socket_send(int fd, const uint8_t *data, size_t len);

#endif /** AOVPN_SOCKET_H_ */
