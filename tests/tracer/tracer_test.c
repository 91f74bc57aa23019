/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_test.c - one scenario of the tracer against the running kernel.
 *
 * tests/tracer/run starts it once a scenario, inside the client's network
 * namespace and with the firewall that the scenario needs. A known number of
 * packets, mostly an odd prime, is sent, and exactly that number of
 * observations is expected. Prints "ok NAME", "FAIL NAME: why" or
 * "SKIP NAME: why"; without an argument the names of all scenarios.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

/* Dropped data is reported once in this time. */
#define INTERVAL_NS 100000000ULL

static void all_hooks_attach(struct test *test)
{
	struct tracer_hook hook;

	if (!start(test))
		return;
	for (unsigned int i = 0; tracer_hook(test->tracer, i, &hook); i++)
		check_hook(test, hook.name, LOADER_HOOK_ATTACHED);
}

/* Probes in another process want more than the loader's unit gives. */
static void hooks_without_probes_attach(struct test *test)
{
	struct tracer_hook hook;

	if (!start(test))
		return;
	for (unsigned int i = 0; tracer_hook(test->tracer, i, &hook); i++)
		if (!strstr(hook.name, "probe/"))
			check_hook(test, hook.name, LOADER_HOOK_ATTACHED);
	if (test->icmp_netns == 0)
		fail(test, "no ICMP socket");
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

static void sent_with_options(struct test *test, int family)
{
	struct series packets = on_500(AOVPN_OBS_PACKET, family, 3);
	struct sender us;

	if (!start(test))
		return;
	us = from_us(family, 500, 500);
	packets.length += add_options(&us);
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &packets);
	check_total(test, 3 + 3);
}

static void sent_with_ipv4_options(struct test *test)
{
	sent_with_options(test, AF_INET);
}

static void sent_with_ipv6_extension(struct test *test)
{
	sent_with_options(test, AF_INET6);
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

/* Firewall: OUTPUT drops. Ten drops of data tell all that a thousand would. */
static void dropped_data_is_limited(struct test *test)
{
	const unsigned int count = 1009;
	struct sender us = {.fd = -1};
	uint64_t suppressed;
	unsigned int seen;

	if (!start(test))
		return;
	us.fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ESP);
	if (us.fd < 0)
		die("raw socket");
	us.to = make_address(address(false, AF_INET), AF_INET, 0,
			     &us.to_length);
	send_data(&us, count);
	drain(test);
	seen = count_kind(test, AOVPN_OBS_PACKET_DROPPED);
	suppressed = tracer_suppressed(test->tracer);
	if (seen < 10 || seen > count / 2 || seen + suppressed != count)
		fail(test, "%u seen and %llu suppressed of %u", seen,
		     (unsigned long long)suppressed, count);
	check_drops(test, seen, "NETFILTER_DROP");
	if (test->seen_count && test->seen[0].u.drop.esp_spi != 0xc1c2c3c4)
		fail(test, "SPI %#x", test->seen[0].u.drop.esp_spi);
}

/* Firewall: OUTPUT drops. A flood to anybody: what is told and what is kept
 * back make up the sum. */
static void flood_is_limited_and_counted(struct test *test)
{
	const unsigned int count = 20011;
	struct sender us;
	uint64_t suppressed;

	if (!start_always(test))
		return;
	set_limits(test, 100, 211);
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, count, IKE_SA_INIT, false);
	drain(test);
	suppressed = tracer_suppressed(test->tracer);
	if (test->seen_count < 211 || test->seen_count > count / 2 ||
	    test->seen_count + suppressed != count)
		fail(test, "%zu seen and %llu suppressed of %u",
		     test->seen_count, (unsigned long long)suppressed, count);
	if (tracer_lost(test->tracer) != 0)
		fail(test, "%llu lost",
		     (unsigned long long)tracer_lost(test->tracer));
}

/* Firewall: OUTPUT drops. Strangers have used up their share, each of another
 * port; the gateway's packets are told all the same. */
static void strangers_do_not_starve_a_peer(struct test *test)
{
	unsigned int ours = 0;

	if (!start_always(test))
		return;
	set_limits(test, 1, 31);
	add_peer(test, address(false, AF_INET6), AF_INET6);
	for (uint16_t port = 20000; port < 20500; port++) {
		struct sender stranger = from_us(AF_INET, port, 500);

		send_ike(&stranger, 1, IKE_SA_INIT, false);
		close(stranger.fd);
	}
	struct sender us = from_us(AF_INET6, 500, 500);
	send_ike(&us, 7, IKE_SA_INIT, false);
	drain(test);
	for (size_t i = 0; i < test->seen_count; i++)
		ours += test->seen[i].flow.family == AF_INET6;
	if (ours != 7 || test->seen_count - ours > 100)
		fail(test, "%u of the peer's 7, %zu of strangers' 500", ours,
		     test->seen_count - ours);
}

