# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The route to the gateway is of type unreachable.
scenario_inject() { client_route_refuse unreachable; }

scenario_check() {
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: EHOSTUNREACH, a route or rule of type \"unreachable\""
}
