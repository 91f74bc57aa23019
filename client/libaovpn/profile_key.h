/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_key.h - the keys of a profile as data: where each stands, what its
 * value may be and where it goes, what holds without it, and what it means. One
 * table drives the reader, `aovpn profile show` and `add`, the manual
 * aovpn-profile(5) and the example.
 */
#ifndef AOVPN_PROFILE_KEY_H
#define AOVPN_PROFILE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct aovpn_profile;

enum aovpn_profile_kind {
	AOVPN_KEY_TEXT,   /* char[] */
	AOVPN_KEY_LIST,   /* char[], items with a separator, no white space */
	AOVPN_KEY_NUMBER, /* uint32_t */
	AOVPN_KEY_BOOL,   /* bool, "yes" or "no" */
	AOVPN_KEY_WORD,   /* uint32_t, one of some words */
};

struct aovpn_profile_word {
	const char *word; /* NULL behind the last */
	uint32_t value;
};

struct aovpn_profile_key {
	const char *section;
	const char *name;
	enum aovpn_profile_kind kind;
	size_t offset;       /* in struct aovpn_profile */
	size_t size;         /* bytes there, with the NUL of text */
	const char *must_be; /* ends a sentence: "x" is not ... */
	/* Of a text, and of each item of a list; NULL: whatever. */
	bool (*is_item)(const char *text);
	void (*tidy)(char *item); /* to its normal form; or NULL */
	const struct aovpn_profile_word *words; /* of AOVPN_KEY_WORD */
	uint32_t min, max;                      /* of a number */
	bool or_zero;   /* 0 is a number, too, for never */
	char separator; /* of a list; 0: "," */
	bool required;  /* there must be one */
	const char
		*fallback; /* the value that holds without one; or NULL, and: */
	const char *otherwise; /* what holds then, in words; NULL: nothing */
	const char *example;   /* a value */
	const char *meaning;   /* sentences for the manual */
};

enum aovpn_profile_key_index {
	KEY_SERVER,
	KEY_DIAL_TIMEOUT,
	KEY_ALWAYS_ON,
	KEY_ALLOWED_USERS,
	KEY_ALLOWED_GROUPS,
	KEY_GATEWAY_NAME,
	KEY_GATEWAY_ROOTS,
	KEY_GATEWAY_ROOT_THUMBPRINTS,
	KEY_GATEWAY_REVOCATION,
	KEY_NPS_NAMES,
	KEY_NPS_ROOTS,
	KEY_NPS_ROOT_THUMBPRINTS,
	KEY_NPS_REVOCATION,
	KEY_CERTIFICATE,
	KEY_PRIVATE_KEY,
	KEY_CHAIN,
	KEY_PASSWORD_FILE,
	KEY_PASSWORD_CREDENTIAL,
	KEY_CERTIFICATE_DIRECTORY,
	KEY_IDENTITY,
	KEY_ISSUERS,
	KEY_CLIENT_AUTH_EKUS,
	KEY_ANY_PURPOSE_EKUS,
	KEY_ALL_PURPOSE,
	KEY_TUNNEL,
	KEY_ROUTES,
	KEY_EXCLUDED_ROUTES,
	KEY_ROUTE_METRIC,
	KEY_DNS_APPLY,
	KEY_DNS_DOMAINS,
	KEY_DNS_SEARCH_DOMAINS,
	KEY_DNS_SERVERS,
	KEY_IKE_PROPOSALS,
	KEY_ESP_PROPOSALS,
	KEY_WEAK_ALGORITHMS,
	KEY_FRAGMENTATION,
	KEY_MOBIKE,
	KEY_DPD_DELAY,
	KEY_REKEY_TIME,
	KEY_ESP_REKEY_TIME,
	KEY_TLS_MIN,
	KEY_TLS_MAX,
	KEY_FRAGMENT_SIZE,
	KEY_COUNT
};

/* Every key there is, section by section (profile_table.c). */
extern const struct aovpn_profile_key aovpn_profile_keys[KEY_COUNT];

/* An older place of a key, which stays valid. */
struct aovpn_profile_alias {
	const char *section;
	const char *name;
	enum aovpn_profile_key_index key;
};

extern const struct aovpn_profile_alias aovpn_profile_aliases[];
extern const size_t aovpn_profile_alias_count;

/* The key of this name, an older one too, or NULL. */
const struct aovpn_profile_key *aovpn_profile_key_find(const char *section,
						       const char *name);

/* Is there such a section? */
bool aovpn_profile_key_is_section(const char *section);

/* The sections there are, or the keys of one, with ", ". */
void aovpn_profile_key_sections(char *out, size_t size);
void aovpn_profile_key_names(const char *section, char *out, size_t size);

/*
 * Set key in profile to value; of a list, append its items. Errors, with a text
 * that says what is wrong with which part of it: -EINVAL; profile may have some
 * of a list's items then.
 */
int aovpn_profile_key_set(const struct aovpn_profile_key *key,
			  const char *value, struct aovpn_profile *profile,
			  struct aovpn_error *error);

/* Set it to what holds without a value, as far as that is a value. */
void aovpn_profile_key_reset(const struct aovpn_profile_key *key,
			     struct aovpn_profile *profile);

/* What it is set to, as a profile would have it; "" where to nothing. */
void aovpn_profile_key_format(const struct aovpn_profile_key *key,
			      const struct aovpn_profile *profile, char *out,
			      size_t size);

#endif
