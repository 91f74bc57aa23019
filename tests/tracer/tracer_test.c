/*
 * tracer_test.c - one scenario of the tracer against the running kernel.
 *
 * tests/tracer/run starts it once a scenario, inside the client's network
 * namespace and with the firewall that the scenario needs. A known number of
 * packets, mostly an odd prime, is sent, and exactly that number of
 * observations is expected. Prints "ok NAME", "FAIL NAME: why" or
 * "SKIP NAME: why"; without an argument the names of all scenarios.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

/* Dropped data is reported once in this time. */
#define INTERVAL_NS 100000000ULL

static void all_hooks_attach(struct test *test)
{
	if (!start(test))
		return;
	check_hook(test, "cgroup_skb/egress", TRACER_HOOK_ATTACHED);
	check_hook(test, "cgroup_skb/ingress", TRACER_HOOK_ATTACHED);
	check_hook(test, "cgroup/sendmsg4", TRACER_HOOK_ATTACHED);
	check_hook(test, "cgroup/sendmsg6", TRACER_HOOK_ATTACHED);
	check_hook(test, "tp_btf/kfree_skb", TRACER_HOOK_ATTACHED);
}

static void sent(struct test *test, int family, unsigned int count)
{
	struct series attempts = on_500(AOVPN_OBS_SEND, family, count);
	struct series packets = on_500(AOVPN_OBS_PACKET, family, count);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(family, 500, 500);
	send_ike(&us, count, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &attempts);
	check_series(test, &packets);
	check_total(test, 2 * count);
}

static void sent_ipv4(struct test *test)
{
	sent(test, AF_INET, 7);
}

static void sent_ipv6(struct test *test)
{
	sent(test, AF_INET6, 3);
}

/* charon-nm: any local port. */
static void sent_on_4500_without_data(struct test *test)
{
	struct series packets = {
		.kind = AOVPN_OBS_PACKET,
		.family = AF_INET,
		.local_port = 54321,
		.remote_port = 4500,
		.exchange = IKE_AUTH,
		.protocol = IPPROTO_UDP,
		.count = 5,
		.length = ip_bytes(AF_INET, MARKER_BYTES + MESSAGE_BYTES),
	};
	struct sender us;

	if (!start(test))
		return;
	us = from_us(AF_INET, 54321, 4500);
	send_ike(&us, 5, IKE_AUTH, true);
	/* The first data packet is an attempt; from then on data passes. */
	send_data(&us, 7);
	send_bytes(&us, "\xff", 1);
	drain(test);
	check_series(test, &packets);
	if (count_kind(test, AOVPN_OBS_SEND) != 5 + 1)
		fail(test, "%u attempts instead of 6",
		     count_kind(test, AOVPN_OBS_SEND));
	check_total(test, 5 + 5 + 1);
}

static void sent_with_ipv4_options(struct test *test)
{
	static const uint8_t nops[8] = {1, 1, 1, 1, 1, 1, 1, 0};
	struct series packets = on_500(AOVPN_OBS_PACKET, AF_INET, 3);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	if (setsockopt(us.fd, IPPROTO_IP, IP_OPTIONS, nops, sizeof(nops)) < 0)
		die("IP_OPTIONS");
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	packets.length += sizeof(nops);
	check_series(test, &packets);
	check_total(test, 3 + 3);
}

static void sent_with_ipv6_extension(struct test *test)
{
	/* Destination options: next header and length are the kernel's. */
	static const uint8_t padding[16] = {0, 1, 1, 12};
	struct series packets = on_500(AOVPN_OBS_PACKET, AF_INET6, 3);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(AF_INET6, 500, 500);
	if (setsockopt(us.fd, IPPROTO_IPV6, IPV6_DSTOPTS, padding,
		       sizeof(padding)) < 0)
		die("IPV6_DSTOPTS");
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	packets.length += sizeof(padding);
	check_series(test, &packets);
	check_total(test, 3 + 3);
}

