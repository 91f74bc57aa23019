# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's IDr is its name, not its certificate's subject DN.
GATEWAY_IDR=vpn.contoso.test

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
