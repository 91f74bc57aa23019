/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.h - gives each record to all that keep records: the file of JSON
 * lines, the journal, syslog; and counts what one of them did not take.
 */
#ifndef AOVPN_RECORDER_H
#define AOVPN_RECORDER_H

#include <limits.h>
#include <stdint.h>
#include <sys/un.h>

#include <jansson.h>

#include "error.h"
#include "record_file.h"

struct recorder_options {
	struct record_file_limits limits;
	char metrics[PATH_MAX]; /* "": none */
	/* "auto": RECORD_SYSLOG_SOCKET where there is no journal; "off"; or a
	 * socket's path. */
	char syslog[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* What they are without an option. */
void recorder_options_default(struct recorder_options *ret);

/*
 * Set one by its name on the command line: "max-size" (a number of bytes, K, M
 * or G behind it), "generations", "metrics", "syslog". Errors: -EINVAL with a
 * text that names option and value.
 */
int recorder_option_set(struct recorder_options *options, const char *name,
			const char *value, struct aovpn_error *error);

/* How one of those that keep records has done. */
struct recorder_sink {
	const char *name;
	uint64_t written;
	uint64_t unwritten;
	char problem[512]; /* the last one; "" where the last one was taken */
};

enum recorder_sink_id {
	RECORDER_FILE,
	RECORDER_JOURNAL,
	RECORDER_SYSLOG,
	RECORDER_SINKS,
};

struct recorder {
	struct recorder_options options;
	char path[PATH_MAX]; /* of the JSON lines */
	struct recorder_sink sink[RECORDER_SINKS];
	int64_t mended; /* bytes of a torn line, removed with this record */
};

/* path: of the JSON lines. */
void recorder_init(struct recorder *ret, const struct recorder_options *options,
		   const char *path);

/*
 * Give the record to each. Returns how many did not take it; their sinks'
 * problem says why.
 */
unsigned int recorder_take(struct recorder *recorder, const json_t *record);

/* All records that one of them did not take, since the start. */
uint64_t recorder_unwritten(const struct recorder *recorder);

/* {"file": {"written", "unwritten", "problem"}, ...}, for status. */
json_t *recorder_status(const struct recorder *recorder);

#endif
