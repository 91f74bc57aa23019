/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refused_pins.h - which PINs a token or TPM has refused, so that none of them
 * is tried again: a token locks after a few wrong ones.
 *
 * Kept for the life of the daemon, as keyed digests only. Safe to use from
 * several threads.
 */
#ifndef AOVPN_REFUSED_PINS_H
#define AOVPN_REFUSED_PINS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define AOVPN_REFUSED_PINS_MAX 64

struct aovpn_refused_pins {
	pthread_mutex_t mutex;
	unsigned char key[32]; /* random */
	unsigned char digest[AOVPN_REFUSED_PINS_MAX][32];
	unsigned int count; /* the oldest gives way */
};

/* One for the whole program. Returns NULL where no random bytes are to be had:
 * then nothing is remembered. */
struct aovpn_refused_pins *aovpn_refused_pins_new(void);
struct aovpn_refused_pins *
aovpn_refused_pins_free(struct aovpn_refused_pins *pins);

/*
 * Was pin refused at place (a token's name and serial number, or a key's
 * path)? stamp stands for the state of the configuration that the PIN comes
 * from; with another one it may be tried again. pins may be NULL.
 */
bool aovpn_refused_pins_has(struct aovpn_refused_pins *pins, const char *place,
			    uint64_t stamp, const char *pin);
void aovpn_refused_pins_add(struct aovpn_refused_pins *pins, const char *place,
			    uint64_t stamp, const char *pin);

#endif
