/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - a filter BIO that notes what OpenSSL's HTTP client does not tell:
 * the status, the server's time, and where a redirect leads. It also bounds an
 * answer's header.
 */
#ifndef AOVPN_FETCH_WATCH_H
#define AOVPN_FETCH_WATCH_H

#include <stdbool.h>
#include <time.h>

#include <openssl/bio.h>

#include "url.h"

#define WATCH_HEADER_MAX (32 * 1024)

struct watch {
	char header[WATCH_HEADER_MAX + 1]; /* as it came, and a NUL */
	size_t length;
	bool complete; /* what follows is not looked at */
	bool too_long; /* and reading it failed */
	bool broken;   /* the connection ended or failed */
};

/* A BIO that notes into watch, which must outlive it, what is read through it;
 * to be pushed before another one. NULL: out of memory. */
BIO *watch_new(struct watch *watch);

/* The status code, 100 to 999, or 0: there is none (yet). */
unsigned int watch_status(const struct watch *watch);

/* The value of the header Date, seconds since 1970; 0: none, or in none of the
 * form that a server of today sends (RFC 9110 5.6.7). */
time_t watch_date(const struct watch *watch);

/* The value of the header Location; false: none, or too long. */
bool watch_location(const struct watch *watch, char ret[URL_MAX]);

#endif
