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
	char state[PATH_MAX];   /* AOVPN_STATE_DIR, /var/lib/aovpn */
	/* AOVPN_CACHE_DIR; of root /var/cache/aovpn; of others
	 * $XDG_CACHE_HOME/aovpn, ~/.cache/aovpn; "" where none can be told */
	char cache[PATH_MAX];
	char vici[PATH_MAX]; /* AOVPN_VICI, unix://AOVPN_VICI_SOCKET */
	/* Made of these: */
	char profiles[PATH_MAX];      /* config/profiles */
	char bus_socket[PATH_MAX];    /* runtime/bus.sock */
	char plugin_socket[PATH_MAX]; /* runtime/plugin.sock */
	char lock[PATH_MAX];          /* runtime/aovpnd.lock */
	char events[PATH_MAX];        /* state/events.jsonl */
	char attempts[PATH_MAX];      /* state/attempts */
	char history[PATH_MAX];       /* state/history.json */
	char clock[PATH_MAX];         /* state/clock.json */
};

/*
 * Read the environment. Errors: -EINVAL where a directory is not absolute or
 * so long that a socket's path would not fit into sockaddr_un; the text names
 * variable and value.
 */
int aovpn_paths_read(struct aovpn_paths *ret, struct aovpn_error *error);

#endif
