/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve.h - the addresses of a host's name, asked for by aovpn-fetch, a
 * program without any right: what a DNS server answers is parsed there.
 */
#ifndef AOVPN_RESOLVE_H
#define AOVPN_RESOLVE_H

#include <stdint.h>

#include "error.h"
#include "observation.h"

#define AOVPN_ADDRESSES_MAX 16 /* of one name; more are left out */

struct aovpn_resolved {
	int32_t gai_error; /* EAI_* of getaddrinfo(3); 0: there are addresses */
	int32_t error;     /* errno, where that is EAI_SYSTEM */
	uint32_t count;
	struct {
		uint32_t family; /* AF_INET, AF_INET6 */
		uint8_t address[16];
	} address[AOVPN_ADDRESSES_MAX]; /* in the order in which they are to be
					   tried (RFC 6724) */
	char text[AOVPN_TEXT_MAX]; /* what was wrong, one clause, escaped */
};

/*
 * Have name resolved by the helper, within timeout_ms; runtime: as in
 * aovpn_fetcher_options. An address stands for itself, and nobody is asked.
 * What goes wrong is in *ret. Returns 0, or -errno with a text where the helper
 * could not be used; *ret is not set then.
 */
int aovpn_resolve(const char *runtime, const char *name, uint32_t timeout_ms,
		  struct aovpn_resolved *ret, struct aovpn_error *error);

/* The same in this process, for as long as the resolver takes.
 * Internationalised names are those of the locale (RFC 5890). */
void aovpn_resolve_here(const char *name, struct aovpn_resolved *ret);

/* Did a resolver answer that there is no such name or address, so that asking
 * again gives the same? Otherwise none could be asked. */
bool aovpn_resolved_is_final(const struct aovpn_resolved *resolved);

#endif