/* Only a socket that has sent is known to be ours. */
static void received(struct test *test, int family, unsigned int count)
{
	struct series packets = on_500(AOVPN_OBS_PACKET, family, count);
	struct sender us, peer;

	if (!start(test))
		return;
	us = from_us(family, 500, 500);
	peer = from_peer(family, 500, 500);
	send_ike(&us, 1, IKE_SA_INIT, false);
	drain(test);
	test->seen_count = 0;
	send_ike(&peer, count, IKE_SA_INIT, false);
	drain(test);
	packets.incoming = 1;
	check_series(test, &packets);
	check_total(test, count);
}

static void received_ipv4(struct test *test)
{
	received(test, AF_INET, 7);
}

static void received_ipv6(struct test *test)
{
	received(test, AF_INET6, 5);
}

static void what_is_no_ike_is_not_reported(struct test *test)
{
	static const uint8_t zeros[27] = {0};
	struct sender us;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	for (size_t length = 0; length <= sizeof(zeros); length++)
		send_bytes(&us, zeros, length);
	drain(test);
	if (count_kind(test, AOVPN_OBS_PACKET) != 0)
		fail(test, "%u packets", count_kind(test, AOVPN_OBS_PACKET));
	check_total(test, sizeof(zeros) + 1);
}

/* The peer sends to itself: nothing of it touches our namespace. Then one
 * packet of ours shows that the tracer was awake. */
static void other_namespace_is_not_reported(struct test *test)
{
	struct series packets = on_500(AOVPN_OBS_PACKET, AF_INET, 1);
	struct sender us, peer;

	if (!start(test))
		return;
	peer = from_peer(AF_INET, 4500, 500);
	peer.to = make_address(address(false, AF_INET), AF_INET, 500,
			       &peer.to_length);
	send_ike(&peer, 11, IKE_SA_INIT, false);
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, 1, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &packets);
	check_total(test, 2);
}

/* Firewall: OUTPUT drops. */
static void dropped_in_output(struct test *test, int family, unsigned int count)
{
	struct series attempts = on_500(AOVPN_OBS_SEND, family, count);
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, family, count);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(family, 500, 500);
	send_ike(&us, count, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &attempts);
	check_series(test, &drops);
	check_total(test, 2 * count);
}

static void dropped_in_output_ipv4(struct test *test)
{
	dropped_in_output(test, AF_INET, 7);
}

static void dropped_in_output_ipv6(struct test *test)
{
	dropped_in_output(test, AF_INET6, 3);
}

/* Firewall: OUTPUT drops. */
static void dropped_data_is_reported_once(struct test *test)
{
	struct series drops = {
		.kind = AOVPN_OBS_PACKET_DROPPED,
		.family = AF_INET,
		.protocol = IPPROTO_ESP,
		.count = 1,
		.length = 20 + 100,
		.reason = "NETFILTER_DROP",
	};
	struct sender us = {.fd = -1};
	uint64_t began_ns;
	bool stalled;

	if (!start(test))
		return;
	us.fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ESP);
	if (us.fd < 0)
		die("raw socket");
	us.to = make_address(address(false, AF_INET), AF_INET, 0,
			     &us.to_length);
	began_ns = aovpn_boottime_ns();
	send_data(&us, 11);
	stalled = aovpn_boottime_ns() - began_ns > INTERVAL_NS;
	drain(test);
	if (stalled) {
		snprintf(test->skipped, sizeof(test->skipped),
			 "the machine was too slow for a test of time");
		return;
	}
	check_series(test, &drops);
	check_total(test, 1);
}

/* Firewall: INPUT drops. */
static void dropped_in_input(struct test *test, int family, unsigned int count)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, family, count);
	struct sender peer;

	if (!start(test))
		return;
	peer = from_peer(family, 500, 500);
	send_ike(&peer, count, IKE_SA_INIT, false);
	drain(test);
	drops.incoming = 1;
	check_series(test, &drops);
	check_total(test, count);
}

static void dropped_in_input_ipv4(struct test *test)
{
	dropped_in_input(test, AF_INET, 5);
}

static void dropped_in_input_ipv6(struct test *test)
{
	dropped_in_input(test, AF_INET6, 3);
}

static void closed_port_is_a_drop(struct test *test)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, AF_INET, 3);
	struct sender peer;

	if (!start(test))
		return;
	peer = from_peer(AF_INET, 500, 500);
	send_ike(&peer, 3, IKE_SA_INIT, false);
	drain(test);
	drops.incoming = 1;
	drops.reason = "NO_SOCKET";
	check_series(test, &drops);
	check_total(test, 3);
}

