/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failures.c - each way in which the kernel fails a packet or a connection of
 * ours, and what the tracer shows of it. tests/tracer/run prepares what a
 * scenario names in its comment.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define FAR     "198.51.100.1" /* behind the peer, which forwards to it */
#define FAR6    "2001:db8:1::1"
#define NOBODY  "192.0.2.99" /* on the link, but not there */
#define NOBODY6 "2001:db8::99"

/* --- packets that do not leave -------------------------------------------- */

/* The sends fail with that errno, nothing leaves, and nothing is dropped: the
 * attempts are all that is seen. */
static void no_route(struct test *test, int error)
{
	struct sender us;
	int code;

	if (!start(test))
		return;
	us = from_us_to(FAR, AF_INET, 500, 500);
	code = send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	if (code != error)
		fail(test, "errno %d (%s)", code, strerror(code));
	if (count_kind(test, AOVPN_OBS_SEND) != 5)
		fail(test, "%u attempts", count_kind(test, AOVPN_OBS_SEND));
	check_total(test, 5);
}

/* Route: unreachable. */
static void route_unreachable(struct test *test)
{
	no_route(test, EHOSTUNREACH);
}

/* Route: blackhole. */
static void route_blackhole(struct test *test)
{
	no_route(test, EINVAL);
}

/* Route: prohibit. */
static void route_prohibit(struct test *test)
{
	no_route(test, EACCES);
}

/* Route: none. */
static void route_none(struct test *test)
{
	no_route(test, ENETUNREACH);
}

/* Link: down. */
static void link_down(struct test *test)
{
	no_route(test, ENETUNREACH);
}

/* Route: unreachable. */
static void route_unreachable_ipv6(struct test *test)
{
	struct sender us;
	int code;

	if (!start(test))
		return;
	us = from_us_to(FAR6, AF_INET6, 500, 500);
	code = send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	if (code != EHOSTUNREACH)
		fail(test, "errno %d (%s)", code, strerror(code));
	check_total(test, 5);
}

/* Firewall: OUTPUT rejects. */
static void rejected_in_output(struct test *test)
{
	struct sender us;
	int code;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	code = send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	if (code != EPERM)
		fail(test, "errno %d", code);
	if (count_kind(test, AOVPN_OBS_PACKET) != 0)
		fail(test, "packets left");
	check_drops(test, 5, "NETFILTER_DROP");
}

/* Qdisc: drops all. */
static void dropped_by_qdisc(struct test *test)
{
	struct sender us;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	check_drops(test, 5, "QDISC_DROP|QDISC_OVERLIMIT|NOT_SPECIFIED");
}

/* The packets leave the socket and wait for an address that nobody tells. */
static void neighbour_does_not_answer(struct test *test, int family,
				      const char *nobody)
{
	const struct aovpn_observation *o;
	char text[INET6_ADDRSTRLEN];
	struct sender us;

	if (!start(test))
		return;
	us = from_us_to(nobody, family, 500, 500);
	send_ike(&us, 3, IKE_SA_INIT, false);
	for (int i = 0; i < 10; i++)
		drain(test);
	check_drops(test, 3, "NEIGH_FAILED|NOT_SPECIFIED");
	o = first_of(test, AOVPN_OBS_NEIGHBOUR_FAILED);
	if (!o)
		return;
	aovpn_address_text(o->flow.family, o->flow.remote, text, sizeof(text));
	if (strcmp(text, nobody) != 0 || o->u.neighbour.interface == 0)
		fail(test, "neighbour %s on interface %u", text,
		     o->u.neighbour.interface);
}

/* Neighbour: asks once, a tenth of a second. */
static void neighbour_fails(struct test *test)
{
	neighbour_does_not_answer(test, AF_INET, NOBODY);
}

/* Neighbour: asks once, a tenth of a second. */
static void neighbour_fails_ipv6(struct test *test)
{
	neighbour_does_not_answer(test, AF_INET6, NOBODY6);
}

/* The ports stand behind options or an extension header. */
static void dropped_with_options(struct test *test, int family)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, family, 3);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(family, 500, 500);
	drops.length += add_options(&us);
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &drops);
}

/* Firewall: OUTPUT drops. */
static void dropped_in_output_with_ipv4_options(struct test *test)
{
	dropped_with_options(test, AF_INET);
}

