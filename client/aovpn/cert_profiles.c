/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_profiles.c - the profiles that aovpn cert is about: see cert.h. */
#include <errno.h>
#include <string.h>

#include "cert.h"

int cert_profile_load(const struct cli *cli, const char *name,
		      struct aovpn_profile *ret)
{
	struct aovpn_error error;

	if (aovpn_profile_load(cli->paths.profiles, name, ret, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	return 0;
}

int cert_profile_names(const struct cli *cli, const char *name,
		       struct aovpn_profile_list *ret)
{
	struct aovpn_error error;

	ret->count = 0;
	if (name && aovpn_profile_name_check(name, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	if (name) {
		/* Fits: that was checked. */
		memcpy(ret->name[0], name, strlen(name) + 1);
		ret->count = 1;
		return 0;
	}
	if (aovpn_profile_list_read(cli->paths.profiles, ret, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	if (ret->count == 0)
		return cli_fail(cli, EXIT_USAGE, "%s: holds no profile",
				cli->paths.profiles);
	return 0;
}
