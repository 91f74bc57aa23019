/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_offer.h - proposals of IKE as numbers (RFC 7296 3.3) and in charon's
 * words (proposal.h), for packets that are made without charon.
 */
#ifndef AOVPN_IKE_OFFER_H
#define AOVPN_IKE_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define IKE_TRANSFORMS_MAX 24 /* of one proposal */
#define IKE_PROPOSALS_MAX  8

/* RFC 7296 3.3.2 */
enum ike_transform_type {
	IKE_ENCRYPTION = 1,
	IKE_PRF = 2,
	IKE_INTEGRITY = 3,
	IKE_GROUP = 4,
};

struct ike_transform {
	uint8_t type; /* enum ike_transform_type */
	uint16_t id;
	uint16_t key_bits; /* the key length attribute; 0: none */
};

struct ike_proposal {
	struct ike_transform transform[IKE_TRANSFORMS_MAX];
	uint32_t count;
};

struct ike_offer {
	struct ike_proposal proposal[IKE_PROPOSALS_MAX];
	uint32_t count;
};

/*
 * Read proposals with "," in charon's words, strong and weak alike. As with
 * charon, integrity stands for the PRF of the same kind where a proposal names
 * none. Errors, with a text: -EINVAL (a word that is not known here, "", or too
 * many).
 */
int ike_offer_parse(const char *words, struct ike_offer *ret,
		    struct aovpn_error *error);

/* The first group of proposal, 0: it has none. */
uint16_t ike_proposal_group(const struct ike_proposal *proposal);

/* Is group in any of the proposals? */
bool ike_offer_has_group(const struct ike_offer *offer, uint16_t group);

/* Could a gateway have made chosen out of one of the offer's proposals: one
 * transform of each type that it has, and nothing else (RFC 7296 2.7)? */
bool ike_offer_allows(const struct ike_offer *offer,
		      const struct ike_proposal *chosen);

/* "aes256-sha256-modp2048"; what has no word as "encr-77". A PRF is named where
 * integrity does not stand for it. Returns out. */
const char *ike_proposal_text(const struct ike_proposal *proposal, char *out,
			      size_t size);

/* "modp2048", or "group-77" into out. */
const char *ike_group_text(uint16_t group, char *out, size_t size);

/* Has it 3DES, SHA-1, MD5 or a group below 2048 bits (RFC 8247)? */
bool ike_proposal_is_weak(const struct ike_proposal *proposal);

#endif
