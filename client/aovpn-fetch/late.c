/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * late.c - see late.h. One timer over everything: a resolver, a connection, a
 * handshake and a body each have their own ways of being slow, and a limit on
 * each step would still add up. The reply is made beforehand, for a signal
 * handler may do little (signal-safety(7)).
 */
#include "late.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "helper_message.h"

static const char texts[LATE_STAGE_COUNT][AOVPN_TEXT_MAX] = {
	[LATE_NAME] = "the host's name was not resolved in time",
	[LATE_CONNECT] = "no connection came about in time",
	[LATE_HANDSHAKE] = "the TLS handshake did not end in time",
	[LATE_HEADER] = "the server did not answer in time",
	[LATE_BODY] = "the server did not send all of it in time",
	[LATE_PARSER] = "it was there, but not looked through in time",
};

static struct fetch_reply_message reply;
static volatile sig_atomic_t at;
static volatile uint64_t received;
static int reply_to = -1;
static struct timespec begun;

uint32_t late_elapsed_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint32_t)((now.tv_sec - begun.tv_sec) * 1000 +
			  (now.tv_nsec - begun.tv_nsec) / 1000000);
}

static void on_alarm(int signal)
{
	(void)signal;
	memcpy(reply.fetched.text, texts[at], sizeof(reply.fetched.text));
	reply.fetched.size = received;
	reply.fetched.duration_ms = late_elapsed_ms();
	helper_send(reply_to, &reply, sizeof(reply), NULL, 0);
	_exit(0);
}

int late_begin(int socket, uint32_t timeout_ms)
{
	const struct itimerval timer = {
		.it_value = {.tv_sec = timeout_ms / 1000,
			     .tv_usec = (timeout_ms % 1000) * 1000}};
	const struct sigaction action = {.sa_handler = on_alarm};

	clock_gettime(CLOCK_BOOTTIME, &begun);
	reply_to = socket;
	reply.version = FETCH_VERSION;
	reply.fetched.state = AOVPN_FETCH_TIMEOUT;
	if (sigaction(SIGALRM, &action, NULL) < 0 ||
	    setitimer(ITIMER_REAL, &timer, NULL) < 0)
		return -errno;
	return 0;
}

void late_stage(enum late_stage stage)
{
	at = stage;
}

void late_size(uint64_t size)
{
	received = size;
}

void late_end(void)
{
	const struct itimerval none = {0};

	setitimer(ITIMER_REAL, &none, NULL);
}
