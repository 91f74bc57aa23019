/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.c - to be preloaded: puts the wall clock of a process off by
 * LAB_CLOCK_OFFSET seconds and by those that stand in the file LAB_CLOCK_JUMPED
 * at that moment, or CLOCK_BOOTTIME ahead by the seconds that stand in the file
 * LAB_CLOCK_SLEPT, as if the machine had slept so long, and nothing else. libfaketime 0.9.10 was tried and
 * puts off more than that: absolute timers and waits by CLOCK_MONOTONIC, too,
 * whatever FAKETIME_DONT_FAKE_MONOTONIC says, so that they end at once or a year
 * late.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t offset(void)
{
	const char *seconds = getenv("LAB_CLOCK_OFFSET");

	return seconds ? strtol(seconds, NULL, 10) : 0;
}

static time_t in_file(const char *variable)
{
	const char *path = getenv(variable);
	char text[32] = "";
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtol(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ret);

	if (r == 0 && (clock == CLOCK_REALTIME ||
		       clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += offset() + in_file("LAB_CLOCK_JUMPED");
	if (r == 0 && clock == CLOCK_BOOTTIME)
		ret->tv_sec += in_file("LAB_CLOCK_SLEPT");
	return r;
}

time_t time(time_t *ret)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	ret->tv_sec = now.tv_sec;
	ret->tv_usec = now.tv_nsec / 1000;
	return 0;
}
