/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_tunnel_store.c - what aovpnd finds of a tunnel when it starts again: a
 * file that it, or somebody else, wrote. What is read is of the connection that
 * was asked for, can be kept once more, and comes back as it was.
 */
#include "client/aovpnd/tunnel_store.h"

#include <errno.h>
#include <limits.h>

#include "fuzz_files.h"

static void check_again(const struct aovpn_attempt *attempt,
			const struct recorded_outcome *outcome)
{
	struct recorded_outcome again_outcome;
	struct aovpn_attempt again;
	struct aovpn_error error;

	PROMISE(tunnel_store_save(fuzz_directory(), attempt, outcome, &error) ==
		0);
	PROMISE(tunnel_store_read(fuzz_directory(), "corp", &again,
				  &again_outcome, &error) == 0);
	PROMISE(again.count == attempt->count);
	PROMISE(again_outcome.event_id == outcome->event_id);
	PROMISE(again_outcome.cause_count == outcome->cause_count);
	PROMISE(again_outcome.ended_ns == outcome->ended_ns);
	aovpn_attempt_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[PATH_MAX];
	struct recorded_outcome outcome;
	struct aovpn_attempt attempt;
	struct aovpn_error error = {""};
	int r;

	snprintf(path, sizeof(path), "%s/corp.json", fuzz_directory());
	fuzz_write_file(path, data, size);
	r = tunnel_store_read(fuzz_directory(), "corp", &attempt, &outcome,
			      &error);
	if (r < 0) {
		PROMISE(r == -EBADMSG);
		PROMISE(error.text[0] != '\0');
		PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
		return 0;
	}
	PROMISE(strcmp(attempt.connection, "corp") == 0);
	PROMISE(outcome.cause_count <= AOVPN_FINDINGS_MAX);
	check_again(&attempt, &outcome);
	aovpn_attempt_clear(&attempt);
	tunnel_store_forget(fuzz_directory(), "corp");
	return 0;
}
