/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_offer.c - see ike_offer.h. Numbers: IANA's "IKEv2 Parameters"; words:
 * those of strongSwan's proposal_keywords_static.txt; what is weak: RFC 8247 2.
 */
#include "ike_offer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first word of a number is the one for showing. */
static const struct word {
	const char *name;
	struct ike_transform transform;
	uint16_t prf; /* of an integrity, the PRF for which it stands, too */
	bool weak;
} words[] = {
	{"aes128", {IKE_ENCRYPTION, 12, 128}, 0, false},
	{"aes192", {IKE_ENCRYPTION, 12, 192}, 0, false},
	{"aes256", {IKE_ENCRYPTION, 12, 256}, 0, false},
	{"camellia128", {IKE_ENCRYPTION, 23, 128}, 0, false},
	{"camellia192", {IKE_ENCRYPTION, 23, 192}, 0, false},
	{"camellia256", {IKE_ENCRYPTION, 23, 256}, 0, false},
	{"3des", {IKE_ENCRYPTION, 3, 0}, 0, true},
	{"des", {IKE_ENCRYPTION, 2, 0}, 0, true},
	{"aes128gcm16", {IKE_ENCRYPTION, 20, 128}, 0, false},
	{"aes192gcm16", {IKE_ENCRYPTION, 20, 192}, 0, false},
	{"aes256gcm16", {IKE_ENCRYPTION, 20, 256}, 0, false},
	{"aes128ccm16", {IKE_ENCRYPTION, 16, 128}, 0, false},
	{"aes256ccm16", {IKE_ENCRYPTION, 16, 256}, 0, false},
	{"chacha20poly1305", {IKE_ENCRYPTION, 28, 0}, 0, false},
	{"sha256", {IKE_INTEGRITY, 12, 0}, 5, false},
	{"sha384", {IKE_INTEGRITY, 13, 0}, 6, false},
	{"sha512", {IKE_INTEGRITY, 14, 0}, 7, false},
	{"aesxcbc", {IKE_INTEGRITY, 5, 0}, 4, false},
	{"aescmac", {IKE_INTEGRITY, 8, 0}, 8, false},
	{"sha1", {IKE_INTEGRITY, 2, 0}, 2, true},
	{"sha", {IKE_INTEGRITY, 2, 0}, 2, true},
	{"md5", {IKE_INTEGRITY, 1, 0}, 1, true},
	{"prfsha256", {IKE_PRF, 5, 0}, 0, false},
	{"prfsha384", {IKE_PRF, 6, 0}, 0, false},
	{"prfsha512", {IKE_PRF, 7, 0}, 0, false},
	{"prfaesxcbc", {IKE_PRF, 4, 0}, 0, false},
	{"prfaescmac", {IKE_PRF, 8, 0}, 0, false},
	{"prfsha1", {IKE_PRF, 2, 0}, 0, true},
	{"prfmd5", {IKE_PRF, 1, 0}, 0, true},
	{"modp2048", {IKE_GROUP, 14, 0}, 0, false},
	{"modp3072", {IKE_GROUP, 15, 0}, 0, false},
	{"modp4096", {IKE_GROUP, 16, 0}, 0, false},
	{"modp6144", {IKE_GROUP, 17, 0}, 0, false},
	{"modp8192", {IKE_GROUP, 18, 0}, 0, false},
	{"modp2048s256", {IKE_GROUP, 24, 0}, 0, false},
	{"ecp256", {IKE_GROUP, 19, 0}, 0, false},
	{"ecp384", {IKE_GROUP, 20, 0}, 0, false},
	{"ecp521", {IKE_GROUP, 21, 0}, 0, false},
	{"curve25519", {IKE_GROUP, 31, 0}, 0, false},
	{"x25519", {IKE_GROUP, 31, 0}, 0, false},
	{"curve448", {IKE_GROUP, 32, 0}, 0, false},
	{"x448", {IKE_GROUP, 32, 0}, 0, false},
	{"modp1536", {IKE_GROUP, 5, 0}, 0, true},
	{"modp1024", {IKE_GROUP, 2, 0}, 0, true},
	{"modp768", {IKE_GROUP, 1, 0}, 0, true},
};

static bool same(const struct ike_transform *a, const struct ike_transform *b)
{
	return a->type == b->type && a->id == b->id &&
	       a->key_bits == b->key_bits;
}

static const struct word *find_word(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strlen(words[i].name) == length &&
		    memcmp(words[i].name, text, length) == 0)
			return &words[i];
	return NULL;
}

static const struct word *word_of(const struct ike_transform *transform)
{
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (same(&words[i].transform, transform))
			return &words[i];
	return NULL;
}

static bool has(const struct ike_proposal *proposal,
		const struct ike_transform *transform)
{
	uint32_t i;

	for (i = 0; i < proposal->count; i++)
		if (same(&proposal->transform[i], transform))
			return true;
	return false;
}

static const struct ike_transform *of_type(const struct ike_proposal *proposal,
					   uint8_t type)
{
	uint32_t i;

	for (i = 0; i < proposal->count; i++)
		if (proposal->transform[i].type == type)
			return &proposal->transform[i];
	return NULL;
}

/* --- words to numbers -------------------------------------------------------
 */

static int add(struct ike_proposal *proposal,
	       const struct ike_transform *transform)
{
	if (has(proposal, transform))
		return 0;
	if (proposal->count == IKE_TRANSFORMS_MAX)
		return -E2BIG;
	proposal->transform[proposal->count++] = *transform;
	return 0;
}

