/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Socket with descriptors and credentials (unix(7)); see aovpn_socket.h.
 */

#include "aovpn_socket.h"

#include <errno.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

/**
 * Does the other end run as root or as ourselves?
 */
static bool is_trusted(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
		   len == sizeof(peer) && (peer.uid == 0 || peer.uid == geteuid());
}

/*
 * Described in header
 */
int aovpn_socket_connect(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const int room = 4 * 1024 * 1024;
	int fd, error;

	if (strlen(path) >= sizeof(addr.sun_path))
	{
		return -ENAMETOOLONG;
	}
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
	{
		return -errno;
	}
	/* observations of many dials at once, while the daemon is busy: what does
	 * not fit is lost. charon has the right to more than the usual; where it
	 * has not, the usual it is. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	if (connect(fd, (struct sockaddr*)&addr, sizeof(addr)) != 0)
	{
		error = -errno;
	}
	else
	{
		error = is_trusted(fd) ? 0 : -EPERM;
	}
	if (error)
	{
		close(fd);
		return error;
	}
	return fd;
}

/**
 * Collect the descriptors of a received message; each is counted, so that
 * each gets closed.
 */
static void take_descriptors(struct msghdr *msg, aovpn_datagram_t *ret)
{
	struct cmsghdr *cmsg;
	size_t i, count;
	int fd;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg))
	{
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS ||
			cmsg->cmsg_len < CMSG_LEN(0))
		{
			continue;
		}
		count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < count; i++)
		{
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(fd));
			if (ret->fd_count < AOVPN_CHANNEL_FDS)
			{
				ret->fds[ret->fd_count++] = fd;
			}
			else
			{
				/* alignment may leave room for one more than asked for */
				close(fd);
				msg->msg_flags |= MSG_CTRUNC;
			}
		}
	}
}

/*
 * Described in header
 */
int aovpn_socket_receive(int fd, aovpn_datagram_t *ret)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int) * AOVPN_CHANNEL_FDS)];
	} control;
	struct iovec iov = {
		.iov_base = ret->data,
		.iov_len = sizeof(ret->data),
	};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len;

	len = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (len < 0)
	{
		return errno == EWOULDBLOCK || errno == EINTR ? -EAGAIN : -errno;
	}
	ret->len = len;
	ret->fd_count = 0;
	take_descriptors(&msg, ret);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
	{
		aovpn_socket_close(ret);
		return -EMSGSIZE;
	}
	if (len == 0)
	{
		aovpn_socket_close(ret);
		return -ECONNRESET;
	}
	return 0;
}

/*
 * Described in header
 */
void aovpn_socket_close(aovpn_datagram_t *datagram)
{
	while (datagram->fd_count > 0)
	{
		close(datagram->fds[--datagram->fd_count]);
	}
}

/*
 * Described in header
 */
int aovpn_socket_send(int fd, const uint8_t *data, size_t len)
{
	if (send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)len)
	{
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	}
	return 0;
}
