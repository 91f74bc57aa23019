/* SPDX-License-Identifier: GPL-2.0-or-later */
/* harness.c - see harness.h. */
#include "harness.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The SPIs of packet i: initiator's SPI_BASE + i, responder's its complement.
 */
#define SPI_BASE         0x6a6f766e00000000ULL
#define UDP_HEADER_BYTES 8
#define QUIET_MS         200

void fail(struct test *test, const char *format, ...)
{
	va_list args;

	if (test->failure[0])
		return;
	va_start(args, format);
	vsnprintf(test->failure, sizeof(test->failure), format, args);
	va_end(args);
}

void die(const char *what)
{
	perror(what);
	exit(2);
}

const char *address(bool local, int family)
{
	const char *name = local ? (family == AF_INET ? "AOVPN_TEST_LOCAL4"
						      : "AOVPN_TEST_LOCAL6")
				 : (family == AF_INET ? "AOVPN_TEST_PEER4"
						      : "AOVPN_TEST_PEER6");
	const char *value = getenv(name);

	if (!value) {
		fprintf(stderr, "%s is not set: start tests/tracer/run\n",
			name);
		exit(2);
	}
	return value;
}

/* --- packets -------------------------------------------------------------- */

struct sockaddr_storage make_address(const char *text, int family,
				     uint16_t port, socklen_t *ret_length)
{
	struct sockaddr_storage storage = {.ss_family = (uint16_t)family};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
	void *bytes = family == AF_INET ? (void *)&v4->sin_addr
					: (void *)&v6->sin6_addr;

	if (family == AF_INET)
		v4->sin_port = htons(port);
	else
		v6->sin6_port = htons(port);
	*ret_length = family == AF_INET ? sizeof(*v4) : sizeof(*v6);
	if (text && inet_pton(family, text, bytes) != 1)
		die(text);
	return storage;
}

static int open_udp(int family, uint16_t port)
{
	struct sockaddr_storage any;
	socklen_t length;
	int fd;

	fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	any = make_address(NULL, family, port, &length);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, length) < 0)
		die("UDP socket");
	return fd;
}

struct sender from_us_to(const char *to_text, int family, uint16_t from,
			 uint16_t to)
{
	struct sender sender = {.fd = open_udp(family, from)};

	sender.to = make_address(to_text, family, to, &sender.to_length);
	return sender;
}

struct sender from_us(int family, uint16_t from, uint16_t to)
{
	return from_us_to(address(false, family), family, from, to);
}

/* Into the peer's network namespace; returns the descriptor of our own. */
static int enter_peer(void)
{
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int peer = open(getenv("AOVPN_TEST_PEER") ?: "", O_RDONLY | O_CLOEXEC);

	if (own < 0 || peer < 0 || setns(peer, CLONE_NEWNET) < 0)
		die("the peer's network namespace (AOVPN_TEST_PEER)");
	close(peer);
	return own;
}

static void leave_peer(int own)
{
	if (setns(own, CLONE_NEWNET) < 0)
		die("setns");
	close(own);
}

struct sender from_peer(int family, uint16_t from, uint16_t to)
{
	int own = enter_peer();
	struct sender sender = {.fd = open_udp(family, from)};

	leave_peer(own);
	sender.to = make_address(address(true, family), family, to,
				 &sender.to_length);
	return sender;
}

int socket_of_peer(int family, int type, int protocol)
{
	int own = enter_peer(), fd;

	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	leave_peer(own);
	if (fd < 0)
		die("socket in the peer's network namespace");
	return fd;
}

void move_to_peer(void)
{
	close(enter_peer());
}

uint32_t add_options(const struct sender *sender)
{
	static const uint8_t nops[8] = {1, 1, 1, 1, 1, 1, 1, 0};
	/* Destination options: next header and length are the kernel's. */
	static const uint8_t padding[16] = {0, 1, 1, 12};

	if (sender->to.ss_family == AF_INET) {
		if (setsockopt(sender->fd, IPPROTO_IP, IP_OPTIONS, nops,
			       sizeof(nops)) < 0)
			die("IP_OPTIONS");
		return sizeof(nops);
	}
	if (setsockopt(sender->fd, IPPROTO_IPV6, IPV6_DSTOPTS, padding,
		       sizeof(padding)) < 0)
		die("IPV6_DSTOPTS");
	return sizeof(padding);
}

bool send_bytes(const struct sender *sender, const void *bytes, size_t length)
{
	return sendto(sender->fd, bytes, length, 0,
		      (const struct sockaddr *)&sender->to,
		      sender->to_length) >= 0;
}

