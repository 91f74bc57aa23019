/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observe.c - how many observations a second aovpnd takes: in the plugin's
 * place on its socket, as the plugin does (channel.h): it never waits, and what
 * the socket does not take is dropped and counted.
 */
#include "bench.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"

#define BURST_NS 1000000ULL /* as charon: several at a time, then none */

struct reporter {
	int fd;
	struct aovpn_message message;
	unsigned int dropped;
};

static int connect_daemon(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(to.sun_path))
		die("socket");
	strcpy(to.sun_path, path);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		die(path);
	return fd;
}

static void report(struct reporter *reporter, int flags)
{
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int length;

	reporter->message.sequence++;
	reporter->message.dropped = reporter->dropped;
	length = aovpn_message_encode(&reporter->message, buffer,
				      sizeof(buffer));
	if (length < 0)
		die("message");
	if (send(reporter->fd, buffer, (size_t)length, flags) >= 0)
		return;
	if (errno != EAGAIN)
		die("send");
	reporter->dropped++;
}

static void say_hello(struct reporter *reporter)
{
	reporter->message.type = AOVPN_MESSAGE_HELLO;
	reporter->message.u.hello =
		(struct aovpn_hello){.pid = (uint32_t)getpid(),
				     .plugin_version = "bench",
				     .strongswan = "bench"};
	report(reporter, 0);
}

/* An IKE message that charon sends, which is what it reports most often. */
static void prepare_observation(struct reporter *reporter, const char *name)
{
	struct aovpn_observation *o = &reporter->message.u.observation;

	reporter->message.type = AOVPN_MESSAGE_OBSERVATION;
	memset(&reporter->message.u, 0, sizeof(reporter->message.u));
	o->kind = AOVPN_OBS_IKE_MESSAGE;
	snprintf(o->connection, sizeof(o->connection), "%s", name);
	o->u.ike_message.exchange = 35; /* IKE_AUTH, RFC 7296 3.1 */
	o->u.ike_message.eap_code = 2;
	o->u.ike_message.eap_type = 13;
}

static uint64_t boottime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

/* Until aovpnd has read all. */
static void wait_until_read(const struct reporter *reporter)
{
	int left = 1;

	while (ioctl(reporter->fd, SIOCOUTQ, &left) == 0 && left > 0)
		sleep_ms(1);
}

/* rate 0: as fast as aovpnd reads. */
static void send_all(struct reporter *reporter, unsigned int count,
		     unsigned int rate)
{
	uint64_t began = now_ns(), due;

	for (unsigned int sent = 0; sent < count; sent++) {
		due = rate ? began + (uint64_t)sent * 1000000000ULL / rate /
					      BURST_NS * BURST_NS
			   : 0;
		if (now_ns() < due)
			sleep_ms(1);
		reporter->message.u.observation.u.ike_message.message_id = sent;
		reporter->message.u.observation.time_ns = boottime_ns();
		report(reporter, rate ? MSG_DONTWAIT : 0);
	}
	wait_until_read(reporter);
}

/* observe SOCKET CONNECTION COUNT RATE: RATE "most": as fast as they are read
 */
int cmd_observe(int argc, char **argv)
{
	struct reporter reporter = {.fd = connect_daemon(argv[0])};
	unsigned int count = count_of(argv[2]);
	unsigned int rate =
		strcmp(argv[3], "most") == 0 ? 0 : count_of(argv[3]);
	uint64_t began;

	(void)argc;
	say_hello(&reporter);
	prepare_observation(&reporter, argv[1]);
	sleep_ms(100); /* it registers all that it has */
	began = now_ns();
	send_all(&reporter, count, rate);
	printf("{\"table\":\"observe\",\"asked\":%u,\"count\":%u,"
	       "\"per_second\":%.0f,\"dropped\":%u}\n",
	       rate, count, count * 1e9 / (double)(now_ns() - began),
	       reporter.dropped);
	close(reporter.fd);
	return 0;
}
