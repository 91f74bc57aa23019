/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proposal.c - see proposal.h. Algorithms and their strength: RFC 8247 (IKEv2)
 * and RFC 8221 (ESP); the words are those of strongSwan's
 * proposal_keywords_static.txt.
 */
#include "proposal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Kinds of transforms, as bits. AEAD encrypts and authenticates. */
enum {
	ENCRYPTION = 1,
	AEAD = 2,
	INTEGRITY = 4,
	PRF = 8,
	GROUP = 16,
	OTHER = 32,
};

#define NEVER 0x80000000u /* in place of the bits of enum aovpn_weak */

static const struct algorithm {
	const char *name;
	unsigned int kind;
	unsigned int weak;
} algorithms[] = {
	{"aes128", ENCRYPTION, 0},
	{"aes192", ENCRYPTION, 0},
	{"aes256", ENCRYPTION, 0},
	{"camellia128", ENCRYPTION, 0},
	{"camellia192", ENCRYPTION, 0},
	{"camellia256", ENCRYPTION, 0},
	{"3des", ENCRYPTION, AOVPN_WEAK_3DES},
	{"des", ENCRYPTION, NEVER},
	{"null", ENCRYPTION, NEVER},
	{"aes128gcm16", AEAD, 0},
	{"aes192gcm16", AEAD, 0},
	{"aes256gcm16", AEAD, 0},
	{"aes128ccm16", AEAD, 0},
	{"aes256ccm16", AEAD, 0},
	{"chacha20poly1305", AEAD, 0},
	{"sha256", INTEGRITY, 0},
	{"sha384", INTEGRITY, 0},
	{"sha512", INTEGRITY, 0},
	{"aesxcbc", INTEGRITY, 0},
	{"aescmac", INTEGRITY, 0},
	{"sha1", INTEGRITY, AOVPN_WEAK_SHA1},
	{"sha", INTEGRITY, AOVPN_WEAK_SHA1},
	{"md5", INTEGRITY, NEVER},
	{"prfsha256", PRF, 0},
	{"prfsha384", PRF, 0},
	{"prfsha512", PRF, 0},
	{"prfaesxcbc", PRF, 0},
	{"prfaescmac", PRF, 0},
	{"prfsha1", PRF, AOVPN_WEAK_SHA1},
	{"prfmd5", PRF, NEVER},
	{"modp2048", GROUP, 0},
	{"modp3072", GROUP, 0},
	{"modp4096", GROUP, 0},
	{"modp6144", GROUP, 0},
	{"modp8192", GROUP, 0},
	/* Group 24: where its numbers come from nobody knows, but RRAS has it
	 * and it is as long as group 14. */
	{"modp2048s256", GROUP, 0},
	{"ecp256", GROUP, 0},
	{"ecp384", GROUP, 0},
	{"ecp521", GROUP, 0},
	{"curve25519", GROUP, 0},
	{"x25519", GROUP, 0},
	{"curve448", GROUP, 0},
	{"x448", GROUP, 0},
	{"modp1024", GROUP, AOVPN_WEAK_MODP1024},
	{"modp768", GROUP, NEVER},
	{"modpnone", OTHER, 0},
	{"esn", OTHER, 0},
	{"noesn", OTHER, 0},
};

static const struct {
	const char *name;
	unsigned int bit;
} weak_names[] = {
	{"3des", AOVPN_WEAK_3DES},
	{"sha1", AOVPN_WEAK_SHA1},
	{"modp1024", AOVPN_WEAK_MODP1024},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static unsigned int weak_bit(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT(weak_names); i++)
		if (is_word(text, length, weak_names[i].name))
			return weak_names[i].bit;
	return 0;
}

static const char *weak_name(unsigned int bit)
{
	size_t i;

	for (i = 0; i < COUNT(weak_names); i++)
		if (weak_names[i].bit == bit)
			return weak_names[i].name;
	return "";
}

unsigned int aovpn_proposal_weak_mask(const char *names)
{
	unsigned int mask = 0, bit;
	size_t length;

	for (;;) {
		length = strcspn(names, ",");
		bit = weak_bit(names, length);
		if (!bit)
			return 0;
		mask |= bit;
		if (names[length] == '\0')
			return mask;
		names += length + 1;
	}
}

static const struct algorithm *find(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < COUNT(algorithms); i++)
		if (is_word(text, length, algorithms[i].name))
			return &algorithms[i];
	return NULL;
}

