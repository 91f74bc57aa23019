/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_exchange.c - see doctor_exchange.h. RFC 7296 2.1, 2.4, 2.6. */
#include "doctor_exchange.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS 1000000ull

/* When it is sent again, behind the first time. */
static const uint32_t gaps_ms[] = {400, 800, 1200};

#define SENDS (sizeof(gaps_ms) / sizeof(gaps_ms[0]))
/* From here on it is the plain one. */
#define SENDS_BEFORE_PLAIN 2
#define ICMP_ENOUGH        2 /* errors, after which it is not sent again */

/* --- sockets ----------------------------------------------------------------
 */

static socklen_t make_address(const struct aovpn_flow *flow,
			      struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
	struct sockaddr_in *in = (struct sockaddr_in *)ret;

	memset(ret, 0, sizeof(*ret));
	if (flow->family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(flow->remote_port);
		memcpy(&in6->sin6_addr, flow->remote, sizeof(in6->sin6_addr));
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(flow->remote_port);
	memcpy(&in->sin_addr, flow->remote, sizeof(in->sin_addr));
	return sizeof(*in);
}

/* ICMP errors with what they say, and the bit DF. */
static int set_options(const struct exchange *x)
{
	const bool six = x->probe.flow.family == AF_INET6;
	const int level = six ? IPPROTO_IPV6 : IPPROTO_IP, on = 1;
	const int discover =
		six ? (x->whole ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_DONT)
		    : (x->whole ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT);

	if (setsockopt(x->fd, level, six ? IPV6_RECVERR : IP_RECVERR, &on,
		       sizeof(on)) < 0 ||
	    setsockopt(x->fd, level, six ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER,
		       &discover, sizeof(discover)) < 0)
		return -errno;
	return 0;
}

/* From which address and port it goes. */
static void learn_local(struct exchange *x)
{
	struct sockaddr_storage local;
	socklen_t size = sizeof(local);
	struct aovpn_flow *flow = &x->probe.flow;
	uint8_t family;

	if (getsockname(x->fd, (struct sockaddr *)&local, &size) < 0)
		return;
	aovpn_address_from_sockaddr((struct sockaddr *)&local, &family,
				    flow->local, &flow->local_port);
	x->plain.flow = *flow;
}

static void end(struct exchange *x, enum exchange_state state, int error)
{
	x->state = state;
	x->error = error;
	x->done = true;
}

static void open_one(struct exchange *x)
{
	struct sockaddr_storage remote;
	socklen_t size = make_address(&x->probe.flow, &remote);
	int r;

	x->fd = socket(x->probe.flow.family,
		       SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = x->fd < 0 ? -errno : set_options(x);
	if (r == 0 && connect(x->fd, (struct sockaddr *)&remote, size) < 0)
		r = -errno;
	if (r < 0)
		end(x, EXCHANGE_UNSENT, -r);
	else
		learn_local(x);
}

/* --- sending ----------------------------------------------------------------
 */

static bool uses_plain(const struct exchange *x)
{
	return x->plain.spi != 0 &&
	       (x->by_plain || x->sent > SENDS_BEFORE_PLAIN);
}

static struct ike_probe *current(struct exchange *x)
{
	return uses_plain(x) ? &x->plain : &x->probe;
}

/* Is this what an ICMP error, which came before, has left for us? */
static bool is_of_icmp(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH ||
	       error == EPROTO || error == ENOPROTOOPT;
}

static void send_one(struct exchange *x, uint64_t now)
{
	uint8_t packet[IKE_PROBE_MAX];
	int size;

	x->next_ns = x->sent < SENDS ? now + gaps_ms[x->sent] * MS : UINT64_MAX;
	x->sent++;
	size = ike_probe_encode(current(x), packet);
	if (size < 0) {
		end(x, EXCHANGE_UNSENT, -size);
		return;
	}
	x->sent_ns = now;
	if (send(x->fd, packet, (size_t)size, 0) >= 0 || errno == EAGAIN)
		return;
	/* Of the first there was nothing that could have come back; later it
	 * is told in place of sending. */
	if (x->sent > 1 && is_of_icmp(errno) &&
	    send(x->fd, packet, (size_t)size, 0) >= 0)
		return;
	if (x->sent == 1 || !is_of_icmp(errno))
		end(x, EXCHANGE_UNSENT, errno);
}

/* --- what comes back --------------------------------------------------------
 */

static void take_icmp(struct exchange *x, const struct sock_extended_err *e)
{
	const struct sockaddr *from = SO_EE_OFFENDER(e);
	uint8_t address[16], family;

	x->error = (int)e->ee_errno;
	x->icmp_type = e->ee_type;
	x->icmp_code = e->ee_code;
	x->icmp_mtu = e->ee_errno == EMSGSIZE ? e->ee_info : 0;
	aovpn_address_from_sockaddr(from, &family, address, NULL);
	aovpn_address_text(family, address, x->icmp_from, sizeof(x->icmp_from));
	x->state = EXCHANGE_ICMP;
	x->icmp_count++;
	x->done = x->icmp_count == ICMP_ENOUGH || e->ee_errno == EMSGSIZE;
}

static const struct sock_extended_err *find_error(struct msghdr *message)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if (((c->cmsg_level == IPPROTO_IP &&
		      c->cmsg_type == IP_RECVERR) ||
		     (c->cmsg_level == IPPROTO_IPV6 &&
		      c->cmsg_type == IPV6_RECVERR)) &&
		    c->cmsg_len >= CMSG_LEN(sizeof(struct sock_extended_err)))
			return (const void *)CMSG_DATA(c);
	return NULL;
}

static void read_errors(struct exchange *x)
{
	char control[512], byte[64];
	struct iovec part = {byte, sizeof(byte)};
	struct msghdr message;
	const struct sock_extended_err *e;

	for (;;) {
		message = (struct msghdr){.msg_iov = &part,
					  .msg_iovlen = 1,
					  .msg_control = control,
					  .msg_controllen = sizeof(control)};
		if (x->done || recvmsg(x->fd, &message, MSG_ERRQUEUE) < 0)
			return;
		e = find_error(&message);
		if (!e)
			continue;
		if (e->ee_origin == SO_EE_ORIGIN_LOCAL)
			end(x, EXCHANGE_UNSENT, (int)e->ee_errno);
		else
			take_icmp(x, e);
	}
}

bool exchange_is_strange(const struct exchange *exchange)
{
	const struct ike_answer *answer = &exchange->answer;

	return answer->error != 0 && answer->error != IKE_NO_PROPOSAL_CHOSEN &&
	       answer->error != IKE_INVALID_KE_PAYLOAD;
}

static void answered(struct exchange *x, uint64_t now)
{
	struct ike_probe *probe = current(x);

	x->rtt_ms = (uint32_t)((now - x->sent_ns) / MS);
	if (x->answer.cookie_size > 0 && !x->cookie) {
		/* At once, and with the same nonce (RFC 7296 2.6). */
		memcpy(probe->cookie, x->answer.cookie, sizeof(probe->cookie));
		probe->cookie_size = x->answer.cookie_size;
		x->cookie = true;
		x->by_plain = uses_plain(x);
		x->sent = 0;
		send_one(x, now);
		return;
	}
	if (exchange_is_strange(x) && x->plain.spi != 0 && !uses_plain(x)) {
		x->by_plain = true;
		x->cookie = false;
		x->sent = 0;
		send_one(x, now);
		return;
	}
	x->by_plain = uses_plain(x);
	end(x, EXCHANGE_ANSWERED, 0);
}

/* Which of the two requests is it for? A late answer counts, too. */
static int decode(struct exchange *x, const uint8_t *packet, size_t size)
{
	int r = ike_answer_decode(&x->probe, packet, size, &x->answer,
				  &x->text);

	if (r == -ENOENT && x->plain.spi != 0)
		r = ike_answer_decode(&x->plain, packet, size, &x->answer,
				      &x->text);
	return r;
}

static void read_answers(struct exchange *x, uint64_t now)
{
	uint8_t packet[65536];
	ssize_t size;
	int r;

	while (!x->done) {
		size = recv(x->fd, packet, sizeof(packet), 0);
		if (size < 0)
			return;
		r = decode(x, packet, (size_t)size);
		if (r == 0)
			answered(x, now);
		else if (r == -EBADMSG)
			x->state = EXCHANGE_BROKEN;
	}
}

/* --- all of them ------------------------------------------------------------
 */

/* Send what is due; returns when the next one is. */
static uint64_t send_due(struct exchange *list, size_t count, uint64_t now,
			 uint64_t ends)
{
	uint64_t next = ends;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!list[i].done && list[i].next_ns <= now)
			send_one(&list[i], now);
		if (!list[i].done && list[i].next_ns < next)
			next = list[i].next_ns;
	}
	return next;
}

