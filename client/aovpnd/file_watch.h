/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file_watch.h - tells when something in one of some directories has changed
 * (inotify(7)), once for all that happens within FILE_SETTLE_US: who edits a
 * file, or renews a certificate, does more than one thing in a row.
 */
#ifndef AOVPN_FILE_WATCH_H
#define AOVPN_FILE_WATCH_H

#include <systemd/sd-event.h>

struct file_watch;

#define FILE_SETTLE_US             500000ull
#define FILE_WATCH_DIRECTORIES_MAX 128

typedef void (*files_changed_t)(void *userdata);

/* Watch nothing yet. Errors: -ENOMEM, -errno of the event loop. */
int file_watch_new(sd_event *event, files_changed_t changed, void *userdata,
		   struct file_watch **ret);
/* NULL is allowed. Returns NULL. */
struct file_watch *file_watch_free(struct file_watch *watch);

/*
 * Watch this directory, too. Errors: -errno of inotify (-ENOENT: it is not
 * there), -ENOSPC (FILE_WATCH_DIRECTORIES_MAX are watched already).
 */
int file_watch_directory(struct file_watch *watch, const char *path);

/* Watch the directory that holds the file: a file is renewed by a new one in
 * its place. What is no absolute path ("", a pkcs11: URI) is left alone. */
int file_watch_beside(struct file_watch *watch, const char *path);

/* Watch nothing any more. */
void file_watch_clear(struct file_watch *watch);

#endif
