/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel_look.h - one look at a tunnel that is up: does anything come back, do
 * its networks collide with those of this machine's own links, are its DNS
 * servers in use? Blocking work for a worker.
 */
#ifndef AOVPN_TUNNEL_LOOK_H
#define AOVPN_TUNNEL_LOOK_H

#include <limits.h>
#include <stdbool.h>

#include "observation.h"

struct connection;

struct tunnel_look {
	struct connection *owner; /* NULL: not interested any more */
	char vici[PATH_MAX];
	char charon_name[AOVPN_NAME_MAX];
	char networks[AOVPN_TEXT_MAX]; /* of the tunnel, as in child_up */
	char addresses[AOVPN_TEXT_MAX];
	int dns_code; /* 0, or -errno: why they are not set */
	char dns_refused[AOVPN_TEXT_MAX];
	char dns[AOVPN_TEXT_MAX];
	bool good;                     /* charon knows the CHILD_SA */
	struct aovpn_observation seen; /* kind AOVPN_OBS_TUNNEL */
};

/* A worker_run_t; job is a struct tunnel_look. */
void tunnel_look_run(void *job);

#endif