/* Firewall: OUTPUT drops. */
static void dropped_in_output_with_ipv6_extension(struct test *test)
{
	dropped_with_options(test, AF_INET6);
}

/* --- packets that other network namespaces drop --------------------------- */

/* What count packets to the far end met elsewhere. */
static void check_elsewhere(struct test *test, unsigned int count,
			    const char *reason)
{
	check_drops(test, count, reason);
	for (size_t i = 0; i < test->seen_count; i++) {
		const struct aovpn_observation *o = &test->seen[i];

		if (o->kind == AOVPN_OBS_PACKET_DROPPED &&
		    (o->u.drop.elsewhere == 0 || o->u.drop.incoming ||
		     o->flow.remote_port != 500))
			fail(test, "drop elsewhere %u, incoming %u, port %u",
			     o->u.drop.elsewhere, o->u.drop.incoming,
			     o->flow.remote_port);
	}
}

static struct sender to_far(struct test *test)
{
	add_peer(test, FAR, AF_INET);
	return from_us_to(FAR, AF_INET, 500, 500);
}

/* Firewall: the peer's FORWARD drops. */
static void dropped_in_forward_elsewhere(struct test *test)
{
	struct sender us;

	if (!start(test))
		return;
	us = to_far(test);
	send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	check_elsewhere(test, 5, "NETFILTER_DROP");
}

/* Firewall: the peer's FORWARD drops. Not a gateway of ours: somebody else's
 * business. */
static void strangers_elsewhere_are_not_reported(struct test *test)
{
	struct sender us;

	if (!start(test))
		return;
	us = from_us_to(FAR, AF_INET, 500, 500);
	send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	check_drops(test, 0, "");
	check_total(test, 2 * 5);
}

static void time_to_live_exceeded(struct test *test)
{
	struct sender us;
	int one = 1;

	if (!start(test))
		return;
	us = to_far(test);
	setsockopt(us.fd, IPPROTO_IP, IP_TTL, &one, sizeof(one));
	send_ike(&us, 5, IKE_SA_INIT, false);
	drain(test);
	check_elsewhere(test, 5, "IP_INHDR|NOT_SPECIFIED");
}

/* Far link: an MTU of 576 bytes. */
static void packet_too_big_elsewhere(struct test *test)
{
	int discover = IP_PMTUDISC_PROBE;
	uint8_t bytes[1300] = {0};
	struct sender us;

	if (!start(test))
		return;
	us = to_far(test);
	setsockopt(us.fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover,
		   sizeof(discover));
	bytes[18] = IKE_SA_INIT;
	for (int i = 0; i < 3; i++)
		send_bytes(&us, bytes, sizeof(bytes));
	drain(test);
	check_elsewhere(test, 3, "PKT_TOO_BIG|NOT_SPECIFIED");
}

/* --- packets that come, and do not arrive --------------------------------- */

static void check_incoming_drops(struct test *test, unsigned int count,
				 const char *reason)
{
	check_drops(test, count, reason);
	for (size_t i = 0; i < test->seen_count; i++)
		if (test->seen[i].kind == AOVPN_OBS_PACKET_DROPPED &&
		    (!test->seen[i].u.drop.incoming ||
		     test->seen[i].u.drop.elsewhere != 0))
			fail(test, "drop incoming %u, elsewhere %u",
			     test->seen[i].u.drop.incoming,
			     test->seen[i].u.drop.elsewhere);
}

/* An IPv4 packet from the peer with this source and these bytes behind the IP
 * header. flags_and_offset: host order. */
static void inject(const char *source, uint8_t protocol,
		   uint16_t flags_and_offset, const void *bytes, size_t length)
{
	struct {
		struct iphdr ip;
		uint8_t bytes[1400];
	} packet = {
		.ip = {.version = 4,
		       .ihl = 5,
		       .ttl = 64,
		       .id = htons(0x1234),
		       .frag_off = htons(flags_and_offset),
		       .protocol = protocol,
		       .saddr = inet_addr(source),
		       .daddr = inet_addr(address(true, AF_INET))},
	};
	struct sender sender = {
		.fd = socket_of_peer(AF_INET, SOCK_RAW, IPPROTO_RAW)};

	if (length > sizeof(packet.bytes))
		die("inject");
	memcpy(packet.bytes, bytes, length);
	packet.ip.tot_len = htons((uint16_t)(sizeof(packet.ip) + length));
	sender.to = make_address(address(true, AF_INET), AF_INET, 0,
				 &sender.to_length);
	if (!send_bytes(&sender, &packet, sizeof(packet.ip) + length))
		die("raw packet");
	close(sender.fd);
}