int send_ike(const struct sender *sender, unsigned int count, uint8_t exchange,
	     bool marker)
{
	int code = 0;

	for (unsigned int i = 0; i < count; i++) {
		uint8_t bytes[MARKER_BYTES + MESSAGE_BYTES] = {0};
		uint8_t *ike = bytes + (marker ? MARKER_BYTES : 0);
		uint64_t spi_i = htobe64(SPI_BASE + i);
		uint64_t spi_r = htobe64(~(SPI_BASE + i));
		uint32_t message_id = htonl(i);
		uint32_t length = htonl(MESSAGE_BYTES);

		memcpy(ike, &spi_i, 8);
		memcpy(ike + 8, &spi_r, 8);
		ike[17] = 0x20;
		ike[18] = exchange;
		ike[19] = 0x08;
		memcpy(ike + 20, &message_id, 4);
		memcpy(ike + 24, &length, 4);
		if (!send_bytes(sender, bytes,
				marker ? sizeof(bytes) : MESSAGE_BYTES))
			code = errno;
	}
	return code;
}

void send_data(const struct sender *sender, unsigned int count)
{
	static const uint8_t esp[100] = {0xc1, 0xc2, 0xc3, 0xc4};

	while (count-- > 0)
		send_bytes(sender, esp, sizeof(esp));
}

/* --- the tracer ----------------------------------------------------------- */

void keep(const struct aovpn_observation *observation, void *userdata)
{
	struct test *test = userdata;

	if (test->seen_count >= OBSERVATIONS_MAX) {
		fail(test, "more than %d observations", OBSERVATIONS_MAX);
		return;
	}
	test->seen[test->seen_count++] = *observation;
}

void set_limits(struct test *test, uint32_t per_second, uint32_t burst)
{
	const struct aovpn_limit limit = {per_second, burst};

	tracer_set_limits(test->tracer, limit, limit, limit);
}

void add_peer(struct test *test, const char *text, int family)
{
	uint8_t bytes[16] = {0};

	if (inet_pton(family, text, bytes) != 1)
		die(text);
	tracer_add_peer(test->tracer, (uint8_t)family, bytes);
}

/* The tracer wakes nobody for packets that pass: so read as long as something
 * comes, not only when woken. */
void drain(struct test *test)
{
	struct timespec pause = {.tv_nsec = QUIET_MS * 1000000L / 10};
	int quiet = 0;

	while (quiet < 10) {
		quiet = tracer_drain(test->tracer) > 0 ? 0 : quiet + 1;
		nanosleep(&pause, NULL);
	}
}

static uint64_t netns_cookie_of(int fd)
{
	socklen_t size = sizeof(uint64_t);
	uint64_t cookie = 0;

	getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size);
	return cookie;
}

uint64_t netns_cookie_of_peer(void)
{
	int fd = socket_of_peer(AF_INET, SOCK_DGRAM, 0);
	uint64_t cookie = netns_cookie_of(fd);

	close(fd);
	return cookie;
}

/* charon: in whose network namespace, 0: this one. */
static struct loader_answer *ask_loader(pid_t charon,
					struct loader_place *place)
{
	const struct loader_request request = {.version = LOADER_VERSION,
					       .operation = LOADER_OPEN,
					       .charon_pid = (uint32_t)charon};
	struct loader_answer *answer = malloc(sizeof(*answer));
	struct aovpn_error error = {""};

	if (!answer)
		die("memory");
	loader_place_find("/nonexistent", place);
	if (loader_ask(place, &request, NULL, answer, &error) < 0)
		die(error.text);
	return answer;
}

int open_tracer(const char *cgroup, pid_t charon, observation_sink_t sink,
		void *userdata, struct tracer **ret, uint64_t *ret_icmp_netns,
		struct aovpn_error *error)
{
	struct loader_place place;
	struct loader_answer *answer = ask_loader(charon, &place);
	int code = answer->reply.bpf.code;

	if (code < 0)
		aovpn_error_set(error, code, "%s", answer->reply.bpf.text);
	else
		code = tracer_new(answer, &place, cgroup, sink, userdata, ret,
				  error);
	if (ret_icmp_netns && answer->sockets[RAW_ICMP4] >= 0)
		*ret_icmp_netns = netns_cookie_of(answer->sockets[RAW_ICMP4]);
	loader_answer_close(answer);
	free(answer);
	return code;
}

static bool skip(struct test *test, int code, const struct aovpn_error *error)
{
	snprintf(test->skipped, sizeof(test->skipped), "%s: %s",
		 strerror(-code), error->text);
	return false;
}

static bool start_at(struct test *test, const char *cgroup, pid_t charon)
{
	struct aovpn_error error = {""};
	int code;

	test->began_ns = aovpn_boottime_ns();
	code = open_tracer(cgroup, charon, keep, test, &test->tracer,
			   &test->icmp_netns, &error);
	if (code < 0)
		return skip(test, code, &error);
	tracer_set_interest(test->tracer, true);
	return true;
}