static int add_word(struct ike_proposal *proposal, const char *text,
		    size_t length, struct aovpn_error *error)
{
	const struct word *word = find_word(text, length);

	if (!word)
		return aovpn_error_set(error, -EINVAL,
				       "\"%.*s\" is no algorithm that is known "
				       "here",
				       length < 32 ? (int)length : 32, text);
	if (add(proposal, &word->transform) < 0)
		return aovpn_error_set(error, -EINVAL,
				       "a proposal has too many algorithms");
	return 0;
}

/* Integrity stands for the PRF where there is none. */
static int add_prfs(struct ike_proposal *proposal)
{
	struct ike_transform prf = {.type = IKE_PRF};
	const uint32_t count = proposal->count;
	const struct word *word;
	uint32_t i;
	int r = 0;

	if (of_type(proposal, IKE_PRF))
		return 0;
	for (i = 0; r == 0 && i < count; i++) {
		word = word_of(&proposal->transform[i]);
		prf.id = word->prf;
		if (word->prf != 0)
			r = add(proposal, &prf);
	}
	return r;
}

static int parse_proposal(const char *text, size_t length,
			  struct ike_proposal *ret, struct aovpn_error *error)
{
	const char *const end = text + length;
	size_t word;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	while (r == 0) {
		word = strcspn(text, "-,");
		r = add_word(ret, text, word, error);
		text += word;
		if (text >= end)
			break;
		text++;
	}
	if (r == 0 && add_prfs(ret) < 0)
		r = aovpn_error_set(error, -EINVAL,
				    "a proposal has too many algorithms");
	return r;
}

int ike_offer_parse(const char *text, struct ike_offer *ret,
		    struct aovpn_error *error)
{
	size_t length;
	int r;

	memset(ret, 0, sizeof(*ret));
	for (;;) {
		length = strcspn(text, ",");
		if (ret->count == IKE_PROPOSALS_MAX)
			return aovpn_error_set(error, -EINVAL,
					       "more than %d proposals",
					       IKE_PROPOSALS_MAX);
		r = parse_proposal(text, length, &ret->proposal[ret->count++],
				   error);
		if (r < 0 || text[length] == '\0')
			return r;
		text += length + 1;
	}
}

/* --- what is in them --------------------------------------------------------
 */

uint16_t ike_proposal_group(const struct ike_proposal *proposal)
{
	const struct ike_transform *group = of_type(proposal, IKE_GROUP);

	return group ? group->id : 0;
}

bool ike_offer_has_group(const struct ike_offer *offer, uint16_t group)
{
	const struct ike_transform wanted = {.type = IKE_GROUP, .id = group};
	uint32_t i;

	for (i = 0; i < offer->count; i++)
		if (has(&offer->proposal[i], &wanted))
			return true;
	return false;
}

static bool is_selection(const struct ike_proposal *proposal,
			 const struct ike_proposal *chosen)
{
	bool seen[IKE_GROUP + 1] = {false};
	const struct ike_transform *one;
	uint32_t i;

	for (i = 0; i < chosen->count; i++) {
		one = &chosen->transform[i];
		if (one->type > IKE_GROUP || seen[one->type] ||
		    !has(proposal, one))
			return false;
		seen[one->type] = true;
	}
	for (i = IKE_ENCRYPTION; i <= IKE_GROUP; i++)
		if (!seen[i] && of_type(proposal, (uint8_t)i))
			return false;
	return true;
}

bool ike_offer_allows(const struct ike_offer *offer,
		      const struct ike_proposal *chosen)
{
	uint32_t i;

	for (i = 0; i < offer->count; i++)
		if (is_selection(&offer->proposal[i], chosen))
			return true;
	return false;
}

bool ike_proposal_is_weak(const struct ike_proposal *proposal)
{
	const struct word *word;
	uint32_t i;

	for (i = 0; i < proposal->count; i++) {
		word = word_of(&proposal->transform[i]);
		if (word && word->weak)
			return true;
	}
	return false;
}

/* --- numbers to words -------------------------------------------------------
 */

/* Is this PRF the one for which the proposal's integrity stands? */
static bool is_implied(const struct ike_proposal *proposal,
		       const struct ike_transform *prf)
{
	const struct ike_transform *integrity =
		of_type(proposal, IKE_INTEGRITY);
	const struct word *word = integrity ? word_of(integrity) : NULL;

	return word && prf->type == IKE_PRF && word->prf == prf->id;
}

static void put(char *out, size_t size, const struct ike_transform *one)
{
	static const char *const types[] = {"?", "encr", "prf", "integ",
					    "group"};
	const struct word *word = word_of(one);
	const size_t used = strlen(out);
	const char *dash = used > 0 ? "-" : "";

	if (word)
		snprintf(out + used, size - used, "%s%s", dash, word->name);
	else if (one->key_bits != 0)
		snprintf(out + used, size - used, "%s%s-%u-%u", dash,
			 types[one->type <= IKE_GROUP ? one->type : 0], one->id,
			 one->key_bits);
	else
		snprintf(out + used, size - used, "%s%s-%u", dash,
			 types[one->type <= IKE_GROUP ? one->type : 0],
			 one->id);
}

const char *ike_proposal_text(const struct ike_proposal *proposal, char *out,
			      size_t size)
{
	static const uint8_t order[] = {IKE_ENCRYPTION, IKE_INTEGRITY, IKE_PRF,
					IKE_GROUP};
	const struct ike_transform *one;
	uint32_t i, j;

	out[0] = '\0';
	for (i = 0; i < COUNT(order); i++)
		for (j = 0; j < proposal->count; j++) {
			one = &proposal->transform[j];
			if (one->type == order[i] && !is_implied(proposal, one))
				put(out, size, one);
		}
	return out;
}

const char *ike_group_text(uint16_t group, char *out, size_t size)
{
	const struct ike_transform one = {.type = IKE_GROUP, .id = group};

	out[0] = '\0';
	put(out, size, &one);
	return out;
}
