/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what is set for a connection, as a file of steps: DIRECTORY/NAME,
 * a line a step. It is there before the first step is taken, and gone after
 * the last one was taken back, so that whatever ends in between, all of it is
 * found again.
 */
#ifndef AOVPN_NETWORK_STATE_H
#define AOVPN_NETWORK_STATE_H

#include "network_plan.h"

/* Open the directory (made where it is missing): AOVPN_RUNTIME_DIR, /run/aovpn,
 * and "network" below. Returns a descriptor or -errno, with a text. */
int state_open(struct aovpn_error *error);

/* Write the steps of a connection with that slot, as one act. */
int state_write(int directory, const char *name, uint32_t slot,
		const struct network_plan *plan, struct aovpn_error *error);

/* Read them. Errors, with a text: -ENOENT (nothing is set), -EINVAL (no such
 * file of ours), others. */
int state_read(int directory, const char *name, uint32_t *ret_slot,
	       struct network_plan *ret, struct aovpn_error *error);

/* Nothing is set any more. */
void state_remove(int directory, const char *name);

/* For whom something is set. Returns how many. */
uint32_t state_list(int directory, struct network_entry *entries, uint32_t max);

#endif
