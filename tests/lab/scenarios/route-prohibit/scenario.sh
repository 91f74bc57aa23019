# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The route to the gateway is of type prohibit.
scenario_inject() { client_route_refuse prohibit; }

scenario_check() {
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: EACCES, a route or rule of type \"prohibit\""
}
