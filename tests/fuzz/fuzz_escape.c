/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_escape.c - text for a terminal, into arrays of every size: the first
 * byte of the input is the size.
 */
#include "escape.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char out[256], again[1024];
	size_t room, n;
	char *copy;

	if (size < 1)
		return 0;
	room = data[0] ? data[0] : 1;
	copy = fuzz_string(data + 1, size - 1);
	n = aovpn_escape(copy, size - 1, out, room);
	free(copy);
	PROMISE(n < room && strlen(out) == n);
	PROMISE(fuzz_is_clean(out, room));
	/* what is clean stays as it is */
	PROMISE(aovpn_escape(out, n, again, sizeof(again)) == n);
	PROMISE(memcmp(out, again, n) == 0);
	return 0;
}
