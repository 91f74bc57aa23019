/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * harness.h - what the scenarios of tracer_test.c are made of: packets, a
 * tracer, and checks of what it saw. A call that cannot do its part of the test
 * (no socket, no namespace) ends the program with status 2: no verdict on the
 * tracer.
 */
#ifndef AOVPN_TRACER_HARNESS_H
#define AOVPN_TRACER_HARNESS_H

#include "client/aovpnd/tracer.h"

#define MESSAGE_BYTES    200 /* of an IKE message, without the marker */
#define MARKER_BYTES     4
#define IKE_SA_INIT      34
#define IKE_AUTH         35
#define OBSERVATIONS_MAX 16384

/* What one scenario works with. */
struct test {
	const char *name;
	struct tracer *tracer;
	uint64_t began_ns;
	uint64_t icmp_netns; /* where the loader's ICMP socket is, its cookie */
	struct aovpn_observation *seen;
	size_t seen_count;
	char failure[512]; /* the first, "" while all is well */
	char skipped[512];
};

/* A socket and where it sends to. */
struct sender {
	int fd;
	struct sockaddr_storage to;
	socklen_t to_length;
};

/* The packets of one send_ike, as the observations must show them. */
struct series {
	uint32_t kind; /* of the observation */
	int family;
	uint16_t local_port, remote_port;
	uint8_t incoming;
	uint8_t exchange; /* 0: no IKE header in sight, and no SPIs */
	uint8_t protocol;
	unsigned int count;
	uint32_t length;    /* of the IP packet */
	const char *reason; /* of drops */
};

/* Keep the reason why the test failed; the first one counts. */
void fail(struct test *test, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The test itself cannot work: say what failed (errno) and exit. */
void die(const char *what) __attribute__((noreturn));

/* --- packets -------------------------------------------------------------- */

/* The client's (local) or the peer's address, from the environment. */
const char *address(bool local, int family);

/* text: NULL for the wildcard. */
struct sockaddr_storage make_address(const char *text, int family,
				     uint16_t port, socklen_t *ret_length);

/* charon's place: a socket of ours that sends to the peer. */
struct sender from_us(int family, uint16_t from, uint16_t to);

/* The same, to that address. */
struct sender from_us_to(const char *to_text, int family, uint16_t from,
			 uint16_t to);

/* The gateway's place: a socket in the peer's network namespace. */
struct sender from_peer(int family, uint16_t from, uint16_t to);

/* This process itself is in that namespace from now on. */
void move_to_peer(void);
uint64_t netns_cookie_of_peer(void);

/* A socket of that kind there; without an address to send to. */
int socket_of_peer(int family, int type, int protocol);

/* Put options behind its IPv4 headers, an extension header behind its IPv6
 * headers. Returns their bytes. */
uint32_t add_options(const struct sender *sender);

/* Send one datagram. Returns false where the kernel refused it, with errno set:
 * firewall, routes, size. */
bool send_bytes(const struct sender *sender, const void *bytes, size_t length);

/* Send count messages, each with SPIs and message id of its own. Returns the
 * errno of the last one that could not be sent, 0 where all could. */
int send_ike(const struct sender *sender, unsigned int count, uint8_t exchange,
	     bool marker);

/* Send count packets that begin as ESP does. */
void send_data(const struct sender *sender, unsigned int count);

/* Bytes of the IP packet around a UDP payload. */
uint32_t ip_bytes(int family, uint32_t payload);

/* --- the tracer ----------------------------------------------------------- */

/* A scenario is named by the function that plays it. */
struct scenario {
	const char *name;
	void (*run)(struct test *test);
};

#define SCENARIO(function)          \
	{                           \
#function, function \
	}

/* Ways in which the kernel fails a packet (failures.c); ends with a NULL name.
 */
extern const struct scenario failures[];

/* The sink: keeps the observation in the struct test that userdata is. */
void keep(const struct aovpn_observation *observation, void *userdata);

/* Open a tracer as aovpnd does, with the loader; nobody is interested yet.
 * charon: in whose network namespace, 0: this one. *ret_icmp_netns: the cookie
 * of that where its ICMP socket is; NULL: not asked for. Errors, with a text:
 * this kernel or this user has no BPF. */
int open_tracer(const char *cgroup, pid_t charon, observation_sink_t sink,
		void *userdata, struct tracer **ret, uint64_t *ret_icmp_netns,
		struct aovpn_error *error);

/* The same for test->tracer, and interested. False, with the test
 * skipped: this kernel or this user has no BPF. */
bool start_always(struct test *test);

/* The same, with that process in charon's place. */
bool start_for(struct test *test, pid_t charon);

/* The same, with the hooks of a dial attached to cgroup, "" for the root, and
 * this process in charon's place. */
bool start_in(struct test *test, const char *cgroup);
bool start(struct test *test);

/* Set every limit of the tracer: events a second, and at once; 0: none. */
void set_limits(struct test *test, uint32_t per_second, uint32_t burst);

/* Packets with this address are those of a gateway of ours. */
void add_peer(struct test *test, const char *text, int family);

/* Read until nothing has come for a while. */
void drain(struct test *test);

/* --- checks --------------------------------------------------------------- */

void check_hook(struct test *test, const char *name,
		enum loader_hook_state state);

/* An IKE_SA_INIT series on port 500, outgoing; drops are netfilter's. */
struct series on_500(uint32_t kind, int family, unsigned int count);

/* Exactly series->count observations of its kind, in order, as described. */
void check_series(struct test *test, const struct series *series);

/* Exactly count observations of all kinds, and none lost. */
void check_total(struct test *test, size_t count);

unsigned int count_kind(const struct test *test, uint32_t kind);

/* The first observation of that kind; NULL, with the test failed: none. */
const struct aovpn_observation *first_of(struct test *test, uint32_t kind);

/* Are these the only drops, count of them, and each with this reason? Kernels
 * before 5.17 have none; "A|B": what different kernels call it. */
void check_drops(struct test *test, unsigned int count, const char *reason);

#endif
