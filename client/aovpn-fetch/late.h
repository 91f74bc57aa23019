/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * late.h - the answer that is given when the time is over, whatever the program
 * is waiting for then.
 */
#ifndef AOVPN_FETCH_LATE_H
#define AOVPN_FETCH_LATE_H

#include <stdint.h>

#include "fetch_protocol.h"

/* What the program is at; the answer says so. */
enum late_stage {
	LATE_NAME,      /* the resolver */
	LATE_CONNECT,   /* TCP */
	LATE_HANDSHAKE, /* TLS */
	LATE_HEADER,    /* of HTTP's answer */
	LATE_BODY,
	LATE_PARSER,
	LATE_STAGE_COUNT
};

/*
 * From now on the program lives timeout_ms (1 to FETCH_TIMEOUT_MAX_MS); then it
 * sends a reply with the state TIMEOUT to socket and ends. Returns 0 or -errno.
 */
int late_begin(int socket, uint32_t timeout_ms);

/* Say what comes next. */
void late_stage(enum late_stage stage);

/* So many bytes of the body are there. */
void late_size(uint64_t size);

/* The milliseconds since late_begin. */
uint32_t late_elapsed_ms(void);

/* The answer is being sent: no other one will be. */
void late_end(void);

#endif
