/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_fetcher.c - how aovpn cert asks the network: by the helper without
 * rights (fetch.h), with a cache of its own.
 */
#include <errno.h>
#include <string.h>

#include "cert.h"

int cert_fetcher_open(const struct cli *cli, bool refresh,
		      struct aovpn_fetcher **ret)
{
	const struct aovpn_fetcher_options options = {
		.runtime = cli->paths.runtime,
		.cache = cli->paths.cache,
		.refresh = refresh || cli->refresh,
		.offline = cli->offline,
	};
	int r = aovpn_fetcher_open(&options, ret);

	return r < 0 ? cli_fail(cli, EXIT_UNKNOWN, "%s", strerror(-r)) : 0;
}