bool start_always(struct test *test)
{
	return start_at(test, "", 0);
}

bool start_for(struct test *test, pid_t charon)
{
	return start_at(test, "", charon);
}

bool start_in(struct test *test, const char *cgroup)
{
	struct aovpn_error error = {""};
	int code;

	if (!start_at(test, cgroup, 0))
		return false;
	code = tracer_dial_attach(test->tracer, getpid(), &error);
	tracer_dial_settle(test->tracer);
	if (code < 0 && cgroup[0] == '\0')
		return skip(test, code, &error);
	return true;
}

bool start(struct test *test)
{
	return start_in(test, "");
}

void check_hook(struct test *test, const char *name,
		enum loader_hook_state state)
{
	struct tracer_hook hook;
	unsigned int i = 0;

	while (tracer_hook(test->tracer, i, &hook) &&
	       strcmp(hook.name, name) != 0)
		i++;
	if (!tracer_hook(test->tracer, i, &hook)) {
		fail(test, "there is no hook %s", name);
		return;
	}
	if (hook.state != state)
		fail(test, "hook %s has state %d instead of %d: %s", name,
		     hook.state, state, hook.reason);
	if (state < LOADER_HOOK_LOADED && hook.reason[0] == '\0')
		fail(test, "hook %s has no reason", name);
}

/* --- what was seen -------------------------------------------------------- */

static void check_flow(struct test *test, const struct series *series,
		       const struct aovpn_flow *flow)
{
	bool has_local = series->kind != AOVPN_OBS_SEND;
	uint8_t local[16] = {0}, remote[16] = {0};

	inet_pton(series->family, address(true, series->family), local);
	inet_pton(series->family, address(false, series->family), remote);
	if (flow->family != series->family ||
	    flow->local_port != series->local_port ||
	    flow->remote_port != series->remote_port)
		fail(test, "family %d, port %d to %d", flow->family,
		     flow->local_port, flow->remote_port);
	if ((has_local && memcmp(flow->local, local, sizeof(local)) != 0) ||
	    memcmp(flow->remote, remote, sizeof(remote)) != 0)
		fail(test, "wrong addresses");
}

static void check_drop(struct test *test, const struct series *series,
		       const struct aovpn_observation *got, uint32_t index)
{
	if (got->u.drop.incoming != series->incoming ||
	    got->u.drop.protocol != series->protocol ||
	    got->u.drop.exchange != series->exchange ||
	    got->u.drop.length != series->length)
		fail(test,
		     "drop: incoming %d, protocol %d, exchange %d, "
		     "length %u",
		     got->u.drop.incoming, got->u.drop.protocol,
		     got->u.drop.exchange, got->u.drop.length);
	if (series->exchange && got->u.drop.message_id != index)
		fail(test, "drop: message id %u", got->u.drop.message_id);
	/* Kernels before 5.17 have no reasons. */
	if (strcmp(got->u.drop.reason, series->reason) != 0 &&
	    got->u.drop.reason[0] != '\0')
		fail(test, "reason %s in %s", got->u.drop.reason,
		     got->u.drop.location);
	if (got->u.drop.address == 0 || got->u.drop.location[0] == '\0' ||
	    got->u.drop.location[0] == '0')
		fail(test, "location \"%s\"", got->u.drop.location);
}

static void check_packet(struct test *test, const struct series *series,
			 const struct aovpn_observation *got, uint32_t index)
{
	if (got->u.packet.incoming != series->incoming ||
	    got->u.packet.protocol != series->protocol ||
	    got->u.packet.exchange != series->exchange ||
	    got->u.packet.length != series->length)
		fail(test,
		     "packet: incoming %d, protocol %d, exchange %d, "
		     "length %u",
		     got->u.packet.incoming, got->u.packet.protocol,
		     got->u.packet.exchange, got->u.packet.length);
	if (series->exchange && (got->u.packet.message_id != index ||
				 got->u.packet.ike_length != MESSAGE_BYTES ||
				 got->u.packet.flags != 0x08))
		fail(test, "packet: message id %u, IKE length %u, flags %#x",
		     got->u.packet.message_id, got->u.packet.ike_length,
		     got->u.packet.flags);
}

