/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paths.h - where daemon and CLI meet and where files lie. Each place has a
 * default and one environment variable that moves it, so that several daemons
 * run beside each other on one machine.
 */
#ifndef AOVPN_PATHS_H
#define AOVPN_PATHS_H

#include <limits.h>

#include "error.h"

struct aovpn_paths {
	char runtime[PATH_MAX]; /* AOVPN_RUNTIME_DIR, /run/aovpn */
	char config[PATH_MAX];  /* AOVPN_CONFIG_DIR, /etc/aovpn */
	char vendor[PATH_MAX];  /* AOVPN_VENDOR_DIR, /usr/lib/aovpn */
	char state[PATH_MAX];   /* AOVPN_STATE_DIR, /var/lib/aovpn */
	/* AOVPN_CACHE_DIR; of root /var/cache/aovpn; of others
	 * $XDG_CACHE_HOME/aovpn, ~/.cache/aovpn; "" where none can be told */
	char cache[PATH_MAX];
	char vici[PATH_MAX]; /* AOVPN_VICI, unix://AOVPN_VICI_SOCKET */
	/* Where charon-nm listens, if it is told to: AOVPN_VICI_NM */
	char vici_nm[PATH_MAX];
	/* Made of these: */
	/* Where profiles are looked for, with ":": profiles of config, runtime
	 * and vendor */
	char profiles[3 * PATH_MAX + 32];
	char own_profiles[PATH_MAX];  /* config/profiles, the administrator's */
	char bus_socket[PATH_MAX];    /* runtime/bus.sock */
	char plugin_socket[PATH_MAX]; /* runtime/plugin.sock */
	char lock[PATH_MAX];          /* runtime/aovpnd.lock */
	char events[PATH_MAX];        /* state/events.jsonl */
	char attempts[PATH_MAX];      /* state/attempts */
	char tunnels[PATH_MAX];       /* state/tunnels */
	char history[PATH_MAX];       /* state/history.json */
	char clock[PATH_MAX];         /* state/clock.json */
};

/*
 * Read the environment. Errors: -EINVAL where a directory is not absolute, has
 * a ":", or is so long that a socket's path would not fit into sockaddr_un; the
 * text names variable and value.
 */
int aovpn_paths_read(struct aovpn_paths *ret, struct aovpn_error *error);

#endif
