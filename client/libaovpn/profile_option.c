/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_option.c - see profile_option.h. */
#include "profile_option.h"

#include <ctype.h>
#include <string.h>

/* Does a word begin at text[i]? "MinVersion" has two, "ESPRekeyTime" three,
 * "ClientAuthEKUs" three, its "s" none. */
static bool begins_word(const char *text, size_t i)
{
	if (i == 0 || !isupper((unsigned char)text[i]))
		return false;
	if (!isupper((unsigned char)text[i - 1]))
		return true;
	return islower((unsigned char)text[i + 1]) && text[i + 2] != '\0';
}

static size_t add_words(const char *text, char *out, size_t used)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (used + 2 >= AOVPN_PROFILE_OPTION_MAX)
			break;
		if (begins_word(text, i))
			out[used++] = '-';
		out[used++] = (char)tolower((unsigned char)text[i]);
	}
	out[used] = '\0';
	return used;
}

void aovpn_profile_option(const struct aovpn_profile_key *key, char *out)
{
	size_t used = 0;

	if (strcmp(key->section, "Connection") != 0) {
		used = add_words(key->section, out, 0);
		out[used++] = '-';
	}
	add_words(key->name, out, used);
}
