/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader_client.h - asks aovpn-loader for what wants rights: BPF programs and
 * packet sockets.
 */
#ifndef AOVPN_LOADER_CLIENT_H
#define AOVPN_LOADER_CLIENT_H

#include "error.h"
#include "loader_protocol.h"
#include "raw_sockets.h"

/* Where the loader is to be found. */
struct loader_place {
	char socket[PATH_MAX];  /* where a service manager starts it for each
				   connection; tried first */
	char program[PATH_MAX]; /* else started by us */
};

/*
 * The loader's program: of the environment (AOVPN_LOADER), else beside this
 * program's own file, as in the build tree, else where it is installed.
 */
void loader_place_find(const char *runtime_directory, struct loader_place *ret);

/* What came back; a descriptor that is not there is negative, of a socket the
 * errno that says why. */
struct loader_answer {
	struct loader_reply reply;
	int maps[LOADER_MAP_COUNT];
	int links[AOVPN_HOOK_COUNT];
	int sockets[RAW_SOCKET_COUNT];
};

/*
 * Make one request and wait for its answer, five seconds at most. maps: NULL,
 * or the LOADER_MAP_COUNT descriptors that the operation brings. The answer's
 * descriptors are the caller's (loader_answer_close). Whether BPF or sockets
 * could be had stands in the reply. Errors, with a text: -ENOENT (no loader),
 * -ETIMEDOUT, -EPROTO (an answer that is none), others of exec.
 */
int loader_ask(const struct loader_place *place,
	       const struct loader_request *request, const int *maps,
	       struct loader_answer *ret, struct aovpn_error *error);

/* Close all descriptors that are still in answer. */
void loader_answer_close(struct loader_answer *answer);

#endif