static void check_one(struct test *test, const struct series *series,
		      const struct aovpn_observation *got, uint32_t index)
{
	uint64_t spi = series->exchange ? SPI_BASE + index : 0;

	if (got->spi_i != spi || got->spi_r != (spi ? ~spi : 0))
		fail(test, "SPIs %#llx and %#llx of packet %u",
		     (unsigned long long)got->spi_i,
		     (unsigned long long)got->spi_r, index);
	if (got->source != AOVPN_SOURCE_KERNEL ||
	    got->time_ns < test->began_ns || got->time_ns > aovpn_boottime_ns())
		fail(test, "source %u, time %llu", got->source,
		     (unsigned long long)got->time_ns);
	check_flow(test, series, &got->flow);
	if (series->kind == AOVPN_OBS_PACKET_DROPPED)
		check_drop(test, series, got, index);
	else
		check_packet(test, series, got, index);
}

void check_series(struct test *test, const struct series *series)
{
	unsigned int count = 0;

	for (size_t i = 0; i < test->seen_count; i++) {
		if (test->seen[i].kind != series->kind)
			continue;
		if (count < series->count)
			check_one(test, series, &test->seen[i], count);
		count++;
	}
	if (count != series->count)
		fail(test, "%u observations \"%s\" instead of %u", count,
		     aovpn_observation_kind_name(series->kind), series->count);
}

/* "3 send, 3 packet, 1 packet_dropped NETFILTER_DROP in nft_do_chain" */
static void describe_seen(const struct test *test, char *out, size_t size)
{
	const struct aovpn_observation *last = NULL;
	size_t used = 0;
	int n;

	out[0] = '\0';
	for (uint32_t kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		unsigned int count = count_kind(test, kind);

		if (count == 0 || used >= size)
			continue;
		n = snprintf(out + used, size - used, "%u %s, ", count,
			     aovpn_observation_kind_name(kind));
		used += n > 0 ? (size_t)n : 0;
	}
	for (size_t i = 0; i < test->seen_count; i++)
		if (test->seen[i].kind == AOVPN_OBS_PACKET_DROPPED)
			last = &test->seen[i];
	if (last && used < size)
		snprintf(out + used, size - used,
			 "last drop: protocol %u, %s in %s",
			 last->u.drop.protocol, last->u.drop.reason,
			 last->u.drop.location);
}

void check_total(struct test *test, size_t count)
{
	char seen[256];

	describe_seen(test, seen, sizeof(seen));
	if (test->seen_count != count)
		fail(test, "%zu observations in all instead of %zu: %s",
		     test->seen_count, count, seen);
	if (tracer_lost(test->tracer) != 0)
		fail(test, "%llu events lost",
		     (unsigned long long)tracer_lost(test->tracer));
}

unsigned int count_kind(const struct test *test, uint32_t kind)
{
	unsigned int count = 0;

	for (size_t i = 0; i < test->seen_count; i++)
		count += test->seen[i].kind == kind;
	return count;
}

const struct aovpn_observation *first_of(struct test *test, uint32_t kind)
{
	for (size_t i = 0; i < test->seen_count; i++)
		if (test->seen[i].kind == kind)
			return &test->seen[i];
	fail(test, "no observation \"%s\"", aovpn_observation_kind_name(kind));
	return NULL;
}

/* Is name one of "A|B|C"? */
static bool is_one_of(const char *name, const char *list)
{
	size_t length = strlen(name);
	const char *at = list;

	while ((at = strstr(at, name))) {
		if ((at == list || at[-1] == '|') &&
		    (at[length] == '|' || at[length] == '\0'))
			return true;
		at += length;
	}
	return false;
}

void check_drops(struct test *test, unsigned int count, const char *reason)
{
	unsigned int found = 0;

	for (size_t i = 0; i < test->seen_count; i++) {
		const struct aovpn_observation *o = &test->seen[i];

		if (o->kind != AOVPN_OBS_PACKET_DROPPED)
			continue;
		found++;
		if (o->u.drop.reason[0] && !is_one_of(o->u.drop.reason, reason))
			fail(test, "reason %s in %s", o->u.drop.reason,
			     o->u.drop.location);
		if (o->u.drop.location[0] == '\0')
			fail(test, "a drop without a location");
	}
	if (found != count)
		fail(test, "%u drops instead of %u", found, count);
}

uint32_t ip_bytes(int family, uint32_t payload)
{
	return (family == AF_INET ? 20 : 40) + UDP_HEADER_BYTES + payload;
}

struct series on_500(uint32_t kind, int family, unsigned int count)
{
	return (struct series){
		.kind = kind,
		.family = family,
		.local_port = 500,
		.remote_port = 500,
		.exchange = kind == AOVPN_OBS_SEND ? 0 : IKE_SA_INIT,
		.protocol = IPPROTO_UDP,
		.count = count,
		.length = kind == AOVPN_OBS_SEND
				  ? 0
				  : ip_bytes(family, MESSAGE_BYTES),
		.reason = "NETFILTER_DROP",
	};
}
