/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics_writer.c - see metrics_writer.h. */
#include "metrics_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "connections.h"
#include "log.h"
#include "metrics.h"
#include "watched.h"

#define INTERVAL_US 60000000ull
#define ACCURACY_US 1000000ull

struct metrics_writer {
	struct daemon *daemon;
	sd_event_source *timer;
	struct metrics *metrics;
	char path[PATH_MAX];
	/* Beside path; node_exporter reads only what ends in .prom. */
	char temporary[PATH_MAX + 8];
	bool failed; /* the last time: it is said once */
};

static int write_text(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	while (left > 0) {
		n = write(fd, text, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

/* Nothing in it is secret, and who reads it is somebody else: readable by all,
 * whatever the umask. */
static int replace(const struct metrics_writer *writer, const char *text)
{
	int fd, r;

	fd = open(writer->temporary,
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	r = fchmod(fd, 0644) < 0 ? -errno : write_text(fd, text);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(writer->temporary, writer->path) < 0)
		r = -errno;
	if (r < 0)
		unlink(writer->temporary);
	return r;
}

static char *make_text(const struct metrics_writer *writer)
{
	struct daemon *daemon = writer->daemon;
	struct metrics_now now = {
		.connections = connections_status(daemon->connections, NULL),
		.losses = daemon_losses(daemon),
		.unwritten = recorder_unwritten(&daemon->recorder),
	};
	char *text;

	watched_status(daemon->watched, now.connections);
	now.known_count = cert_watch_known(daemon->certificates, &now.known);
	text = metrics_text(writer->metrics, &now);
	json_decref(now.connections);
	return text;
}

static void refresh(struct metrics_writer *writer)
{
	char *text = make_text(writer);
	int r = text ? replace(writer, text) : -ENOMEM;

	free(text);
	if (r < 0 && !writer->failed)
		log_warning("cannot write the metrics \"%s\": %s", writer->path,
			    strerror(-r));
	writer->failed = r < 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	int r;

	(void)usec;
	refresh(userdata);
	r = sd_event_source_set_time_relative(source, INTERVAL_US);
	return r < 0 ? r
		     : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* What an event is about is done only after it: written when the loop is idle
 * again, once for many events. */
void metrics_writer_take(struct metrics_writer *writer, const json_t *record)
{
	if (!writer || !metrics_count(writer->metrics, record, time(NULL)))
		return;
	sd_event_source_set_time_relative(writer->timer, 0);
	sd_event_source_set_enabled(writer->timer, SD_EVENT_ONESHOT);
}

static void make_directory(const char *path)
{
	char directory[PATH_MAX];
	char *end;

	snprintf(directory, sizeof(directory), "%s", path);
	end = strrchr(directory, '/');
	if (end && end > directory) {
		*end = '\0';
		if (mkdir(directory, 0755) == 0)
			chmod(directory, 0755);
	}
}

int metrics_writer_new(struct daemon *daemon, struct metrics_writer **ret)
{
	const char *path = daemon->recorder.options.metrics;
	struct metrics_writer *writer;
	int r = -ENOMEM;

	*ret = NULL;
	if (path[0] == '\0')
		return 0;
	writer = calloc(1, sizeof(*writer));
	if (!writer)
		return -ENOMEM;
	writer->daemon = daemon;
	snprintf(writer->path, sizeof(writer->path), "%s", path);
	snprintf(writer->temporary, sizeof(writer->temporary), "%s.new", path);
	writer->metrics = metrics_new(time(NULL));
	if (writer->metrics)
		r = sd_event_add_time_relative(daemon->event, &writer->timer,
					       CLOCK_BOOTTIME, 0, ACCURACY_US,
					       on_time, writer);
	if (r < 0) {
		metrics_free(writer->metrics);
		free(writer);
		return r;
	}
	make_directory(writer->path);
	*ret = writer;
	return 0;
}

struct metrics_writer *metrics_writer_free(struct metrics_writer *writer)
{
	if (!writer)
		return NULL;
	unlink(writer->path);
	sd_event_source_disable_unref(writer->timer);
	metrics_free(writer->metrics);
	free(writer);
	return NULL;
}
