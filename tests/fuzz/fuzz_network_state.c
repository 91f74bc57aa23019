/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_network_state.c - the file in which aovpn-network keeps what it has set
 * for a connection. What is read has a slot and fits into a plan; written
 * again, it is the same.
 */
#include "client/aovpn-network/state.h"

#include <errno.h>
#include <limits.h>

#include "fuzz_files.h"

static void check_again(int directory, uint32_t slot,
			const struct network_plan *plan)
{
	static struct network_plan again;
	char line[NETWORK_STEP_LINE_MAX], other[NETWORK_STEP_LINE_MAX];
	uint32_t again_slot, i;

	PROMISE(state_write(directory, "corp", slot, plan, NULL) == 0);
	PROMISE(state_read(directory, "corp", &again_slot, &again, NULL) == 0);
	PROMISE(again_slot == slot && again.count == plan->count);
	for (i = 0; i < plan->count; i++) {
		network_step_write(&plan->steps[i], line);
		network_step_write(&again.steps[i], other);
		PROMISE(strcmp(line, other) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct network_plan plan;
	static char path[PATH_MAX];
	static int directory = -1;
	struct network_entry entry;
	struct aovpn_error error = {""};
	uint32_t slot;
	int r;

	if (directory < 0)
		directory = open(fuzz_directory(), O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof(path), "%s/corp", fuzz_directory());
	fuzz_write_file(path, data, size);
	PROMISE(state_list(directory, &entry, 1) == 1);
	r = state_read(directory, "corp", &slot, &plan, &error);
	PROMISE(entry.slot == (r < 0 ? 0 : slot));
	if (r < 0) {
		PROMISE(r == -EINVAL || r == -E2BIG);
		PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
		return 0;
	}
	PROMISE(slot >= 1 && slot <= NETWORK_SLOTS);
	PROMISE(plan.count <= NETWORK_STEPS_MAX);
	check_again(directory, slot, &plan);
	return 0;
}
