/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics_writer.h - keeps the file of metrics (metrics.h) as it is: after each
 * event that counts, and every minute. Readers find a whole file or none.
 */
#ifndef AOVPN_METRICS_WRITER_H
#define AOVPN_METRICS_WRITER_H

#include <jansson.h>

#include "daemon.h"

struct metrics_writer;

/*
 * Begin to write the file that daemon's recorder is told of; its directory is
 * made where only that is missing. *ret is NULL where there is no such option.
 * A file that cannot be written is logged, not an error. Errors: -ENOMEM.
 */
int metrics_writer_new(struct daemon *daemon, struct metrics_writer **ret);

/* An event. NULL is allowed. */
void metrics_writer_take(struct metrics_writer *writer, const json_t *record);

/* Removes the file: a daemon that is gone has no connection up. NULL is
 * allowed. Returns NULL. */
struct metrics_writer *metrics_writer_free(struct metrics_writer *writer);

#endif