/* Firewall: OUTPUT drops. */
static void without_interest_nothing_is_reported(struct test *test)
{
	struct tracer_hook hook;
	struct sender us;

	if (!start(test))
		return;
	tracer_set_interest(test->tracer, false);
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, 7, IKE_SA_INIT, false);
	drain(test);
	check_total(test, 0);
	for (unsigned int i = 0; tracer_hook(test->tracer, i, &hook); i++)
		if (hook.delivered + hook.suppressed + hook.lost != 0)
			fail(test, "hook %s counted", hook.name);
	tracer_set_interest(test->tracer, true);
	send_ike(&us, 7, IKE_SA_INIT, false);
	drain(test);
	check_total(test, 2 * 7);
}

/* Was the descriptor woken, in a tenth of a second? */
static bool is_woken(int epoll)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, 100) > 0;
}

/* Packets that pass say something only together with others: whoever sleeps is
 * woken by a drop, and reads them all then. */
static void only_what_matters_wakes(struct test *test)
{
	struct epoll_event edge = {.events = EPOLLIN | EPOLLET};
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct sender us, peer;

	if (!start(test))
		return;
	if (epoll < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, tracer_fd(test->tracer), &edge) < 0)
		die("epoll");
	us = from_us(AF_INET, 501, 500);
	send_ike(&us, 3, IKE_SA_INIT, false);
	if (is_woken(epoll))
		fail(test, "woken for packets that pass");
	peer = from_peer(AF_INET, 500, 500);
	send_ike(&peer, 1, IKE_SA_INIT, false);
	if (!is_woken(epoll))
		fail(test, "not woken for a drop");
	tracer_drain(test->tracer);
	if (test->seen_count < 3 + 3 + 1)
		fail(test, "%zu observations", test->seen_count);
	drain(test);
	send_ike(&peer, 1, IKE_SA_INIT, false);
	if (!is_woken(epoll))
		fail(test, "not woken again");
	close(epoll);
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
	set_limits(test, 0, 0);
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

/* The kernel's number of the link of hook, 0 where it has none. */
static uint32_t link_id(struct test *test, unsigned int hook)
{
	struct bpf_link_info info = {0};
	uint32_t size = sizeof(info);
	int fd = tracer_link_fd(test->tracer, hook);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return 0;
	return info.id;
}

/* Opens a tracer, tells its links' numbers, and waits to be killed. */
static void play_victim(struct test *test, int pipe)
{
	uint32_t ids[AOVPN_HOOK_COUNT] = {0};

	if (start(test))
		for (unsigned int i = 0; i < AOVPN_HOOK_COUNT; i++)
			ids[i] = link_id(test, i);
	if (write(pipe, ids, sizeof(ids)) != sizeof(ids))
		die("pipe");
	pause();
	_exit(2);
}

static bool is_alive(uint32_t id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The kernel frees a link a moment after its last descriptor. */
static bool dies(uint32_t id)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; i < 300 && is_alive(id); i++)
		nanosleep(&pause, NULL);
	return !is_alive(id);
}

/* kill -9 leaves nothing attached: no link outlives its descriptors. */
static void death_detaches(struct test *test)
{
	uint32_t ids[AOVPN_HOOK_COUNT];
	unsigned int attached = 0;
	int pipes[2];
	pid_t pid;

	if (pipe(pipes) < 0 || (pid = fork()) < 0)
		die("fork");
	if (pid == 0)
		play_victim(test, pipes[1]);
	if (read(pipes[0], ids, sizeof(ids)) != sizeof(ids))
		die("pipe");
	for (unsigned int i = 0; i < AOVPN_HOOK_COUNT; i++)
		attached += ids[i] != 0 && is_alive(ids[i]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (attached == 0)
		snprintf(test->skipped, sizeof(test->skipped),
			 "nothing could be attached");
	for (unsigned int i = 0; i < AOVPN_HOOK_COUNT; i++)
		if (ids[i] != 0 && !dies(ids[i]))
			fail(test, "the link of hook %u is still there", i);
}

/* A process of the peer's network namespace, in charon's place there. */
static pid_t start_in_peer(void)
{
	int ready[2];
	char byte = 0;
	pid_t pid;

	if (pipe(ready) < 0 || (pid = fork()) < 0)
		die("fork");
	if (pid == 0) {
		move_to_peer();
		if (write(ready[1], &byte, 1) != 1)
			_exit(2);
		pause();
		_exit(2);
	}
	if (read(ready[0], &byte, 1) != 1)
		die("pipe");
	return pid;
}

/* What happens to packets in charon's namespace is no longer elsewhere, and the
 * sockets for ICMP hear what comes there. */
static void charon_in_another_namespace(struct test *test)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, AF_INET, 3);
	pid_t charon = start_in_peer();
	struct sender us;

	if (!start_for(test, charon)) {
		kill(charon, SIGKILL);
		return;
	}
	us = from_us(AF_INET, 500, 500);
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	kill(charon, SIGKILL);
	waitpid(charon, NULL, 0);
	if (count_kind(test, AOVPN_OBS_PACKET_DROPPED) != 3)
		fail(test, "%u drops", count_kind(test, drops.kind));
	for (size_t i = 0; i < test->seen_count; i++)
		if (test->seen[i].u.drop.elsewhere != 0 ||
		    !test->seen[i].u.drop.incoming)
			fail(test, "elsewhere %u, incoming %u",
			     test->seen[i].u.drop.elsewhere,
			     test->seen[i].u.drop.incoming);
	if (test->icmp_netns != netns_cookie_of_peer())
		fail(test, "the ICMP socket is in another namespace");
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
	check_hook(test, "cgroup_skb/egress", LOADER_HOOK_ABSENT);
	check_hook(test, "cgroup/sendmsg6", LOADER_HOOK_ABSENT);
	check_hook(test, "tp_btf/kfree_skb", LOADER_HOOK_ATTACHED);
}

