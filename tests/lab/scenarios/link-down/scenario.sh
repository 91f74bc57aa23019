# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The link is down. The profile has an address, as no name would resolve.
PROFILE=("Connection.Server=$NET_GATEWAY")

scenario_inject() { client_link_down; }

scenario_check() {
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: ENETUNREACH, no route"
}
