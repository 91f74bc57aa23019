/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paths.c - see paths.h. */
#include "paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

/* Where charon listens: distributions do not agree on it. */
#ifndef AOVPN_VICI_SOCKET
#define AOVPN_VICI_SOCKET "/run/charon.vici"
#endif

/* As packaging/examples/charon-nm.conf has it. */
#define AOVPN_VICI_NM_SOCKET "/run/charon-nm.vici"

/* Longest name that is put behind a directory: "/plugin.sock" and some. */
#define NAME_ROOM   32
#define SOCKET_ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

static int read_directory(const char *variable, const char *fallback,
			  size_t limit, char *ret, struct aovpn_error *error)
{
	const char *value = getenv(variable);

	if (!value || value[0] == '\0')
		value = fallback;
	if (value[0] != '/')
		return aovpn_error_set(error, -EINVAL,
				       "%s=\"%s\" is not an absolute path",
				       variable, value);
	if (strchr(value, ':'))
		return aovpn_error_set(error, -EINVAL, "%s=\"%s\" has a \":\"",
				       variable, value);
	if (strlen(value) + NAME_ROOM > limit)
		return aovpn_error_set(
			error, -EINVAL,
			"%s=\"%s\" is longer than %zu characters", variable,
			value, limit - NAME_ROOM);
	memcpy(ret, value, strlen(value) + 1);
	return 0;
}

/* Where a user keeps caches (XDG Base Directory Specification); "": unknown. */
static void find_cache(char *out, size_t size)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CACHE_HOME");

	out[0] = '\0';
	if (geteuid() == 0)
		snprintf(out, size, "/var/cache/aovpn");
	else if (xdg && xdg[0] == '/')
		snprintf(out, size, "%s/aovpn", xdg);
	else if (home && home[0] == '/')
		snprintf(out, size, "%s/.cache/aovpn", home);
}

static int read_cache(char *ret, struct aovpn_error *error)
{
	const char *value = getenv("AOVPN_CACHE_DIR");
	char usual[PATH_MAX];

	find_cache(usual, sizeof(usual));
	ret[0] = '\0';
	if ((!value || value[0] == '\0') && usual[0] == '\0')
		return 0;
	return read_directory("AOVPN_CACHE_DIR", usual, PATH_MAX, ret, error);
}

static void join(char *out, const char *directory, const char *name)
{
	/* Fits: read_directory kept NAME_ROOM free. */
	snprintf(out, PATH_MAX, "%.*s/%s", PATH_MAX - NAME_ROOM, directory,
		 name);
}

static int read_socket(const char *variable, const char *fallback,
		       char ret[PATH_MAX], struct aovpn_error *error)
{
	const char *value = getenv(variable);

	if (!value || value[0] == '\0')
		value = fallback;
	if (strncmp(value, "unix:///", 8) != 0 ||
	    strlen(value + 7) >= SOCKET_ROOM)
		return aovpn_error_set(error, -EINVAL,
				       "%s=\"%s\" is not of the form "
				       "unix:///PATH, or too long",
				       variable, value);
	memcpy(ret, value, strlen(value) + 1);
	return 0;
}

int aovpn_paths_read(struct aovpn_paths *ret, struct aovpn_error *error)
{
	struct aovpn_paths p;
	int r;

	r = read_directory("AOVPN_RUNTIME_DIR", "/run/aovpn", SOCKET_ROOM,
			   p.runtime, error);
	if (r == 0)
		r = read_directory("AOVPN_CONFIG_DIR", "/etc/aovpn", PATH_MAX,
				   p.config, error);
	if (r == 0)
		r = read_directory("AOVPN_VENDOR_DIR", "/usr/lib/aovpn",
				   PATH_MAX, p.vendor, error);
	if (r == 0)
		r = read_directory("AOVPN_STATE_DIR", "/var/lib/aovpn",
				   PATH_MAX, p.state, error);
	if (r == 0)
		r = read_cache(p.cache, error);
	if (r == 0)
		r = read_socket("AOVPN_VICI", "unix://" AOVPN_VICI_SOCKET,
				p.vici, error);
	if (r == 0)
		r = read_socket("AOVPN_VICI_NM", "unix://" AOVPN_VICI_NM_SOCKET,
				p.vici_nm, error);
	if (r < 0)
		return r;
	join(p.own_profiles, p.config, "profiles");
	snprintf(p.profiles, sizeof(p.profiles), "%s:%s/profiles:%s/profiles",
		 p.own_profiles, p.runtime, p.vendor);
	join(p.bus_socket, p.runtime, "bus.sock");
	join(p.plugin_socket, p.runtime, "plugin.sock");
	join(p.lock, p.runtime, "aovpnd.lock");
	join(p.events, p.state, "events.jsonl");
	join(p.attempts, p.state, "attempts");
	join(p.tunnels, p.state, "tunnels");
	join(p.history, p.state, "history.json");
	join(p.clock, p.state, "clock.json");
	*ret = p;
	return 0;
}
