/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici_recv.c - a recv(2) that leaves errno behind at the end of a stream.
 *
 * libvici (on_read of libvici.c, 5.9.5 to 5.9.14 at least) takes 0 from recv
 * for an error and then asks errno which one it was. Nothing has set it: where
 * that thread's last error was EWOULDBLOCK, it waits for more, at once and for
 * ever, on a socket that charon has closed. The thread spins and the request
 * never returns. That thread reads libstrongswan's notification pipe until
 * EAGAIN, so on a busy machine it happens most of the time when charon is
 * killed.
 *
 * libvici reads by this program's recv, as the program's symbols go before
 * those of libc. recvfrom without an address is the same system call.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
	ssize_t length = recvfrom(fd, buffer, size, flags, NULL, NULL);

	if (length == 0 && size > 0)
		errno = ECONNRESET;
	return length;
}
