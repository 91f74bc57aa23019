/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_key.c - see profile_key.h: values in and out, by the table. */
#include "profile_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "profile.h"
#include "profile_ini.h"

const struct aovpn_profile_key *aovpn_profile_key_find(const char *section,
						       const char *name)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, section) == 0 &&
		    strcmp(aovpn_profile_keys[i].name, name) == 0)
			return &aovpn_profile_keys[i];
	for (i = 0; i < aovpn_profile_alias_count; i++)
		if (strcmp(aovpn_profile_aliases[i].section, section) == 0 &&
		    strcmp(aovpn_profile_aliases[i].name, name) == 0)
			return &aovpn_profile_keys[aovpn_profile_aliases[i]
							   .key];
	return NULL;
}

bool aovpn_profile_key_is_section(const char *section)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, section) == 0)
			return true;
	return false;
}

/* Append to a list in text. */
static void append(char *text, size_t size, const char *item)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? ", " : "", item);
}

void aovpn_profile_key_sections(char *out, size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < KEY_COUNT; i++)
		if (i == 0 || strcmp(aovpn_profile_keys[i].section,
				     aovpn_profile_keys[i - 1].section) != 0)
			append(out, size, aovpn_profile_keys[i].section);
}

void aovpn_profile_key_names(const char *section, char *out, size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < KEY_COUNT; i++)
		if (strcmp(aovpn_profile_keys[i].section, section) == 0)
			append(out, size, aovpn_profile_keys[i].name);
}

static void *place(const struct aovpn_profile_key *key,
		   struct aovpn_profile *profile)
{
	return (char *)profile + key->offset;
}

static int fail(const struct aovpn_profile_key *key, const char *bad,
		struct aovpn_error *error)
{
	return aovpn_error_set(error, -EINVAL, "\"%.128s\" is not %s", bad,
			       key->must_be);
}

static int fail_length(const struct aovpn_profile_key *key, const char *value,
		       struct aovpn_error *error)
{
	return aovpn_error_set(error, -EINVAL,
			       "\"%.64s...\" is longer than %zu bytes", value,
			       key->size - 1);
}

static int set_text(const struct aovpn_profile_key *key, const char *value,
		    char *out, struct aovpn_error *error)
{
	if (strlen(value) >= key->size)
		return fail_length(key, value, error);
	if (key->is_item && !key->is_item(value))
		return fail(key, value, error);
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

/* Cut white space off both ends. */
static char *strip(char *text)
{
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length > 0 && text[length - 1] == ' ')
		text[--length] = '\0';
	return text;
}

static char separator(const struct aovpn_profile_key *key)
{
	return key->separator ? key->separator : ',';
}

static int add_item(const struct aovpn_profile_key *key, const char *item,
		    char *out, struct aovpn_error *error)
{
	size_t used = strlen(out), length = strlen(item);

	if (used + 1 + length >= key->size)
		return aovpn_error_set(error, -EINVAL,
				       "the list is longer than %zu bytes",
				       key->size - 1);
	if (used > 0)
		out[used++] = separator(key);
	memcpy(out + used, item, length + 1);
	return 0;
}

/* A list comes out without white space: "a, b" as "a,b". */
static int set_list(const struct aovpn_profile_key *key, const char *value,
		    char *out, struct aovpn_error *error)
{
	const char between[] = {separator(key), '\0'};
	char copy[AOVPN_PROFILE_VALUE_MAX], *rest = copy, *item;
	int r = 0;

	if (strlen(value) >= key->size)
		return fail_length(key, value, error);
	snprintf(copy, sizeof(copy), "%s", value);
	while (r == 0 && (item = strsep(&rest, between))) {
		item = strip(item);
		if (!key->is_item(item))
			return fail(key, item, error);
		if (key->tidy)
			key->tidy(item);
		r = add_item(key, item, out, error);
	}
	return r;
}

static int set_number(const struct aovpn_profile_key *key, const char *value,
		      uint32_t *out, struct aovpn_error *error)
{
	uint32_t number = 0;
	size_t digits = strspn(value, "0123456789"), i;

	if (digits < 1 || digits > 9 || value[digits] != '\0')
		return fail(key, value, error);
	for (i = 0; i < digits; i++)
		number = number * 10 + (uint32_t)(value[i] - '0');
	if ((number < key->min || number > key->max) &&
	    !(key->or_zero && number == 0))
		return fail(key, value, error);
	*out = number;
	return 0;
}

static int set_bool(const struct aovpn_profile_key *key, const char *value,
		    bool *out, struct aovpn_error *error)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return fail(key, value, error);
	*out = value[0] == 'y';
	return 0;
}

static int set_word(const struct aovpn_profile_key *key, const char *value,
		    uint32_t *out, struct aovpn_error *error)
{
	const struct aovpn_profile_word *word;

	for (word = key->words; word->word; word++) {
		if (strcmp(word->word, value) != 0)
			continue;
		*out = word->value;
		return 0;
	}
	return fail(key, value, error);
}

int aovpn_profile_key_set(const struct aovpn_profile_key *key,
			  const char *value, struct aovpn_profile *profile,
			  struct aovpn_error *error)
{
	void *out = place(key, profile);

	switch (key->kind) {
	case AOVPN_KEY_TEXT:
		return set_text(key, value, out, error);
	case AOVPN_KEY_LIST:
		return set_list(key, value, out, error);
	case AOVPN_KEY_NUMBER:
		return set_number(key, value, out, error);
	case AOVPN_KEY_BOOL:
		return set_bool(key, value, out, error);
	case AOVPN_KEY_WORD:
		return set_word(key, value, out, error);
	}
	return -EINVAL;
}

void aovpn_profile_key_reset(const struct aovpn_profile_key *key,
			     struct aovpn_profile *profile)
{
	memset(place(key, profile), 0, key->size);
	if (key->fallback)
		aovpn_profile_key_set(key, key->fallback, profile, NULL);
}

static const char *word_of(const struct aovpn_profile_key *key, uint32_t value)
{
	const struct aovpn_profile_word *word;

	for (word = key->words; word->word; word++)
		if (word->value == value)
			return word->word;
	return "";
}

void aovpn_profile_key_format(const struct aovpn_profile_key *key,
			      const struct aovpn_profile *profile, char *out,
			      size_t size)
{
	const void *in = (const char *)profile + key->offset;
	const char *text = in;

	switch (key->kind) {
	case AOVPN_KEY_TEXT:
	case AOVPN_KEY_LIST:
		break;
	case AOVPN_KEY_NUMBER:
		snprintf(out, size, "%u", *(const uint32_t *)in);
		return;
	case AOVPN_KEY_BOOL:
		text = *(const bool *)in ? "yes" : "no";
		break;
	case AOVPN_KEY_WORD:
		text = word_of(key, *(const uint32_t *)in);
		break;
	}
	snprintf(out, size, "%s", text);
}
