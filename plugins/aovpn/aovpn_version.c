/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Refuses a strongSwan of another release by what it exports; see
 * aovpn_version.h.
 */

#include "aovpn_version.h"

#include <dlfcn.h>

#define ALWAYS 0
#define NEVER 999999

/**
 * A symbol and the releases that export it.
 */
typedef struct {

	/** symbol of libstrongswan or libcharon */
	const char *symbol;

	/** first release that exports it */
	int since;

	/** first release that no longer does */
	int until;

} marker_t;

#define MARKER(symbol, since, until) { #symbol, since, until },
static const marker_t markers[] = {
#include "aovpn_markers.def"
};
#undef MARKER

/*
 * Described in header
 */
bool aovpn_version_check(void)
{
	bool expected, exported;
	size_t i;

	for (i = 0; i < countof(markers); i++)
	{
		expected = STRONGSWAN_RELEASE >= markers[i].since &&
				   STRONGSWAN_RELEASE < markers[i].until;
		exported = dlsym(RTLD_DEFAULT, markers[i].symbol) != NULL;
		if (expected != exported)
		{
			DBG1(DBG_LIB, "aovpn: this plugin was built for strongSwan %s and "
				 "cannot run in this one, which %s %s(): install the build for "
				 "this release", VERSION, exported ? "has" : "lacks",
				 markers[i].symbol);
			return FALSE;
		}
	}
	return TRUE;
}
