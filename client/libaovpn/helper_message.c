/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper_message.c - see helper_message.h. */
#include "helper_message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for the descriptors, aligned as a control message must be. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(HELPER_FDS_MAX * sizeof(int))];
};

int helper_send(int socket, const void *data, size_t size, const int *fds,
		unsigned int count)
{
	struct iovec part = {.iov_base = (void *)data, .iov_len = size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	union control control = {0};
	ssize_t sent;

	if (count > HELPER_FDS_MAX)
		return -E2BIG;
	if (count > 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

static unsigned int take_fds(struct msghdr *message, int *fds)
{
	struct cmsghdr *header;
	unsigned int count = 0;

	for (header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET ||
		    header->cmsg_type != SCM_RIGHTS)
			continue;
		count = (unsigned int)((header->cmsg_len - CMSG_LEN(0)) /
				       sizeof(int));
		memcpy(fds, CMSG_DATA(header), count * sizeof(int));
	}
	return count;
}

int helper_receive(int socket, void *data, size_t size, int *fds,
		   unsigned int *ret_count)
{
	struct iovec part = {.iov_base = data, .iov_len = size};
	union control control = {0};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	unsigned int count;
	ssize_t received;

	do
		received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return -errno;
	count = take_fds(&message, fds);
	if ((size_t)received == size &&
	    !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		*ret_count = count;
		return 0;
	}
	while (count > 0)
		close(fds[--count]);
	return received == 0 ? -ENOTCONN : -EBADMSG;
}