/* May this word be in a proposal? Adds its kind. */
static int check_word(const char *text, size_t length, unsigned int weak,
		      unsigned int *kinds, struct aovpn_error *error)
{
	const struct algorithm *found = find(text, length);
	const int shown = length < 32 ? (int)length : 32;

	if (!found)
		return aovpn_error_set(error, -EINVAL,
				       "\"%.*s\" is no algorithm that is known "
				       "here",
				       shown, text);
	if (found->weak == NEVER)
		return aovpn_error_set(error, -EINVAL,
				       "%s protects nothing and is never "
				       "proposed",
				       found->name);
	if (found->weak & ~weak)
		return aovpn_error_set(
			error, -EINVAL,
			"%s is weak; where the gateway takes nothing better, "
			"say so with WeakAlgorithms=%s in [IKE]",
			found->name, weak_name(found->weak));
	*kinds |= found->kind;
	return 0;
}

/* What a proposal of these kinds lacks; NULL: nothing. */
static const char *missing(unsigned int kinds, enum aovpn_proposal_kind kind)
{
	const bool ike = kind == AOVPN_PROPOSAL_IKE;

	if (!(kinds & (ENCRYPTION | AEAD)))
		return "has no encryption, like aes256";
	if ((kinds & ENCRYPTION) && (kinds & AEAD))
		return "mixes encryption with and without a MAC of its own "
		       "(like aes256gcm16 and aes256); name two proposals";
	if ((kinds & ENCRYPTION) && !(kinds & INTEGRITY))
		return "has no integrity, like sha256";
	if (ike && (kinds & AEAD) && !(kinds & PRF))
		return "has no PRF, like prfsha256";
	if (ike && !(kinds & GROUP))
		return "has no Diffie-Hellman group, like modp2048";
	if (!ike && (kinds & PRF))
		return "has a PRF, which is for IKE only";
	if (ike && (kinds & OTHER))
		return "has modpnone, esn or noesn, which are for ESP only";
	return NULL;
}

int aovpn_proposal_check(const char *proposal, enum aovpn_proposal_kind kind,
			 unsigned int weak, struct aovpn_error *error)
{
	const char *rest = proposal, *lacks;
	unsigned int kinds = 0;
	size_t length;
	int r;

	for (;;) {
		length = strcspn(rest, "-");
		r = check_word(rest, length, weak, &kinds, error);
		if (r < 0)
			return r;
		if (rest[length] == '\0')
			break;
		rest += length + 1;
	}
	lacks = missing(kinds, kind);
	if (lacks)
		return aovpn_error_set(error, -EINVAL, "\"%.128s\" %s",
				       proposal, lacks);
	return 0;
}

/*
 * RRAS has one policy and takes it out of whatever is proposed, so the order
 * decides only for other gateways, except that the first group is the one for
 * which a key goes along: group 14 is what Microsoft's and the usual guides'
 * policies have; another costs one more round trip (INVALID_KE_PAYLOAD).
 * AEAD comes first where the gateway may choose.
 */
#define GROUPS "modp2048-ecp256-ecp384"
#define IKE_STRONG                                            \
	"aes256gcm16-aes128gcm16-prfsha384-prfsha256-" GROUPS \
	",aes256-aes192-aes128-sha384-sha256-" GROUPS
/* A group makes the rekeyed CHILD_SA's key (PFS). In IKE_AUTH there is none
 * (RFC 7296 1.2), so a wrong one shows hours later; a gateway may be set to any
 * or to none. */
#define ESP_STRONG                             \
	"aes256gcm16-aes128gcm16-" GROUPS      \
	",aes256-aes192-aes128-sha256-" GROUPS \
	",aes256gcm16-aes128gcm16,aes256-aes192-aes128-sha256"

/* One proposal of everything without AEAD and with what is weak. */
static size_t add_weak(char *out, size_t size, unsigned int weak, bool pfs)
{
	int n = snprintf(out, size, ",aes256-aes192-aes128%s-sha256%s%s%s",
			 weak & AOVPN_WEAK_3DES ? "-3des" : "",
			 weak & AOVPN_WEAK_SHA1 ? "-sha1" : "",
			 pfs ? "-" GROUPS : "",
			 pfs && weak & AOVPN_WEAK_MODP1024 ? "-modp1024" : "");

	return n < 0 || (size_t)n > size ? size : (size_t)n;
}

void aovpn_proposal_defaults(enum aovpn_proposal_kind kind, unsigned int weak,
			     char *out, size_t size)
{
	const bool ike = kind == AOVPN_PROPOSAL_IKE;
	size_t used;

	snprintf(out, size, "%s", ike ? IKE_STRONG : ESP_STRONG);
	if (!weak)
		return;
	used = strlen(out);
	used += add_weak(out + used, size - used, weak, true);
	/* A CHILD_SA without PFS. */
	if (!ike && weak & (AOVPN_WEAK_3DES | AOVPN_WEAK_SHA1))
		add_weak(out + used, size - used, weak, false);
}