/*
 * After the tunnel's SAs are gone, say. Where the kernel has ESP it drops such
 * a packet without a reason (but counts XfrmInNoStates), so the place is what
 * tells; where it has none, ESP is an unknown protocol.
 */
static void esp_without_sa(struct test *test)
{
	bool kernel_has_esp = getenv("AOVPN_TEST_KERNEL_ESP") != NULL;
	struct series drops = {
		.kind = AOVPN_OBS_PACKET_DROPPED,
		.family = AF_INET,
		.incoming = 1,
		.protocol = IPPROTO_ESP,
		.count = 1,
		.length = 20 + 100,
		.reason = kernel_has_esp ? "NOT_SPECIFIED" : "IP_NOPROTO",
	};
	struct sender peer;

	if (!start(test))
		return;
	peer = raw_from_peer(AF_INET, IPPROTO_ESP);
	send_data(&peer, 1);
	drain(test);
	check_series(test, &drops);
	check_total(test, 1);
	if (kernel_has_esp && test->seen_count == 1 &&
	    strncmp(test->seen[0].u.drop.location, "xfrm_input", 10) != 0)
		fail(test, "in %s", test->seen[0].u.drop.location);
}

/* What charon did not fetch in time. Delivered and dropped make up the sum. */
static void full_receive_buffer_is_a_drop(struct test *test)
{
	unsigned int delivered = 0, dropped, count = 101;
	struct sender us, peer;
	char byte;
	int one = 1;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	setsockopt(us.fd, SOL_SOCKET, SO_RCVBUF, &one, sizeof(one));
	peer = from_peer(AF_INET, 500, 500);
	send_ike(&peer, count, IKE_SA_INIT, false);
	drain(test);
	while (recv(us.fd, &byte, 1, MSG_DONTWAIT) >= 0)
		delivered++;
	dropped = count_kind(test, AOVPN_OBS_PACKET_DROPPED);
	if (dropped == 0 || delivered + dropped != count)
		fail(test, "%u delivered, %u dropped of %u", delivered, dropped,
		     count);
	for (size_t i = 0; i < test->seen_count; i++)
		if (strcmp(test->seen[i].u.drop.reason, "SOCKET_RCVBUFF") != 0)
			fail(test, "reason %s", test->seen[i].u.drop.reason);
}

/* A raw socket's queue holds copies: freed with the socket, nothing is lost. */
static void closing_a_socket_is_no_drop(struct test *test)
{
	struct sender us, peer;
	int raw;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
	if (raw < 0)
		die("raw socket");
	peer = from_peer(AF_INET, 500, 500);
	send_ike(&peer, 13, IKE_SA_INIT, false);
	close(raw);
	close(us.fd);
	drain(test);
	check_total(test, 0);
}

/* Each packet is two events; nobody reads until all are sent. */
static void lost_events_are_counted(struct test *test)
{
	const unsigned int count = 5003;
	struct sender us;
	uint64_t lost;

	if (!start(test))
		return;
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, count, IKE_SA_INIT, false);
	drain(test);
	lost = tracer_lost(test->tracer);
	if (lost == 0 || test->seen_count == 0)
		fail(test, "%zu seen, %llu lost: the ring did not overflow",
		     test->seen_count, (unsigned long long)lost);
	if (test->seen_count + lost != 2 * count)
		fail(test, "%zu seen and %llu lost of %u", test->seen_count,
		     (unsigned long long)lost, 2 * count);
}

static unsigned int count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (!directory)
		die("/proc/self/fd");
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static void closing_leaves_no_descriptor(struct test *test)
{
	unsigned int before = count_descriptors();

	if (!start(test))
		return;
	test->tracer = tracer_close(test->tracer);
	if (count_descriptors() != before)
		fail(test, "%u descriptors before, %u after", before,
		     count_descriptors());
}

static void missing_cgroup_leaves_the_drops(struct test *test)
{
	if (!start_in(test, "/nonexistent"))
		return;
	check_hook(test, "cgroup_skb/egress", TRACER_HOOK_ABSENT);
	check_hook(test, "cgroup/sendmsg6", TRACER_HOOK_ABSENT);
	check_hook(test, "tp_btf/kfree_skb", TRACER_HOOK_ATTACHED);
}

