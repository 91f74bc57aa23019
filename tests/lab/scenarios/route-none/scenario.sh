# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No route leads to the gateway.
scenario_inject() { client_route_none; }

scenario_check() {
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: ENETUNREACH, no route"
}
