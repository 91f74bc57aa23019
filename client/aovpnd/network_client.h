/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_client.h - asks aovpn-network (network_request.h) to change the
 * network: by its socket in the runtime directory, or started as a child where
 * nobody listens there.
 */
#ifndef AOVPN_NETWORK_CLIENT_H
#define AOVPN_NETWORK_CLIENT_H

#include <limits.h>

#include "network_request.h"

struct network_place {
	char socket[PATH_MAX];
	char program[PATH_MAX];
	char runtime[PATH_MAX + 32]; /* for the child's environment */
	char resolvconf[PATH_MAX];   /* the same; "": as it finds it */
	char bus[PATH_MAX];          /* the same */
};

/* Where it is: RUNTIME/network.sock, AOVPN_NETWORK or beside aovpnd. */
void network_place_find(const char *runtime_directory,
			struct network_place *ret);

/*
 * Make one request and wait for the reply. Blocks for 15 seconds at the most.
 * Returns the reply's code, with its text as the error, or why there is none.
 */
int network_ask(const struct network_place *place,
		const struct network_request *request,
		struct network_reply *ret, struct aovpn_error *error);

#endif
