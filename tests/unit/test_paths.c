/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paths.c - every place can be moved, and a bad value is named. */
#include "paths.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

static void clear(void)
{
	unsetenv("AOVPN_RUNTIME_DIR");
	unsetenv("AOVPN_CONFIG_DIR");
	unsetenv("AOVPN_VENDOR_DIR");
	unsetenv("AOVPN_STATE_DIR");
	unsetenv("AOVPN_CACHE_DIR");
	unsetenv("AOVPN_VICI");
	unsetenv("AOVPN_VICI_NM");
}

static void defaults_are_the_system_s(void)
{
	struct aovpn_paths paths;

	clear();
	CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
	CU_ASSERT_STRING_EQUAL(paths.bus_socket, "/run/aovpn/bus.sock");
	CU_ASSERT_STRING_EQUAL(paths.vici_nm, "unix:///run/charon-nm.vici");
	CU_ASSERT_STRING_EQUAL(paths.own_profiles, "/etc/aovpn/profiles");
	CU_ASSERT_STRING_EQUAL(paths.profiles,
			       "/etc/aovpn/profiles:/run/aovpn/profiles:"
			       "/usr/lib/aovpn/profiles");
	CU_ASSERT_STRING_EQUAL(paths.events, "/var/lib/aovpn/events.jsonl");
	CU_ASSERT_STRING_EQUAL(paths.vici, "unix:///run/charon.vici");
}

static void the_environment_moves_them(void)
{
	struct aovpn_paths paths;

	clear();
	setenv("AOVPN_RUNTIME_DIR", "/tmp/a", 1);
	setenv("AOVPN_CONFIG_DIR", "/tmp/b", 1);
	setenv("AOVPN_VENDOR_DIR", "/tmp/e", 1);
	setenv("AOVPN_STATE_DIR", "/tmp/c", 1);
	setenv("AOVPN_CACHE_DIR", "/tmp/d", 1);
	setenv("AOVPN_VICI", "unix:///tmp/v", 1);
	setenv("AOVPN_VICI_NM", "unix:///tmp/w", 1);
	CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
	CU_ASSERT_STRING_EQUAL(paths.plugin_socket, "/tmp/a/plugin.sock");
	CU_ASSERT_STRING_EQUAL(paths.lock, "/tmp/a/aovpnd.lock");
	CU_ASSERT_STRING_EQUAL(
		paths.profiles,
		"/tmp/b/profiles:/tmp/a/profiles:/tmp/e/profiles");
	CU_ASSERT_STRING_EQUAL(paths.events, "/tmp/c/events.jsonl");
	CU_ASSERT_STRING_EQUAL(paths.cache, "/tmp/d");
	CU_ASSERT_STRING_EQUAL(paths.vici, "unix:///tmp/v");
	CU_ASSERT_STRING_EQUAL(paths.vici_nm, "unix:///tmp/w");
	clear();
}

/* Root's is the system's; everybody else's is at home. */
static void the_cache_is_the_user_s_own(void)
{
	const bool root = geteuid() == 0;
	char *home = strdup(getenv("HOME") ? getenv("HOME") : "");
	char *xdg = strdup(getenv("XDG_CACHE_HOME") ? getenv("XDG_CACHE_HOME")
						    : "");
	struct aovpn_paths paths;

	clear();
	setenv("HOME", "/tmp/h", 1);
	unsetenv("XDG_CACHE_HOME");
	CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
	CU_ASSERT_STRING_EQUAL(paths.cache, root ? "/var/cache/aovpn"
						 : "/tmp/h/.cache/aovpn");
	if (root && seteuid(65534) == 0) {
		CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
		CU_ASSERT_STRING_EQUAL(paths.cache, "/tmp/h/.cache/aovpn");
		setenv("XDG_CACHE_HOME", "/tmp/x", 1);
		CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
		CU_ASSERT_STRING_EQUAL(paths.cache, "/tmp/x/aovpn");
		unsetenv("XDG_CACHE_HOME");
		unsetenv("HOME");
		CU_ASSERT_EQUAL_FATAL(aovpn_paths_read(&paths, NULL), 0);
		CU_ASSERT_STRING_EQUAL(paths.cache, "");
		CU_ASSERT_EQUAL(seteuid(0), 0);
	}
	setenv("HOME", home, 1);
	if (xdg[0] != '\0')
		setenv("XDG_CACHE_HOME", xdg, 1);
	free(home);
	free(xdg);
}

static void refused(const char *variable, const char *value)
{
	struct aovpn_paths paths;
	struct aovpn_error error;

	clear();
	setenv(variable, value, 1);
	CU_ASSERT_EQUAL(aovpn_paths_read(&paths, &error), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, variable));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, value));
	clear();
}

static void bad_values_are_named(void)
{
	char longer[140];

	memset(longer, 'x', sizeof(longer));
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	refused("AOVPN_RUNTIME_DIR", "relative/path");
	refused("AOVPN_RUNTIME_DIR", longer);
	refused("AOVPN_CACHE_DIR", "cache");
	refused("AOVPN_VICI", "tcp://127.0.0.1:4502");
	refused("AOVPN_VICI_NM", "/run/charon-nm.vici");
}

CU_TestInfo paths_tests[] = {
	{"defaults are the system's", defaults_are_the_system_s},
	{"the environment moves them", the_environment_moves_them},
	{"the cache is the user's own", the_cache_is_the_user_s_own},
	{"bad values are named", bad_values_are_named},
	CU_TEST_INFO_NULL,
};
