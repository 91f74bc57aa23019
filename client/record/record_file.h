/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_file.h - the file of JSON lines and its older generations: FILE.1 is
 * the youngest of these. One process appends; any number reads.
 */
#ifndef AOVPN_RECORD_FILE_H
#define AOVPN_RECORD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "error.h"

#define RECORD_FILE_SIZE     (10ull << 20)
#define RECORD_FILE_KEEP     5
#define RECORD_FILE_KEEP_MAX 99

/* When a file is full, and how much of the past is kept. */
struct record_file_limits {
	uint64_t max_size; /* bytes */
	unsigned int keep; /* older generations, at most RECORD_FILE_KEEP_MAX */
};

/*
 * Append one line, with a single write, so that a full disk leaves no half
 * line: what was written of one is taken back, and so is what a power cut or a
 * kill has left of an earlier one. Where the line would make the file larger
 * than max_size, the file becomes the generation 1 first, and those beyond keep
 * go. A generation is renamed, never copied: a kill in between leaves a gap in
 * the numbers and no record twice. The file is created (mode 0640) where it is
 * missing. Returns 0, or how many bytes of a torn line it removed. Errors:
 * -errno, with a text that names the file.
 */
int64_t record_file_append(const char *path,
			   const struct record_file_limits *limits,
			   const json_t *record, struct aovpn_error *error);

/* A generation as it is now: what is appended later lies behind size. */
struct record_file_part {
	int fd;
	uint64_t size;
};

/* All generations there may be, and the file itself. */
#define RECORD_FILE_PARTS (RECORD_FILE_KEEP_MAX + 1)

/*
 * Open all that there is for reading, the oldest first; the file itself is
 * created where it is missing and create says so. Returns how many, to be
 * closed by the caller. Errors: -errno, with a text.
 */
int record_file_open(const char *path, bool create,
		     struct record_file_part part[RECORD_FILE_PARTS],
		     struct aovpn_error *error);

/*
 * Read them up to their sizes, line by line, and close them. whole: is it a
 * line with its end? What a power cut has left is none. Errors: -errno.
 */
typedef void (*record_file_line_t)(const char *line, bool whole,
				   void *userdata);
int record_file_read(const struct record_file_part *part, int count,
		     record_file_line_t take, void *userdata);

#endif
