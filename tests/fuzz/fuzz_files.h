/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_files.h - for parsers that read a file: a directory of the target's own,
 * gone when it ends.
 */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include <fcntl.h>
#include <ftw.h>
#include <unistd.h>

#include "fuzz.h"

static char fuzz_directory_path[] = "/tmp/aovpn-fuzz.XXXXXX";

static inline int fuzz_remove(const char *path, const struct stat *st, int type,
			      struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static inline void fuzz_remove_all(void)
{
	nftw(fuzz_directory_path, fuzz_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The directory, made at the first call. */
static inline const char *fuzz_directory(void)
{
	static bool made;

	if (!made) {
		PROMISE(mkdtemp(fuzz_directory_path));
		atexit(fuzz_remove_all);
		made = true;
	}
	return fuzz_directory_path;
}

/* The input as the file of that path. */
static inline void fuzz_write_file(const char *path, const uint8_t *data,
				   size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	PROMISE(fd >= 0);
	PROMISE(write(fd, data, size) == (ssize_t)size);
	close(fd);
}

#endif
