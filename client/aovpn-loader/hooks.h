/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hooks.h - the BPF programs: load them, attach them, say of each how it fared.
 */
#ifndef AOVPN_LOADER_HOOKS_H
#define AOVPN_LOADER_HOOKS_H

#include <stdbool.h>

#include "error.h"
#include "loader_protocol.h"

/* What a request left in the kernel. Links and maps live as long as somebody
 * has a descriptor of them. */
struct hooks {
	int maps[LOADER_MAP_COUNT];  /* -1: none */
	int links[AOVPN_HOOK_COUNT]; /* -1: not attached */
	void *always; /* the skeletons; they own the descriptors above */
	void *dial;
};

/*
 * Load and attach the hooks that are always there and fill reply's part on them
 * and on the kernel's drop reasons. One hook that cannot be had does not stop
 * the others. Errors, with a text: -ENOENT (the kernel has no type
 * information), -EPERM, -EOPNOTSUPP (not one hook can be had), -ENOMEM.
 */
int hooks_open_always(struct hooks *hooks, struct loader_reply *reply,
		      struct aovpn_error *error);

/* Where and whom the hooks of a dial watch. */
struct hooks_target {
	int cgroup; /* descriptor, or -1: reason says why there is none */
	char cgroup_reason[LOADER_REASON_MAX];
	int pid; /* whose getaddrinfo, 0: nobody's, for this reason */
	char pid_reason[LOADER_REASON_MAX];
	const int *maps; /* of hooks_open_always, LOADER_MAP_COUNT of them */
	bool attach;
};

/* Load, with the maps of hooks_open_always, and attach the hooks of a dial. As
 * above. */
int hooks_open_dial(struct hooks *hooks, const struct hooks_target *target,
		    struct loader_reply *reply, struct aovpn_error *error);

/* Close the loader's own descriptors. */
void hooks_close(struct hooks *hooks);

#endif