/* What this process starts from now on has only the capabilities of mask, as
 * the loader's unit might give them. */
static void limit_capabilities(uint64_t mask)
{
	for (int capability = 0; capability <= CAP_LAST_CAP; capability++)
		if (!(mask >> capability & 1) &&
		    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 &&
		    errno != EINVAL)
			die("PR_CAPBSET_DROP");
}

/* Firewall: OUTPUT drops. Where a tracer with all rights opens one with fewer
 * must, too; the kernel refuses it the hooks of a dial. */
static void refused_programs_leave_the_others(struct test *test)
{
	struct series drops = on_500(AOVPN_OBS_PACKET_DROPPED, AF_INET, 3);
	struct sender us = from_us(AF_INET, 500, 500);
	struct aovpn_error error;

	if (!start(test))
		return;
	test->tracer = tracer_close(test->tracer);
	limit_capabilities(1ULL << CAP_BPF | 1ULL << CAP_PERFMON);
	if (!start_always(test)) {
		fail(test, "%s", test->skipped);
		return;
	}
	tracer_dial_attach(test->tracer, getpid(), &error);
	tracer_dial_settle(test->tracer);
	check_hook(test, "cgroup_skb/egress", LOADER_HOOK_REFUSED);
	check_hook(test, "cgroup_skb/ingress", LOADER_HOOK_REFUSED);
	check_hook(test, "cgroup/sendmsg4", LOADER_HOOK_REFUSED);
	check_hook(test, "cgroup/sendmsg6", LOADER_HOOK_REFUSED);
	check_hook(test, "tp_btf/kfree_skb", LOADER_HOOK_ATTACHED);
	send_ike(&us, 3, IKE_SA_INIT, false);
	drain(test);
	check_series(test, &drops);
	check_total(test, 3);
}

static void without_rights_there_is_an_error(struct test *test)
{
	limit_capabilities(0);
	if (start_always(test))
		fail(test, "a tracer without rights");
	else if (strncmp(test->skipped, strerror(EPERM), 9) != 0)
		fail(test, "%s", test->skipped);
	test->skipped[0] = '\0';
}

static const struct scenario scenarios[] = {
	SCENARIO(all_hooks_attach),
	SCENARIO(hooks_without_probes_attach),
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
	SCENARIO(dropped_data_is_limited),
	SCENARIO(flood_is_limited_and_counted),
	SCENARIO(strangers_do_not_starve_a_peer),
	SCENARIO(without_interest_nothing_is_reported),
	SCENARIO(only_what_matters_wakes),
	SCENARIO(death_detaches),
	SCENARIO(charon_in_another_namespace),
	SCENARIO(dropped_in_input_ipv4),
	SCENARIO(dropped_in_input_ipv6),
	SCENARIO(closed_port_is_a_drop),
	SCENARIO(full_receive_buffer_is_a_drop),
	SCENARIO(closing_a_socket_is_no_drop),
	SCENARIO(lost_events_are_counted),
	SCENARIO(closing_leaves_no_descriptor),
	SCENARIO(missing_cgroup_leaves_the_drops),
	SCENARIO(refused_programs_leave_the_others),
	SCENARIO(without_rights_there_is_an_error),
	{NULL, NULL},
};

/* All of them. */
static const struct scenario *const lists[] = {scenarios, failures};

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
	const struct scenario *scenario;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (scenario = lists[i]; scenario->name; scenario++)
			if (argc != 2)
				printf("%s\n", scenario->name);
			else if (strcmp(argv[1], scenario->name) == 0)
				return run(scenario);
	if (argc == 2)
		fprintf(stderr, "no scenario %s\n", argv[1]);
	return argc == 2 ? 2 : 0;
}