/* A UDP datagram of an IKE message from and to port 500. */
struct datagram {
	uint16_t source, destination, length, checksum;
	uint8_t ike[MESSAGE_BYTES];
};

static struct datagram make_datagram(uint16_t checksum)
{
	struct datagram datagram = {
		.source = htons(500),
		.destination = htons(500),
		.length = htons(sizeof(datagram)),
		.checksum = htons(checksum),
	};

	datagram.ike[18] = IKE_SA_INIT;
	return datagram;
}

/* Reverse-path filter: on. The source belongs to another link. */
static void reverse_path_filtered(struct test *test)
{
	struct datagram datagram = make_datagram(0);

	if (!start_always(test))
		return;
	for (int i = 0; i < 5; i++)
		inject("203.0.113.7", IPPROTO_UDP, 0, &datagram,
		       sizeof(datagram));
	drain(test);
	check_incoming_drops(test, 5, "IP_RPFILTER");
}

/* The kernel checks it when the datagram is read. By then the packet shows no
 * network namespace: that it is a gateway's tells whose it is. */
static void checksum_wrong(struct test *test)
{
	struct datagram datagram = make_datagram(0x1234);
	struct sender us;
	char byte;

	if (!start_always(test))
		return;
	us = from_us(AF_INET, 500, 500);
	add_peer(test, address(false, AF_INET), AF_INET);
	for (int i = 0; i < 5; i++)
		inject(address(false, AF_INET), IPPROTO_UDP, 0, &datagram,
		       sizeof(datagram));
	if (recv(us.fd, &byte, 1, MSG_DONTWAIT) >= 0)
		fail(test, "a datagram with a wrong checksum was taken");
	drain(test);
	close(us.fd);
	check_incoming_drops(test, 5, "UDP_CSUM|NOT_SPECIFIED");
}

/* Reassembly: one second. The first fragment comes, the rest never does. */
static void reassembly_times_out(struct test *test)
{
	struct datagram datagram = make_datagram(0);

	if (!start_always(test))
		return;
	datagram.length = htons(2000);
	inject(address(false, AF_INET), IPPROTO_UDP, IP_MF, &datagram,
	       sizeof(datagram));
	for (int i = 0; i < 8; i++)
		drain(test);
	check_incoming_drops(test, 1, "FRAG_REASM_TIMEOUT|NOT_SPECIFIED");
}

/*
 * SA: another one, so that a kernel that has ESP uses it
 * (AOVPN_TEST_KERNEL_ESP). As after a tunnel's SAs are gone. Such a kernel
 * drops the packet mostly without a reason (but counts XfrmInNoStates), so the
 * place is what tells; to others ESP is an unknown protocol.
 */
static void esp_without_sa(struct test *test)
{
	static const uint8_t esp[64] = {0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1};
	bool has_esp = getenv("AOVPN_TEST_KERNEL_ESP") != NULL;

	if (!start_always(test))
		return;
	for (int i = 0; i < 3; i++)
		inject(address(false, AF_INET), IPPROTO_ESP, 0, esp,
		       sizeof(esp));
	drain(test);
	check_incoming_drops(test, 3,
			     has_esp ? "NOT_SPECIFIED|XFRM_IN_NOSTATES"
				     : "IP_NOPROTO");
	for (size_t i = 0; i < test->seen_count; i++) {
		const struct aovpn_observation *o = &test->seen[i];

		if (o->u.drop.esp_spi != 0x12345678)
			fail(test, "SPI %#x", o->u.drop.esp_spi);
		if (has_esp &&
		    strncmp(o->u.drop.location, "xfrm_input", 10) != 0)
			fail(test, "in %s", o->u.drop.location);
	}
}