static bool wait_until(struct exchange *list, size_t count, uint64_t when)
{
	struct pollfd fds[EXCHANGES_MAX];
	const uint64_t now = aovpn_boottime_ns();
	bool any = false;
	size_t i;

	for (i = 0; i < count; i++) {
		fds[i] = (struct pollfd){.fd = list[i].done ? -1 : list[i].fd,
					 .events = POLLIN};
		any |= !list[i].done;
	}
	if (!any)
		return false;
	if (poll(fds, count, when > now ? (int)((when - now) / MS) + 1 : 0) < 0)
		return errno == EINTR;
	for (i = 0; i < count; i++) {
		if (fds[i].revents & POLLIN)
			read_answers(&list[i], aovpn_boottime_ns());
		if (fds[i].revents & POLLERR)
			read_errors(&list[i]);
	}
	return true;
}

void exchanges_run(struct exchange *list, size_t count, uint32_t timeout_ms)
{
	const uint64_t ends = aovpn_boottime_ns() + timeout_ms * MS;
	uint64_t now, next;
	size_t i;

	for (i = 0; i < count; i++)
		open_one(&list[i]);
	do {
		now = aovpn_boottime_ns();
		next = send_due(list, count, now, ends);
	} while (now < ends && wait_until(list, count, next));
	for (i = 0; i < count; i++)
		if (list[i].fd >= 0)
			close(list[i].fd);
}