/* Keep only the capabilities of mask, as the daemon's unit might. */
static void limit_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)mask, .permitted = (uint32_t)mask},
		{.effective = mask >> 32, .permitted = mask >> 32},
	};

	if (syscall(SYS_capset, &header, data) < 0)
		die("capset");
}

/* A tracer with fewer rights must open wherever one with all rights does. */
static bool start_limited(struct test *test, uint64_t capabilities)
{
	if (!start(test))
		return false;
	test->tracer = tracer_close(test->tracer);
	limit_capabilities(capabilities);
	if (start(test))
		return true;
	fail(test, "%s", test->skipped);
	return false;
}

/* Firewall: OUTPUT drops. The kernel refuses four of five programs. */
static void refused_programs_leave_the_others(struct test *test)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, AF_INET, 3);
	struct sender us = from_us(AF_INET, 500, 500);

	if (!start_limited(test, 1ULL << CAP_BPF | 1ULL << CAP_PERFMON))
		return;
	check_hook(test, "cgroup_skb/egress", TRACER_HOOK_REFUSED);
	check_hook(test, "cgroup_skb/ingress", TRACER_HOOK_REFUSED);
	check_hook(test, "cgroup/sendmsg4", TRACER_HOOK_REFUSED);
	check_hook(test, "cgroup/sendmsg6", TRACER_HOOK_REFUSED);
	check_hook(test, "tp_btf/kfree_skb", TRACER_HOOK_ATTACHED);
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &drops);
	check_total(test, 3);
}

static void without_rights_there_is_an_error(struct test *test)
{
	struct aovpn_error error = {""};
	int code;

	limit_capabilities(0);
	code = tracer_open(NULL, keep, test, &test->tracer, &error);
	if (code != -EPERM || error.text[0] == '\0')
		fail(test, "code %d, \"%s\"", code, error.text);
}

#define SCENARIO(function)          \
	{                           \
#function, function \
	}

static const struct scenario {
	const char *name;
	void (*run)(struct test *test);
} scenarios[] = {
	SCENARIO(all_hooks_attach),
	SCENARIO(sent_ipv4),
	SCENARIO(sent_ipv6),
	SCENARIO(sent_on_4500_without_data),
	SCENARIO(sent_with_ipv4_options),
	SCENARIO(sent_with_ipv6_extension),
	SCENARIO(received_ipv4),
	SCENARIO(received_ipv6),
	SCENARIO(what_is_no_ike_is_not_reported),
	SCENARIO(other_namespace_is_not_reported),
	SCENARIO(dropped_in_output_ipv4),
	SCENARIO(dropped_in_output_ipv6),
	SCENARIO(dropped_data_is_reported_once),
	SCENARIO(dropped_in_input_ipv4),
	SCENARIO(dropped_in_input_ipv6),
	SCENARIO(closed_port_is_a_drop),
	SCENARIO(esp_without_sa),
	SCENARIO(full_receive_buffer_is_a_drop),
	SCENARIO(closing_a_socket_is_no_drop),
	SCENARIO(lost_events_are_counted),
	SCENARIO(closing_leaves_no_descriptor),
	SCENARIO(missing_cgroup_leaves_the_drops),
	SCENARIO(refused_programs_leave_the_others),
	SCENARIO(without_rights_there_is_an_error),
};

static int run(const struct scenario *scenario)
{
	struct test test = {.name = scenario->name};

	test.seen = calloc(OBSERVATIONS_MAX, sizeof(*test.seen));
	if (!test.seen)
		die("memory");
	scenario->run(&test);
	test.tracer = tracer_close(test.tracer);
	free(test.seen);
	if (test.failure[0])
		printf("FAIL %s: %s\n", test.name, test.failure);
	else if (test.skipped[0])
		printf("SKIP %s: %s\n", test.name, test.skipped);
	else
		printf("ok %s\n", test.name);
	return test.failure[0] != '\0';
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		if (argc != 2)
			printf("%s\n", scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0)
			return run(&scenarios[i]);
	}
	if (argc == 2)
		fprintf(stderr, "no scenario %s\n", argv[1]);
	return argc == 2 ? 2 : 0;
}