/* Firewall: INPUT drops ICMP. Nobody would ever hear of the error. */
static void icmp_error_dropped(struct test *test)
{
	struct {
		uint8_t type, code;
		uint16_t checksum;
		uint32_t rest;
		struct iphdr ip;
		struct datagram datagram;
	} error = {
		.type = 3,
		.code = 13,
		.ip = {.version = 4, .ihl = 5, .protocol = IPPROTO_UDP},
		.datagram = make_datagram(0),
	};
	const struct aovpn_observation *o;

	if (!start_always(test))
		return;
	error.ip.saddr = inet_addr(address(true, AF_INET));
	error.ip.daddr = inet_addr(FAR);
	error.datagram.ike[0] = 0x11;
	inject(address(false, AF_INET), IPPROTO_ICMP, 0, &error, sizeof(error));
	drain(test);
	check_incoming_drops(test, 1, "NETFILTER_DROP");
	o = first_of(test, AOVPN_OBS_PACKET_DROPPED);
	if (o && (o->u.drop.protocol != IPPROTO_ICMP ||
		  o->u.drop.icmp_type != 3 || o->u.drop.icmp_code != 13 ||
		  o->spi_i >> 56 != 0x11 || o->flow.remote_port != 500 ||
		  memcmp(o->flow.remote, &error.ip.daddr, 4) != 0))
		fail(test, "protocol %u, type %u, code %u, SPI %#llx",
		     o->u.drop.protocol, o->u.drop.icmp_type,
		     o->u.drop.icmp_code, (unsigned long long)o->spi_i);
}

/* --- charon's own connections --------------------------------------------- */

static int connect_to(const char *text, uint16_t port)
{
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage to;
	socklen_t length;
	int retries = 1;

	to = make_address(text, family, port, &length);
	if (fd < 0)
		die("TCP socket");
	setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof(retries));
	if (connect(fd, (struct sockaddr *)&to, length) == 0)
		return fd;
	close(fd);
	return -errno;
}

static unsigned int count_tcp(const struct test *test, uint8_t event, int error)
{
	unsigned int count = 0;

	for (size_t i = 0; i < test->seen_count; i++)
		count += test->seen[i].kind == AOVPN_OBS_TCP &&
			 test->seen[i].u.tcp.event == event &&
			 test->seen[i].u.tcp.error == error;
	return count;
}

/* All events are of one connection, to there. */
static void check_tcp_flow(struct test *test, const char *text, uint16_t port)
{
	const struct aovpn_observation *first = first_of(test, AOVPN_OBS_TCP);
	const struct aovpn_observation *o;
	char remote[INET6_ADDRSTRLEN];

	for (size_t i = 0; first && i < test->seen_count; i++) {
		o = &test->seen[i];
		if (o->kind != AOVPN_OBS_TCP)
			continue;
		aovpn_address_text(o->flow.family, o->flow.remote, remote,
				   sizeof(remote));
		if (strcmp(remote, text) != 0 || o->flow.remote_port != port ||
		    o->flow.local_port == 0 ||
		    o->flow.local_port != first->flow.local_port)
			fail(test, "%s port %u from port %u", remote,
			     o->flow.remote_port, o->flow.local_port);
	}
}

static void refused(struct test *test, int family)
{
	if (!start_always(test))
		return;
	connect_to(address(false, family), 80);
	drain(test);
	if (count_tcp(test, AOVPN_TCP_CONNECT_FAILED, ECONNREFUSED) != 1)
		fail(test, "not refused once");
	if (count_kind(test, AOVPN_OBS_TCP) != 2) /* the reset, too */
		fail(test, "%u", count_kind(test, AOVPN_OBS_TCP));
	check_tcp_flow(test, address(false, family), 80);
}

static void tcp_refused(struct test *test)
{
	refused(test, AF_INET);
}

static void tcp_refused_ipv6(struct test *test)
{
	refused(test, AF_INET6);
}

/* Firewall: the peer's INPUT drops TCP. */
static void tcp_times_out(struct test *test)
{
	if (!start_always(test))
		return;
	connect_to(address(false, AF_INET), 80);
	drain(test);
	if (count_tcp(test, AOVPN_TCP_RETRANSMITTED, 0) == 0 ||
	    count_tcp(test, AOVPN_TCP_CONNECT_FAILED, ETIMEDOUT) != 1)
		fail(test, "%u retransmitted, %u timed out",
		     count_tcp(test, AOVPN_TCP_RETRANSMITTED, 0),
		     count_tcp(test, AOVPN_TCP_CONNECT_FAILED, ETIMEDOUT));
	check_tcp_flow(test, address(false, AF_INET), 80);
}

