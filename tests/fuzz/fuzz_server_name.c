/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_server_name.c - a pattern, a newline, and a name to hold against it. A
 * name matches only a valid pattern.
 */
#include "fuzz.h"
#include "server_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *pattern = fuzz_string(data, size), *name;
	bool valid;

	name = strchr(pattern, '\n');
	if (name) {
		*name++ = '\0';
		valid = aovpn_server_name_pattern_valid(pattern);
		if (aovpn_server_name_matches(pattern, name))
			PROMISE(valid);
	}
	free(pattern);
	return 0;
}
