/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_file.c - see record_file.h. */
#include "record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record.h"

#define PATH_ROOM  (PATH_MAX + 8)
#define BLOCK_SIZE 4096

static void generation_path(const char *path, unsigned int number, char *out)
{
	if (number == 0)
		snprintf(out, PATH_ROOM, "%s", path);
	else
		snprintf(out, PATH_ROOM, "%s.%u", path, number);
}

/* --- whole lines only ------------------------------------------------------
 */

/* Where the last line that has an end ends, looking back from size. */
static off_t find_line_end(int fd, off_t size)
{
	char block[BLOCK_SIZE];
	const char *end;
	off_t begin;
	ssize_t n;

	while (size > 0) {
		begin = size > BLOCK_SIZE ? size - BLOCK_SIZE : 0;
		n = pread(fd, block, (size_t)(size - begin), begin);
		if (n != size - begin)
			return n < 0 ? -errno : -EIO;
		end = memrchr(block, '\n', (size_t)n);
		if (end)
			return begin + (end - block) + 1;
		size = begin;
	}
	return 0;
}

/* Take back what a power cut has left of a line. Returns its length. */
static int64_t mend_end(int fd, off_t *ret_size)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return -errno;
	end = find_line_end(fd, st.st_size);
	if (end < 0)
		return end;
	if (end < st.st_size && ftruncate(fd, end) < 0)
		return -errno;
	*ret_size = end;
	return st.st_size - end;
}

static int write_whole(int fd, const char *line, size_t length, off_t before)
{
	ssize_t n;

	do
		n = write(fd, line, length);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n == length)
		return 0;
	return ftruncate(fd, before) < 0 ? -errno : -ENOSPC;
}

/* --- generations -----------------------------------------------------------
 */

static unsigned int first_gap(const char *path, unsigned int keep)
{
	char name[PATH_ROOM];
	unsigned int i;

	for (i = 1; i < keep; i++) {
		generation_path(path, i, name);
		if (access(name, F_OK) < 0)
			break;
	}
	return i;
}

/* Each becomes one older; the oldest goes, or a gap is filled. */
static int shift(const char *path, unsigned int keep)
{
	char from[PATH_ROOM], to[PATH_ROOM];
	unsigned int i;

	for (i = first_gap(path, keep); i > 0; i--) {
		generation_path(path, i - 1, from);
		generation_path(path, i, to);
		if (rename(from, to) < 0)
			return -errno;
	}
	return 0;
}

static int rotate(const char *path, unsigned int keep)
{
	char name[PATH_ROOM];
	unsigned int i;
	int r = 0;

	if (keep > 0)
		r = shift(path, keep);
	else if (unlink(path) < 0)
		r = -errno;
	/* Those of a time when more were kept. */
	for (i = keep + 1; i <= RECORD_FILE_KEEP_MAX; i++) {
		generation_path(path, i, name);
		unlink(name);
	}
	return r;
}

/* --- append ----------------------------------------------------------------
 */

static int open_for_append(const char *path)
{
	int fd =
		open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		     0640);

	return fd < 0 ? -errno : fd;
}

static int append_line(const char *path,
		       const struct record_file_limits *limits,
		       const char *line, size_t length, int64_t *mended)
{
	int fd = open_for_append(path), r;
	off_t size = 0;

	if (fd < 0)
		return fd;
	*mended = mend_end(fd, &size);
	if (*mended >= 0 && size > 0 &&
	    (uint64_t)size + length > limits->max_size) {
		close(fd);
		r = rotate(path, limits->keep);
		fd = r < 0 ? r : open_for_append(path);
		if (fd < 0)
			return fd;
		size = 0;
	}
	r = *mended < 0 ? (int)*mended : write_whole(fd, line, length, size);
	close(fd);
	return r;
}

int64_t record_file_append(const char *path,
			   const struct record_file_limits *limits,
			   const json_t *record, struct aovpn_error *error)
{
	char *line = NULL, *text = record_line(record);
	int length = -1, r = -ENOMEM;
	int64_t mended = 0;

	if (text)
		length = asprintf(&line, "%s\n", text);
	if (length >= 0)
		r = append_line(path, limits, line, (size_t)length, &mended);
	if (length >= 0)
		free(line);
	free(text);
	if (r < 0)
		return aovpn_error_set(error, r, "cannot record in \"%s\": %s",
				       path, strerror(-r));
	return mended;
}

/* --- read ------------------------------------------------------------------
 */

static int open_part(const char *path, int flags, struct record_file_part *ret)
{
	struct stat st;
	int fd, r = 0;

	fd = open(path,
		  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			  flags,
		  0640);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = (struct record_file_part){fd, (uint64_t)st.st_size};
	return 0;
}

int record_file_open(const char *path, bool create,
		     struct record_file_part part[RECORD_FILE_PARTS],
		     struct aovpn_error *error)
{
	char name[PATH_ROOM];
	int count = 0, r;
	unsigned int i;

	for (i = RECORD_FILE_KEEP_MAX; i > 0; i--) {
		generation_path(path, i, name);
		/* One that is missing, or cannot be read, hides no other. */
		if (open_part(name, 0, &part[count]) == 0)
			count++;
	}
	r = open_part(path, create ? O_CREAT : 0, &part[count]);
	if (r == 0)
		return count + 1;
	/* The youngest may be on its way to the next generation. */
	if (r == -ENOENT && count > 0)
		return count;
	while (count > 0)
		close(part[--count].fd);
	return aovpn_error_set(error, r, "cannot open \"%s\": %s", path,
			       strerror(-r));
}

/* One generation; closes its descriptor. */
static int read_part(const struct record_file_part *part,
		     record_file_line_t take, void *userdata)
{
	FILE *file = fdopen(part->fd, "r");
	uint64_t left = part->size;
	char *line = NULL;
	size_t room = 0;
	ssize_t n = 0;
	bool whole;
	int r;

	if (!file) {
		r = -errno;
		close(part->fd);
		return r;
	}
	while (left > 0 && (n = getline(&line, &room, file)) > 0) {
		whole = (uint64_t)n <= left && line[n - 1] == '\n' &&
			!memchr(line, '\0', (size_t)n);
		left -= (uint64_t)n < left ? (uint64_t)n : left;
		line[strcspn(line, "\n")] = '\0';
		take(line, whole, userdata);
	}
	r = n < 0 && ferror(file) ? -EIO : 0;
	free(line);
	fclose(file);
	return r;
}

int record_file_read(const struct record_file_part *part, int count,
		     record_file_line_t take, void *userdata)
{
	int i, r = 0, one;

	for (i = 0; i < count; i++) {
		one = read_part(&part[i], take, userdata);
		if (one < 0)
			r = one;
	}
	return r;
}