/* Neighbour: asks once, a tenth of a second. */
static void tcp_host_unreachable(struct test *test)
{
	if (!start_always(test))
		return;
	connect_to(NOBODY, 80);
	drain(test);
	if (count_tcp(test, AOVPN_TCP_CONNECT_FAILED, EHOSTUNREACH) != 1)
		fail(test, "not unreachable once");
	check_tcp_flow(test, NOBODY, 80);
}

/* Established, and then reset by the peer. */
static void tcp_reset(struct test *test)
{
	const struct linger at_once = {.l_onoff = 1};
	int listener, peer, us, one = 1;
	struct sockaddr_storage any;
	socklen_t length;

	if (!start_always(test))
		return;
	listener = socket_of_peer(AF_INET, SOCK_STREAM, 0);
	any = make_address(NULL, AF_INET, 8080, &length);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&any, length) < 0 ||
	    listen(listener, 1) < 0)
		die("listener");
	us = connect_to(address(false, AF_INET), 8080);
	peer = accept(listener, NULL, NULL);
	setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(peer);
	drain(test);
	close(us);
	close(listener);
	if (count_tcp(test, AOVPN_TCP_RESET, 0) != 1 ||
	    count_tcp(test, AOVPN_TCP_BROKEN, ECONNRESET) != 1)
		fail(test, "%u reset, %u broken",
		     count_tcp(test, AOVPN_TCP_RESET, 0),
		     count_tcp(test, AOVPN_TCP_BROKEN, ECONNRESET));
}

/* A connection of another process that is not charon is nobody's business. */
static void tcp_of_others_is_not_reported(struct test *test)
{
	pid_t pid;

	if (!start_always(test))
		return;
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		connect_to(address(false, AF_INET), 80);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	drain(test);
	check_total(test, 0);
	connect_to(address(false, AF_INET), 80);
	drain(test);
	if (count_kind(test, AOVPN_OBS_TCP) == 0)
		fail(test, "our own neither");
}

static void name_not_resolved(struct test *test)
{
	const char *name = "crl.contoso.invalid";
	const struct aovpn_observation *o;
	struct addrinfo *list;
	int code;

	if (!start(test))
		return;
	code = getaddrinfo(name, "80", NULL, &list);
	if (code == 0)
		die("a name below .invalid resolves");
	getaddrinfo("192.0.2.1", "80", NULL, &list);
	drain(test);
	if (count_kind(test, AOVPN_OBS_NAME_FAILED) != 1)
		fail(test, "%u names", count_kind(test, AOVPN_OBS_NAME_FAILED));
	o = first_of(test, AOVPN_OBS_NAME_FAILED);
	if (o && (strcmp(o->u.name_failed.name, name) != 0 ||
		  o->u.name_failed.gai_error != code))
		fail(test, "name \"%s\", error %d", o->u.name_failed.name,
		     o->u.name_failed.gai_error);
}

const struct scenario failures[] = {
	SCENARIO(route_unreachable),
	SCENARIO(route_blackhole),
	SCENARIO(route_prohibit),
	SCENARIO(route_none),
	SCENARIO(route_unreachable_ipv6),
	SCENARIO(link_down),
	SCENARIO(rejected_in_output),
	SCENARIO(dropped_by_qdisc),
	SCENARIO(neighbour_fails),
	SCENARIO(neighbour_fails_ipv6),
	SCENARIO(dropped_in_output_with_ipv4_options),
	SCENARIO(dropped_in_output_with_ipv6_extension),
	SCENARIO(dropped_in_forward_elsewhere),
	SCENARIO(strangers_elsewhere_are_not_reported),
	SCENARIO(time_to_live_exceeded),
	SCENARIO(packet_too_big_elsewhere),
	SCENARIO(reverse_path_filtered),
	SCENARIO(checksum_wrong),
	SCENARIO(reassembly_times_out),
	SCENARIO(esp_without_sa),
	SCENARIO(icmp_error_dropped),
	SCENARIO(tcp_refused),
	SCENARIO(tcp_refused_ipv6),
	SCENARIO(tcp_times_out),
	SCENARIO(tcp_host_unreachable),
	SCENARIO(tcp_reset),
	SCENARIO(tcp_of_others_is_not_reported),
	SCENARIO(name_not_resolved),
	{NULL, NULL},
};
