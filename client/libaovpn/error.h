/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - one error type for the whole project.
 *
 * A function that can fail returns a negative errno. Where a person must be
 * told which value was wrong and where it stood, the function also takes a
 * struct aovpn_error and fills in one sentence. The library never logs; whoever
 * holds the error at the edge (daemon, CLI, plugin) prints it once.
 */
#ifndef AOVPN_ERROR_H
#define AOVPN_ERROR_H

#define AOVPN_ERROR_TEXT_MAX 512

struct aovpn_error {
	/* One sentence in English without a final newline, naming the offending
	 * value and its place. Never holds a secret. May hold text from files
	 * and peers: already escaped (aovpn_escape). */
	char text[AOVPN_ERROR_TEXT_MAX];
};

/*
 * Fill error (which may be NULL) and return code, so that a caller can write
 * "return aovpn_error_set(error, -EINVAL, "...", ...)". Control characters
 * that the arguments bring in are escaped. code: a negative errno.
 */
int aovpn_error_set(struct aovpn_error *error, int code, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

#endif
