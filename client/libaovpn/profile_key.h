/*
 * profile_key.h - the keys of a profile as data: where each stands, how its
 * value is parsed and where it goes. Only for profile.c and profile_key.c.
 */
#ifndef AOVPN_PROFILE_KEY_H
#define AOVPN_PROFILE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aovpn_profile_key;

/*
 * Store value, which fits by its length and which may be changed on the way, at
 * out. On failure *bad is left alone or set to the part of value that is wrong.
 */
typedef bool aovpn_profile_parse_fn(const struct aovpn_profile_key *key,
				    char *value, void *out, const char **bad);

struct aovpn_profile_key {
	const char *section;
	const char *name;
	aovpn_profile_parse_fn *parse;
	size_t offset;       /* in struct aovpn_profile */
	size_t size;         /* bytes there, with the NUL of text */
	const char *must_be; /* ends a sentence: "x" is not ... */
	uint32_t min, max;   /* of numbers */
	bool required;
};

enum aovpn_profile_key_index {
	KEY_SERVER,
	KEY_ALWAYS_ON,
	KEY_DIAL_TIMEOUT,
	KEY_REMOTE_NETWORKS,
	KEY_IKE_PROPOSALS,
	KEY_ESP_PROPOSALS,
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
	KEY_TLS_MIN,
	KEY_TLS_MAX,
	KEY_FRAGMENT_SIZE,
	KEY_COUNT
};

/* Every key there is, section by section. */
extern const struct aovpn_profile_key aovpn_profile_keys[KEY_COUNT];

#endif
