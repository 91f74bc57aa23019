/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proposal.h - IKE and ESP proposals in charon's words
 * ("aes256-sha256-modp2048": algorithms with "-", any of a kind may be chosen),
 * which of them are safe, and what is proposed where a profile names none.
 *
 * RRAS without a policy of its own negotiates 3DES, SHA-1 and DH group 2 only.
 * None of these is proposed, or may be named, unless WeakAlgorithms= says so.
 */
#ifndef AOVPN_PROPOSAL_H
#define AOVPN_PROPOSAL_H

#include <stddef.h>

#include "error.h"

enum aovpn_proposal_kind {
	AOVPN_PROPOSAL_IKE,
	AOVPN_PROPOSAL_ESP,
};

/* What WeakAlgorithms= may name, as bits. */
enum aovpn_weak {
	AOVPN_WEAK_3DES = 1,     /* 64 bit blocks: SWEET32 */
	AOVPN_WEAK_SHA1 = 2,     /* RFC 8247 2.3 */
	AOVPN_WEAK_MODP1024 = 4, /* DH group 2, RFC 8247 2.4: SHOULD NOT */
};

/* The bits of names, separated by ","; 0 where one is none. */
unsigned int aovpn_proposal_weak_mask(const char *names);

/*
 * Is this one proposal complete, out of algorithms that are known and either
 * safe or in weak? Errors, with a text that names the algorithm: -EINVAL.
 */
int aovpn_proposal_check(const char *proposal, enum aovpn_proposal_kind kind,
			 unsigned int weak, struct aovpn_error *error);

/*
 * What is proposed by default, proposals with ",": all that RRAS with a strong
 * policy (Set-VpnServerConfiguration -CustomPolicy) can be told to take and is
 * safe; behind it those that have the algorithms in weak, too. 512 bytes do.
 */
void aovpn_proposal_defaults(enum aovpn_proposal_kind kind, unsigned int weak,
			     char *out, size_t size);

#endif
