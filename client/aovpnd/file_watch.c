/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file_watch.c - see file_watch.h. */
#include "file_watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>

#define CHANGES                                                     \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
	 IN_DELETE | IN_ATTRIB)

struct file_watch {
	sd_event *event;
	files_changed_t changed;
	void *userdata;
	sd_event_source *settle;
	sd_event_source *directory[FILE_WATCH_DIRECTORIES_MAX];
	size_t count;
};

static int on_settled(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct file_watch *watch = userdata;

	(void)source;
	(void)usec;
	watch->changed(watch->userdata);
	return 0;
}

static int on_change(sd_event_source *source, const struct inotify_event *event,
		     void *userdata)
{
	struct file_watch *watch = userdata;

	(void)source;
	(void)event;
	/* Not put off by more of them: it comes to an end. */
	if (sd_event_source_get_enabled(watch->settle, NULL) > 0)
		return 0;
	sd_event_source_set_time_relative(watch->settle, FILE_SETTLE_US);
	return sd_event_source_set_enabled(watch->settle, SD_EVENT_ONESHOT);
}

int file_watch_new(sd_event *event, files_changed_t changed, void *userdata,
		   struct file_watch **ret)
{
	struct file_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->event = event;
	watch->changed = changed;
	watch->userdata = userdata;
	r = sd_event_add_time_relative(event, &watch->settle, CLOCK_MONOTONIC,
				       FILE_SETTLE_US, 0, on_settled, watch);
	if (r >= 0)
		r = sd_event_source_set_enabled(watch->settle, SD_EVENT_OFF);
	if (r < 0) {
		file_watch_free(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

struct file_watch *file_watch_free(struct file_watch *watch)
{
	if (!watch)
		return NULL;
	file_watch_clear(watch);
	sd_event_source_disable_unref(watch->settle);
	free(watch);
	return NULL;
}

int file_watch_directory(struct file_watch *watch, const char *path)
{
	int r;

	if (watch->count == FILE_WATCH_DIRECTORIES_MAX)
		return -ENOSPC;
	r = sd_event_add_inotify(watch->event, &watch->directory[watch->count],
				 path, CHANGES, on_change, watch);
	if (r < 0)
		return r;
	watch->count++;
	return 0;
}

int file_watch_beside(struct file_watch *watch, const char *path)
{
	char directory[PATH_MAX];
	char *end;

	if (path[0] != '/' || strlen(path) >= sizeof(directory))
		return 0;
	snprintf(directory, sizeof(directory), "%s", path);
	end = strrchr(directory, '/');
	end[end == directory] = '\0';
	return file_watch_directory(watch, directory);
}

void file_watch_clear(struct file_watch *watch)
{
	while (watch->count > 0)
		sd_event_source_disable_unref(watch->directory[--watch->count]);
}
